"""The workspace and its services."""

import zoneinfo
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.vocabulary import Language

NAME_LENGTH = 80
DISTRIBUTION_LENGTH = 300


class NotAWorkspace(PmError):
    """What was typed does not make a workspace or a service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    name: str
    zone: str = "Europe/Moscow"  #: IANA name
    language: Language = Language.ENGLISH  #: of people who are invited
    distribution: str = "Engineering team, Product team, Support team"  #: who gets a published document
    roles_for_names: bool = False  #: published documents show roles in place of names
    slo_target_percent: Decimal = Decimal("99.9")
    slo_window_days: int = 30
    survey_by_date: bool = True  #: a round of the survey opens by itself each quarter
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    id: int  #: 0 before the first save
    name: str
    active: bool = True
    version: int = 1


@cache
def zones() -> tuple[str, ...]:
    """Every IANA zone that this machine knows, in the order of the alphabet."""
    return tuple(sorted(zoneinfo.available_timezones() - {"localtime", "Factory"}))


def checked(workspace: Workspace) -> Workspace:
    """The workspace, when all of it makes sense. Raises Refusals."""
    problems: list[PmError] = []
    if not workspace.name.strip():
        problems.append(NotAWorkspace(N_("Give the workspace a name."), field="workspace_name"))
    if len(workspace.name) > NAME_LENGTH:
        problems.append(
            NotAWorkspace(N_("Shorten the name to {length} characters."), field="workspace_name", length=NAME_LENGTH)
        )
    if workspace.zone not in zones():
        problems.append(NotAWorkspace(N_("Choose a time zone of the list, for example Europe/Moscow."), field="zone"))
    if len(workspace.distribution) > DISTRIBUTION_LENGTH:
        problems.append(
            NotAWorkspace(
                N_("Shorten the distribution list to {length} characters."),
                field="distribution",
                length=DISTRIBUTION_LENGTH,
            )
        )
    if not 0 < workspace.slo_target_percent < 100:
        problems.append(
            NotAWorkspace(
                N_("The target lies between 0 and 100 percent, for example 99.9."), field="slo_target_percent"
            )
        )
    if not 1 <= workspace.slo_window_days <= 366:
        problems.append(NotAWorkspace(N_("The window has 1 to 366 days."), field="slo_window_days"))
    if problems:
        raise Refusals(tuple(problems))
    return workspace


def percent_of(typed: str, *, field: str) -> Decimal:
    """A percentage as people type it: 99.9, 99,9 or 99.9 %. Raises NotAWorkspace."""
    try:
        number = Decimal(typed.replace("%", "").replace(",", ".").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise NotAWorkspace(N_("Give a number, for example 99.9."), field=field)
    return number


def service_name_of(typed: str) -> str:
    """A service's name as it is kept. Raises NotAWorkspace."""
    name = " ".join(typed.replace("\0", "").split())
    if not name:
        raise NotAWorkspace(N_("Give the service a name."), field="service_name")
    if len(name) > NAME_LENGTH:
        raise NotAWorkspace(N_("Shorten the name to {length} characters."), field="service_name", length=NAME_LENGTH)
    return name
