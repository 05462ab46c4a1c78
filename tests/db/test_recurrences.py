"""What repeats what: proposed, decided, taken back, and shown to whom, on both engines."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import ActionItemRow, AuditRow, IncidentRow, RecurrenceRow
from pmcore.domain.errors import EditConflict, NotFound
from pmcore.domain.likeness import Reason, Shared
from pmcore.domain.permissions import Forbidden
from pmcore.domain.recurrence import BadRecurrence
from pmcore.domain.vocabulary import (
    Disposition,
    MemberRole,
    ObligationLevel,
    RecurrenceState,
    Rule,
    SectionKey,
    Severity,
    TimelineKind,
)
from pmcore.usecases.incident_keeping import DeleteIncident, NameViewer
from pmcore.usecases.incidents import EditIncident, MoreFacts, ReportIncident
from pmcore.usecases.log import AddLogEntry, UseEntryTime
from pmcore.usecases.members import AddMember
from pmcore.usecases.obligations import SettleIncident
from pmcore.usecases.recurrences import ConfirmRecurrence, RefuseRecurrence, ReopenRecurrence
from pmcore.usecases.review import ShareDraft
from pmcore.usecases.start import StartPostmortem
from tests import reviewed, scene
from tests.factories import NOON
from wiring import acting, ask, run

DAY = timedelta(days=1)
POOL = "email-service: connection pool exhausted"


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


@pytest.fixture
def report(people):
    """`report(40)`: an incident that began so many days ago."""

    def reported(days, title=POOL, *, by=None, severity=Severity.P1, service="email-service", dry_run=False, **facts):
        start = NOON - days * DAY
        with acting.as_user(by or people.anna):
            return run(
                ReportIncident(
                    title=title, severity=severity, service=service, started_at=start, dry_run=dry_run,
                    facts=MoreFacts(**{"resolved_at": start + timedelta(minutes=12)} | facts),
                )
            )  # fmt: skip

    return reported


@pytest.fixture
def pair(report):
    """(earlier, later): the later one seems to repeat the earlier one; Anna owes both."""
    return report(40), report(10)


def seen(user_id, incident_id):
    with acting.as_user(user_id):
        return ask.recurrences(incident_id)


def stored(engine):
    with Session(engine) as session:
        return session.scalars(select(RecurrenceRow).order_by(RecurrenceRow.incident_id)).all()


def given(user_id, command):
    with acting.as_user(user_id):
        return run(command)


def audited(engine):
    with Session(engine) as session:
        return session.execute(
            select(AuditRow.did, AuditRow.target).where(AuditRow.did.contains("recurrence")).order_by(AuditRow.id)
        ).all()


def confirm(pair, version=1):
    return ConfirmRecurrence(incident_id=pair[1], earlier_id=pair[0], version=version)


def refuse(pair, reason="Another pool", version=1):
    return RefuseRecurrence(incident_id=pair[1], earlier_id=pair[0], version=version, reason=reason)


def reopen(pair, version=2):
    return ReopenRecurrence(incident_id=pair[1], earlier_id=pair[0], version=version)


class TestProposed:
    def test_at_the_report_with_the_reasons(self, wired, people, pair):
        earlier, later = pair
        (view,) = seen(people.anna, later)
        assert (view.is_later, view.other_id, view.days_between) == (True, earlier, 29)
        assert view.state is RecurrenceState.PROPOSED
        assert [reason.kind for reason in view.reasons] == [Shared.SERVICE, Shared.TITLE]
        assert view.reasons[1].words == ("connection", "pool", "exhausted")
        (other,) = seen(people.anna, earlier)
        assert (other.is_later, other.other_id) == (False, later)
        assert audited(wired) == [("propose_recurrence", f"incident/{later}/repeats/{earlier}")]

    def test_nothing_that_merely_happened_there_too(self, report, people):
        report(40)
        assert seen(people.anna, report(10, "email-service: attachments lost on upload")) == ()

    def test_not_what_began_later(self, report, people, wired):
        report(5)
        report(40)
        assert stored(wired) == []

    @pytest.mark.parametrize("dry", ["earlier", "later"])
    def test_practice_repeats_nothing(self, report, wired, dry):
        report(40, dry_run=dry == "earlier")
        report(10, dry_run=dry == "later")
        assert stored(wired) == []

    def test_neither_does_what_was_no_incident(self, report, people, wired):
        settled = SettleIncident(
            incident_id=report(40), disposition=Disposition.NOT_AN_INCIDENT, reason="A drill of the provider"
        )
        given(people.lead, settled)
        report(10)
        assert stored(wired) == []

    def test_nor_what_was_deleted(self, report, people, wired):
        given(people.manager, DeleteIncident(incident_id=report(40)))
        report(10)
        assert stored(wired) == []

    def test_the_newest_of_equals(self, report, people):
        report(60)
        nearer = report(40)
        (view,) = seen(people.anna, report(10))
        assert view.other_id == nearer

    def test_a_change_of_the_facts_proposes_and_takes_back(self, wired, report, people):
        report(40)
        later = report(10, "email-service: attachments lost on upload")
        self.rename(people, later, POOL)
        assert len(seen(people.anna, later)) == 1
        self.rename(people, later, "email-service: attachments lost on upload")
        assert seen(people.anna, later) == ()
        assert [did for did, _target in audited(wired)] == ["propose_recurrence", "withdraw_recurrence"]

    @staticmethod
    def rename(people, incident_id, title, **facts):
        with acting.as_user(people.anna):
            known = ask.incident(incident_id).incident
            run(
                EditIncident(
                    incident_id=known.id, version=known.version, title=title, service=known.service,
                    started_at=known.started_at, zone=known.zone,
                    facts=MoreFacts(resolved_at=known.resolved_at, repeats_id=known.repeats_id, **facts),
                )
            )  # fmt: skip

    def test_a_decision_outlives_the_facts_that_led_to_it(self, pair, people):
        given(people.manager, refuse(pair))
        self.rename(people, pair[1], "email-service: attachments lost on upload")
        self.rename(people, pair[1], POOL)
        (view,) = seen(people.anna, pair[1])
        assert view.state is RecurrenceState.REFUSED

    def test_when_the_root_cause_is_written(self, wired, clock):
        """The titles say nothing; alert and factors do."""
        story = reviewed.published(wired)
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.execute(update(IncidentRow).values(alert_name="PoolExhausted", started_at=NOON - 30 * DAY))
        again = given(
            story.bystander,
            ReportIncident(
                title="Orders cannot be placed", severity=Severity.P1, service="checkout", started_at=NOON - DAY,
                facts=MoreFacts(alert_name="PoolExhausted"),
            ),
        )  # fmt: skip
        assert seen(story.lead, again) == ()
        draft = reviewed.Story(
            id=given(story.bystander, StartPostmortem(incident_id=again)), incident_id=again, author=story.bystander
        )
        reviewed.write(wired, draft, SectionKey.ROOT_CAUSE, what_happened="Typing changes nothing")
        assert seen(story.lead, again) == ()
        factors = [{"id": "f9", "text": "Traffic at its peak"}]
        reviewed.write(wired, draft, SectionKey.ROOT_CAUSE, factors=factors, root_cause="The size of the pool")
        (view,) = seen(story.bystander, again)
        assert view.reasons == (
            Reason(kind=Shared.ALERT, words=("PoolExhausted",)),
            Reason(kind=Shared.FACTORS, words=("Traffic at its peak",)),
            Reason(kind=Shared.CAUSE, words=("size", "pool")),
        )
        (view,) = seen(story.lead, again)  # the draft is not shared
        assert [reason.words for reason in view.reasons] == [("PoolExhausted",), (), ()]
        given(story.bystander, ShareDraft(postmortem_id=draft.id))
        (view,) = seen(story.lead, again)
        assert view.reasons[1].words == ("Traffic at its peak",)

    def test_by_name(self, wired, report, people):
        earlier = report(40, "checkout: cards refused", service="checkout")
        later = report(10, repeats_id=earlier)
        (view,) = seen(people.anna, later)
        assert view.named_by == "Anna Petrova"
        assert view.reasons == (Reason(kind=Shared.NAMED),)
        assert audited(wired) == [("name_recurrence", f"incident/{later}/repeats/{earlier}")]

    def test_a_name_follows_the_facts(self, report, people):
        one, two = report(40, "checkout: cards refused", service="checkout"), report(39, "search: empty", service="x")
        later = report(10, "email-service: attachments lost", repeats_id=one)
        with acting.as_user(people.anna):
            known = ask.incident(later).incident
        self.rename_to(people, known, two)
        assert [view.other_id for view in seen(people.anna, later)] == [two]
        with acting.as_user(people.anna):
            known = ask.incident(later).incident
        self.rename_to(people, known, None)
        assert seen(people.anna, later) == ()

    @staticmethod
    def rename_to(people, known, repeats_id):
        edit = EditIncident(
            incident_id=known.id, version=known.version, title=known.title, service=known.service,
            started_at=known.started_at, zone=known.zone,
            facts=MoreFacts(resolved_at=known.resolved_at, repeats_id=repeats_id),
        )  # fmt: skip
        given(people.anna, edit)

    def test_what_began_later_cannot_be_named(self, report):
        later = report(10)
        with pytest.raises(BadRecurrence, match="began before it"):
            report(40, repeats_id=later)

    def test_what_was_refused_cannot_be_named(self, pair, people):
        given(people.manager, refuse(pair))
        with acting.as_user(people.anna):
            known = ask.incident(pair[1]).incident
        with pytest.raises(BadRecurrence, match="refused"):
            self.rename_to(people, known, pair[0])

    def test_what_is_confirmed_cannot_be_unsaid_by_the_way(self, pair, people):
        given(people.manager, confirm(pair))
        with acting.as_user(people.anna):
            known = ask.incident(pair[1]).incident
        with pytest.raises(BadRecurrence, match="confirmed already"):
            self.rename_to(people, known, None)


class TestDecided:
    def test_confirmed_by_another(self, wired, pair, people):
        given(people.manager, confirm(pair))
        (view,) = seen(people.anna, pair[1])
        assert (view.state, view.decided_by, view.decided_at) == (RecurrenceState.CONFIRMED, "Maria Kim", NOON)
        assert audited(wired)[-1] == ("confirm_recurrence", f"incident/{pair[1]}/repeats/{pair[0]}")
        (row,) = stored(wired)
        assert (row.author_id, row.version) == (people.anna, 2)

    def test_not_by_whoever_owes_one_of_the_two(self, report, people):
        pair = report(40, by=people.boris), report(10)
        for user_id in (people.anna, people.boris):
            assert not seen(user_id, pair[1])[0].may_decide
            for command in (confirm(pair), refuse(pair)):
                with pytest.raises(BadRecurrence, match="wrote neither"):
                    given(user_id, command)
        assert seen(people.manager, pair[1])[0].may_decide

    def test_not_by_a_co_author(self, wired, clock):
        story = reviewed.drafted(wired)
        later = given(
            story.author,
            ReportIncident(
                title="Mail is down", severity=Severity.P1, service="email-service", started_at=NOON,
            ),
        )  # fmt: skip
        pair = story.incident_id, later
        assert seen(story.bystander, later)[0].may_decide
        given(story.author, AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
        assert not seen(story.bystander, later)[0].may_decide
        with pytest.raises(BadRecurrence, match="wrote neither"):
            given(story.bystander, confirm(pair))
        given(story.lead, confirm(pair))

    def test_not_by_a_viewer(self, pair, people):
        assert not seen(people.viewer, pair[1])[0].may_decide
        with pytest.raises(Forbidden):
            given(people.viewer, confirm(pair))

    def test_a_refusal_needs_a_reason_and_is_kept(self, pair, people):
        with pytest.raises(BadRecurrence, match="another one"):
            given(people.manager, refuse(pair, reason=" "))
        given(people.manager, refuse(pair))
        (view,) = seen(people.anna, pair[0])
        assert (view.state, view.note) == (RecurrenceState.REFUSED, "Another pool")

    def test_once(self, pair, people):
        given(people.manager, confirm(pair))
        with pytest.raises(BadRecurrence, match="decided this already"):
            given(people.manager, refuse(pair, version=2))
        with pytest.raises(EditConflict):
            given(people.manager, refuse(pair, version=1))

    def test_two_at_once(self, wired, pair, people):
        def decides(command):
            try:
                given(people.manager, command)
            except (EditConflict, BadRecurrence) as refusal:
                return refusal
            return None

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(decides, (confirm(pair), refuse(pair))))
        assert answers.count(None) == 1
        (row,) = stored(wired)
        assert row.version == 2

    def test_taken_back(self, wired, pair, people):
        with pytest.raises(BadRecurrence, match="Nobody has decided"):
            given(people.manager, reopen(pair, version=1))
        for command in (confirm, refuse):
            version = stored(wired)[0].version
            given(people.manager, command(pair, version=version))
            with pytest.raises(BadRecurrence, match="wrote neither"):
                given(people.anna, reopen(pair, version=version + 1))
            given(people.manager, reopen(pair, version=version + 1))
            (row,) = stored(wired)
            assert (row.state, row.decided_by_id, row.decided_at, row.decision_note, row.author_id) == (
                "proposed", None, None, "", None,
            )  # fmt: skip
        assert audited(wired)[-1].did == "reopen_recurrence"

    def test_a_repeated_p1_owes_a_post_mortem(self, pair, people):
        def owed():
            with acting.as_user(people.anna):
                view = ask.incident(pair[1])
            return view.owed.level, view.repeats

        assert owed() == (ObligationLevel.NONE, "")
        given(people.manager, confirm(pair))
        assert owed() == (ObligationLevel.REQUIRED, "P1-001")
        with acting.as_user(people.anna):
            assert ask.incident(pair[1]).owed.rules == (Rule.P1_REPEATED,)
        given(people.manager, reopen(pair))
        assert owed() == (ObligationLevel.NONE, "")

    def test_a_refusal_unsays_a_name_and_its_undo_says_it_again(self, report, people):
        earlier = report(40)
        pair = earlier, report(10, repeats_id=earlier)

        def repeats():
            with acting.as_user(people.anna):
                return ask.incident(pair[1]).incident.repeats_id

        assert repeats() == earlier
        given(people.manager, refuse(pair))
        assert repeats() is None
        given(people.manager, reopen(pair))
        assert repeats() == earlier


class TestOrder:
    def at(self, people, incident_id, days):
        with acting.as_user(people.anna):
            known = ask.incident(incident_id).incident
            run(
                EditIncident(
                    incident_id=known.id, version=known.version, title=known.title, service=known.service,
                    started_at=NOON - days * DAY, zone=known.zone, facts=MoreFacts(repeats_id=known.repeats_id),
                )
            )  # fmt: skip

    def test_a_start_that_moves_takes_the_stored_one_along(self, wired, pair, people):
        given(people.manager, confirm(pair))
        self.at(people, pair[1], 20)
        assert stored(wired)[0].incident_started_at == NOON - 20 * DAY
        self.at(people, pair[0], 45)
        assert stored(wired)[0].earlier_started_at == NOON - 45 * DAY

    def test_a_mere_proposal_goes_when_the_order_turns(self, wired, pair, people):
        self.at(people, pair[1], 50)
        assert stored(wired) == []

    @pytest.mark.parametrize("which", [0, 1])
    def test_a_decision_does_not(self, wired, pair, people, which):
        given(people.manager, confirm(pair))
        with pytest.raises(BadRecurrence, match="began later"):
            self.at(people, pair[which], 50 if which else 5)
        assert len(stored(wired)) == 1

    def test_neither_by_a_line_of_the_log(self, report, people):
        pair = report(0.2, resolved_at=None), report(0.1)
        given(people.manager, confirm(pair))
        given(people.anna, AddLogEntry(incident_id=pair[0], line="/start 14:00 it began"))
        with acting.as_user(people.anna):
            (line,) = ask.log(pair[0])
        assert line.entry.kind is TimelineKind.INCIDENT_START
        with pytest.raises(BadRecurrence, match="began later"):
            given(people.anna, UseEntryTime(entry_id=line.entry.id))


class TestConstraints:
    @pytest.mark.parametrize(
        "change",
        [
            "state = 'confirmed'",
            "decided_at = proposed_at",
            "decided_by_id = 1",
            "state = 'refused', decided_by_id = 2, decided_at = proposed_at, decision_note = ' '",
            "state = 'confirmed', decided_by_id = 2, decided_at = proposed_at, author_id = 2",
            "state = 'likely'",
            "earlier_id = incident_id, earlier_started_at = incident_started_at",
            "earlier_id = incident_id",
            "earlier_started_at = incident_started_at",
        ],
    )
    def test_the_database_holds_it_too(self, wired, pair, change):
        with pytest.raises(IntegrityError), wired.begin() as connection:
            connection.execute(text(f"UPDATE recurrences SET {change}"))

    def test_a_pair_stands_there_once(self, wired, pair):
        columns = ", ".join(column.name for column in RecurrenceRow.__table__.columns)
        with pytest.raises(IntegrityError), wired.begin() as connection:
            connection.execute(text(f"INSERT INTO recurrences ({columns}) SELECT {columns} FROM recurrences"))

    def test_incidents_cannot_pass_each_other(self, wired, pair):
        with pytest.raises(IntegrityError), wired.begin() as connection:
            connection.execute(update(IncidentRow).where(IncidentRow.id == pair[1]).values(started_at=NOON - 60 * DAY))


class TestShown:
    def test_the_last_fix_and_the_promises_open_then(self, wired, clock):
        story = reviewed.published(wired)
        clock.forward(days=10)
        later = given(
            story.author,
            ReportIncident(
                title="Mail is down", severity=Severity.P1, service="email-service", started_at=clock.now - DAY
            ),
        )
        (view,) = seen(story.lead, later)
        assert "DB_POOL_SIZE=50" in view.last_fix
        assert [(each.number, each.title, each.owner) for each in view.open_promises] == [
            (1, "Watch the pool", "Anna Petrova")
        ]
        assert view.is_within
        (mirrored,) = seen(story.lead, story.incident_id)
        assert mirrored.open_promises == view.open_promises

    @pytest.mark.parametrize(("done", "is_open"), [(-1, False), (1, True)])
    def test_a_promise_kept_before_was_not_open(self, wired, clock, done, is_open):
        story = reviewed.published(wired)
        clock.forward(days=10)
        start = clock.now - DAY
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            at = start + timedelta(hours=done)
            session.execute(update(ActionItemRow).values(state="done", evidence="x", done_at=at, done_on=at.date()))
        later = given(
            story.author,
            ReportIncident(title="Mail is down", severity=Severity.P1, service="email-service", started_at=start),
        )
        (view,) = seen(story.lead, later)
        assert bool(view.open_promises) is is_open

    def test_an_unshared_text_is_not_told(self, wired, clock):
        story = reviewed.drafted(wired)
        later = given(
            story.bystander,
            ReportIncident(title="Mail is down", severity=Severity.P1, service="email-service", started_at=NOON),
        )
        assert seen(story.lead, later)[0].last_fix == ""
        assert seen(story.lead, later)[0].open_promises == ()
        assert seen(story.author, later)[0].last_fix

    def test_two_statements(self, pair, people, statements):
        with acting.as_user(people.anna):
            ask.workspace()  # who is asking has been read
            with statements() as said:
                ask.recurrences(pair[1])
        assert len(said) == 2  # whether there is any pair; that alone holds while texts are saved

    def test_looking_takes_one_statement(self, begin, pair, people, statements, wired):
        with acting.as_user(people.anna):
            incident = ask.incident(pair[1]).incident
        with begin() as work, statements() as said:
            assert work.recurrences.candidates(incident).earlier
        assert len(said) == 1


class TestRestricted:
    def test_proposed_to_those_who_may_see_it(self, wired, report, people):
        secret = report(40, restricted=True, by=people.boris)
        later = report(10)
        assert len(stored(wired)) == 1
        assert seen(people.anna, later) == ()
        assert seen(people.boris, later)[0].other_id == secret
        assert seen(people.administrator, later)[0].other_id == secret
        given(people.boris, NameViewer(incident_id=secret, user_id=people.anna))
        assert seen(people.anna, later)[0].restricted

    def test_beside_one_that_everybody_may_see(self, report, people):
        plain = report(60)
        secret = report(40, restricted=True, by=people.boris)
        later = report(10)
        assert [view.other_id for view in seen(people.anna, later)] == [plain]
        assert {view.other_id for view in seen(people.boris, later)} == {plain, secret}

    def test_nothing_from_a_hidden_later_one(self, report, people):
        earlier = report(40)
        later = report(10, restricted=True, by=people.boris)
        assert seen(people.anna, earlier) == ()
        assert seen(people.anna, later) == ()
        assert len(seen(people.boris, earlier)) == 1

    def test_nobody_decides_what_is_hidden(self, report, people):
        secret, later = report(40, restricted=True, by=people.boris), report(10)
        for command in (confirm, refuse, reopen):
            with pytest.raises(NotFound):
                given(people.manager, command((secret, later)))


def test_the_root_cause_is_written_and_facts_are_changed_at_once(wired, clock):
    """Both look for repetitions: they hold the incident first and wait for each other, never in a circle."""
    story = reviewed.drafted(wired)
    again = given(
        story.author,
        ReportIncident(
            title="Mail is down", severity=Severity.P1, service="email-service", started_at=NOON - timedelta(hours=1)
        ),
    )
    draft = reviewed.Story(
        id=given(story.author, StartPostmortem(incident_id=again)), incident_id=again, author=story.author
    )
    start = threading.Barrier(2)

    def writes():
        start.wait()
        for number in range(8):
            reviewed.write(wired, draft, SectionKey.ROOT_CAUSE, root_cause=f"Pool too small, {number}")

    def edits():
        start.wait()
        for number in range(8):
            TestProposed.rename(story, again, "Mail is down" if number % 2 else "Attachments are lost")

    story.anna = story.author
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(writes), pool.submit(edits)]:
            done.result()
    (row,) = stored(wired)
    assert (row.incident_id, row.earlier_id, row.state) == (again, story.incident_id, "proposed")


class TestInbox:
    def waiting(self, user_id):
        with acting.as_user(user_id):
            return [(row.incident_id, row.earlier_id, row.named_by) for row in ask.inbox().calls.repetitions.rows]

    def test_who_may_decide_is_asked_until_somebody_has(self, people, pair):
        earlier, later = pair
        assert self.waiting(people.manager) == [(later, earlier, "")]
        assert self.waiting(people.anna) == []  # she owes both, and has no such right
        (found,) = seen(people.manager, later)
        with acting.as_user(people.manager):
            run(ConfirmRecurrence(incident_id=later, earlier_id=earlier, version=found.version))
        assert self.waiting(people.manager) == []

    def test_not_who_wrote_one_of_the_two(self, people, report):
        earlier = report(40, by=people.manager)
        later = report(10)
        assert self.waiting(people.manager) == []
        assert self.waiting(people.lead) == [(later, earlier, "")]

    def test_not_who_may_not_see_the_earlier_one(self, people, pair, rows):
        with rows() as session:
            session.execute(update(IncidentRow).where(IncidentRow.id == pair[0]).values(restricted=True))
        assert self.waiting(people.manager) == []
