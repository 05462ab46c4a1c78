"""Who may do what: the one matrix that every use case and every query asks. `docs/permissions.md` is printed from it.

The matrix answers for the role. What depends on the object beside it (an author edits the own draft, nobody waives the
own incident, nobody signs the own text) stands with the rule concerned.
"""

from dataclasses import dataclass
from enum import StrEnum

from pmcore.domain.errors import N_, PmError
from pmcore.domain.vocabulary import Role


class Right(StrEnum):
    READ = "read"
    EXPORT = "export"
    REPORT = "report"
    EDIT_INCIDENT = "edit_incident"
    CORRECT_SEVERITY = "correct_severity"
    WAIVE = "waive"
    SETTLE = "settle"  #: cover, duplicate, not an incident
    HAND_OVER = "hand_over"
    WRITE = "write"  #: start a post-mortem and edit one's own
    SIGN_TECH_LEAD = "sign_tech_lead"
    SIGN_ENGINEERING_MANAGER = "sign_engineering_manager"
    SIGN_CTO = "sign_cto"
    PUBLISH = "publish"
    CLOSE = "close"
    UPDATE_OWN_ITEMS = "update_own_items"
    MANAGE_ITEMS = "manage_items"  #: anybody's items: re-assign, extend
    APPROVE_WONT_DO = "approve_wont_do"
    VERIFY_ITEMS = "verify_items"
    JUDGE = "judge"  #: give the verdict of day 30, decide what repeats what
    UNBLOCK = "unblock"  #: see and answer what was escalated
    IMPORT = "import"
    MANAGE_SERVICES = "manage_services"
    MANAGE_POLICY = "manage_policy"
    APPROVE_PROCESS = "approve_process"
    ONBOARD = "onboard"  #: begin, see and tick anybody's checklist
    ANSWER_SURVEY = "answer_survey"
    OPEN_SURVEY = "open_survey"
    READ_REMARKS = "read_remarks"  #: the free texts of a closed round of the survey
    MANAGE_USERS = "manage_users"
    MANAGE_WORKSPACE = "manage_workspace"
    SEE_RESTRICTED = "see_restricted"


_EVERYONE = frozenset({Right.READ, Right.EXPORT})
_ENGINEER = _EVERYONE | {
    Right.REPORT, Right.EDIT_INCIDENT, Right.HAND_OVER, Right.WRITE, Right.PUBLISH, Right.UPDATE_OWN_ITEMS,
    Right.VERIFY_ITEMS, Right.JUDGE, Right.ANSWER_SURVEY,
}  # fmt: skip
_TECH_LEAD = _ENGINEER | {Right.SIGN_TECH_LEAD, Right.SETTLE, Right.MANAGE_ITEMS, Right.MANAGE_SERVICES}
_MANAGING = {
    Right.CORRECT_SEVERITY, Right.WAIVE, Right.SETTLE, Right.CLOSE, Right.MANAGE_ITEMS, Right.APPROVE_WONT_DO,
    Right.IMPORT, Right.MANAGE_SERVICES, Right.MANAGE_POLICY, Right.ONBOARD, Right.UNBLOCK, Right.READ_REMARKS,
}  # fmt: skip

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: _EVERYONE
    | {
        Right.REPORT, Right.IMPORT, Right.MANAGE_SERVICES, Right.MANAGE_POLICY, Right.MANAGE_USERS,
        Right.MANAGE_WORKSPACE, Right.SEE_RESTRICTED, Right.ONBOARD, Right.ANSWER_SURVEY, Right.OPEN_SURVEY,
    },
    Role.ENGINEERING_MANAGER: _ENGINEER | _MANAGING | {Right.SIGN_ENGINEERING_MANAGER, Right.APPROVE_PROCESS},
    Role.TECH_LEAD: _TECH_LEAD,
    Role.CTO: _ENGINEER | _MANAGING | {Right.SIGN_CTO},
    Role.ENGINEER: _ENGINEER,
    Role.VIEWER: _EVERYONE,
}  # fmt: skip


class Forbidden(PmError):
    """The actor's roles do not include the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who gives a command or asks a question; read from the database at each command, never from a form."""

    user_id: int
    name: str
    roles: frozenset[Role]  #: own ones and those deputised today
    language: str = "en"
    zone: str = "UTC"  #: the workspace's

    def may(self, right: Right) -> bool:
        return any(right in RIGHTS[role] for role in self.roles)


def holders(right: Right) -> tuple[Role, ...]:
    """The roles that include a right, in the enum's order."""
    return tuple(role for role in Role if right in RIGHTS[role])


def require(actor: Actor, right: Right) -> None:
    """Raises Forbidden with a sentence that does not depend on the object, so that it gives nothing away."""
    if not actor.may(right):
        raise Forbidden(N_("Your role does not allow this. Ask an administrator who can do it."))
