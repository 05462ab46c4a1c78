"""Figures in words: a value in its unit, n of N, the interval, a month or a quarter."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import dates

from pmcore.domain.errors import N_
from pmcore.domain.metrics import BESIDE_WORDS, DEFINITIONS, VERDICT_WORDS, Beside, BesideFigure, Figure, Metric, Unit
from pmcore.words import times
from pmcore.words.catalogue import _, language

DASH = "–"  #: nothing to count, which is neither 0 nor 100 %
INTERVAL_EXPLAINED = N_(
    "The interval says where the share of a process like this one probably lies; with few rows it is wide. It is "
    "Wilson's, at 95 %. Only when all of it is on the right side of the target, the target counts as met."
)


def value(number: float | None, unit: Unit) -> str:
    """ "88 %", "2 d 3 h", "2.4", "17"; a dash where there is nothing to count."""
    if number is None:
        return DASH
    match unit:
        case Unit.SHARE:
            return share(number)
        case Unit.HOURS:
            return _("{count} h").format(count=times.number(round(number)))
        case Unit.SECONDS:
            return times.duration(number)
        case Unit.DAYS:
            return times.days(round(number))
        case Unit.COUNT:
            return times.number(round(number))
        case _:
            return times.number(round(number, 1))


def share(number: float) -> str:
    """In percent; rounding never makes "all" or "none" of what is only nearly so."""
    near = 0 < number < 0.005 or 0.995 <= number < 1
    return times.percent(number, digits=1 if near else 0)


def n_of(n: int, of: int) -> str:
    """ "7 of 8"; a dash where there is nothing to count."""
    return _("{count} of {total}").format(count=times.number(n), total=times.number(of)) if of else DASH


def name(metric: Metric) -> str:
    return _(DEFINITIONS[metric].name)


def trend_name(metric: Metric) -> str:
    """What its trend shows: of the time to publish a share, because a month has too few for a median."""
    return _("published within 48 h") if metric is Metric.TIME_TO_PUBLISH else name(metric)


def target(metric: Metric) -> str:
    return _("target: {target}").format(target=_(DEFINITIONS[metric].target_words))


def main_value(figure: Figure) -> str:
    if figure.value is None and figure.of:
        return _("not reached")
    return value(figure.value, DEFINITIONS[figure.metric].unit)


def verdict(figure: Figure) -> str:
    return _(VERDICT_WORDS[figure.verdict])


def interval(figure: Figure) -> str:
    """ "with 95 % confidence between 47 % and 99 %"; empty where the figure has none."""
    if figure.low is None or figure.high is None:
        return ""
    return _("with 95 % confidence between {low} and {high}").format(low=share(figure.low), high=share(figure.high))


def counted(figure: Figure) -> str:
    """What stands behind the value: "7 of 8", "5 items of 2 post-mortems"; empty where nothing does."""
    if not figure.of:
        return ""
    if figure.metric is Metric.NEW_DETECTION:
        return _("{items} verified items, {postmortems} post-mortems").format(
            items=times.number(figure.n), postmortems=times.number(figure.of)
        )
    said = n_of(figure.n, figure.of)
    return _("{n_of_total} within 48 h").format(n_of_total=said) if figure.metric is Metric.TIME_TO_PUBLISH else said


def named(figure: Figure) -> str:
    """ "missed: P0-014"; empty where nothing is worth naming."""
    if not figure.named:
        return ""
    ids = ", ".join(one.public_id for one in figure.named)
    if figure.metric is Metric.RECURRENCE:
        return _("recurred while an action item was still open: {ids}").format(ids=ids)
    return _("missed: {ids}").format(ids=ids)


def counts(metric: Metric, n: int, of: int, *, is_left_out: bool) -> str:
    """What a row adds to its figure: "yes", "no", "3 of 4", "2", or "left out"."""
    if is_left_out:
        return _("left out")
    if DEFINITIONS[metric].unit is Unit.PER_POSTMORTEM:
        return times.number(n)
    if of > 1:
        return n_of(n, of)
    return _("yes") if n else _("no")


def has_rows(metric: Metric) -> bool:
    """Whether there are rows to look at: nobody is to see the single answers of a survey."""
    return DEFINITIONS[metric].unit is not Unit.SCORE


def has_value(metric: Metric) -> bool:
    """Whether a row has more to tell than what it adds."""
    return DEFINITIONS[metric].unit in (Unit.HOURS, Unit.SECONDS)


def on_day(on: date | None, at: datetime | None, zone: str) -> date | None:
    """The day that puts a row into the period: its own, or that of the moment in the workspace's zone."""
    return on if on is not None or at is None else at.astimezone(ZoneInfo(zone)).date()


def beside(figure: BesideFigure) -> str:
    """ "75 % (3 of 4) published on time"."""
    return f"{beside_value(figure)} {beside_name(figure)}"


def beside_name(figure: BesideFigure) -> str:
    return _(BESIDE_WORDS[figure.what])


def beside_value(figure: BesideFigure) -> str:
    if figure.what is Beside.P90 and figure.value is None:
        return _("not reached:")
    said = value(figure.value, figure.unit)
    if figure.n is None or figure.of is None or not figure.of:
        return said
    counted = n_of(figure.n, figure.of)
    return counted if figure.value is None else f"{said} ({counted})"


def part(since: date, *, by_quarter: bool) -> str:
    """ "December 2025", "Q4 2025"."""
    return dates.format_skeleton("yQQQ", since, locale=language()) if by_quarter else times.month(since)


def short_part(since: date, *, by_quarter: bool) -> str:
    """For an axis: "Dec", "Q4"."""
    return str(dates.format_date(since, "QQQ" if by_quarter else "LLL", locale=language()))
