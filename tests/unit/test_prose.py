"""People's text stays text, whatever they type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pages._ui import prose

PICTURE = "![x](http://elsewhere/x.png)"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("costs $5 and $6", "costs \\$5 and \\$6"),
        (r"costs \$5 and \\$6", r"costs \$5 and \\\$6"),
        ("![x](http://elsewhere/x.png)", "\\!\\[x](http://elsewhere/x.png)"),
        (":red[blame]", "\\:red[blame]"),
        (r"\:red[blame]", r"\:red[blame]"),
        (":::note", "\\:::note"),
        ("[^1]: a note", "\\[^1]: a note"),
        ("# Loud", "###### Loud"),
        ("```\n<b> $x$ # no\n```", "```\n<b> $x$ # no\n```"),
        ("- a list\n  ```\n  <b>\n  ```", "- a list\n  ```\n  <b>\n  ```"),
        ("    <b> $x$", "    <b> $x$"),
        ("`$PATH` and $x", "`$PATH` and \\$x"),
        ("> *so* `<b>\n> $a`, <i>", "> *so* `<b>\n> $a`, &lt;i>"),
        ("```\nnever closed <b>", "```\nnever closed <b>"),
        ("https://a.example/x:y is a link", "https://a.example/x:y is a link"),
    ],
)
def test_markdown_keeps_structure_and_code_and_nothing_else(typed, shown):
    assert prose.safe(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        f"\\` {PICTURE} `",
        f"`one\n\n{PICTURE}\n\ntwo`",
        f"- ```\n  code\n\n{PICTURE}\n\n```",
        f"- ~~~\n  ```\n  ~~~\n  {PICTURE}\n  ```",
        f" ~~~\n```\n ~~~\n{PICTURE}\n```",
        f"| ` | {PICTURE} ` |\n| --- | --- |\n| ` | {PICTURE} ` |",
        f"[a]: <b c>\n    {PICTURE}",
        f"``` a`b\n{PICTURE}\n```",
        f"\r``\r{PICTURE}\r``",
    ],
)
def test_what_only_looks_like_code_is_text(typed):
    assert not pictures(prose.safe(typed))


def pictures(markdown):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    inside = [child.type for token in tokens for child in token.children or ()]
    return {"image", "html_inline"} & set(inside) | {"html_block"} & {token.type for token in tokens}


@given(
    st.lists(
        st.sampled_from(
            [
                "`",
                "``",
                "```",
                "~~~",
                "\\",
                "\n",
                "\n\n",
                "- ",
                "  ",
                "    ",
                "> ",
                "1. ",
                "| ",
                "\r",
                "\t",
                "<b>",
                "a",
                PICTURE,
                "|---|---|",
                "[a]: ",
                "# ",
                "$",
                "<!--",
                "-->",
            ]
        ),
        max_size=24,
    )
)
def test_no_order_of_marks_lets_anything_through(pieces):
    assert not pictures(prose.safe("".join(pieces)))


def test_a_shortcode_is_not_a_picture():
    assert ":material/x:" not in prose.safe("see :material/x:")


def test_a_line_reads_as_it_was_typed():
    assert prose.line("*a* [b](c)\n<d> `e` :red[f]") == (r"\*a\* \[b\]\(c\) \<d\> \`e\` \:red\[f\]")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("AI-1 needs an owner: one person.", "AI-1 needs an owner: one person."),
        ("![p](https://evil.example/p.png) began.", r"!\[p\](https://evil.example/p.png) began."),
        (prose.line("Re-assigned to <b>[x](y)$"), prose.line("Re-assigned to <b>[x](y)$")),
        ("10:02 at https://x.example:8080/a", "10:02 at https://x.example:8080/a"),
        (":fire:", ":\u2060fire:"),
    ],
)  # fmt: skip
def test_peoples_words_in_a_sentence_of_ours_read_as_typed(said, shown):
    assert prose.sentence(said) == shown
