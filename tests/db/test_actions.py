"""The list of action items in SQL: who sees which, filters, sorting, pages, days of a zone; how many statements."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, PostmortemRow
from pmcore.domain.action_item import Mark, Progress
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Forbidden
from pmcore.domain.vocabulary import ActionPriority, ActionState
from pmcore.readmodels.actions import ActionFilter, Due, Sort
from pmcore.usecases.item_progress import ExtendItem, ReassignItems, ReportProgress, Update, VerifyItem, WontDo
from tests import reviewed
from tests.factories import NOON, make_user
from wiring import acting, ask, run

DAY = timedelta(days=1)
DUE = date(2025, 12, 21)


@pytest.fixture
def story(wired, clock):
    """Published, with one promise of the author's, due on the 21st."""
    return reviewed.published(wired)


def add_items(engine, story, *kinds):
    """More promises of the same post-mortem; each kind names what differs."""
    with Session(engine.execution_options(writes=True)) as session, session.begin():
        first = session.scalars(select(ActionItemRow).order_by(ActionItemRow.id)).first()
        values = {c.key: getattr(first, c.key) for c in ActionItemRow.__table__.columns if c.key != "id"}
        number = len(session.scalars(select(ActionItemRow.id)).all())
        rows = [ActionItemRow(**values | {"number": number + n} | kind) for n, kind in enumerate(kinds, start=1)]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def numbers(page):
    return [row.number for row in page.rows]


class TestWhoSees:
    def test_everybody_a_published_promise_with_its_reference(self, story, as_user):
        with as_user(story.bystander):
            (row,) = ask.actions(ActionFilter()).rows
        assert (row.reference, row.owner, row.state) == ("P0-001/AI-1", "Anna Petrova", ActionState.COMMITTED)

    def test_nobody_without_a_role(self, story, as_user, rows):
        with rows() as session:
            nobody = make_user(session, "No Body").id
        with as_user(nobody):
            for question in (lambda: ask.actions(ActionFilter()), ask.my_actions, lambda: ask.action(1)):
                with pytest.raises(Forbidden):
                    question()

    def test_a_restricted_one_only_those_who_are_named(self, story, as_user, rows):
        with rows() as session:
            session.execute(update(IncidentRow).values(restricted=True))
        with as_user(story.bystander):
            assert ask.actions(ActionFilter()).total == 0
            with pytest.raises(NotFound):
                ask.action(1)
        with as_user(story.author):
            assert ask.actions(ActionFilter()).total == 1

    def test_a_draft_that_is_not_shared_only_its_authors(self, wired, clock, as_user):
        story = reviewed.drafted(wired)
        everything = ActionFilter(states=())
        with as_user(story.manager):
            assert ask.actions(everything).total == 0
            assert ask.items(story.id) == ()
        with as_user(story.author):
            assert ask.actions(everything).total == 1
            assert [item.number for item in ask.items(story.id)] == [1]

    def test_a_proposal_of_the_next_edition_only_those_who_work_on_it(self, wired, story, as_user):
        add_items(wired, story, {"state": "proposed"})
        with as_user(story.bystander):
            assert numbers(ask.actions(ActionFilter(states=()))) == [1]

    def test_mine_are_mine_and_open(self, wired, story, as_user):
        done = {"state": "done", "evidence": "x"}
        add_items(wired, story, {"owner_id": story.lead}, done, {"due_on": date(2025, 12, 15)})
        with as_user(story.author):
            assert [item.number for item in ask.my_actions()] == [4, 1]
        with as_user(story.bystander):
            assert ask.my_actions() == ()


class TestFilters:
    @pytest.fixture
    def many(self, wired, story):
        add_items(
            wired,
            story,
            {"state": "blocked", "blocked_because": "x", "due_on": date(2025, 12, 13), "search_key": "индекс"},
            {"state": "done", "evidence": "x", "due_on": date(2025, 12, 1), "priority": "low"},
            {"owner_id": story.lead, "due_on": date(2026, 3, 1), "priority": "medium", "search_key": "50% load_test"},
            {"deleted_at": NOON},
        )
        return story

    @pytest.mark.parametrize(
        ("filter", "found"),
        [
            (ActionFilter(), [2, 1, 4]),
            (ActionFilter(states=()), [3, 2, 1, 4]),
            (ActionFilter(states=(ActionState.DONE,)), [3]),
            (ActionFilter(due=Due.OVERDUE, states=()), [2]),
            (ActionFilter(due=Due.WEEK), [1]),
            (ActionFilter(text="ИНДЕКС"), [2]),
            (ActionFilter(text="p0-001 watch"), [1]),
            (ActionFilter(text="50%"), [4]),
            (ActionFilter(text="d_t"), [4]),
            (ActionFilter(text="l%t"), []),
            (ActionFilter(descending=True), [4, 1, 2]),
            (ActionFilter(sort=Sort.OWNER), [2, 1, 4]),
            (ActionFilter(sort=Sort.PRIORITY, descending=True, states=()), [3, 4, 1, 2]),
            (ActionFilter(sort=Sort.STATE), [1, 4, 2]),
            (ActionFilter(sort=Sort.REFERENCE), [1, 2, 4]),
        ],
    )
    def test_in_sql(self, many, as_user, filter, found):
        with as_user(many.manager):
            assert numbers(ask.actions(filter)) == found

    def test_by_owner(self, many, as_user):
        with as_user(many.manager):
            assert numbers(ask.actions(ActionFilter(owner_id=many.lead))) == [4]

    def test_dry_runs_are_out_unless_asked_for(self, many, as_user, rows):
        with rows() as session:
            session.execute(update(IncidentRow).values(dry_run=True))
        with as_user(many.manager):
            assert ask.actions(ActionFilter()).total == 0
            assert ask.actions(ActionFilter(dry_runs=True)).total == 3

    def test_pages_and_a_number_beyond_the_last(self, wired, story, as_user):
        add_items(wired, story, *({"due_on": DUE + n * DAY} for n in range(1, 60)))
        with as_user(story.manager):
            second = ask.actions(ActionFilter(page=2))
            assert (second.total, second.page, second.pages, numbers(second)) == (60, 2, 3, list(range(26, 51)))
            assert ask.actions(ActionFilter(page=99)).page == 3

    @pytest.mark.parametrize(
        ("zone", "hour", "is_over"),
        [("Europe/Moscow", 20, False), ("Europe/Moscow", 21, True), ("America/Los_Angeles", 21, False)],
    )
    def test_a_day_ends_in_the_incidents_own_zone(self, wired, story, clock, as_user, rows, zone, hour, is_over):
        with rows() as session:
            session.execute(update(IncidentRow).values(zone=zone))
        clock.now = datetime(2025, 12, 21, hour, 30, tzinfo=UTC)
        with as_user(story.manager):
            assert (ask.actions(ActionFilter(due=Due.OVERDUE)).total == 1) is is_over
            (row,) = ask.actions(ActionFilter()).rows
        assert (Mark.OVERDUE in row.marks) is is_over


class TestAddress:
    @pytest.mark.parametrize(
        "filter",
        [
            ActionFilter(),
            ActionFilter(states=()),
            ActionFilter(
                text="ИНДЕКС 50%", states=(ActionState.DONE, ActionState.VERIFIED), owner_id=3, due=Due.WEEK,
                dry_runs=True, sort=Sort.OWNER, descending=True, page=4,
            ),
        ],
    )  # fmt: skip
    def test_there_and_back(self, filter):
        assert ActionFilter.of(filter.params()) == filter

    def test_what_cannot_be_read_is_left_out(self):
        said = {"owner": "9" * 30, "due": "never", "sort": "; drop table", "page": "٣", "order": "up", "state": "party"}
        assert ActionFilter.of(said) == ActionFilter(states=())


class TestDetail:
    def test_tells_what_was_agreed_and_what_happened(self, wired, story, clock, as_user):
        with as_user(story.author):
            clock.forward(days=1)
            run(ExtendItem(item_id=1, due_on=DUE + 9 * DAY, reason="Frozen"))
        with as_user(story.manager):
            run(ReassignItems(item_ids=(1,), owner_id=story.bystander, note="Holidays"))
            detail = ask.action(1)
        assert (detail.agreed_owner, detail.item.owner, detail.item.is_extended) == (
            "Anna Petrova",
            "Egor Engineer",
            True,
        )
        assert [(event.kind, event.old, event.new, event.by) for event in detail.events] == [
            ("reassignment", "Anna Petrova", "Egor Engineer", "Mira Manager"),
            ("extension", "2025-12-21", "2025-12-30", "Anna Petrova"),
        ]

    def test_offers_what_the_reader_may_do(self, story, as_user):
        with as_user(story.author):
            mine = ask.action(1)
            assert (mine.may_report, mine.may_extend, mine.may_verify, mine.may_give_up, mine.may_reopen) == (
                True, True, False, False, False,
            )  # fmt: skip
            run(ReportProgress(updates=(Update(item_id=1, progress=Progress.DONE, note="Here"),)))
        with as_user(story.bystander):
            theirs = ask.action(1)
            assert (theirs.may_report, theirs.may_extend, theirs.may_verify, theirs.may_reopen) == (
                False,
                False,
                True,
                True,
            )
            run(VerifyItem(item_id=1))
            assert ask.action(1).verified_by == "Egor Engineer"

    def test_giving_up_and_taking_that_back_is_the_managers(self, story, as_user):
        with as_user(story.manager):
            assert ask.action(1).may_give_up
            run(WontDo(item_id=1, reason="Retired"))
            assert ask.action(1).may_reopen
        with as_user(story.author):
            assert not ask.action(1).may_reopen


def test_many_items_cost_as_many_statements_as_one(wired, story, as_user, statements):
    def said():
        acting.forget()
        with as_user(story.manager), statements() as texts:
            ask.my_actions()
            ask.actions(ActionFilter(text="watch", due=Due.WEEK))
            ask.people()
            ask.action(1)
        return len(texts)

    before = said()
    add_items(
        wired, story, *({"priority": list(ActionPriority)[n % 3], "due_on": DUE + n % 90 * DAY} for n in range(500))
    )
    assert said() <= before <= 10


def test_a_deleted_postmortem_takes_its_items_along(story, as_user, rows):
    with rows() as session:
        session.execute(update(PostmortemRow).values(deleted_at=NOON))
    with as_user(story.author):
        assert (ask.actions(ActionFilter()).total, ask.my_actions()) == (0, ())
