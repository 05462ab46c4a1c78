"""People's text stays text, whatever they type."""

import pytest

from pages._ui import prose


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("costs $5 and $6", "costs \\$5 and \\$6"),
        ("![x](http://elsewhere/x.png)", "\\!\\[x](http://elsewhere/x.png)"),
        (":red[blame]", "\\:red[blame]"),
        ("# Loud", "###### Loud"),
        ("```\n<b> $x$ # no\n```", "```\n<b> $x$ # no\n```"),
        ("`$PATH`", "`$PATH`"),
        ("```\nnever closed <b>", "```\nnever closed <b>"),
    ],
)
def test_markdown_keeps_structure_and_code_and_nothing_else(typed, shown):
    assert prose.safe(typed) == shown


def test_a_shortcode_is_not_a_picture():
    assert ":material/x:" not in prose.safe("see :material/x:")


def test_a_line_reads_as_it_was_typed():
    assert prose.line("*a* [b](c)\n<d> `e` :red[f]") == (r"\*a\* \[b\]\(c\) \<d\> \`e\` \:red\[f\]")
