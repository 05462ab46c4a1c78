"""What makes a workspace and a service."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pmcore.domain.errors import Refusals
from pmcore.domain.workspace import NotAWorkspace, Workspace, checked, percent_of, service_name_of, zones

GOOD = Workspace(name="Email")


def test_a_good_workspace():
    assert checked(GOOD) is GOOD
    assert "Europe/Moscow" in zones()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "workspace_name"),
        ({"name": "x" * 81}, "workspace_name"),
        ({"zone": "Moscow"}, "zone"),
        ({"distribution": "x" * 301}, "distribution"),
        ({"slo_target_percent": Decimal(100)}, "slo_target_percent"),
        ({"slo_target_percent": Decimal(0)}, "slo_target_percent"),
        ({"slo_window_days": 0}, "slo_window_days"),
        ({"slo_window_days": 367}, "slo_window_days"),
    ],
)
def test_what_makes_no_sense_is_said(changes, field):
    with pytest.raises(Refusals) as refused:
        checked(replace(GOOD, **changes))
    assert [problem.field for problem in refused.value.problems] == [field]


def test_all_of_it_is_said_at_once():
    with pytest.raises(Refusals) as refused:
        checked(Workspace(name="", zone="", slo_window_days=0))
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize("typed", ["99.9", "99,9", " 99.9 % "])
def test_a_percentage_as_people_type_it(typed):
    assert percent_of(typed, field="x") == Decimal("99.9")


@pytest.mark.parametrize("typed", ["", "many", "NaN", "Infinity", "1.2.3"])
def test_no_percentage(typed):
    with pytest.raises(NotAWorkspace):
        percent_of(typed, field="x")


def test_a_service_name():
    assert service_name_of("  email \t service\0") == "email service"
    for typed in ("", " \0", "x" * 81):
        with pytest.raises(NotAWorkspace):
            service_name_of(typed)
