import pytest

from pmcore.domain.choices import Choice, choices
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import Disposition, ObligationLevel, PostmortemStatus, Role


def offered(*roles, **changes) -> set[Choice]:
    usual = {
        "level": ObligationLevel.REQUIRED, "disposition": None, "is_own": False, "owes_it": False, "approvers": (),
        "is_waived": False, "dry_run": False, "status": None, "writes_it": False,
    }  # fmt: skip
    return set(choices(actor=Actor(user_id=1, name="Anna", roles=frozenset(roles)), **usual | changes))


def test_a_viewer_looks():
    assert offered(Role.VIEWER) == {Choice.LOG}


def test_an_engineer_starts_and_edits():
    assert offered(Role.ENGINEER) == {Choice.START, Choice.LOG, Choice.EDIT, Choice.SEVERITY}


def test_who_owes_it_hands_it_over():
    assert Choice.HAND_OVER in offered(Role.ENGINEER, owes_it=True)


def test_a_started_one_is_read_and_by_its_author_written():
    assert Choice.WRITE not in offered(Role.ENGINEER, status=PostmortemStatus.DRAFT)
    assert {Choice.WRITE, Choice.READ} <= offered(Role.ENGINEER, status=PostmortemStatus.DRAFT, writes_it=True)
    assert Choice.WRITE not in offered(Role.ENGINEER, status=PostmortemStatus.PUBLISHED, writes_it=True)
    assert Choice.START not in offered(Role.ENGINEER, status=PostmortemStatus.DRAFT)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {Choice.WAIVE}),
        ({"is_own": True}, set()),
        ({"level": ObligationLevel.RECOMMENDED}, set()),
        ({"approvers": (2,)}, {Choice.APPROVE_WAIVER, Choice.WITHDRAW_WAIVER}),
        ({"approvers": (1,)}, {Choice.WITHDRAW_WAIVER}),
        ({"approvers": (2, 3), "is_waived": True}, {Choice.WITHDRAW_WAIVER}),
        ({"disposition": Disposition.DUPLICATE}, set()),
    ],
)
def test_a_manager_waives_what_is_required_and_not_ones_own(changes, expected):
    waiving = {Choice.WAIVE, Choice.APPROVE_WAIVER, Choice.WITHDRAW_WAIVER}
    assert offered(Role.ENGINEERING_MANAGER, **changes) & waiving == expected


def test_a_tech_lead_settles_and_reopens():
    settling = {Choice.COVER, Choice.DUPLICATE, Choice.NOT_AN_INCIDENT, Choice.REOPEN}
    assert offered(Role.TECH_LEAD) & settling == settling - {Choice.REOPEN}
    assert offered(Role.TECH_LEAD, is_own=True) & settling == {Choice.COVER}
    assert offered(Role.TECH_LEAD, status=PostmortemStatus.DRAFT) & settling == {
        Choice.DUPLICATE,
        Choice.NOT_AN_INCIDENT,
    }
    assert offered(Role.TECH_LEAD, disposition=Disposition.COVERED) & settling == {Choice.REOPEN}


@pytest.mark.parametrize(
    ("roles", "changes", "may"),
    [
        ((Role.ENGINEER,), {}, False),
        ((Role.ENGINEER,), {"level": ObligationLevel.NONE}, True),
        ((Role.ENGINEER,), {"dry_run": True}, True),
        ((Role.ENGINEERING_MANAGER,), {}, True),
        ((Role.ENGINEERING_MANAGER,), {"is_own": True}, False),
        ((Role.ENGINEERING_MANAGER,), {"status": PostmortemStatus.DRAFT}, False),
    ],
)
def test_deleting_is_no_way_around_a_waiver(roles, changes, may):
    assert (Choice.DELETE in offered(*roles, **changes)) is may
