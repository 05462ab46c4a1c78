"""What an address names: not there and not yours read the same on every page, and nonsense is never a stack trace."""

import pytest

from db.models import IncidentRow
from tests import reviewed
from tests.conftest import BACKENDS
from tests.factories import make_incident
from tests.pages import headings
from wiring import acting

SENTENCE = "There is nothing here under this address, or it is not shared with you."
HUGE = "9" * 40
NUMBERS = ("999", "x", HUGE, "2147483648", "\0")
NAMED = [("log.py", "id"), ("write.py", "id"), ("read.py", "id"), ("incidents.py", "open"), ("report.py", "reported")]
pytestmark = pytest.mark.parametrize("database_url", BACKENDS, indirect=True)


@pytest.fixture
def story(wired, clock):
    """Anna's draft, and an incident of hers; both restricted to those who are named."""
    story = reviewed.drafted(wired)
    with wired.execution_options(writes=True).begin() as connection:
        connection.execute(IncidentRow.__table__.update().values(restricted=True, title="A leak"))
    return story


def said(shown):
    assert not shown.exception
    kinds = (shown.markdown, shown.caption, shown.error, shown.warning, shown.text)
    return "\n".join(each.value for kind in kinds for each in kind)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_nothing_there_and_not_yours_read_the_same(story, page, path, name):
    wanted = story.incident_id if path in ("log.py", "incidents.py", "report.py") else story.id
    answers = {number: said(page(path, story.bystander, query={name: number})) for number in NUMBERS}
    answers["not yours"] = said(page(path, story.bystander, query={name: str(wanted)}))
    for number, answer in answers.items():
        assert SENTENCE in answer, number
        assert "leak" not in answer
    assert len({answers["999"], answers["not yours"]}) == 1
    assert SENTENCE not in said(page(path, story.author, query={name: str(wanted)}))


def test_an_edition_that_is_not_there(story, page):
    """What is no number at all is as good as not said."""
    assert SENTENCE in said(page("read.py", story.author, query={"id": str(story.id), "edition": "7"}))
    for edition in (HUGE, "\0"):
        assert "Draft" in said(page("read.py", story.author, query={"id": str(story.id), "edition": edition}))


@pytest.mark.parametrize("path", ["incidents.py", "tracker.py", "actions.py"])
def test_a_filter_of_nonsense_shows_the_page(story, page, path):
    for name in ("text", "service", "author", "owner", "page", "since"):
        for typed in ("a\0b", HUGE):
            shown = page(path, story.author, query={name: typed})
            said(shown)
            assert headings.title(shown)


@pytest.mark.parametrize("path", ["incidents.py", "tracker.py", "actions.py"])
def test_so_does_a_search_for_it(story, page, rows, path):
    with rows() as session:
        make_incident(session, public_id="P0-009", reporter_id=story.author, service_id=1)
    for typed in ("a\0b", "x" * 200_000, "🚀 \u202eעברית %_\\'"):
        shown = page(path, story.author)
        acting.forget()
        said(shown.text_input(key=f"{path.removesuffix('.py')}-text").set_value(typed).run())
