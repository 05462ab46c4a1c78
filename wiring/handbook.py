"""The documents of `docs/` as they are installed, in the languages of the app."""

from functools import cache
from pathlib import Path

from pmcore.domain.errors import N_
from pmcore.domain.process import BadProcessText, ProcessText, process_text
from pmcore.domain.vocabulary import Language

DOCS = Path(__file__).parents[1] / "docs"
PROCESS = "processes/POST_MORTEM_PROCESS"
CHECKLIST = "processes/ONBOARDING_CHECKLIST"
TEMPLATE = "templates/POST_MORTEM_TEMPLATE"


def process() -> ProcessText:
    """Raises BadProcessText."""
    return _process(tuple(text(PROCESS, language) for language in Language))


@cache
def _process(texts: tuple[str, ...]) -> ProcessText:
    return process_text(dict(zip(Language, texts, strict=True)))


def text(document: str, language: Language = Language.ENGLISH) -> str:
    """Read anew each time: somebody may have put a new text there. Raises BadProcessText when it is missing."""
    suffix = "" if language is Language.ENGLISH else f".{language}"
    try:
        return (DOCS / f"{document}{suffix}.md").read_text(encoding="utf-8")
    except OSError as error:
        raise BadProcessText(
            N_("The document {name} is missing. Install the folder docs again."), name=f"docs/{document}{suffix}.md"
        ) from error
