"""The metrics as a workbook: the rows, and which formulas over them give the figures. The format only writes it.

Every formula is made of our own words and of row numbers; nothing that a person typed gets into one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pmcore.documents.tracker_sheet import reading_address
from pmcore.domain.metrics import DEFINITIONS, REASON_WORDS, VERDICT_WORDS, Comparison, Definition, Metric, Reason, Unit
from pmcore.domain.metrics import MetricVerdict as Verdict
from pmcore.readmodels.metrics import ROW_MARK_WORDS, MetricRow, MetricsView, RowMark
from pmcore.words import _, label
from pmcore.words import metrics as words

Value = str | int | float | date | None

ROWS, FIGURES = "Rows", "Figures"  #: names of the sheets, in every language, because the formulas name them
FIRST = 2  #: the first row below a header
CLOSE = 0.000001  #: how near a recalculated figure has to be to the page's
HALF = 0.5 + 1e-9  #: products of fractions are not quite exact

#: Letters of the columns that formulas name.
N, OF, VALUE, HOURS, ENDED, RUNNING = "G", "H", "J", "K", "L", "M"


@dataclass(frozen=True, slots=True)
class Formula:
    """What a cell calculates; begins with "="."""

    text: str


Cell = Value | Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSheet:
    """An export before it has a format."""

    view: MetricsView
    rows: Callable[[Metric], Iterable[MetricRow]]  #: all of a figure, also those left out
    about: tuple[tuple[str, str], ...]
    address: str  #: of this app, for links: "https://pm.example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where the rows of a figure stand on the sheet "Rows"; `last` is below `first` where there is none."""

    first: int
    last: int  #: of those that the figure is calculated from; what is left out stands below

    def over(self, column: str) -> str:
        return f"{ROWS}!${column}${self.first}:${column}${self.last}"


def row_headings() -> tuple[str, ...]:
    return (
        _("Figure"), _("Incident"), _("Day"), _("Title"), _("Severity"), _("Service"), _("n"), _("N"), _("Left out"),
        _("Value"), _("Whole hours begun"), _("Published (1 or 0)"), _("Share still running"), _("What to know"),
        _("Why"), _("Other incident"), _("Link to Document"),
    )  # fmt: skip


def figure_headings() -> tuple[str, ...]:
    return (
        _("Figure"), _("Value"), _("n"), _("N"), _("Share"), _("95 % from"), _("95 % to"), _("Target"), _("Verdict"),
        _("Value on the page"), _("Verdict on the page"), _("Agrees"), _("Unit"),
    )  # fmt: skip


def in_order(metric: Metric, rows: Iterable[MetricRow]) -> Iterator[tuple[MetricRow, bool]]:
    """Each row, and whether the figure is calculated from it; those come first.

    Of the time to publish those still running belong to the curve before they belong to the share, and the curve goes
    down the sheet: by hours, and within an hour what ended before what runs on.
    """
    if metric is Metric.TIME_TO_PUBLISH:
        on_curve = {None, Reason.PENDING}
        listed = sorted(rows, key=lambda row: (row.left_out not in on_curve, _hours(row), not _ended(row)))
        yield from ((row, row.left_out in on_curve) for row in listed)
        return
    left_out = []
    for row in rows:
        if row.left_out is None:
            yield row, True
        else:
            left_out.append(row)
    yield from ((row, False) for row in left_out)


def _hours(row: MetricRow) -> int:
    return -int(-(row.value or 0.0) // 1)


def _ended(row: MetricRow) -> bool:
    return RowMark.RUNNING not in row.marks


def row_cells(metric: Metric, row: MetricRow, sheet: MetricsSheet, *, at: int, curve: Span | None) -> tuple[Cell, ...]:
    """`at` is the row of the sheet; `curve` where Kaplan and Meier's stands, None for a row beside it."""
    hours: Cell = None
    ended: Cell = None
    running: Cell = None
    if curve is not None:
        before = "1" if at == curve.first else f"{RUNNING}{at - 1}"
        hours, ended = Formula(f"=ROUNDUP({VALUE}{at},0)"), int(_ended(row))
        running = Formula(f"={before}*(1-{ENDED}{at}/({curve.last}-ROW()+1))")
    day = words.on_day(row.on, row.at, sheet.view.zone)
    marks = " · ".join(_(ROW_MARK_WORDS[mark]) for mark in row.marks)
    return (
        words.name(metric), row.reference, day, row.title, label(row.severity), row.service, row.n, row.of,
        _(REASON_WORDS[row.left_out]) if row.left_out else "", row.value, hours, ended, running, marks, row.why,
        row.other, "" if row.postmortem_id is None else reading_address(sheet.address, row.postmortem_id),
    )  # fmt: skip


def figure_cells(view: MetricsView, metric: Metric, span: Span | None, *, at: int, z: str) -> tuple[Cell, ...]:
    """`span` is None where the rows are not here; `z` is the cell with the quantile of the interval."""
    figure, definition = view.figures[metric], DEFINITIONS[metric]
    shown: Cell = figure.value if figure.value is not None else ""
    said = _(VERDICT_WORDS[figure.verdict])
    if span is None:
        own: tuple[Cell, ...] = (shown, figure.n, figure.of, "", "", "", _(definition.target_words), said)
        return (words.name(metric), *own, shown, said, "–", _unit(definition.unit))
    interval = _wilson(at, z) if definition.has_interval else ("", "")
    return (
        words.name(metric), Formula(_value(definition, span, at)), _sum(N, span), _sum(OF, span),
        Formula(f'=IF(D{at}=0,"",C{at}/D{at})') if definition.comparison is not Comparison.NONE else "", *interval,
        _(definition.target_words), Formula(_verdict(definition, at)), shown, said, Formula(_agrees(at)),
        _unit(definition.unit),
    )  # fmt: skip


def _unit(unit: Unit) -> str:
    return {
        Unit.SHARE: _("share, 1 is all"), Unit.HOURS: _("hours"), Unit.SECONDS: _("seconds"),
        Unit.PER_POSTMORTEM: _("items for each post-mortem"), Unit.SCORE: _("1 to 5"),
    }.get(unit, "")  # fmt: skip


def _sum(column: str, span: Span) -> Cell:
    return Formula(f"=SUM({span.over(column)})") if span.last >= span.first else 0


def _value(definition: Definition, span: Span, at: int) -> str:
    if span.last < span.first:
        return '=""'
    match definition.unit:
        case Unit.HOURS:
            still, hours = span.over(RUNNING), span.over(HOURS)
            reached = f'COUNTIF({still},"<={HALF}")'
            return f'=IF({reached}=0,"",INDEX({hours},COUNTIF({still},">{HALF}")+1))'
        case Unit.SECONDS:
            return f"=MEDIAN({span.over(VALUE)})"
        case _:
            return f'=IF(D{at}=0,"",C{at}/D{at})'


def _wilson(at: int, z: str) -> tuple[Formula, Formula]:
    """The centre and the half of Wilson's interval, from n / N in E and N in D."""
    share, of = f"E{at}", f"D{at}"
    centre = f"({share}+{z}^2/(2*{of}))"
    half = f"{z}*SQRT({share}*(1-{share})/{of}+{z}^2/(4*{of}^2))"
    below = f"(1+{z}^2/{of})"
    return (
        Formula(f'=IF({of}=0,"",({centre}-{half})/{below})'),
        Formula(f'=IF({of}=0,"",({centre}+{half})/{below})'),
    )


def _verdict(definition: Definition, at: int) -> str:
    """The rule of `verdicts.judge`, in the words that the page uses."""
    said = {verdict: _quoted(_(text)) for verdict, text in VERDICT_WORDS.items()}
    judged = f"E{at}" if definition.unit is Unit.HOURS else f"B{at}"
    threshold, meets, misses = definition.threshold, said[Verdict.MEETS], said[Verdict.MISSES]
    match definition.comparison:
        case Comparison.AT_LEAST:
            rule = f"IF({judged}>={threshold},{meets},{misses})"
        case Comparison.ABOVE if definition.has_interval:
            sure = f"IF(F{at}>{threshold},{meets},{said[Verdict.TOO_FEW]})"
            rule = f"IF({judged}>{threshold},{sure},{misses})"
        case Comparison.ABOVE:
            rule = f"IF({judged}>{threshold},{meets},{misses})"
        case Comparison.BELOW:
            sure = f"IF(G{at}<{threshold},{meets},{said[Verdict.TOO_FEW]})"
            rule = f"IF({judged}<{threshold},{sure},{misses})"
        case _:
            rule = said[Verdict.NO_TARGET]
    return f'=IF({judged}="",{said[Verdict.NOTHING]},{rule})'


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _agrees(at: int) -> str:
    yes, no = _quoted(_("yes")), _quoted(_("no"))
    same_value = f'IF(B{at}="",J{at}="",IF(J{at}="",FALSE,ABS(B{at}-J{at})<{CLOSE:.6f}))'
    return f"=IF({same_value},IF(I{at}=K{at},{yes},{no}),{no})"
