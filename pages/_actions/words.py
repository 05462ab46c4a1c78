"""What a reader should notice about an item, in words. Only overdue is red."""

from pages._ui import badges, times
from pmcore.domain.action_item import Mark
from pmcore.domain.errors import N_
from pmcore.readmodels.actions import ItemView
from pmcore.words import _, language

_MARKS = {
    Mark.OVERDUE: N_("Overdue"),
    Mark.QUIET: N_("No word for a week"),
    Mark.LONG_OPEN: N_("Open over 30 days"),
}


def due(item: ItemView) -> str:
    """Markdown: the due date, and the one agreed first where it was extended."""
    if item.due_on is None:
        return f":material/event:\u00a0{_('no due date')}"
    text = f":material/event:\u00a0{_('due {day}').format(day=times.day(item.due_on))}"
    if item.is_extended and item.original_due_on:
        text += f" ({_('agreed: {day}').format(day=times.day(item.original_due_on))})"
    return text


def date_format() -> str:
    """Of a column of days. A table writes months in English whoever reads, so in other languages they are numbers."""
    return "D MMM YYYY" if language() == "en" else "DD.MM.YYYY"


def mark(which: Mark) -> str:
    return _(_MARKS[which])


def marks(item: ItemView) -> list[str]:
    """As badges."""
    return [badges.overdue() if each is Mark.OVERDUE else badges.quiet(mark(each)) for each in item.marks]
