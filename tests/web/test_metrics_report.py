"""The metrics on one sheet, and as a workbook: who gets them, what is in them."""

import io

import pytest
from openpyxl import load_workbook

from pmcore.domain.vocabulary import Language, Role
from tests.factories import make_service, make_user
from tests.tracked import make_tracked

pytestmark = [pytest.mark.usefixtures("workspace", "quick_exports"), pytest.mark.sqlite_only]
PERIOD = "from=2025-12-01&to=2025-12-31"


@pytest.fixture
def put(rows, person):
    boris = person("Борис Иванов", Role.ENGINEER, username="boris")
    with rows() as session:
        service = make_service(session, "mail <b>x</b>").id

    def made(public_id, **changes):
        with rows() as session:
            make_tracked(session, public_id, **{"author": boris, "service": service, **changes})

    return made


@pytest.fixture
def anna(person, session_of):
    user_id = person("Anna Petrova", Role.VIEWER)
    session_of(user_id)
    return user_id


def test_the_report_has_every_figure_with_its_verdict_in_words_and_shape(client, put, anna):
    put("P0-001", drafted=2)
    put("P0-002", drafted=60)
    response = client.get(f"/print/metrics?{PERIOD}")
    assert response.status_code == 200
    for words in (
        "P0 completion", "50 %", "1 of 2", "✗", "misses the target", "target: 100 %", "missed: P0-002",
        "Time to publish", "Action items done", "Recurrence", "Attendance", "New detection", "Satisfaction",
        "Blameless score", "nothing to count yet", "Time to detect", "Time to resolve", "from 1 Dec 2025",
        "On ten incidents a mean moves by a quarter", "Dry runs, what was deleted",
    ):  # fmt: skip
        assert words in response.text, words
    assert response.text.count("<svg") >= 1
    assert 'aria-label="December 2025: 50 %"' in response.text
    assert f"/metrics?{PERIOD}".replace("&", "&amp;") in response.text


def test_nothing_runs_on_it_and_nobody_keeps_it(client, put, anna):
    response = client.get(f"/print/metrics?{PERIOD}&service=1")
    assert response.headers["cache-control"] == "no-store"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self' 'sha256-" in policy
    assert "script" not in policy
    assert "mail &lt;b&gt;x&lt;/b&gt;" in response.text
    assert "<b>x" not in response.text


def test_it_speaks_the_readers_language(client, put, rows, session_of):
    with rows() as session:
        user_id = make_user(session, "Иван", Role.ENGINEER, language=Language.RUSSIAN).id
    session_of(user_id)
    text = client.get(f"/print/metrics?{PERIOD}").text
    assert '<html lang="ru">' in text
    assert "Метрики процесса постмортемов" in text
    assert "считать пока нечего" in text


@pytest.mark.parametrize("path", ["/print/metrics", "/download/metrics.xlsx"])
def test_an_anonymous_visitor_gets_nothing(client, put, path):
    put("P0-001", drafted=60)
    response = client.get(path)
    assert response.status_code in (302, 303, 401)
    assert b"P0-001" not in response.content


@pytest.mark.parametrize("path", ["/print/metrics", "/download/metrics.xlsx"])
def test_a_person_without_a_role_is_refused_with_a_sentence(client, rows, person, session_of, path):
    from db.models import UserRoleRow

    user_id = person("No Body", Role.VIEWER)
    with rows() as session:
        session.delete(session.get(UserRoleRow, (user_id, Role.VIEWER)))
    session_of(user_id)
    response = client.get(path)
    assert response.status_code == 403
    assert "Ask an administrator" in response.text


def test_what_one_may_not_see_is_in_neither(client, put, anna):
    put("P0-001", drafted=60, restricted=True)
    put("P0-002", drafted=60, dry_run=True)
    assert "P0-00" not in client.get(f"/print/metrics?{PERIOD}").text
    book = load_workbook(io.BytesIO(client.get(f"/download/metrics.xlsx?{PERIOD}").content))
    assert not [cell.value for page in book for row in page for cell in row if "P0-00" in str(cell.value)]


@pytest.mark.parametrize(
    "query", ["from=x", "to=2025-02-30", "severity=P9", "salary=1", "from=2026-01-01&to=2025-01-01"]
)
def test_a_period_that_cannot_be_read_is_said(client, put, anna, query):
    response = client.get(f"/print/metrics?{query}")
    assert response.status_code == 404
    assert "cannot be read" in response.text
    response = client.get(f"/download/metrics.xlsx?{query}")
    assert response.status_code == 403
    assert "cannot be read" in response.text


def test_the_workbook_comes_with_its_name_type_rows_and_formulas(client, put, anna):
    put("P0-001", drafted=2)
    put("P1-002", drafted=2)
    response = client.get(f"/download/metrics.xlsx?{PERIOD}&severity=P0")
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith('attachment; filename="post-mortem-metrics-20')
    assert int(response.headers["content-length"]) == len(response.content)
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Figures", "Rows", "About"]
    assert [row[1].value for row in book["Rows"] if row[0].value == "P0 completion"] == ["P0-001"]
    assert book["Figures"]["C2"].value == "=SUM(Rows!$G$2:$G$2)"
    said = dict(book["About"].values)
    assert said["Filter"] == "from 1 Dec 2025; until 31 Dec 2025; severity P0; repeated within 30 days"
    assert said["By"] == "Anna Petrova"


def test_it_is_made_by_another_process(client, put, anna, monkeypatch):
    def here(*_arguments, **_values):
        raise AssertionError

    monkeypatch.setattr("pmcore.documents.metrics_xlsx.write", here)
    assert client.get("/download/metrics.xlsx").status_code == 200


def test_only_as_excel(client, anna):
    assert client.get("/download/metrics.csv").status_code == 404
