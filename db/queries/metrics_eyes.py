"""Who sees more than everybody does, and where: there a reader's figures are counted for the reader alone.

Everybody's figures are those of somebody who is named nowhere, so they can tell nobody too much. What a reader sees
beyond them are the restricted incidents that name the reader, and items that are promised in a text which was not
shared.
"""

from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import IncidentRow
from db.queries.metrics_touched import parts_near
from db.queries.prepared import anybody
from db.queries.remembered import remembered
from db.queries.totals import rare_incidents
from db.visibility import can_see
from pmcore.domain.permissions import Actor, Right, holders

NOBODY = -1  #: no person has this id
_SEEING_ALL = frozenset(holders(Right.SEE_RESTRICTED))
_OTHERS = frozenset(holders(Right.READ)) - _SEEING_ALL


def everybody_like(actor: Actor) -> Actor:
    """Somebody whom no rights but those for what is restricted tell from others, and who is named nowhere."""
    roles = _SEEING_ALL if actor.may(Right.SEE_RESTRICTED) else _OTHERS
    return Actor(user_id=NOBODY, name="", roles=roles, language="", zone=actor.zone)


def named_parts(session: Session, actor: Actor) -> frozenset[int]:
    """The parts of the incidents that this person sees by name, and of those whose rows look at them."""
    if actor.may(Right.SEE_RESTRICTED):
        return frozenset()

    def ask() -> frozenset[int]:
        named = session.scalars(_named(anybody(actor)), {"me": actor.user_id}).all()
        return frozenset(parts_near(session, named)) if named else frozenset()

    return remembered(session, ("metrics-named", actor.user_id, actor.roles), ask, is_short=True)


@cache
def _named(actor: Actor) -> Select[int]:
    return select(IncidentRow.id).where(
        IncidentRow.id.in_(rare_incidents()), IncidentRow.restricted.is_(True), IncidentRow.dry_run.is_(False),
        can_see(actor),
    )  # fmt: skip
