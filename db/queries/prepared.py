"""Statements built once: who asks and when are filled in at execution.

Building a large SELECT in Python takes longer than running it. So a query's statement is made by a cached function of
what changes its shape (rights, filter, sort); `ME` and `NOW` stand in it for what changes with every question.
"""

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Integer, bindparam

from db.types import UtcDateTime
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import Role

ME = cast(Any, bindparam("me", type_=Integer()))
NOW = cast(Any, bindparam("now", type_=UtcDateTime()))
THIS = cast(Any, bindparam("this", type_=Integer()))  #: the post-mortem that is asked about


def anybody(actor: Actor) -> Actor:
    """Somebody with these roles whose id is filled in later: the key of a cached statement."""
    return _anybody(actor.roles)


@cache
def _anybody(roles: frozenset[Role]) -> Actor:
    return Actor(user_id=ME, name="", roles=roles, language="")


def asked_by(actor: Actor, now: datetime | None = None) -> dict[str, Any]:
    """The values of `ME` and `NOW`."""
    return {"me": actor.user_id} if now is None else {"me": actor.user_id, "now": now}
