"""Every word that a person reads, in the reader's language.

The catalogues are the `.po` files beside this module, read once per process. Which language is meant is asked, in this
order, of `speaking(...)` (web routes, documents, tests), of the resolver that the pages register, and is English
otherwise.
"""

import gettext as gettext_module
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pmcore.domain.errors import PmError, Refusals

LOCALE = Path(__file__).parent.with_name("locale")
LANGUAGES = ("en", "ru")

_spoken: ContextVar[str | None] = ContextVar("language", default=None)
_resolver: list[Callable[[], str | None]] = []


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything said inside is said in this language."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def ask_for_language(resolver: Callable[[], str | None]) -> None:
    """Register who knows the language where nobody has said it: in the app, the signed-in person's."""
    _resolver[:] = [resolver]


def language() -> str:
    """The language in force: one of LANGUAGES."""
    asked = _spoken.get() or (_resolver[0]() if _resolver else None)
    return asked if asked in LANGUAGES else "en"


@cache
def _catalogue(name: str) -> gettext_module.NullTranslations:
    path = LOCALE / name / "LC_MESSAGES" / "pm.po"
    if not path.exists():
        return gettext_module.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=name))
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


def _(sentence: str) -> str:
    """The sentence in the reader's language; itself where there is no translation."""
    return _catalogue(language()).gettext(sentence) if sentence else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The right plural; the caller fills `{count}` with `.format`."""
    return _catalogue(language()).ngettext(one, many, count)


def pgettext(context: str, sentence: str) -> str:
    """The sentence as it is meant in a context ("Open" a verb, "Open" a state)."""
    return _catalogue(language()).pgettext(context, sentence)


def say(error: PmError) -> str:
    """A refusal as a sentence (several as lines) in the reader's language."""
    if isinstance(error, Refusals):
        return "\n".join(say(problem) for problem in error.problems)
    sentence = _(error.sentence)
    values = {name: say(value) if isinstance(value, PmError) else value for name, value in error.values.items()}
    return sentence.format(**values) if values else sentence
