"""The parts, made once per process: settings, engine, clock, randomness."""

import secrets
import uuid
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import Engine

from db import survey
from db.engine import make_engine
from db.unit_of_work import SqlUnitOfWork, unit_of_work
from pmcore.domain.sessions import Lifetimes
from wiring.settings import settings


def clock() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return str(uuid.uuid4())


def new_token() -> str:
    """256 random bits, safe in a URL and in a cookie."""
    return secrets.token_urlsafe(32)


@cache
def engine() -> Engine:
    return make_engine(settings().database_url)


def begin() -> AbstractContextManager[SqlUnitOfWork]:
    return unit_of_work(engine())()


def tidy() -> bool:
    """See `db.survey.tidy`."""
    return survey.tidy(engine())


def lifetimes() -> Lifetimes:
    """How long a session lives, unused and at all."""
    return Lifetimes(idle=timedelta(hours=settings().idle_hours), absolute=timedelta(days=settings().session_days))
