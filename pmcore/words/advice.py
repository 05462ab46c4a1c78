"""What a hint asks, and what an action item lacks, in the reader's language."""

from collections.abc import Iterable

from pmcore.domain.advice import Asks, Quality
from pmcore.words.catalogue import _


def question(asks: Asks) -> str:
    """The question to answer in place of the blame, with its reason."""
    return {
        Asks.PERSON: _("This names a person as the cause. What in the system let one person's action break it?"),
        Asks.HINDSIGHT: _(
            "This says what did not happen. What did people see at that moment, and why did it make sense to them?"
        ),
        Asks.ERROR: _("An error is where the search begins. What made it easy to make and hard to notice?"),
        Asks.CARE: _("Attention cannot be repaired. Which check, default or alarm would have helped anybody?"),
    }[asks]


def lacks(missing: Iterable[Quality]) -> tuple[str, ...]:
    """One sentence for each thing that an action item lacks, in the order of S, M, owner, date."""
    words = {
        Quality.SPECIFIC: _("Say what will be there that is not there now: which alert, index, test, limit."),
        Quality.MEASURABLE: _("Say how anybody can tell that it is done: a number, a threshold, a test that passes."),
        Quality.OWNED: _("Name one person who owns it."),
        Quality.TIME_BOUND: _("Give it a date."),
    }
    wanted = frozenset(missing)
    return tuple(words[quality] for quality in Quality if quality in wanted)


def quality(missing: Quality) -> str:
    """The lacking quality in a word or two."""
    return {
        Quality.SPECIFIC: _("not specific"),
        Quality.MEASURABLE: _("not measurable"),
        Quality.OWNED: _("no owner"),
        Quality.TIME_BOUND: _("no date"),
    }[missing]
