"""Action items by their commands, on both engines: who may, what is refused, and what signatures never notice."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import ActionEventRow, ActionItemRow, AuditRow, PostmortemRow, UserRow
from db.unit_of_work import unit_of_work
from pmcore.domain import lifecycle
from pmcore.domain.action_item import BadItem, NotNow, Progress
from pmcore.domain.errors import EditConflict, NotFound, Refusals
from pmcore.domain.facts import item_facts
from pmcore.domain.item_terms import Terms
from pmcore.domain.permissions import Forbidden
from pmcore.domain.postmortem import NotTheAuthor
from pmcore.domain.sections import FACTS
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState, Role, SectionKey
from pmcore.usecases.action_items import CommitItems, DeleteItem, EditItem, ProposeItem, RestoreItem
from pmcore.usecases.amending import StartAmendment
from pmcore.usecases.item_progress import (
    ExtendItem,
    ReassignItems,
    ReopenItem,
    ReportProgress,
    Update,
    VerifyItem,
    WontDo,
)
from tests import reviewed
from tests.factories import make_user
from wiring import ask, run

TODAY = date(2025, 12, 14)
DUE = date(2025, 12, 21)


def terms(owner: int | None, **changes: Any) -> Terms:
    values = {
        "title": "Export pool metrics", "kind": ActionKind.DETECTION, "priority": ActionPriority.HIGH,
        "owner_id": owner, "due_on": DUE, "criterion": "Both metrics are exported",
    }  # fmt: skip
    return Terms(**values | changes)


def item_row(engine: Any, item_id: int) -> ActionItemRow:
    with Session(engine) as session:
        return session.get_one(ActionItemRow, item_id)


def counted(engine: Any, story: reviewed.Story) -> tuple[int, int]:
    with Session(engine) as session:
        row = session.get_one(PostmortemRow, story.id)
        return row.items_total, row.items_done


def facts(engine: Any, story: reviewed.Story) -> list[dict[str, str]]:
    from db.unit_of_work import unit_of_work

    with unit_of_work(engine)() as work:
        return work.sections.get(story.id, SectionKey.ACTION_ITEMS).content[FACTS]["items"]


def events(engine: Any) -> list[tuple[str, str, str, str]]:
    with Session(engine) as session:
        rows = session.scalars(select(ActionEventRow).order_by(ActionEventRow.id))
        return [(row.kind, row.old, row.new, row.note) for row in rows]


@pytest.fixture
def story(wired, clock):
    return reviewed.begun(wired)


@pytest.fixture
def committed(story, as_user):
    """(story, item id): one promise of the author's, before publication."""
    with as_user(story.author):
        return story, run(ProposeItem(postmortem_id=story.id, terms=terms(story.author), commit=True))


@pytest.fixture
def published(wired, clock):
    story = reviewed.published(wired)
    with Session(wired) as session:
        return story, session.scalars(select(ActionItemRow.id)).one()


class TestWhileWriting:
    def test_a_proposal_is_numbered_counted_and_copied_into_its_section(self, wired, story, as_user):
        with as_user(story.author):
            run(ProposeItem(postmortem_id=story.id, terms=terms(None, due_on=None, criterion="")))
            assert counted(wired, story) == (0, 0)
            second = run(ProposeItem(postmortem_id=story.id, terms=terms(story.lead), commit=True))
        assert counted(wired, story) == (1, 0)
        row = item_row(wired, second)
        assert (row.number, row.state, row.agreed_owner_id, row.original_due_on) == (2, "committed", story.lead, DUE)
        assert [fact["number"] for fact in facts(wired, story)] == ["1", "2"]
        assert facts(wired, story)[1] == {
            "number": "2", "title": "Export pool metrics", "owner_id": str(story.lead), "due_on": "2025-12-21",
            "criterion": "Both metrics are exported", "kind": "detection",
        }  # fmt: skip
        with Session(wired) as session:
            assert f"action_item/{second}" in session.scalars(select(AuditRow.target)).all()

    def test_an_edit_moves_what_signatures_cover(self, wired, committed, as_user):
        story, item = committed
        before = reviewed.hashes(wired, story)[SectionKey.ACTION_ITEMS]
        with as_user(story.author):
            changed = terms(story.lead, title="Отказ 🔥 <script>", due_on=date(2025, 12, 28))
            run(EditItem(item_id=item, version=1, terms=changed, commit=True))
        row = item_row(wired, item)
        assert (row.title, row.agreed_owner_id, row.original_due_on) == (
            "Отказ 🔥 <script>",
            story.lead,
            date(2025, 12, 28),
        )
        assert reviewed.hashes(wired, story)[SectionKey.ACTION_ITEMS] != before

    def test_its_ticket_and_priority_are_not_covered(self, wired, committed, as_user):
        story, item = committed
        before = reviewed.hashes(wired, story)
        with as_user(story.author):
            changed = terms(story.author, priority=ActionPriority.LOW, ticket_url="https://example.org/1")
            run(EditItem(item_id=item, version=1, terms=changed, commit=True))
        assert reviewed.hashes(wired, story) == before

    def test_a_stale_edit_is_refused(self, committed, as_user):
        story, item = committed
        with as_user(story.author):
            run(EditItem(item_id=item, version=1, terms=terms(story.author, title="First"), commit=True))
            with pytest.raises(EditConflict):
                run(EditItem(item_id=item, version=1, terms=terms(story.author, title="Second"), commit=True))

    def test_back_to_a_proposal(self, wired, committed, as_user):
        story, item = committed
        with as_user(story.author):
            run(EditItem(item_id=item, version=1, terms=terms(None), commit=False))
        assert (item_row(wired, item).state, counted(wired, story)) == ("proposed", (0, 0))

    def test_a_promise_keeps_its_person(self, committed, as_user):
        story, item = committed
        with as_user(story.author), pytest.raises(BadItem, match="needs an owner"):
            run(EditItem(item_id=item, version=1, terms=terms(None), commit=True))

    @pytest.mark.parametrize("changes", [{"due_on": TODAY - timedelta(days=1)}, {"title": ""}, {"ticket_url": "x"}])
    def test_bad_terms_are_refused(self, wired, story, as_user, changes):
        with as_user(story.author), pytest.raises(BadItem):
            run(ProposeItem(postmortem_id=story.id, terms=terms(story.author, **changes)))
        assert facts(wired, story) == []

    def test_today_is_a_day_of_the_incidents_zone(self, story, clock, as_user):
        clock.now = clock.now.replace(hour=22)  # already the 15th in Moscow
        with as_user(story.author), pytest.raises(BadItem, match="passed"):
            run(ProposeItem(postmortem_id=story.id, terms=terms(story.author, due_on=TODAY)))

    def test_a_deactivated_owner_is_refused(self, story, as_user, rows):
        with rows() as session:
            gone = make_user(session, "Gone Girl", Role.ENGINEER, active=False).id
        with as_user(story.author), pytest.raises(BadItem, match="Gone Girl was deactivated"):
            run(ProposeItem(postmortem_id=story.id, terms=terms(gone)))

    def test_an_owner_who_left_later_does_not_stop_an_edit(self, wired, committed, as_user, rows):
        story, item = committed
        with as_user(story.author):
            run(EditItem(item_id=item, version=1, terms=terms(story.bystander), commit=True))
        with rows() as session:
            session.execute(update(UserRow).filter_by(id=story.bystander).values(active=False))
        with as_user(story.author):
            run(EditItem(item_id=item, version=2, terms=terms(story.bystander, title="New"), commit=True))
        assert item_row(wired, item).title == "New"

    def test_all_proposals_at_once_or_none(self, wired, story, as_user):
        with as_user(story.author):
            run(ProposeItem(postmortem_id=story.id, terms=terms(story.author)))
            bad = run(ProposeItem(postmortem_id=story.id, terms=terms(None, criterion="")))
            with pytest.raises(Refusals) as refused:
                run(CommitItems(postmortem_id=story.id))
            assert [problem.field for problem in refused.value.problems] == ["owner", "criterion"]
            assert counted(wired, story) == (0, 0)
            run(EditItem(item_id=bad, version=1, terms=terms(story.lead), commit=True))
            run(CommitItems(postmortem_id=story.id))
        assert counted(wired, story) == (2, 0)

    def test_deleted_and_back(self, wired, committed, as_user):
        story, item = committed
        with as_user(story.author):
            run(DeleteItem(item_id=item))
            assert (facts(wired, story), counted(wired, story)) == ([], (0, 0))
            with pytest.raises(NotFound):
                run(DeleteItem(item_id=item))
            again = run(ProposeItem(postmortem_id=story.id, terms=terms(None)))
            assert item_row(wired, again).number == 2
            run(RestoreItem(item_id=item))
            with pytest.raises(NotFound):
                run(RestoreItem(item_id=item))
        assert [fact["number"] for fact in facts(wired, story)] == ["1", "2"]

    def test_only_its_authors_write(self, committed, as_user):
        story, item = committed
        with as_user(story.manager), pytest.raises(NotTheAuthor):
            run(ProposeItem(postmortem_id=story.id, terms=terms(None)))
        with as_user(story.manager), pytest.raises(NotTheAuthor):
            run(DeleteItem(item_id=item))

    def test_what_is_not_there_is_not_there(self, story, as_user):
        with as_user(story.author), pytest.raises(NotFound):
            run(DeleteItem(item_id=99))
        with as_user(story.author), pytest.raises(NotFound):
            run(ReportProgress(updates=(Update(item_id=99, progress=Progress.ON_TRACK),)))


class TestAfterPublication:
    def test_a_word_about_an_item_is_no_news_of_its_postmortem(self, wired, published, as_user, statements):
        """Which would make everybody's tracker ask again; that an item is done, is."""
        story, item = published
        with as_user(story.author):
            with statements() as said:
                run(ReportProgress(updates=(Update(item_id=item, progress=Progress.ON_TRACK),)))
            assert not [each for each in said if each.startswith("UPDATE postmortem")], said
            with statements() as said:
                run(ReportProgress(updates=(Update(item_id=item, progress=Progress.DONE, note="https://example.org"),)))
            assert [each for each in said if each.startswith("UPDATE postmortem")], said
        assert counted(wired, story) == (1, 1)

    def test_twenty_updates_two_extensions_and_a_reassignment_void_no_signature(self, wired, published, clock, as_user):
        story, item = published
        before = reviewed.hashes(wired, story)
        with as_user(story.author):
            for day in range(20):
                clock.forward(hours=6)
                progress = Progress.BLOCKED if day % 3 else Progress.ON_TRACK
                run(ReportProgress(updates=(Update(item_id=item, progress=progress, note=f"Day {day}"),)))
            for due in (date(2026, 1, 10), date(2026, 2, 10)):
                run(ExtendItem(item_id=item, due_on=due, reason="The cluster is frozen"))
        with as_user(story.manager):
            run(ReassignItems(item_ids=(item,), owner_id=story.bystander, note="Holidays"))
        with as_user(story.bystander):
            run(ReportProgress(updates=(Update(item_id=item, progress=Progress.DONE, note="https://example.org/mr"),)))
        with as_user(story.manager):
            run(VerifyItem(item_id=item))
            view = ask.review(ask.writing(story.id))
        assert reviewed.hashes(wired, story) == before
        assert view.is_signed_off
        with unit_of_work(wired)() as work:  # nor would they, once an amendment copies the items anew
            signed = work.sections.get(story.id, SectionKey.ACTION_ITEMS).content[FACTS]
            assert item_facts(work.action_items.of(story.id)) == signed
        row = item_row(wired, item)
        assert (row.owner_id, row.agreed_owner_id) == (story.bystander, story.author)
        assert (row.due_on, row.original_due_on) == (date(2026, 2, 10), DUE)
        assert counted(wired, story) == (1, 1)
        assert [kind for kind, *_ in events(wired)].count("extension") == 2
        assert ("extension", "2025-12-21", "2026-01-10", "The cluster is frozen") in events(wired)
        assert ("reassignment", str(story.author), str(story.bystander), "Holidays") in events(wired)

    def test_the_text_is_closed(self, published, as_user):
        story, item = published
        with as_user(story.author), pytest.raises(lifecycle.NotNow):
            run(EditItem(item_id=item, version=2, terms=terms(story.author), commit=True))

    def test_an_amendment_rewords_and_keeps_what_was_agreed(self, wired, published, clock, as_user):
        story, item = published
        clock.forward(hours=1)
        with as_user(story.author):
            run(ExtendItem(item_id=item, due_on=date(2026, 1, 10), reason="Frozen"))
            run(StartAmendment(postmortem_id=story.id))
            row = item_row(wired, item)
            same = terms(row.owner_id, due_on=row.due_on, title="Watch the pool closely", criterion=row.criterion)
            run(EditItem(item_id=item, version=row.version, terms=same, commit=True))
            other = terms(story.lead, due_on=row.due_on)
            with pytest.raises(BadItem, match="Actions page"):
                run(EditItem(item_id=item, version=row.version + 1, terms=other, commit=True))
            with pytest.raises(BadItem, match="was published"):
                run(DeleteItem(item_id=item))
            new = run(
                ProposeItem(postmortem_id=story.id, terms=terms(story.lead, due_on=date(2026, 1, 5)), commit=True)
            )
            run(DeleteItem(item_id=new))
        row = item_row(wired, item)
        assert (row.title, row.original_due_on) == ("Watch the pool closely", DUE)


class TestProgress:
    def test_several_at_once_all_or_none_each_problem_at_its_row(self, wired, committed, as_user):
        story, first = committed
        with as_user(story.author):
            second = run(ProposeItem(postmortem_id=story.id, terms=terms(story.author), commit=True))
            with pytest.raises(Refusals) as refused:
                run(
                    ReportProgress(
                        updates=(
                            Update(item_id=first, progress=Progress.ON_TRACK),
                            Update(item_id=second, progress=Progress.DONE, note=" "),
                        )
                    )
                )
        assert [problem.field for problem in refused.value.problems] == [f"item-{second}"]
        assert item_row(wired, first).state == "committed"
        assert events(wired) == []

    def test_somebody_elses_item_needs_the_right_to_manage(self, committed, as_user):
        story, item = committed
        update = ReportProgress(updates=(Update(item_id=item, progress=Progress.ON_TRACK),))
        with as_user(story.author):
            from pmcore.usecases.review import ShareDraft

            run(ShareDraft(postmortem_id=story.id))
        with as_user(story.bystander), pytest.raises(Forbidden):
            run(update)
        with as_user(story.bystander), pytest.raises(Forbidden):
            run(ExtendItem(item_id=item, due_on=date(2026, 1, 1), reason="Why not"))
        with as_user(story.lead):
            run(update)

    def test_a_draft_that_is_not_shared_gives_nothing_away(self, committed, as_user):
        story, item = committed
        for command in (
            ReportProgress(updates=(Update(item_id=item, progress=Progress.ON_TRACK),)),
            ReassignItems(item_ids=(item,), owner_id=story.lead),
        ):
            with as_user(story.manager), pytest.raises(NotFound):
                run(command)

    def test_nobody_verifies_or_gives_up_the_own_item(self, wired, committed, as_user):
        story, item = committed
        with as_user(story.author):
            run(EditItem(item_id=item, version=1, terms=terms(story.manager), commit=True))
        with as_user(story.manager):
            with pytest.raises(BadItem, match="other than its owner"):
                run(WontDo(item_id=item, reason="No time"))
            run(ReportProgress(updates=(Update(item_id=item, progress=Progress.DONE, note="See the dashboard"),)))
            with pytest.raises(BadItem, match="other than its owner"):
                run(VerifyItem(item_id=item))

    def test_a_manager_approves_giving_up_and_reopening(self, wired, published, as_user):
        story, item = published
        with as_user(story.lead), pytest.raises(Forbidden):
            run(WontDo(item_id=item, reason="Obsolete"))
        with as_user(story.manager):
            run(WontDo(item_id=item, reason="The service is retired"))
            assert item_row(wired, item).approved_by_id == story.manager
            assert counted(wired, story) == (1, 0)
        with as_user(story.author), pytest.raises(Forbidden):
            run(ReopenItem(item_id=item, reason="It is not"))
        with as_user(story.manager):
            run(ReopenItem(item_id=item, reason="It lives on"))
        assert item_row(wired, item).state == ActionState.IN_PROGRESS

    def test_a_deactivated_person_gets_no_items(self, published, as_user, rows):
        story, item = published
        with rows() as session:
            session.execute(update(UserRow).filter_by(id=story.bystander).values(active=False))
        with as_user(story.manager), pytest.raises(BadItem, match="deactivated"):
            run(ReassignItems(item_ids=(item,), owner_id=story.bystander))

    def test_before_publication_the_new_owner_is_the_agreed_one(self, wired, story, as_user):
        with as_user(story.lead), pytest.raises(NotFound):
            run(ReassignItems(item_ids=(1,), owner_id=story.lead))
        drafted = ProposeItem(postmortem_id=story.id, terms=terms(story.author), commit=True)
        with as_user(story.author):
            item = run(drafted)
            from pmcore.usecases.review import ShareDraft

            run(ShareDraft(postmortem_id=story.id))
        with as_user(story.manager):
            run(ReassignItems(item_ids=(item,), owner_id=story.bystander))
        assert item_row(wired, item).agreed_owner_id == story.bystander
        assert facts(wired, story)[0]["owner_id"] == str(story.bystander)

    def test_what_is_finished_is_not_reassigned(self, published, as_user):
        story, item = published
        with as_user(story.author):
            run(ReportProgress(updates=(Update(item_id=item, progress=Progress.DONE, note="Done"),)))
        with as_user(story.manager), pytest.raises(Refusals, match="is done"):
            run(ReassignItems(item_ids=(item,), owner_id=story.bystander))

    @pytest.mark.parametrize(
        ("due", "why"), [(TODAY, "passed|not due"), (DUE, "later"), (date(2026, 1, 1), "more time")]
    )
    def test_an_extension_goes_forward_and_says_why(self, committed, as_user, due, why):
        story, item = committed
        with as_user(story.author), pytest.raises((BadItem, NotNow), match=why):
            run(ExtendItem(item_id=item, due_on=due, reason="" if due.year == 2026 else "Frozen"))
