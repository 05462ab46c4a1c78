"""What is said about the figures as a whole: period, filter, when and by whom, and what each one counts."""

from datetime import datetime

from pmcore.domain.metrics import DEFINITIONS, EIGHT, NEVER_COUNTED
from pmcore.readmodels.metrics import MetricsFilter
from pmcore.words import _, label, times
from pmcore.words import metrics as words


def filter_words(filter: MetricsFilter, *, service: str = "") -> str:
    """As a person would say it, in the reader's language; the service's name is looked up by the caller."""
    parts = [_("from {day}").format(day=times.day(filter.since)), _("until {day}").format(day=times.day(filter.until))]
    if filter.severity is not None:
        parts.append(_("severity {values}").format(values=label(filter.severity)))
    if filter.service_id is not None:
        parts.append(_("service {name}").format(name=service or filter.service_id))
    parts.append(_("repeated within {days}").format(days=times.days(filter.window_days)))
    return "; ".join(parts)


def about(*, workspace: str, person: str, at: datetime, zone: str, filter: str) -> tuple[tuple[str, str], ...]:
    """Pairs for the sheet "About", in the reader's language."""
    figures = (
        (
            words.name(metric),
            f"{_(DEFINITIONS[metric].formula)} {_(DEFINITIONS[metric].cohort)} {_(DEFINITIONS[metric].not_counted)}",
        )
        for metric in EIGHT
    )
    return (
        (_("Workspace"), workspace),
        (_("Made"), times.moment(at, zone)),
        (_("By"), person),
        (_("Filter"), filter),
        (
            _("Sheet “Figures”"),
            _(
                "Formulas over the sheet “Rows”, and beside them what the page says. Change a row, and the figures "
                "follow. The survey's answers are in no file, so its figures are the page's."
            ),
        ),
        (
            _("Sheet “Rows”"),
            _("What each row adds to its figure: n of N. Rows that are left out add nothing and say why."),
        ),
        *figures,
        (_("Not counted"), _(NEVER_COUNTED)),
    )
