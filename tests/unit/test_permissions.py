"""The matrix: printed in the docs, and asked by every command and every question of its own accord."""

import importlib
import inspect
import pkgutil
import re
import sys
from pathlib import Path

import pytest

import db.queries
from pmcore.domain.permissions import Actor, Forbidden, Right, holders, require
from pmcore.domain.vocabulary import Role
from pmcore.words import label, speaking
from wiring.handlers import HANDLERS

PRINTED = Path(__file__).parents[2] / "docs" / "permissions.md"
REWRITE = "python -m tests.unit.test_permissions"

INTRODUCTION = f"""\
# Permissions

Who may do what. This page is printed from `pmcore/domain/permissions.py` by
`{REWRITE}`; a test fails when the two differ. Every command and every question
asks this matrix itself, whatever page or route it comes from.

The matrix answers for roles. What depends on the object stands with the rule concerned: authors edit their own drafts,
nobody waives the own incident, nobody signs a text of which they are author. One person may hold several roles; a
deputy holds the role for the days named in Settings.

"""

MEANING = {
    Right.READ: "Read what is not restricted, and shared drafts",
    Right.EXPORT: "Export what one may read",
    Right.REPORT: "Report an incident",
    Right.EDIT_INCIDENT: "Change the facts of an incident and keep its log",
    Right.CORRECT_SEVERITY: "Correct a slip in the severity",
    Right.WAIVE: "Waive a post-mortem (never of one's own incident; two people for a P0)",
    Right.SETTLE: "Settle as covered, duplicate or not an incident",
    Right.HAND_OVER: "Hand a post-mortem over to another author",
    Right.WRITE: "Start a post-mortem, edit one's own, comment, run a meeting",
    Right.SIGN_TECH_LEAD: "Sign as Tech Lead",
    Right.SIGN_ENGINEERING_MANAGER: "Sign as Engineering Manager",
    Right.SIGN_CTO: "Sign as CTO",
    Right.PUBLISH: "Publish one's own post-mortem once it is signed",
    Right.CLOSE: "Close a post-mortem",
    Right.UPDATE_OWN_ITEMS: "Update one's own action items",
    Right.MANAGE_ITEMS: "Re-assign and extend anybody's action items",
    Right.APPROVE_WONT_DO: "Approve that an action item will not be done",
    Right.VERIFY_ITEMS: "Verify what somebody else has done",
    Right.JUDGE: "Give the verdict of day 30 on what somebody else wrote; decide whether it happened before",
    Right.UNBLOCK: "See and answer what was escalated",
    Right.IMPORT: "Import the old tracker",
    Right.MANAGE_SERVICES: "Add, rename and retire services",
    Right.MANAGE_POLICY: "Change the policy",
    Right.APPROVE_PROCESS: "Approve the process document",
    Right.ONBOARD: "Begin anybody's onboarding, see how far it is, tick steps for them",
    Right.ANSWER_SURVEY: "Answer the survey",
    Right.OPEN_SURVEY: "Open a round of the survey before its date",
    Right.READ_REMARKS: "Read the free texts of a closed round of the survey",
    Right.MANAGE_USERS: "Invite people, give roles, deactivate, name deputies for others",
    Right.MANAGE_WORKSPACE: "Change the workspace",
    Right.SEE_RESTRICTED: "See every restricted incident",
}

#: Commands that ask for no right, and why.
WITHOUT_A_RIGHT = {
    "SignIn": "how somebody becomes an actor",
    "OpenSession": "after an identity was made sure otherwise; no route gives it on",
    "SignOut": "the token says whose session",
    "KeepSession": "the gate notes the last use",
    "EndOtherSessions": "the own sessions only",
    "ChangeProfile": "the own name and language only",
    "ChangePassword": "the own password, given the old one",
    "OfferSetUp": "the server at its start",
    "SetUp": "the one-time link says so",
    "Join": "the one-time link says so",
    "EndEverySession": "the command line: who has the console has the database",
    "FillWithDemo": "the command line, into an empty database",
    "AddPerson": "the command line: who has the console has the database",
}


def printed() -> str:
    with speaking("en"):
        roles = [label(role) for role in Role]
        lines = [
            "| | " + " | ".join(roles) + " |",
            "|---|" + ":-:|" * len(roles),
            *(
                f"| {MEANING[right]} | " + " | ".join("yes" if role in holders(right) else "–" for role in Role) + " |"
                for right in Right
            ),
        ]
    return INTRODUCTION + "\n".join(lines) + "\n"


def test_the_docs_print_the_matrix():
    assert PRINTED.read_text(encoding="utf-8") == printed(), f"Rewrite the page with: {REWRITE}"


@pytest.mark.parametrize("right", Right, ids=str)
def test_every_right_is_held_by_somebody(right):
    assert holders(right)


@pytest.mark.parametrize("role", Role, ids=str)
def test_everybody_with_a_role_may_read(role):
    require(Actor(user_id=1, name="", roles=frozenset({role})), Right.READ)


def test_nobody_without_a_role_may_anything():
    nobody = Actor(user_id=1, name="", roles=frozenset())
    for right in Right:
        with pytest.raises(Forbidden):
            require(nobody, right)


def test_a_viewer_may_change_nothing():
    viewer = Actor(user_id=1, name="", roles=frozenset({Role.VIEWER}))
    assert {right for right in Right if viewer.may(right)} == {Right.READ, Right.EXPORT}


@pytest.mark.parametrize("command", HANDLERS, ids=lambda command: command.__name__)
def test_every_command_asks_for_a_right(command):
    """Or is named above with the reason why not."""
    handler = HANDLERS[command]
    asks = re.search(r"\brequire|may\(|_require", inspect.getsource(handler)) or _asks_below(handler)
    if command.__name__ in WITHOUT_A_RIGHT:
        assert not asks
    else:
        assert asks, f"{handler.__module__}.{handler.__name__} asks for no right"


#: Questions that need no right, and why.
ASKED_BY_ANYBODY = {"my_sessions": "the own sessions only"}


def questions():
    """Parts of questions take an open session; a whole one begins with the engine."""
    for module in pkgutil.iter_modules(db.queries.__path__):
        found = importlib.import_module(f"db.queries.{module.name}")
        for name, function in inspect.getmembers(found, inspect.isfunction):
            own = function.__module__ == found.__name__ and not name.startswith("_")
            if own and {"engine", "actor"} <= set(inspect.signature(function).parameters):
                yield pytest.param(function, id=f"{module.name}.{name}")


@pytest.mark.parametrize("function", list(questions()))
def test_every_question_asks_for_a_right(function):
    asks = re.search(r"\brequire\(", inspect.getsource(function)) or _asks_below(function)
    assert bool(asks) is (function.__name__ not in ASKED_BY_ANYBODY)


def _asks_below(handler) -> bool:
    """Whether a function of the same module that it calls asks."""
    module = sys.modules[handler.__module__]
    called = re.findall(r"\b(_?\w+)\(", inspect.getsource(handler))
    return any(
        re.search(r"\brequire\w*\(", inspect.getsource(found))
        for name in called
        if inspect.isfunction(found := getattr(module, name, None))
    )


if __name__ == "__main__":
    PRINTED.write_text(printed(), encoding="utf-8")
