"""The tracker's page: filters in the address, what it says when empty, files, and the import."""

import io
from datetime import timedelta

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from db.models import IncidentRow, PostmortemRow
from pmcore.documents.tracker_sheet import columns
from pmcore.domain.vocabulary import Role
from tests.factories import NOON, make_policy, make_service, make_user, make_workspace
from tests.tracked import make_tracked, many_tracked


@pytest.fixture
def people(rows):
    """Ids by role, and the service's under "service"."""
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        return {
            "service": make_service(session).id,
            "anna": make_user(session, "Anna Petrova", Role.ENGINEER).id,
            "maria": make_user(session, "Maria Sokolova", Role.ENGINEERING_MANAGER).id,
        }


@pytest.fixture
def put(rows, people):
    def made(public_id, **changes):
        with rows() as session:
            values = {"author": people["anna"], "service": people["service"], **changes}
            return make_tracked(session, public_id, **values).id

    return made


def shown(page):
    return [row["incident_id"] for row in table(page)]


def table(page):
    return page.dataframe[0].value.to_dict("records")


def files(page):
    return [link.proto.url for link in page.get("link_button") if "/download/tracker" in link.proto.url]


def test_the_eleven_columns_and_the_figures(page, people, put):
    put("P0-001", items_total=4, items_done=1, drafted=10, first_published_at=NOON + timedelta(hours=1))
    seen = page("tracker.py", people["anna"])
    assert not seen.exception
    row = table(seen)[0]
    assert list(row) == [
        "incident_id", "date", "service", "duration", "impact", "author", "status", "items", "items_done", "published",
        "link",
    ]  # fmt: skip
    assert (row["duration"], row["items"], row["items_done"], row["link"]) == (12.0, 4, 25, "/read?id=1")
    said = " ".join(text.value for text in seen.markdown)
    assert "1 of 1 P0 drafts were shared within 48 hours" in said
    assert "1 of 1 were published within 48 hours" in said


def test_filters_come_from_the_address_and_go_into_the_files(page, people, put):
    put("P0-001", title="Pool exhausted", search_key="p0-001 pool exhausted")
    put("P1-002", search_key="p1-002 queue")
    put("P0-003", dry_run=True)
    seen = page("tracker.py", people["anna"], {"severity": "P0", "text": "pool"})
    assert shown(seen) == ["P0-001"]
    assert seen.text_input(key="tracker-text").value == "pool"
    assert files(seen) == [
        "/download/tracker.xlsx?text=pool&severity=P0", "/download/tracker.csv?text=pool&severity=P0",
    ]  # fmt: skip
    seen.text_input(key="tracker-text").set_value("").run()
    assert dict(seen.query_params) == {"severity": "P0"}
    seen.button(key="tracker-clear").click().run()
    assert (dict(seen.query_params), sorted(shown(seen))) == ({}, ["P0-001", "P1-002"])
    seen.toggle(key="tracker-dry").set_value(True).run()
    assert len(shown(seen)) == 3


@pytest.mark.parametrize(
    ("name", "value"), [("severity", "P9"), ("since", "0001-01-01"), ("until", "2025-02-30"), ("author", "x")]
)
def test_a_filter_that_cannot_be_read_is_said_and_dropped(page, people, put, name, value):
    put("P0-001")
    seen = page("tracker.py", people["anna"], {name: value})
    assert not seen.exception
    assert f"“{name}”" in seen.warning[0].value
    assert shown(seen) == ["P0-001"]


def test_back_from_a_document_that_brings_its_own_parameter_along_finds_the_filter(page, people, put):
    put("P0-001")
    put("P1-002")
    seen = page("tracker.py", people["anna"], {"severity": "P1"})
    seen.query_params.clear()
    seen.query_params["id"] = "1"
    seen.run()
    assert (shown(seen), dict(seen.query_params)) == (["P1-002"], {"severity": "P1"})


@pytest.mark.parametrize(
    "query", [{"author": "99"}, {"service": "99"}, {"page": "-1"}, {"page": "999999999999"}, {"text": "x" * 5_000}]
)
def test_what_is_not_there_is_no_error(page, people, put, query):
    put("P0-001")
    assert not page("tracker.py", people["anna"], query).exception


def test_sorting_and_paging_are_done_in_the_database(page, people, rows):
    with rows() as session:
        many_tracked(session, 120, author=people["anna"], service=people["service"])
    seen = page("tracker.py", people["anna"], {"sort": "duration", "page": "2"})
    lengths = [row["duration"] for row in table(seen)]
    assert len(lengths) == 50
    assert lengths == sorted(lengths, reverse=True)
    assert max(lengths) < 89
    seen.selectbox(key="tracker-sort").set_value("incident_id").run()
    seen.toggle(key="tracker-down").set_value(False).run()
    assert shown(seen)[0] == "P0-000003"
    assert "page" not in seen.query_params


def test_an_empty_tracker_says_what_comes_next(page, people):
    seen = page("tracker.py", people["anna"])
    assert not seen.exception
    assert any("No post-mortem yet" in text.value for text in seen.markdown)
    assert any("No P0 draft was due yet" in text.value for text in seen.markdown)


def test_nothing_matches(page, people, put):
    put("P0-001")
    seen = page("tracker.py", people["anna"], {"text": "zzz"})
    assert any("Nothing matches" in text.value for text in seen.markdown)


def test_hostile_text_is_only_text(page, people, put, rows):
    put("P0-001", title="<script>alert(1)</script>", imported_author_key="x", imported={
        "author": "<img src=x onerror=alert(1)>", "impact": "=1+1 :red[no] $x$", "document_url": "https://d.example",
    })  # fmt: skip
    seen = page("tracker.py", people["anna"])
    assert not seen.exception
    assert table(seen)[0]["author"] == "<img src=x onerror=alert(1)>"
    assert all("<img" not in text.value for text in seen.markdown)


def test_the_page_takes_few_statements_whatever_the_number_of_rows(page, people, rows, statements):
    with rows() as session:
        many_tracked(session, 300, author=people["anna"], service=people["service"])
    with statements() as said:
        page("tracker.py", people["anna"], {"since": "2025-01-01"}, alone=True)
    assert len(said) <= 11, "\n".join(said)  # and one of the session gate


class TestImport:
    def file(self, *rows):
        book = Workbook()
        for row in (columns(), *rows):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def row(self, public_id="P0-077", status="Published", published="2025-06-16"):
        return [public_id, "2025-06-14", "kafka", 12, "a lot", "Zoe", status, 2, 50, published, "https://d.example/1"]

    def opened(self, page, user_id, data, name="old.xlsx"):
        seen = page("tracker.py", user_id)
        seen.toggle(key="tracker-import").set_value(True).run()
        seen.file_uploader[0].set_value((name, data, "application/octet-stream")).run()
        assert not seen.exception
        return seen

    def count(self, rows, table=PostmortemRow):
        with rows() as session:
            return session.scalar(select(func.count()).select_from(table))

    def test_engineers_are_not_offered_it(self, page, people):
        assert not [toggle for toggle in page("tracker.py", people["anna"]).toggle if toggle.key == "tracker-import"]

    def test_look_then_import(self, page, people, rows):
        seen = self.opened(page, people["maria"], self.file(self.row(), self.row("P1-078")))
        said = " ".join(text.value for text in (*seen.markdown, *seen.get("text")))
        assert "2 Published" in said
        assert "kafka" in said
        assert "Zoe" in said
        assert self.count(rows) == 0
        seen.button(key="tracker-import-go").click().run()
        assert not seen.exception
        assert seen.toast[0].value == "2 post-mortems imported"
        assert self.count(rows) == 2
        assert shown(seen) == ["P1-078", "P0-077"]
        assert seen.toggle(key="tracker-import").value is False
        assert table(seen)[0]["link"] == "https://d.example/1"

    def test_problems_are_listed_by_row_and_column_and_nothing_is_stored(self, page, people, rows):
        bad = ["x", "soon", "", -1, "", "", "Done", "", "", "", "ftp://x"]
        seen = self.opened(page, people["maria"], self.file(self.row(), self.row(), bad))
        assert "7 cells need another look" in seen.error[0].value
        problems = seen.dataframe[0].value.to_dict("records")
        assert [(row["row"], row["column"]) for row in problems] == [
            (3, "Incident ID"), (4, "Incident ID"), (4, "Date"), (4, "Service Affected"), (4, "Duration (minutes)"),
            (4, "Status"), (4, "Link to Document"),
        ]  # fmt: skip
        assert "stands in row 2 already" in problems[0]["problem"]
        assert not [button for button in seen.button if button.key == "tracker-import-go"]
        assert self.count(rows, IncidentRow) == 0

    @pytest.mark.parametrize(
        ("data", "name", "says"),
        [
            (b"junk", "old.xlsx", "cannot be read as a workbook"),
            (b"PK\x03\x04", "old.xlsm", "macros"),
            (b"a,b,c\n1,2,3", "old.csv", "none of the tracker's column names"),
        ],
    )
    def test_a_file_that_is_none_gets_its_sentence(self, page, people, data, name, says):
        seen = self.opened(page, people["maria"], data, name)
        assert says in seen.error[0].value
