"""The workbook of the metrics: its formulas, calculated by somebody else, say what the page says."""

import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from pmcore import estimates
from pmcore.documents import metrics_xlsx
from pmcore.documents.metrics_sheet import MetricsSheet, figure_headings, row_headings
from pmcore.domain.metrics import DEFINITIONS, VERDICT_WORDS, Metric, MetricVerdict, Reason, Unit, judge
from pmcore.readmodels.metrics import RowMark
from pmcore.words import _, speaking
from pmcore.words.metrics import has_rows
from tests import metricked, recalculated
from tests.audit.__main__ import report

ALIVE = {metric for metric in Metric if has_rows(metric)}
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "＝1+1", '"&Z9&"']


def figure_of(metric, rows):
    """The same once more, from the rows, without a formula."""
    definition, blank = DEFINITIONS[metric], metricked.nothing().figures[metric]
    counted = [row for row in rows if row.left_out is None]
    n, of = sum(row.n for row in counted), sum(row.of for row in counted)
    share = judged = n / of if of else None
    low, high = (estimates.wilson(n, of) or (None, None)) if definition.has_interval else (None, None)
    value = share
    if definition.unit is Unit.HOURS:
        runs = [row for row in rows if row.left_out in (None, Reason.PENDING)]
        hours = {True: {}, False: {}}
        for row in runs:
            by_hour = hours[RowMark.RUNNING not in row.marks]
            by_hour[-int(-row.value // 1)] = by_hour.get(-int(-row.value // 1), 0) + 1
        value = estimates.survival(hours[True], hours[False]).median
    if definition.unit is Unit.SECONDS:
        took = sorted(row.value for row in counted)
        half = len(took) // 2
        value = judged = (took[half] if len(took) % 2 else sum(took[half - 1 : half + 1]) / 2) if took else None
    verdict = judge(definition, judged, low=low, high=high)
    return replace(blank, value=value, n=n, of=of, low=low, high=high, verdict=verdict)


@pytest.fixture
def written(tmp_path):
    def made(rows, *, view=None, about=(("By", "Anna"),)):
        shown = view or metricked.nothing()
        if view is None:
            figures = {metric: figure_of(metric, rows.get(metric, ())) for metric in ALIVE}
            shown = replace(shown, figures=dict(shown.figures) | figures)
        path = tmp_path / "metrics.xlsx"
        sheet = MetricsSheet(
            view=shown, rows=lambda metric: rows.get(metric, ()), about=about, address="https://pm.example/"
        )
        metrics_xlsx.write(sheet, path)
        return path, shown

    return made


def took(hours, *, ended=True, **changes):
    within = int(ended and hours <= 48)
    marks = () if ended else (RowMark.RUNNING,)
    return metricked.row(**{"value": float(hours), "n": within, "marks": marks, **changes})


def shares(n, of):
    return [metricked.row(number, n=int(number <= n)) for number in range(1, of + 1)]


LEFT = {"n": 0, "of": 0, "left_out": Reason.DUPLICATE}
PENDING = {"n": 0, "of": 0, "left_out": Reason.PENDING}
CASES = {
    "nothing": {},
    "all and none": {Metric.P0_COMPLETION: shares(3, 3), Metric.ACTIONS_DONE: shares(0, 4)},
    "exactly on the target": {
        Metric.ACTIONS_DONE: shares(9, 10), Metric.RECURRENCE: shares(1, 10), Metric.ATTENDANCE: shares(4, 5),
    },
    "sure": {Metric.ACTIONS_DONE: shares(99, 100), Metric.RECURRENCE: shares(1, 90), Metric.ATTENDANCE: shares(9, 10)},
    "too few": {Metric.ACTIONS_DONE: shares(3, 3), Metric.RECURRENCE: shares(0, 3)},
    "left out": {
        Metric.P0_COMPLETION: [metricked.row(9, **LEFT), *shares(1, 2), metricked.row(8, **LEFT)],
        Metric.TIME_TO_RESOLVE: [metricked.row(value=60.0), metricked.row(value=9e9, **LEFT)],
        Metric.TIME_TO_DETECT: [metricked.row(value=9.0, **LEFT)],
    },
    "meetings and items": {
        Metric.ATTENDANCE: [metricked.row(n=3, of=4), metricked.row(n=7, of=7)],
        Metric.NEW_DETECTION: [metricked.row(n=0, value=0.0), metricked.row(n=5, value=5.0)],
    },
    "times": {
        Metric.TIME_TO_DETECT: [metricked.row(value=float(n * n)) for n in range(1, 8)],
        Metric.TIME_TO_RESOLVE: [metricked.row(value=float(n * 61)) for n in range(1, 9)],
    },
    "ties of ended and running": {
        Metric.TIME_TO_PUBLISH: [
            took(10), took(10, ended=False), took(10), took(30.2), took(31, ended=False), took(48), took(48.01),
            took(12, ended=False, **PENDING), took(3.0, **PENDING), took(1.0, **LEFT),
        ]
    },
    "half are still running": {Metric.TIME_TO_PUBLISH: [took(10), *(took(90, ended=False) for _n in range(3))]},
    "exactly half": {Metric.TIME_TO_PUBLISH: [took(5), took(7), took(90, ended=False), took(95, ended=False)]},
    "at once": {Metric.TIME_TO_PUBLISH: [took(0), took(0), took(4)]},
}  # fmt: skip


def near(number):
    return None if number is None else pytest.approx(number, abs=1e-9)


@pytest.mark.parametrize("rows", CASES.values(), ids=CASES)
def test_every_formula_says_what_the_page_says(written, rows):
    path, view = written(rows)
    shown = recalculated.table(path, "Figures")
    assert tuple(shown[0]) == figure_headings()
    for line, metric in zip(shown[1:], Metric, strict=False):
        figure, definition = view.figures[metric], DEFINITIONS[metric]
        name, value, n, of, _share, low, high, target, verdict, on_page, _said, agrees, _unit = line
        assert name == definition.name
        assert target == definition.target_words
        if metric not in ALIVE:
            assert agrees == "–"
            continue
        assert value == near(figure.value), metric
        assert (n, of) == (figure.n, figure.of)
        if definition.has_interval:
            assert (low, high) == (near(figure.low), near(figure.high))
        assert verdict == VERDICT_WORDS[figure.verdict]
        assert agrees == "yes", metric
        assert on_page == near(figure.value)


def test_a_figure_that_is_not_that_of_the_rows_is_shown(written):
    view = metricked.view()
    path, _view = written({Metric.ATTENDANCE: shares(1, 2)}, view=view)
    shown = {line[0]: line[11] for line in recalculated.table(path, "Figures")[1:11]}
    assert shown["Attendance"] == "no"
    one_verdict = replace(
        view.figures[Metric.ATTENDANCE], value=0.5, n=1, of=2, verdict=MetricVerdict.MEETS
    )  # fmt: skip
    view = replace(view, figures=dict(view.figures) | {Metric.ATTENDANCE: one_verdict})
    path, _view = written({Metric.ATTENDANCE: shares(1, 2)}, view=view)
    shown = {line[0]: line[11] for line in recalculated.table(path, "Figures")[1:11]}
    assert shown["Attendance"] == "no"


def test_the_formulas_speak_the_readers_language(written):
    with speaking("ru"):
        path, _view = written({Metric.ATTENDANCE: shares(9, 10)})
        shown = recalculated.table(path, "Figures")
        assert shown[5][8] == _(VERDICT_WORDS[MetricVerdict.MEETS])
        assert shown[5][11] == _("yes")
    assert load_workbook(path).sheetnames == ["Figures", "Rows", "About"]


def test_the_rows_have_everything_that_explains_them(written):
    row = metricked.row(
        7, reference="P0-007/AI-2", n=0, marks=(RowMark.EXTENDED, RowMark.LATE), why="Waits for the partner",
        other="P0-001",
    )  # fmt: skip
    path, _view = written({Metric.ACTIONS_DONE: [row, replace(row, **LEFT, on=None, at=None, postmortem_id=None)]})
    header, first, second = [[cell.value for cell in line] for line in load_workbook(path)["Rows"]]
    assert tuple(header) == row_headings()
    assert first == [
        "Action items done", "P0-007/AI-2", datetime(2025, 3, 8), "Mail stops", "P0", "email-service", 0, 1, None, None,
        None, None, None, "extended · late", "Waits for the partner", "P0-001", "https://pm.example/read?id=7",
    ]  # fmt: skip
    assert second[6:9] == [0, 0, "a duplicate of another incident"]
    assert second[2] is None
    assert second[16] is None
    page = load_workbook(path)["Rows"]
    assert page["Q2"].hyperlink.target == "https://pm.example/read?id=7"
    assert page["C2"].number_format == "yyyy-mm-dd"
    assert (page.freeze_panes, page.auto_filter.ref) == ("B2", "A1:Q3")


def test_the_day_is_that_of_the_workspace(written):
    late = datetime(2025, 3, 1, 22, tzinfo=metricked.NOON.tzinfo)
    path, _view = written({Metric.P0_COMPLETION: [metricked.row(on=None, at=late)]})
    assert load_workbook(path)["Rows"]["C2"].value.date() == date(2025, 3, 2)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_somebody_typed_becomes_a_formula(written, text):
    rows = {Metric.TIME_TO_PUBLISH: [took(4, title=text, service=text, why=text, other=text, reference=text)]}
    path, _view = written(rows, about=(("By", text),))
    book = load_workbook(path)
    for address in ("B2", "D2", "F2", "O2", "P2"):
        assert book["Rows"][address].data_type == "s"
    assert book["About"]["B1"].data_type == "s"
    with zipfile.ZipFile(path) as archive:
        made = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    calculated = [part.partition("</f>")[0] for page in made for part in page.split("<f>")[1:]]
    assert calculated
    assert not [formula for formula in calculated if text.strip() in formula and len(text.strip()) > 2]
    assert len(calculated) == len([line for line in calculated if "Z9" not in line])


def test_who_opens_it_calculates_it(written):
    path, _view = written({})
    assert load_workbook(path).calculation.fullCalcOnLoad


class TestAudit:
    """What `make audit` says of a workbook that somebody else has calculated."""

    @pytest.fixture
    def calculated(self, tmp_path):
        def made(*lines):
            book = Workbook()
            book.active.title = "Figures"
            for line in (figure_headings(), *lines, ("Quantile", 1.96)):
                book.active.append(line)
            book.save(tmp_path / "done.xlsx")
            return tmp_path / "done.xlsx"

        return made

    @pytest.mark.parametrize(
        ("said", "is_fine"),
        [
            (["yes", "–"], True),
            (["yes", "no"], False),
            (["–"], False),
            ([None, None], False),
            (["yes", "#NAME?"], False),
        ],
    )
    def test_it_fails_unless_every_figure_agrees(self, calculated, said, is_fine, capsys):
        path = calculated(*(("P0", 1, 1, 1, 1, "", "", "", "", 1, "", agrees, "") for agrees in said))
        assert report(path) == (0 if is_fine else 1)
        assert ("Every figure is the page's." in capsys.readouterr().out) is is_fine
