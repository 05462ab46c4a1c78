"""A small workspace for tests of incidents: who is there, one service, the usual policy."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pmcore.domain.vocabulary import Role
from tests.factories import make_policy, make_service, make_user, make_workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    anna: int  #: engineer, reports and writes
    boris: int  #: engineer, a bystander
    lead: int
    manager: int
    cto: int
    viewer: int
    administrator: int
    service: int


def set_up(rows: Callable[[], AbstractContextManager[Session]]) -> Scene:
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        return Scene(
            anna=make_user(session, "Anna Petrova", Role.ENGINEER).id,
            boris=make_user(session, "Boris Ivanov", Role.ENGINEER).id,
            lead=make_user(session, "Lena Orlova", Role.TECH_LEAD).id,
            manager=make_user(session, "Maria Kim", Role.ENGINEERING_MANAGER).id,
            cto=make_user(session, "Oleg Tan", Role.CTO).id,
            viewer=make_user(session, "Vera Popova", Role.VIEWER).id,
            administrator=make_user(session, "Ada Admin", Role.ADMINISTRATOR).id,
            service=make_service(session).id,
        )
