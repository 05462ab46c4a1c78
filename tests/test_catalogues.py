"""Every word that a person reads can be translated, and is."""

import ast
import re
from string import Formatter

import pytest

from pmcore.words import ngettext, speaking
from tests.catalogues import ROOT, extracted, marked, sources, stored

RUSSIAN_PLURALS = 3


def placeholders(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}


def sentences(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def russian():
    return stored("ru")


def test_every_sentence_is_in_russian(russian):
    missing = []
    for message in extracted():
        known = message.id and russian.get(message.id, message.context)
        if message.id and (not known or not all(sentences(known.string or ""))):
            missing.append(message.id)
    assert missing == []


def test_russian_has_nothing_else(russian):
    """`make messages` removes what the code no longer says."""
    said = extracted()
    assert [message.id for message in russian if message.id and not said.get(message.id, message.context)] == []


def test_nothing_in_russian_is_a_guess(russian):
    assert [message.id for message in russian if message.id and message.fuzzy] == []


def test_russian_plurals_have_three_forms(russian):
    plurals = [message for message in russian if message.pluralizable]
    assert [message.id for message in plurals if len(sentences(message.string)) != RUSSIAN_PLURALS] == []


def test_translations_keep_the_placeholders(russian):
    wrong = []
    for message in russian:
        wanted = placeholders(sentences(message.id)[-1]) if message.id else set()
        for form in sentences(message.string or ""):
            if message.id and form and placeholders(form) != wanted:
                wrong.append((message.id, form))
    assert wrong == []


def plurals():
    return [message.id for message in extracted() if message.pluralizable]


@pytest.mark.parametrize(("one", "many"), plurals(), ids=[many for _one, many in plurals()])
def test_russian_counts_as_it_does(russian, one, many):
    """1 and 21, 2 and 5: three forms, in this order, each said of its numbers only."""
    forms = russian.get(one).string
    with speaking("ru"):
        said = [ngettext(one, many, count) for count in (1, 2, 5, 11, 12, 21, 22, 25, 111)]
    assert said == [forms[place] for place in (0, 1, 2, 2, 2, 0, 1, 2, 2)]
    for form in forms:
        assert re.search("[а-яё]", form.lower()), form
    names_what_is_counted = re.search(r"\{\w+\} [а-яё]", forms[0])
    assert len(set(forms)) > 1 or not names_what_is_counted


def test_a_sentence_within_an_f_string_is_found():
    assert list(marked("f\"**{_('Next:')}** {ngettext('{n} day', '{n} days', 2)}\"")) == [
        ("Next:", None), (("{n} day", "{n} days"), None),
    ]  # fmt: skip


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_marked_sentence_can_be_extracted(path):
    """`_(f"...")` and `_("...".format(...))` look up a sentence that no catalogue holds."""
    wrong = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "ngettext"):
            wrong += [node.lineno for argument in node.args[:2] if not is_fixed(argument, node.func.id)]
    assert wrong == [], f"{path.relative_to(ROOT)}: lines {wrong}"


def is_fixed(argument: ast.expr, function: str) -> bool:
    if isinstance(argument, ast.Constant):
        return True
    if function == "N_" or isinstance(argument, ast.JoinedStr | ast.BinOp):
        return False
    is_formatted = isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute)
    return not (is_formatted and argument.func.attr == "format")


_SHOWN = {
    "title", "header", "subheader", "caption", "markdown", "write", "text", "button", "link_button",
    "download_button", "form_submit_button", "checkbox", "toggle", "radio", "selectbox", "multiselect", "slider",
    "select_slider", "text_input", "text_area", "number_input", "date_input", "time_input", "datetime_input",
    "file_uploader", "chat_input", "toast", "error", "warning", "info", "success", "expander", "popover", "metric",
    "status", "spinner", "page_link", "Page", "pills", "segmented_control", "feedback", "badge", "dialog", "note",
    "say_and_rerun", "box", "tabs", "Column", "TextColumn", "NumberColumn", "DateColumn", "DatetimeColumn",
    "LinkColumn", "SelectboxColumn", "CheckboxColumn", "ProgressColumn", "ListColumn", "TimeColumn",
    "MultiselectColumn",
}  # fmt: skip
_NAMED = {"label", "help", "placeholder", "body", "title", "alt", "description", "caption"}
_NO_WORDS = re.compile(r"\b\w+\.py\b|:material/\w+:|:material/|:[a-z-]+\[|&\w+;|https?://\S*")


def words_in(node: ast.expr) -> str:
    """What a reader would read untranslated in this expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        rest = _NO_WORDS.sub("", node.value)
        return rest if re.search(r"[^\W\d_]{2}", rest) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(words_in(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return words_in(node.left) + words_in(node.right)
    if isinstance(node, ast.IfExp):
        return words_in(node.body) + words_in(node.orelse)
    if isinstance(node, ast.List | ast.Tuple):
        return "".join(map(words_in, node.elts))
    return ""


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_show_no_untranslated_word(path):
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SHOWN:
            shown = [*node.args[:1], *(word.value for word in node.keywords if word.arg in _NAMED)]
            if node.func.attr == "Page":
                shown = [word.value for word in node.keywords if word.arg == "title"]
            found += [f"{path.relative_to(ROOT)}:{node.lineno}: {words}" for one in shown if (words := words_in(one))]
    assert found == []


#: Names of languages, in themselves.
_AS_THEY_ARE = {"English", "Русский", "en", "ru"}
_DOCUMENTS = {"one_page.html"}  #: whose headings stay in English, as the mission words them
_TEMPLATES = [path for path in sorted((ROOT / "web" / "templates").glob("*.html")) if path.name not in _DOCUMENTS]


@pytest.mark.parametrize("path", _TEMPLATES, ids=lambda path: path.name)
def test_templates_show_no_untranslated_word(path):
    """Text between tags, and attributes that are read, come from `_("...")`."""
    said = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<!.*?>", "\n", path.read_text("utf-8"), flags=re.S)
    read = re.findall(r'\b(?:alt|title|placeholder|aria-label)="([^"]*)"', said)
    told = [line.strip() for line in [*re.sub(r"<[^>]*>", "\n", said).split("\n"), *read]]
    assert [one for one in told if re.search(r"[^\W\d_]{2}", one) and one not in _AS_THEY_ARE] == []


def refusals() -> set[str]:
    """PmError and all that derive from it."""
    bases = {
        node.name: {ast.unparse(base).split(".")[-1] for base in node.bases}
        for path in sources() for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef)
    }  # fmt: skip
    found = {"PmError"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found


_REFUSALS = refusals()
_ANSWERS = {"PlainTextResponse", "HTMLResponse", "page"}
_BELOW_PAGES = [path for path in sources() if path.parts[len(ROOT.parts)] in ("web", "wiring", "db", "pmcore")]


@pytest.mark.parametrize("path", _BELOW_PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_refusals_and_answers_say_no_untranslated_word(path):
    """A refusal's sentence is marked with `N_`, an answer's went through `_`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in _REFUSALS | _ANSWERS:
            found += [f"{node.lineno}: {words}" for one in node.args if " " in (words := words_in(one).strip())]
    assert found == []
