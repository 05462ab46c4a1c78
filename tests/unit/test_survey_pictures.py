"""The pictures and files of the survey: valid, in words too, in both languages, and no more than may be told."""

import csv
from datetime import UTC, datetime

import altair
import pandas as pd
import pytest
from openpyxl import load_workbook

from pmcore.charts import survey as charts
from pmcore.documents import survey_file
from pmcore.domain.survey import Answer, Quarter, Remark
from pmcore.domain.survey_questions import RemarkKind, SurveyQuestion, SurveyScale
from pmcore.domain.survey_results import results
from pmcore.readmodels.survey import PastRound
from pmcore.words import speaking
from tests import hostile

AT = datetime(2025, 12, 14, 12, tzinfo=UTC)


def answers(count, **scores):
    """4 where nothing else is said: unfavourable for what is turned."""
    return [Answer(scores={one: scores.get(one.value, 4) for one in SurveyQuestion})] * count


def past(*given, number=4, invited=12):
    return PastRound(
        quarter=Quarter(year=2025, number=number), opened_at=AT, closed_at=AT, invited=invited, answered=len(given),
        results=results(given),
    )  # fmt: skip


TOLD = past(*answers(3), *answers(3, understand=1, burden=1, clear=3))
FEW = past(*answers(4, safe=2), number=3)
SCALE = TOLD.scale(SurveyScale.SATISFACTION)


def test_five_shades_a_question_that_part_at_neither():
    table = charts.bars_table(SCALE)
    assert {len(column) for column in table.values()} == {4 * 5}
    bars = {
        (question, kind): (round(start, 3), round(end, 3))
        for question, kind, start, end in zip(
            table["question"], table["kind"], table["start"], table["end"], strict=True
        )
    }
    first, _second, third = list(dict.fromkeys(table["question"]))[:3]
    assert bars[first, "very unfavourable"] == (-0.5, 0.0)
    assert bars[first, "favourable"] == (0.0, 0.5)
    assert bars[third, "neither"] == (-0.25, 0.25)  # half on either side
    assert bars[third, "favourable"] == (0.25, 0.75)
    for place in range(0, 20, 5):
        assert table["end"][place + 4] - table["start"][place] == pytest.approx(1)


def test_a_reversed_question_is_turned_and_says_so():
    rows = charts.bars_rows(SCALE)
    assert rows[1]["Question"] == "2. The process takes more of my time than it gives back. (turned)"
    assert [rows[1][step] for step in charts.steps()] == [0, 3, 0, 0, 3]
    assert rows[1]["favourable in all"] == "50 %"


def test_the_trend_leaves_out_what_may_not_be_told():
    table = charts.trend_table((TOLD, FEW))
    assert table["quarter"] == ["Q4 2025", "Q4 2025"]
    assert table["words"] == ["3.38 of 5", "3.5 of 5"]
    assert charts.trend_rows((TOLD, FEW)) == [
        {
            "Quarter": "Q4 2025", "Answers": "6 of 12 (50 %)", "Satisfaction with the process": "3.38 of 5",
            "Blameless culture": "3.5 of 5",
        },
        {
            "Quarter": "Q3 2025", "Answers": "4 of 12 (33 %)", "Satisfaction with the process": "too few answers",
            "Blameless culture": "too few answers",
        },
    ]  # fmt: skip


def test_in_words_for_who_does_not_see_them():
    alt = charts.bars_alt(SurveyScale.SATISFACTION, SCALE)
    assert alt.startswith("Satisfaction with the process: Writing a post-mortem helps us to understand")
    assert "3 of 6 favourable" in alt
    assert charts.trend_alt((FEW, TOLD)) == (
        "Means by quarter; the target is above 4. Q4 2025: Satisfaction with the process 3.38 of 5; "
        "Q4 2025: Blameless culture 3.5 of 5"
    )


@pytest.mark.parametrize("language", ["en", "ru"])
def test_they_are_valid_vega_lite(language):
    with speaking(language):
        pairs = (
            (charts.bars_spec(), charts.bars_table(SCALE)),
            (charts.trend_spec(), charts.trend_table((TOLD, FEW))),
            (charts.trend_spec(), charts.trend_table((FEW,))),
        )
        for spec, table in pairs:
            whole = {**spec, "data": {"values": pd.DataFrame(table).to_dict("records")}}
            altair.LayerChart.from_dict(whole, validate=True)
        assert charts.bars_spec()["layer"][0]["encoding"]["color"]["scale"]["domain"] == list(charts.steps())


def test_both_pictures_show_the_target_or_the_middle():
    assert charts.trend_spec()["layer"][-1]["encoding"]["y"]["datum"] == 4
    assert charts.bars_spec()["layer"][-1]["encoding"]["x"]["datum"] == 0


def written(tmp_path, remarks=None):
    remarks = {TOLD.quarter: [Remark(kind=RemarkKind.KEEP, text=hostile.LINE)]} if remarks is None else remarks
    survey_file.write_xlsx(
        (TOLD, FEW), remarks, survey_file.about(workspace="=1+1", at=AT, zone="UTC"), tmp_path / "s.xlsx"
    )
    return load_workbook(tmp_path / "s.xlsx")


def test_the_workbook_tells_what_the_page_tells(tmp_path):
    book = written(tmp_path)
    assert book.sheetnames == ["Rounds", "Questions", "In their own words", "About"]
    rows = list(book["Rounds"].values)
    assert rows[1] == ("2025-Q4", 12, 6, 0.5, 3.38, 0.625, 3.5, pytest.approx(0.75))
    assert rows[2] == ("2025-Q3", 12, 4, pytest.approx(1 / 3), None, None, None, None)
    questions = list(book["Questions"].values)
    assert len(questions) == 1 + 8
    assert {row[0] for row in questions[1:]} == {"2025-Q4"}
    assert questions[2][3:] == ("yes", 0, 3, 0, 0, 3, 0.5)


def test_no_text_is_a_formula(tmp_path):
    book = written(tmp_path)
    cell = book["In their own words"]["C2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (hostile.LINE, "s", True)
    assert book["About"]["B2"].data_type == "s"


def test_texts_are_in_it_only_for_who_may_read_them(tmp_path):
    assert "In their own words" not in written(tmp_path, remarks={}).sheetnames


def test_the_csv_has_the_rounds(tmp_path):
    survey_file.write_csv((TOLD, FEW), tmp_path / "s.csv")
    rows = list(csv.reader((tmp_path / "s.csv").open(encoding="utf-8-sig", newline="")))
    assert rows[0][:4] == ["Quarter", "Asked", "Answered", "Response rate"]
    assert rows[1][:5] == ["2025-Q4", "12", "6", "0.5", "3.38"]
    assert rows[2][4:] == ["", "", "", ""]
