"""The catalogues and the sentences in the code. `python -m tests.catalogues` brings the former up to the latter.

A sentence that is gone leaves the catalogue, a new one enters it untranslated; nothing is guessed from similar ones.
"""

import ast
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from pmcore.words import LANGUAGES, LOCALE

ROOT = Path(__file__).parents[1]
_CODE = ("app.py", "manage.py", "pages", "web", "wiring", "pmcore", "db")
_MARKS = {"_": 1, "N_": 1, "ngettext": 2, "pgettext": 2}  #: and how many of their arguments are words


def sources() -> Iterable[Path]:
    """Every Python file whose sentences people read."""
    for name in _CODE:
        path = ROOT / name
        found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        yield from (file for file in found if file.exists() and "migrations" not in file.parts)


def extracted() -> Catalog:
    """What the code and the templates say today."""
    catalogue = Catalog(project="postmortems", fuzzy=False)
    templates = sorted(path for folder in ("web", "pages") for path in (ROOT / folder).rglob("*.html"))
    for path in sources():
        for sentence, context in marked(path.read_text("utf-8")):
            catalogue.add(sentence, context=context)
    for path in templates:
        for _line, said, _comments, context in extract_from_file(
            "jinja2.ext:babel_extract", path, keywords={"_": None}
        ):
            catalogue.add(said, context=context)
    return catalogue


def marked(code: str) -> Iterable[tuple[str | tuple[str, ...], str | None]]:
    """The marked sentences of a module with their contexts. Babel's reader overlooks those within an f-string."""
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MARKS):
            continue
        words = node.args[: _MARKS[node.func.id]]
        said = tuple(word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str))
        if not said or len(said) < len(words) or not all(said):
            continue
        if node.func.id == "pgettext":
            yield said[1], said[0]
        else:
            yield said if node.func.id == "ngettext" else said[0], None


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "pm.po"


def stored(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="postmortems", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The stored catalogue with the code's sentences, no more and no fewer."""
    before = stored(language)
    after = Catalog(
        locale=language, project="postmortems", version="1", header_comment="# The words of the app.", fuzzy=False,
        msgid_bugs_address="none", last_translator="the team", language_team=language, charset="utf-8",
        creation_date=before.creation_date, revision_date=before.creation_date,
    )  # fmt: skip
    for message in extracted():
        if message.id:
            known = before.get(message.id, message.context)
            fits = known is not None and isinstance(known.string, str) == isinstance(message.id, str)
            after.add(message.id, known.string if fits else None, context=message.context)
    return after


def main() -> None:
    for language in LANGUAGES:
        catalogue, path = updated(language), path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, no_location=True, sort_output=True, width=110)
        missing = sum(1 for message in catalogue if message.id and not any(message.string or ()))
        note = f", {missing} of them untranslated" if language != "en" else ""
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} sentences{note}")


if __name__ == "__main__":
    main()
