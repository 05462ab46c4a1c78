"""Old trackers as files: what is read, what is refused, and in which words."""

import io
import re
import time
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from pmcore.documents import tracker_file, tracker_workbook
from pmcore.documents.tracker_file import read
from pmcore.documents.tracker_line import TrackerFileRefused
from pmcore.documents.tracker_sheet import columns
from pmcore.domain.vocabulary import PostmortemStatus

HEADER = list(columns())
ROW = [
    "P0-001", date(2025, 6, 14), "email-service", 12, "~500 users", "Anna", "Published", 6, 0.5, date(2025, 6, 16),
    "https://docs.example/1",
]  # fmt: skip


def workbook(*rows, header=HEADER, change=lambda page: None, title="Sheet1"):
    book = Workbook()
    page = book.active
    page.title = title
    for row in (header, *rows):
        page.append(row)
    change(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(*rows, header=HEADER, separator=",", encoding="utf-8"):
    lines = [separator.join(map(str, row)) for row in (header, *rows)]
    return "\r\n".join(lines).encode(encoding)


def refusal(data, name="tracker.xlsx"):
    with pytest.raises(TrackerFileRefused) as caught:
        read(data, name=name)
    return str(caught.value)


def added_part(data, name, content=b"x"):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def changed_sheet(data, change):
    """The same workbook with another XML of its one sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            target.writestr(part.filename, change(content) if part.filename.endswith("sheet1.xml") else content)
    return out.getvalue()


def _row_a_hundred_thousand_times(xml):
    start, end = xml.index(b'<row r="2"'), xml.index(b"</sheetData>")
    row = re.sub(rb' r="[A-K]?2"', b"", xml[start:end])
    return xml[:start] + row * 100_000 + xml[end:]


class TestWorkbooks:
    def test_typed_cells_are_read(self):
        found = read(workbook(ROW), name="tracker.xlsx")
        assert found.problems == ()
        row = found.rows[0]
        assert (row.row, row.public_id, row.on, row.duration_seconds) == (2, "P0-001", date(2025, 6, 14), 720)
        assert (row.items_total, row.items_done, row.status) == (6, 3, PostmortemStatus.PUBLISHED)

    def test_a_percentage_cell_counts_as_one_however_it_is_formatted(self):
        def as_percent(page):
            page["I2"].number_format = "0.00%"
            page["I2"] = 1

        assert read(workbook(ROW, change=as_percent), name="t.xlsx").rows[0].items_done == 6

    def test_the_address_behind_a_cell_is_the_link(self):
        def linked(page):
            page["K2"].value = "Document"
            page["K2"].hyperlink = "https://docs.google.com/d/1?a=1&b=2"
            page["K3"].value = None

        found = read(workbook(ROW, ROW, change=linked), name="t.xlsx")
        assert found.rows[0].document_url == "https://docs.google.com/d/1?a=1&b=2"
        assert found.rows[1].document_url == ""

    def test_columns_may_stand_in_any_order_and_rows_may_be_blank(self):
        data = workbook([None] * 11, list(reversed(ROW)), header=list(reversed(HEADER)))
        found = read(data, name="t.xlsx")
        assert [row.row for row in found.rows] == [3]

    def test_a_sheet_named_tracker_is_preferred(self):
        book = Workbook()
        book.active.append(["Notes"])
        page = book.create_sheet("Tracker")
        page.append(HEADER)
        page.append(ROW)
        out = io.BytesIO()
        book.save(out)
        assert len(read(out.getvalue(), name="t.xlsx").rows) == 1

    def test_formulas_are_named_by_row_and_column(self):
        def calculated(page):
            page["D2"] = "=5+7"
            page["H3"] = ArrayFormula("H3", "=SUM(1,2)")

        found = read(workbook(ROW, ROW, change=calculated), name="t.xlsx")
        assert [(p.row, p.heading) for p in found.problems] == [
            (2, "Duration (minutes)"), (3, "Action Items (count)"),
        ]  # fmt: skip
        assert "formula" in str(found.problems[0])
        assert found.rows == ()

    @pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
    def test_macros_are_refused_whatever_the_file_is_called(self, name):
        assert "macros" in refusal(added_part(workbook(ROW), name))

    def test_the_ending_of_macro_workbooks_is_refused(self):
        assert "macros" in refusal(workbook(ROW), name="Tracker.XLSM")

    def test_what_is_no_workbook_is_said(self):
        assert "cannot be read as a workbook" in refusal(b"PK\x03\x04 nothing")
        assert "cannot be read as a workbook" in refusal(b"just text", name="t.xlsx")
        assert "password" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1", name="t.xls")
        empty = io.BytesIO()
        with zipfile.ZipFile(empty, "w") as archive:
            archive.writestr("word/document.xml", "<a/>")
        assert "cannot be read as a workbook" in refusal(empty.getvalue())

    def test_a_document_type_is_refused(self):
        assert "cannot be read" in refusal(added_part(workbook(ROW), "xl/x.xml", b'<!DOCTYPE a [<!ENTITY b "b">]><a/>'))

    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self):
        started = time.monotonic()
        bomb = added_part(workbook(ROW), "xl/bomb.bin", b"")
        out = io.BytesIO(bomb)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.bin", "w") as part:
            for _ in range(160):
                part.write(bytes(1_000_000))
        assert "150 MB when unpacked" in refusal(out.getvalue())
        assert time.monotonic() - started < 10

    def test_a_declared_size_of_millions_of_cells_costs_nothing(self):
        data = changed_sheet(workbook(ROW), lambda xml: xml.replace(b'ref="A1:K2"', b'ref="A1:XFD1048576"'))
        started = time.monotonic()
        assert len(read(data, name="t.xlsx").rows) == 1
        assert time.monotonic() - started < 2

    def test_a_hundred_thousand_rows_get_a_sentence(self):
        data = changed_sheet(workbook(ROW), _row_a_hundred_thousand_times)
        started = time.process_time()
        assert "more than 20,000 rows" in refusal(data)
        assert time.process_time() - started < 20

    def test_a_shared_string_table_beyond_memory_is_refused(self, monkeypatch):
        monkeypatch.setattr(tracker_workbook, "MAX_STRINGS", 10)
        assert "when unpacked" in refusal(added_part(workbook(ROW), "xl/sharedStrings.xml", b"<a>" + b"b" * 20))


class TestHeader:
    def test_missing_and_unknown_columns_are_named(self):
        header = ["Incident ID", "Date", "Service", "Duration (minutes)", *HEADER[4:]]
        said = refusal(workbook(ROW, header=header))
        assert "“Service Affected”" in said
        assert "“Service”" in said

    def test_a_missing_column_is_named(self):
        assert "lacks “Link to Document”" in refusal(workbook(ROW[:10], header=HEADER[:10]))

    def test_an_unknown_column_is_named(self):
        assert "no column “Mood”" in refusal(workbook([*ROW, "good"], header=[*HEADER, "Mood"]))

    def test_a_repeated_column_is_named(self):
        assert "“Date” stands twice" in refusal(workbook([*ROW, None], header=[*HEADER, "date"]))

    def test_a_sheet_without_a_header_is_told_where_it_belongs(self):
        assert "Row 1 has none" in refusal(workbook(header=ROW))

    def test_the_missions_own_wording_is_known(self):
        header = ["Incident ID (P0-XXX)", *HEADER[1:6], "Status (Draft/Review/Published)", *HEADER[7:]]
        assert len(read(workbook(ROW, header=header), name="t.xlsx").rows) == 1

    def test_nothing_below_the_header(self):
        assert "no rows below" in refusal(workbook())
        assert "is empty" in refusal(b"", name="t.csv")


class TestCsv:
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
    def test_separators_and_encodings_of_spreadsheets(self, separator, encoding):
        row = ["P1-7", "14.06.2025", "почта", 12, "", "Анна", "Draft", "", "", "", ""]
        found = read(text(row, separator=separator, encoding=encoding), name="t.csv")
        assert found.problems == ()
        assert (found.rows[0].service, found.rows[0].author) == ("почта", "Анна")

    def test_the_separator_may_be_told(self):
        data = b"sep=;\r\n" + text(ROW, separator=";")
        assert read(data, name="t.csv").rows[0].row == 3

    def test_formulas_are_refused_and_escaped_text_is_not(self):
        bad = read(text([*ROW[:5], "=cmd|' /C calc'!A0", *ROW[6:]]), name="t.csv")
        assert "formula" in str(bad.problems[0])
        good = read(text([*ROW[:5], "'=not a formula", *ROW[6:]]), name="t.csv")
        assert good.rows[0].author == "=not a formula"

    def test_a_short_row_has_empty_cells_at_its_end(self):
        assert read(text(["P1-7", "2025-06-14", "mail", "", "", "", "Draft"]), name="t.csv").rows[0].items_total == 0

    def test_problems_are_counted_beyond_those_that_are_said(self):
        found = read(text(*[["x", *ROW[1:]]] * (tracker_file.MAX_PROBLEMS + 50)), name="t.csv")
        assert (len(found.problems), found.problem_count) == (tracker_file.MAX_PROBLEMS, 250)

    def test_a_hundred_thousand_rows_get_a_sentence(self):
        started = time.process_time()
        assert "more than 20,000 rows" in refusal(text(*[ROW] * 100_000), name="t.csv")
        assert time.process_time() - started < 10

    def test_a_file_beyond_the_limit_is_not_looked_at(self, monkeypatch):
        monkeypatch.setattr(tracker_file, "MAX_BYTES", 10)
        assert "Split it by year" in refusal(text(ROW), name="t.csv")

    def test_a_cell_beyond_what_csv_holds(self):
        assert "Line 2" in refusal(text([*ROW[:4], "x" * 200_000, *ROW[5:]]), name="t.csv")
