"""What everybody sees is counted once; what one reader sees beyond it, for that reader alone."""

import threading
import time
from random import Random

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from db.models import ActionItemRow, AuditRow, IncidentRow, IncidentViewerRow, PostmortemRow
from db.queries import metrics_kept
from db.queries.metrics import metrics
from db.queries.metrics_counted import counted_now, own_now
from db.queries.metrics_eyes import everybody_like, named_parts
from db.queries.metrics_kept import Question
from db.queries.metrics_lines import WITHOUT_EFFECT
from pmcore.domain.metrics import Metric
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import ActionState, Role
from tests import reviewed
from tests.db.test_metrics import WINTER, figure
from tests.db.test_metrics_parts import YEAR, _changes, filled, told
from tests.factories import NOON
from tests.measured import ADMINISTRATOR, AS_OF, PEOPLE
from wiring import acting, ask


def view(by):
    with acting.as_user(by):
        return ask.metrics(WINTER)


@pytest.fixture
def happens(rows):
    """Somebody changes rows, and the audit says to which incident."""

    def happen(*statements):
        with rows() as session:
            for statement in statements:
                session.execute(statement)
            target = f"incident/{session.scalar(select(func.min(IncidentRow.id)))}"
            session.add(AuditRow(at=NOON, actor_id=None, did="edit", target=target))

    return happen


class TestWhoIsInvited:
    @pytest.mark.parametrize("invited_first", [True, False])
    def test_counts_what_nobody_else_counts(self, wired, clock, happens, invited_first):
        story = reviewed.published(wired)
        clock.forward(days=40)
        happens(
            update(IncidentRow).values(restricted=True),
            insert(IncidentViewerRow).values(incident_id=story.incident_id, user_id=story.lead),
        )
        readers = [(story.lead, 1), (story.bystander, 0)]
        for by, expected in readers if invited_first else readers[::-1]:
            found = view(by)
            assert found.figures[Metric.TIME_TO_PUBLISH].of == expected
            assert found.figures[Metric.RECURRENCE].of == expected
            assert len(found.dots) == expected

    def test_comes_and_goes_between_two_looks(self, wired, clock, happens):
        story = reviewed.published(wired)
        clock.forward(days=40)
        named = {"incident_id": story.incident_id, "user_id": story.bystander}
        assert figure(Metric.TIME_TO_PUBLISH, by=story.bystander).of == 1
        for happened, expected in (
            (update(IncidentRow).values(restricted=True), 0),
            (insert(IncidentViewerRow).values(named), 1),
            (delete(IncidentViewerRow), 0),
            (update(IncidentRow).values(restricted=False), 1),
        ):
            happens(happened)
            assert figure(Metric.TIME_TO_PUBLISH, by=story.bystander).of == expected
            assert figure(Metric.TIME_TO_PUBLISH, by=story.author).of == 1  # it names its author

    def test_an_owner_counts_a_promise_in_a_text_that_was_not_shared(self, wired, clock, happens):
        story = reviewed.published(wired)
        clock.forward(days=40)
        owned = update(ActionItemRow).values(owner_id=story.bystander, agreed_owner_id=story.bystander)
        happens(update(PostmortemRow).values(shared_at=None), owned)
        of = figure(Metric.ACTIONS_DONE, by=story.bystander).of
        assert of > 0
        assert figure(Metric.ACTIONS_DONE, by=story.manager).of == 0
        assert figure(Metric.ACTIONS_DONE, by=story.author).of == of


class TestOthers:
    def test_are_told_the_very_same(self, wired, clock):
        story = reviewed.published(wired)
        clock.forward(days=40)
        assert view(story.bystander) is view(story.author)
        assert view(story.bystander) is view(story.cto)

    def test_keep_a_figure_that_says_what_it_said(self, wired, clock, happens):
        """Its words and pictures are made for the object."""
        story = reviewed.published(wired)
        clock.forward(days=40)
        before = view(story.bystander)
        happens(update(ActionItemRow).values(state=ActionState.BLOCKED, blocked_because="It waits"))
        assert view(story.bystander) is before
        happens(update(ActionItemRow).values(due_on=NOON.date()))
        after = view(story.bystander)
        assert after.figures[Metric.ACTIONS_DONE] != before.figures[Metric.ACTIONS_DONE]
        same = [metric for metric in Metric if after.figures[metric] is before.figures[metric]]
        assert {Metric.TIME_TO_PUBLISH, Metric.P0_COMPLETION, Metric.TIME_TO_DETECT} <= set(same)

    def test_wait_while_one_counts(self, wired, clock, happens, monkeypatch):
        story = reviewed.published(wired)
        clock.forward(days=40)
        counted = []

        def slowly(*args, **how):
            counted.append(threading.get_ident())
            time.sleep(0.2)
            return counted_now(*args, **how)

        monkeypatch.setattr(metrics_kept, "counted_now", slowly)
        actors = [
            Actor(user_id=by, name="", roles=frozenset({Role.ENGINEER}), zone="Europe/Moscow")
            for by in (story.author, story.lead, story.manager, story.cto, story.bystander)
        ]
        found = []
        looks = [
            threading.Thread(
                target=lambda actor=actor: found.append(metrics(wired, actor=actor, now=clock(), filter=WINTER))
            )
            for actor in actors
        ]
        for look in looks:
            look.start()
        for look in looks:
            look.join()
        assert len(counted) == 1
        assert len(found) == len(actors)
        assert {id(each) for each in found} == {id(found[0])}


@pytest.mark.sqlite_only
def test_only_what_moves_with_items_is_asked_when_nothing_else_was_changed(wired, clock, happens, statements):
    story = reviewed.published(wired)
    clock.forward(days=40)
    view(story.bystander)
    for happened, is_asked in (
        (update(ActionItemRow).values(due_on=NOON.date()), False),
        (update(IncidentRow).values(resolved_at=IncidentRow.detected_at), True),
        (update(ActionItemRow).values(state=ActionState.BLOCKED, blocked_because="It waits"), False),
    ):
        happens(happened)
        with statements() as said:
            view(story.bystander)
        assert any("action_item.original_due_on" in one for one in said)
        assert any("publishing_time" in one for one in said) is is_asked
        assert any("incident.detected_at" in one for one in said) is is_asked


class Reader:
    """Takes what was counted for everybody, beside one who counts everything alone."""

    def __init__(self, actor):
        self.question = Question(actor=actor, filter=YEAR, as_of=AS_OF)
        self.own = None

    def look(self, db, counted):
        asked = self.question.shape(), self.question.values()
        with Session(db) as session:
            self.own = own_now(session, self.own, counted, named_parts(session, self.question.actor), *asked)
            alone = counted_now(session, None, *asked, newest=0, as_of=AS_OF)
        assert told(self.own.tally) == told(alone.tally)


@pytest.mark.parametrize("seed", [2, 11])
def test_by_chance(db, seed):
    chance = Random(seed)
    workspace = filled(db, chance)
    actors = [
        Actor(
            user_id=n, name="", zone=workspace.zone,
            roles=frozenset({Role.ADMINISTRATOR if n == ADMINISTRATOR else Role.ENGINEER}),
        )
        for n in range(1, PEOPLE + 1)
    ]  # fmt: skip
    readers = [Reader(actor) for actor in actors]
    everybodys = {everybody_like(actor): None for actor in actors}
    assert len(everybodys) == 2
    differing = 0
    for _ in range(15):
        with Session(db.execution_options(writes=True)) as session:
            did, target = _changes(chance, session, chance.randint(1, workspace.size))
            session.add(AuditRow(at=AS_OF, actor_id=None, did=did, target=target))
            session.commit()
        newest = _newest(db)
        for actor, before in everybodys.items():
            question = Question(actor=actor, filter=YEAR, as_of=AS_OF)
            with Session(db) as session:
                asked = session, before, question.shape(), question.values()
                everybodys[actor] = counted_now(*asked, newest=newest, as_of=AS_OF)
        for reader in readers:
            counted = everybodys[everybody_like(reader.question.actor)]
            reader.look(db, counted)
            differing += reader.own.tally is not counted.tally
    assert differing > 15


def _newest(db):
    with Session(db) as session:
        return session.scalar(select(func.max(AuditRow.id)).where(AuditRow.did.not_in(WITHOUT_EFFECT)))
