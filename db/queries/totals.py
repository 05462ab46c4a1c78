"""How many there are that a person may see, without reading each: all there are, less those that are not for everybody.

The latter are few (restricted, a dry run, deleted, a text that nobody has shared yet) and have indexes of their own,
so that a total among hundreds of thousands takes as long as among some hundreds.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, true, union
from sqlalchemy.orm import aliased

from db.models import ActionItemRow, IncidentRow, ObligationRow, PostmortemRow
from pmcore.domain.vocabulary import ActionState
from pmcore.readmodels.actions import OPEN_STATES

_Incident, _Postmortem = aliased(IncidentRow, name="rare_incident"), aliased(PostmortemRow, name="rare")
# Said as the indexes say it: SQLite takes a partial index only for the very same words, not for values filled in.
_RARE_INCIDENT: ColumnElement[bool] = literal_column(
    "(rare_incident.restricted OR rare_incident.dry_run OR rare_incident.deleted_at IS NOT NULL)"
)
_RARE_POSTMORTEM: ColumnElement[bool] = literal_column("(rare.shared_at IS NULL OR rare.deleted_at IS NOT NULL)")

#: What the indexes `ix_action_item_open...` hold. None of these items is a proposal, so each has an owner and a day.
IS_OPEN = and_(
    ActionItemRow.state.not_in([literal_column(f"'{state}'") for state in ActionState if state not in OPEN_STATES]),
    ActionItemRow.deleted_at.is_(None),
)


def incidents(is_shown: ColumnElement[bool]) -> Select[int]:
    """Of incidents with what they owe. `is_shown`, on IncidentRow, holds unless it is restricted, a dry run or
    deleted."""
    hidden = (
        select(func.count())
        .select_from(IncidentRow)
        .join(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .where(IncidentRow.id.in_(rare_incidents()), is_shown.is_not(true()))
    )
    return _less(select(func.count()).select_from(ObligationRow), hidden)


def rare_incidents() -> Select[int]:
    """Those that are restricted, a dry run or deleted."""
    return select(_Incident.id).where(_RARE_INCIDENT)


def rare_postmortems() -> Select[int]:
    """Those that are deleted or have not been shared."""
    return select(_Postmortem.id).where(_RARE_POSTMORTEM)


def postmortems(is_shown: ColumnElement[bool]) -> Select[int]:
    """`is_shown`, on PostmortemRow and IncidentRow, holds unless one is deleted or the incident is restricted or a dry
    run."""
    hidden = (
        select(func.count())
        .select_from(PostmortemRow)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(_is_rare(), is_shown.is_not(true()))
    )
    return _less(select(func.count()).select_from(PostmortemRow), hidden)


def items(chosen: list[ColumnElement[bool]], is_shown: ColumnElement[bool], *, all_open: bool) -> Select[int]:
    """Of the items that are `chosen` by their own columns, none a proposal, perhaps `all_open`.

    `is_shown`, on all three, holds where none is deleted, the incident neither restricted nor a dry run, and the text
    shared.
    """
    hidden = (
        select(func.count())
        .select_from(ActionItemRow)
        .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(_is_rare(), *chosen, is_shown.is_not(true()))
    )
    if all_open:  # an item that is open is promised and not done
        hidden = hidden.where(PostmortemRow.items_done < PostmortemRow.items_total)
    return _less(select(func.count()).select_from(ActionItemRow).where(*chosen), hidden)


def are_promises(states: tuple[ActionState, ...]) -> bool:
    """Whether `items` may be asked for these states."""
    return bool(states) and ActionState.PROPOSED not in states


def _is_rare() -> ColumnElement[bool]:
    of_incident = select(_Postmortem.id).join(_Incident, _Incident.id == _Postmortem.incident_id).where(_RARE_INCIDENT)
    return PostmortemRow.id.in_(union(of_incident, rare_postmortems()))


def _less(all_: Select[Any], hidden: Select[Any]) -> Select[int]:
    return select(all_.scalar_subquery() - hidden.scalar_subquery())
