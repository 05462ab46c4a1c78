"""The one root of every refusal that a person can do something about.

A sentence is written once, in English, where it is raised, and marked with `N_` so that the catalogues hold it;
`words.say(error)` renders it in the reader's language, `str(error)` in English. Values travel beside the sentence,
never inside it, so that a translation can move them.
"""


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for "extract, do not translate yet"
    """Mark a sentence for the catalogues and return it as it is."""
    return sentence


class PmError(Exception):
    """A command was refused. `str(error)` is a sentence for the person who gave it.

    `field` names the input at fault where there is one, so that a form can say it there; `values` fill the
    sentence's `{placeholders}`.
    """

    def __init__(self, sentence: str, /, *, field: str = "", **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.values: dict[str, object] = values

    def __str__(self) -> str:
        return self.sentence.format(**self.values) if self.values else self.sentence


class Refusals(PmError):
    """Several things are wrong at once; all of them are said, so that nobody mends them one attempt at a time."""

    def __init__(self, problems: tuple[PmError, ...]) -> None:
        super().__init__(N_("Some things need another look."))
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class NotFound(PmError):
    """There is no such thing, or this person may not see it: the same sentence, so that nothing is given away."""

    def __init__(self) -> None:
        super().__init__(N_("There is nothing here under this address, or it is not shared with you."))


class EditConflict(PmError):
    """Somebody else saved first."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody changed this a moment ago. Look at it again before you decide."))
