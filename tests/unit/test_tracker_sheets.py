"""The tracker as a workbook and as CSV: typed cells, links, colours, and text that stays text."""

import csv as plain_csv
import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from pmcore.documents import csv, tracker_file, xlsx, xlsx_links
from pmcore.documents.cells import for_csv, from_csv
from pmcore.documents.tracker_sheet import Sheet, about, filter_words, import_guide
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState, PostmortemStatus, Severity
from pmcore.readmodels.tracker import BadFilter, ItemLine, TrackerFilter, TrackerRow
from pmcore.words import speaking
from tests.factories import NOON

THE_ELEVEN = [
    "Incident ID", "Date", "Service Affected", "Duration (minutes)", "Impact (users/revenue)", "Author", "Status",
    "Action Items (count)", "Action Items Completed (%)", "Published Date", "Link to Document",
]  # fmt: skip
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\")", " =1", "＝1+1", "'quoted", "'=1",
]  # fmt: skip
EVERY_SCRIPT = [
    "Отказ почты",
    "שירות",
    "🔥 on fire 👩‍🚒",
    "a\x00b\x0bc\x1fd",
    "\ud800lone",
    "\ufffe",
    "x" * 40_000,
    "_x0041_",
]


def line(**changes):
    row = TrackerRow(
        postmortem_id=12, incident_id=7, public_id="P0-001", title="Mail stops", on=date(2025, 12, 14),
        service="email-service", duration_seconds=720, customers_affected=500, revenue_loss_usd=Decimal(150),
        impact_told="", author="Anna Petrova", status=PostmortemStatus.PUBLISHED, amendment=None, items_total=6,
        items_done=3, published_on=date(2025, 12, 16), document_url="", dry_run=False,
    )  # fmt: skip
    return replace(row, **changes)


def item(**changes):
    found = ItemLine(
        public_id="P0-001/AI-1", postmortem_id=12, title="Alert on pool use", kind=ActionKind.DETECTION,
        priority=ActionPriority.HIGH, owner="Boris", state=ActionState.DONE, original_due_on=date(2025, 12, 21),
        due_on=date(2025, 12, 22), done_on=date(2025, 12, 20), criterion="It fires", evidence="=1+1",
        ticket_url="https://jira.example/1",
    )  # fmt: skip
    return replace(found, **changes)


def sheet(*rows, items=(), said=(("By", "Anna"),)):
    return Sheet(rows=rows, items=lambda: items, about=said, address="https://pm.example/")


@pytest.fixture
def book(tmp_path):
    def made(*rows, **others):
        path = tmp_path / "t.xlsx"
        xlsx.write(sheet(*rows, **others), path)
        return load_workbook(path)

    return made


class TestExcel:
    def test_the_eleven_columns_in_the_missions_order_and_wording(self, book):
        assert [cell.value for cell in book(line())["Tracker"][1]] == THE_ELEVEN

    def test_cells_have_types(self, book):
        page = book(line())["Tracker"]
        values = [cell.value for cell in page[2]]
        assert values == [
            "P0-001", datetime(2025, 12, 14), "email-service", 12, "500 users / $150", "Anna Petrova", "Published",
            6, 0.5, datetime(2025, 12, 16), "https://pm.example/read?id=12",
        ]  # fmt: skip
        assert page["B2"].is_date
        assert (page["B2"].number_format, page["I2"].number_format) == ("yyyy-mm-dd", "0%")
        assert page["K2"].hyperlink.target == "https://pm.example/read?id=12"

    def test_neighbours_of_one_style_keep_their_own_values(self, book):
        """openpyxl is given one cell again and again; it has to write each before it asks for the next."""
        made = book(
            line(published_on=date(2026, 1, 2), items_done=6),
            line(document_url="https://docs.example/1", on=date(1970, 1, 1)),
            items=(item(evidence="https://graph.example/2"), item(due_on=None)),
        )
        page, items = made["Tracker"], made["Action items"]
        assert [cell.value for cell in page["B"][1:]] == [datetime(2025, 12, 14), datetime(1970, 1, 1)]
        assert [cell.value for cell in page["J"][1:]] == [datetime(2026, 1, 2), datetime(2025, 12, 16)]
        assert [cell.value for cell in page["I"][1:]] == [1, 0.5]
        assert [cell.hyperlink.target for cell in page["K"][1:]] == [
            "https://pm.example/read?id=12", "https://docs.example/1",
        ]  # fmt: skip
        assert [items[cell].value for cell in ("G2", "H2", "I2", "G3", "H3")] == [
            datetime(2025, 12, 21), datetime(2025, 12, 22), datetime(2025, 12, 20), datetime(2025, 12, 21), None,
        ]  # fmt: skip
        assert [items[cell].value for cell in ("K2", "L2", "M2")] == [
            "https://graph.example/2", "https://jira.example/1", "https://pm.example/read?id=12",
        ]  # fmt: skip
        assert [items[f"{column}2"].font.underline for column in "JKLM"] == [None, "single", "single", "single"]

    def test_a_whole_number_of_minutes_is_shown_without_a_point(self, book):
        page = book(line(), line(duration_seconds=585))["Tracker"]
        assert [(cell.value, cell.number_format) for cell in page["D"][1:]] == [(12, "General"), (9.8, "General")]

    @pytest.mark.parametrize("text", ["#N/A", "#REF!", "#DIV/0!"])
    def test_a_spreadsheets_word_for_an_error_stays_text(self, book, text):
        assert (book(line(author=text))["Tracker"]["F2"].data_type) == "s"

    def test_unknown_is_an_empty_cell_and_never_zero(self, book):
        blank = line(
            duration_seconds=None, customers_affected=None, revenue_loss_usd=None, items_total=0, items_done=0,
            published_on=None, status=PostmortemStatus.DRAFT,
        )  # fmt: skip
        page = book(blank)["Tracker"]
        assert [page[f"{letter}2"].value for letter in "DEIJ"] == [None] * 4
        assert page["H2"].value == 0

    def test_an_imported_row_keeps_its_words_and_its_document(self, book):
        page = book(line(impact_told="~25 %", document_url="https://docs.example/1"))["Tracker"]
        assert page["E2"].value == "~25 %"
        assert page["K2"].hyperlink.target == "https://docs.example/1"

    def test_the_header_is_frozen_and_filtered(self, book):
        page = book(line(), line())["Tracker"]
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref == "A1:K3"

    def test_statuses_are_coloured_by_their_word(self, book):
        page = book(line())["Tracker"]
        rules = [rule for ranged in page.conditional_formatting for rule in ranged.rules]
        assert {rule.formula[0] for rule in rules} == {'"Draft"', '"Review"', '"Published"', '"Closed"'}

    def test_three_sheets(self, book):
        made = book(line(), items=(item(),), said=(("By", "=Anna"),))
        assert made.sheetnames == ["Tracker", "Action items", "About"]
        assert made["Action items"]["A2"].value == "P0-001/AI-1"
        assert made["Action items"]["L2"].hyperlink.target == "https://jira.example/1"
        assert [[cell.value for cell in row] for row in made["About"]] == [["By", "=Anna"], ["Rows", "1"]]
        assert made["About"]["B1"].data_type == "s"

    @pytest.mark.parametrize("text", HOSTILE)
    def test_text_that_looks_like_a_formula_stays_text(self, book, text):
        made = book(line(author=text, service=text, impact_told=text), items=(item(title=text, owner=text),))
        for cell in (made["Tracker"]["F2"], made["Tracker"]["C2"], made["Action items"]["B2"]):
            assert cell.data_type == "s"
            assert cell.value.strip() == text.strip().replace("\r", "\n").strip()
            assert cell.quotePrefix is (text[0] != "'")

    def test_no_formula_element_is_written_at_all(self, tmp_path):
        path = tmp_path / "t.xlsx"
        xlsx.write(sheet(*(line(author=text) for text in HOSTILE), items=(item(title="=1"),)), path)
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    assert b"<f>" not in archive.read(name)

    @pytest.mark.parametrize("text", EVERY_SCRIPT)
    def test_every_script_and_no_character_that_xml_forbids(self, book, text):
        found = book(line(author=text))["Tracker"]["F2"].value or ""
        assert not set(found) & set("\x00\x0b\x1f\ud800\ufffe")
        assert len(found) <= 32_767
        if text.isprintable() and len(text) < 100 and "_x" not in text:
            assert found == text

    def test_beyond_excels_number_of_links_addresses_stay_as_text(self, book, monkeypatch):
        monkeypatch.setattr(xlsx_links, "MAX_LINKS", 1)
        page = book(line(), line())["Tracker"]
        assert page["K2"].hyperlink is not None
        assert page["K3"].hyperlink is None
        assert page["K3"].value.startswith("https://")

    def test_beyond_so_many_addresses_only_the_known_ones_are_links(self, book, monkeypatch):
        monkeypatch.setattr(xlsx_links, "MAX_ADDRESSES", 1)
        page = book(line(), line(postmortem_id=77), line())["Tracker"]
        assert [page[cell].hyperlink is not None for cell in ("K2", "K3", "K4")] == [True, False, True]
        assert page["K2"].hyperlink.target == page["K4"].hyperlink.target == page["K4"].value

    def test_the_template_can_be_imported_once_it_is_filled(self, tmp_path):
        path = tmp_path / "t.xlsx"
        xlsx.write_template(path, import_guide())
        made = load_workbook(path)
        assert [cell.value for cell in made["Tracker"][1]] == THE_ELEVEN
        assert made["About"].max_row == 11


class TestCsv:
    def rows(self, tmp_path, *lines):
        path = tmp_path / "t.csv"
        assert csv.write(sheet(*lines), path) == len(lines)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        return list(plain_csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))

    def test_values_are_plain(self, tmp_path):
        assert self.rows(tmp_path, line()) == [
            THE_ELEVEN,
            [
                "P0-001", "2025-12-14", "email-service", "12", "500 users / $150", "Anna Petrova", "Published", "6",
                "50", "2025-12-16", "https://pm.example/read?id=12",
            ],
        ]  # fmt: skip

    @pytest.mark.parametrize("text", HOSTILE)
    def test_text_that_looks_like_a_formula_gets_an_apostrophe(self, tmp_path, text):
        cell = self.rows(tmp_path, line(author=text))[1][5]
        assert cell == "'" + text
        assert from_csv(cell) == text

    @pytest.mark.parametrize("text", ["plain", "", "it's", "a=b", "O'Brien", "'"])
    def test_other_text_is_left_alone_or_comes_back(self, text):
        assert from_csv(for_csv(text)) == text

    def test_every_script(self, tmp_path):
        assert self.rows(tmp_path, line(author="Отказ 🔥 שירות"))[1][5] == "Отказ 🔥 שירות"
        assert self.rows(tmp_path, line(author="\ud800a\x00"))[1][5] == "a"


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_an_export_can_be_imported_again(tmp_path, format):
    lines = [
        line(author="=Анна", impact_told="~25 % of users, -5 points", service="@mail"),
        line(public_id="P1-2", status=PostmortemStatus.DRAFT, published_on=None, items_total=0, items_done=0),
        line(public_id="P2-3", duration_seconds=None, customers_affected=1200, items_total=3, items_done=1),
    ]
    path = tmp_path / f"t.{format}"
    {"xlsx": xlsx, "csv": csv}[format].write(sheet(*lines), path)
    found = tracker_file.read(path.read_bytes(), name=path.name)
    assert found.problems == ()
    for row, was in zip(found.rows, lines, strict=True):
        assert (row.public_id, row.on, row.service, row.duration_seconds) == (
            was.public_id, was.on, was.service, was.duration_seconds,
        )  # fmt: skip
        assert (row.author, row.status, row.published_on) == (was.author, was.status, was.published_on)
        assert (row.items_total, row.items_done) == (was.items_total, was.items_done)
        assert row.severity is Severity(was.public_id[:2])
        assert row.document_url == "https://pm.example/read?id=12"
    assert found.rows[0].impact == "~25 % of users, -5 points"
    assert (found.rows[2].customers_affected, found.rows[2].revenue_loss_usd) == (1200, Decimal(150))


class TestWords:
    def test_the_filter_is_said_with_names(self):
        filter = TrackerFilter(
            text="pool", severities=(Severity.P0,), service_id=3, statuses=(PostmortemStatus.DRAFT,), author_id=4,
            since=date(2025, 1, 1), until=date(2025, 12, 31), dry_runs=True,
        )  # fmt: skip
        with speaking("en"):
            said = filter_words(filter, service="mail", author="Anna")
        assert said == (
            "containing “pool”; severity P0; service mail; status Draft; author Anna; from 1 Jan 2025; "
            "until 31 Dec 2025; with dry runs"
        )
        assert filter_words(TrackerFilter()) == "without dry runs"

    def test_about_names_when_who_and_what(self):
        said = dict(about(workspace="W", person="Anna", at=NOON, zone="Europe/Moscow", filter="all"))
        assert said["Made"] == "14 Dec 2025, 15:00 MSK (UTC+3)"
        assert (said["By"], said["Filter"]) == ("Anna", "all")

    def test_a_filter_survives_an_address(self):
        filter = TrackerFilter(
            text="a&b=c", severities=(Severity.P0, Severity.P2), since=date(2025, 1, 1), dry_runs=True
        )
        assert TrackerFilter.of(filter.params()) == filter
        assert TrackerFilter().params() == {}

    @pytest.mark.parametrize(
        "params",
        [
            {"severity": "P9"},
            {"since": "soon"},
            {"service": "x"},
            {"sort": "mood"},
            {"colour": "red"},
            {"status": "x"},
            {"author": "99999999999"},
            {"service": "9" * 30},
            {"author": "-1"},
            {"author": "١"},
            {"service": "1\0"},
        ],
    )
    def test_a_filter_that_cannot_be_read_names_itself(self, params):
        with pytest.raises(BadFilter) as caught:
            TrackerFilter.of(params)
        assert f"“{next(iter(params))}”" in str(caught.value)
