"""Commands that change the policy: a new version, for incidents reported after it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pmcore.domain.content import one_line
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.policy import Policy, check, to_content
from pmcore.domain.vocabulary import Rule
from pmcore.ports import Clock, OpenUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePolicy:
    base_number: int  #: the version that the form was filled from
    p1_minutes: int
    drafted_hours: Mapping[Rule, int]
    published_hours: Mapping[Rule, int]
    note: str = ""  #: why, in the team's words


def change_policy(command: ChangePolicy, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """Returns the new version's number. Raises Forbidden, Refusals, BadText, EditConflict."""
    require(actor, Right.MANAGE_POLICY)
    now = clock()
    policy = Policy(
        number=command.base_number + 1,
        p1_minutes=command.p1_minutes,
        drafted_hours=command.drafted_hours,
        published_hours=command.published_hours,
    )
    check(policy)
    with begin() as work:
        work.workspace.add_policy(
            number=policy.number,
            content=to_content(policy),
            valid_from=now,
            by_id=actor.user_id,
            note=one_line(command.note, field="note"),
        )
        work.audit(actor_id=actor.user_id, did="change_policy", to=f"policy/{policy.number}", at=now)
        return policy.number
