"""What may become of an action item, and what never changes once it was agreed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain import action_item, item_terms
from pmcore.domain.action_item import ActionItem, BadItem, Mark, NotNow, Progress
from pmcore.domain.content import BadText
from pmcore.domain.item_terms import Terms
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState

NOW = datetime(2025, 12, 14, 12, tzinfo=UTC)
TODAY = date(2025, 12, 14)
DUE = date(2025, 12, 21)
OWNER, OTHER = 1, 2

PROPOSAL = ActionItem(
    id=7, postmortem_id=1, number=3, title="Export pool metrics", kind=ActionKind.DETECTION,
    priority=ActionPriority.HIGH, owner_id=OWNER, agreed_owner_id=OWNER, due_on=DUE, original_due_on=DUE,
    criterion="Both metrics are exported", created_at=NOW, updated_at=NOW,
)  # fmt: skip
COMMITTED = action_item.commit(PROPOSAL, now=NOW)
BLOCKED = action_item.report(COMMITTED, Progress.BLOCKED, note="No access", now=NOW)
DONE = action_item.report(COMMITTED, Progress.DONE, note="https://example.org/mr/1", now=NOW)
IN_STATE = {
    ActionState.PROPOSED: PROPOSAL,
    ActionState.COMMITTED: COMMITTED,
    ActionState.IN_PROGRESS: action_item.report(COMMITTED, Progress.ON_TRACK, note="", now=NOW),
    ActionState.BLOCKED: BLOCKED,
    ActionState.DONE: DONE,
    ActionState.VERIFIED: action_item.verify(DONE, by=OTHER, now=NOW),
    ActionState.WONT_DO: action_item.give_up(COMMITTED, by=OTHER, reason="The service is retired", now=NOW),
}
COVERED = ("title", "kind", "criterion", "agreed_owner_id", "original_due_on")


def terms(**changes):
    values = {
        "title": "Export pool metrics", "kind": ActionKind.DETECTION, "priority": ActionPriority.HIGH,
        "owner_id": OWNER, "due_on": DUE, "criterion": "Both metrics are exported",
    }  # fmt: skip
    return Terms(**values | changes)


def covered(item):
    return {name: getattr(item, name) for name in COVERED}


class TestTerms:
    def test_the_due_date_follows_from_the_priority(self):
        assert [item_terms.default_due(p, today=TODAY) - TODAY for p in ActionPriority] == [
            timedelta(days=7), timedelta(days=30), timedelta(days=90),
        ]  # fmt: skip

    def test_agreeing_sets_what_signatures_cover(self):
        later = DUE + timedelta(days=1)
        item = item_terms.agree(PROPOSAL, terms(owner_id=OTHER, due_on=later, title=" New\x00 "), today=TODAY)
        assert (item.title, item.owner_id, item.agreed_owner_id) == ("New", OTHER, OTHER)
        assert (item.due_on, item.original_due_on) == (later, later)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": " "}, "title"),
            ({"due_on": TODAY - timedelta(days=1)}, "due"),
            ({"due_on": date(2125, 1, 1)}, "due"),
            ({"ticket_url": "JIRA-12"}, "ticket"),
            ({"ticket_url": "javascript:alert(1)"}, "ticket"),
        ],
    )
    def test_bad_terms_are_refused(self, changes, field):
        with pytest.raises(BadItem) as refused:
            item_terms.agree(PROPOSAL, terms(**changes), today=TODAY)
        assert refused.value.field == field

    def test_a_date_that_passed_meanwhile_may_stay(self):
        assert item_terms.agree(PROPOSAL, terms(title="New"), today=DUE + timedelta(days=9)).title == "New"

    def test_too_long_a_text_is_refused(self):
        with pytest.raises(BadText):
            item_terms.agree(PROPOSAL, terms(criterion="x" * 2_001), today=TODAY)

    def test_an_item_of_an_edition_is_reworded_only(self):
        extended = replace(COMMITTED, due_on=DUE + timedelta(days=9), owner_id=OTHER)
        worded = item_terms.reword(extended, terms(title="Better", owner_id=OTHER, due_on=extended.due_on))
        assert covered(worded) == {**covered(COMMITTED), "title": "Better"}
        assert (worded.owner_id, worded.due_on) == (OTHER, extended.due_on)
        with pytest.raises(BadItem, match="Actions page"):
            item_terms.reword(extended, terms())


class TestCommit:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"owner_id": None}, "owner"), ({"due_on": None}, "due"), ({"criterion": " "}, "criterion")],
    )
    def test_needs_a_person_a_date_and_a_criterion(self, changes, field):
        with pytest.raises(BadItem) as refused:
            action_item.commit(replace(PROPOSAL, **changes), now=NOW)
        assert refused.value.field == field

    def test_names_everything_that_is_missing(self):
        bare = replace(PROPOSAL, owner_id=None, due_on=None, criterion="")
        assert [problem.field for problem in action_item.missing(bare)] == ["owner", "due", "criterion"]

    def test_is_taken_back_while_nobody_has_begun(self):
        assert action_item.uncommit(COMMITTED) == PROPOSAL
        with pytest.raises(NotNow):
            action_item.uncommit(BLOCKED)

    def test_only_once(self):
        with pytest.raises(NotNow):
            action_item.commit(DONE, now=NOW)


MOVES = {
    "commit": (lambda item: action_item.commit(item, now=NOW), {ActionState.PROPOSED}),
    "report": (
        lambda item: action_item.report(item, Progress.ON_TRACK, note="", now=NOW),
        {ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED},
    ),
    "done": (
        lambda item: action_item.report(item, Progress.DONE, note="Here", now=NOW),
        {ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED},
    ),
    "blocked": (
        lambda item: action_item.report(item, Progress.BLOCKED, note="There", now=NOW),
        {ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED},
    ),
    "verify": (lambda item: action_item.verify(item, by=OTHER, now=NOW), {ActionState.DONE}),
    "give up": (
        lambda item: action_item.give_up(item, by=OTHER, reason="No", now=NOW),
        {ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED},
    ),
    "reopen": (
        lambda item: action_item.reopen(item, reason="More", now=NOW),
        {ActionState.DONE, ActionState.VERIFIED, ActionState.WONT_DO},
    ),
    "extend": (
        lambda item: action_item.extend(item, due_on=DUE + timedelta(days=1), reason="Ill", today=TODAY),
        {ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED},
    ),
    "reassign": (
        lambda item: action_item.reassign(item, owner_id=OTHER),
        {ActionState.PROPOSED, ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED},
    ),
}


@pytest.mark.parametrize("state", ActionState)
@pytest.mark.parametrize("move", MOVES)
def test_what_is_possible_when(move, state):
    act, allowed = MOVES[move]
    if state in allowed:
        act(IN_STATE[state])
    else:
        with pytest.raises(NotNow):
            act(IN_STATE[state])


@given(st.lists(st.sampled_from([name for name in MOVES if name != "commit"]), max_size=20))
def test_nothing_that_happens_later_touches_what_was_agreed(moves):
    item = COMMITTED
    for move in moves:
        try:
            new = MOVES[move][0](item)
        except (NotNow, BadItem):
            continue
        assert new.state is item.state or new.state in action_item.TRANSITIONS[item.state]
        item = new
    assert covered(item) == covered(COMMITTED)
    assert (item.state in {ActionState.DONE, ActionState.VERIFIED}) is bool(item.evidence) is (item.done_at is not None)
    assert (item.state is ActionState.BLOCKED) is bool(item.blocked_because)
    assert (item.state is ActionState.WONT_DO) is bool(item.wont_do_because)


class TestReasons:
    @pytest.mark.parametrize(
        "act",
        [
            lambda: action_item.report(COMMITTED, Progress.BLOCKED, note=" ", now=NOW),
            lambda: action_item.report(COMMITTED, Progress.DONE, note="", now=NOW),
            lambda: action_item.give_up(COMMITTED, by=OTHER, reason=" ", now=NOW),
            lambda: action_item.reopen(DONE, reason=" ", now=NOW),
            lambda: action_item.extend(COMMITTED, due_on=DUE + timedelta(days=1), reason="", today=TODAY),
        ],
    )
    def test_are_asked_for(self, act):
        with pytest.raises(BadItem):
            act()

    def test_nobody_verifies_the_own_item(self):
        with pytest.raises(BadItem, match="other than its owner"):
            action_item.verify(DONE, by=OWNER, now=NOW)

    def test_nobody_gives_up_the_own_item(self):
        with pytest.raises(BadItem, match="other than its owner"):
            action_item.give_up(COMMITTED, by=OWNER, reason="Boring", now=NOW)


class TestExtend:
    @pytest.mark.parametrize(
        ("due", "today"), [(DUE, TODAY), (DUE - timedelta(days=1), TODAY), (DUE + timedelta(days=2), date(2026, 1, 1))]
    )
    def test_goes_forward_and_into_the_future(self, due, today):
        with pytest.raises(BadItem):
            action_item.extend(COMMITTED, due_on=due, reason="Ill", today=today)

    def test_keeps_the_original(self):
        later = DUE + timedelta(days=30)
        item = action_item.extend(COMMITTED, due_on=later, reason="Ill", today=TODAY)
        assert (item.due_on, item.original_due_on) == (later, DUE)


class TestMarks:
    def marks(self, *, state=ActionState.COMMITTED, now=NOW, today=TODAY, due_on=DUE, committed_at=NOW):
        return action_item.marks(
            state=state, due_on=due_on, updated_at=NOW, committed_at=committed_at, now=now, today=today
        )

    def test_nothing_on_the_due_day_itself(self):
        assert self.marks(today=DUE) == ()
        assert not action_item.is_overdue(COMMITTED, today=DUE)

    def test_overdue_from_the_next_day(self):
        assert self.marks(today=DUE + timedelta(days=1)) == (Mark.OVERDUE,)
        assert action_item.is_overdue(COMMITTED, today=DUE + timedelta(days=1))

    def test_quiet_after_seven_days_and_long_after_thirty(self):
        assert self.marks(now=NOW + timedelta(days=7)) == ()
        assert self.marks(now=NOW + timedelta(days=7, seconds=1)) == (Mark.QUIET,)
        assert self.marks(now=NOW + timedelta(days=31)) == (Mark.QUIET, Mark.LONG_OPEN)
        assert self.marks(due_on=None, committed_at=None) == ()

    @pytest.mark.parametrize(
        "state", [ActionState.PROPOSED, ActionState.DONE, ActionState.VERIFIED, ActionState.WONT_DO]
    )
    def test_nothing_about_what_is_not_open(self, state):
        assert self.marks(state=state, now=NOW + timedelta(days=99), today=date(2027, 1, 1)) == ()
        assert not action_item.is_open(IN_STATE[state])


class TestAnAmendmentThatIsGivenUp:
    def test_takes_along_what_nobody_has_begun(self):
        untouched = {state for state in ActionState if action_item.is_untouched(IN_STATE[state])}
        assert untouched == {ActionState.PROPOSED, ActionState.COMMITTED}

    def test_gives_items_their_words_back(self):
        worded = item_terms.reword(COMMITTED, replace(item_terms.terms_of(COMMITTED), title="Other words"))
        assert item_terms.reword(worded, item_terms.terms_of(COMMITTED)) == COMMITTED
