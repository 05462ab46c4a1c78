"""The command line: who acts where nobody has signed in, and how far what takes long has come."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from db.queries.actor import find_one_of_each, find_user_id
from db.queries.people import find_signed_in
from db.upgrade import require_current
from pmcore.domain.errors import N_, PmError
from wiring import acting, ask, parts


class NobodyThere(PmError):
    """There is no such person, or nobody at all."""


def one_of_each() -> tuple[int, ...]:
    """An active person for each set of roles, the most frequent set first; nobody while nobody has set the app up."""
    return find_one_of_each(parts.engine())


def look_ahead(most: int) -> None:
    """Ask what waits for the people who are signed in: after a start they come back all at once."""
    for user_id in find_signed_in(parts.engine(), now=parts.clock(), idle=parts.lifetimes().idle, most=most):
        with acting.as_user(user_id):
            ask.inbox()


@contextmanager
def as_somebody(username: str = "") -> Iterator[int]:
    """Everything inside is done by this active person, or by the first administrator.

    Raises OutdatedDatabase, NewerDatabase, NobodyThere.
    """
    require_current(parts.engine())
    user_id = find_user_id(parts.engine(), username=username)
    if user_id is None and username:
        raise NobodyThere(N_("Nobody active is called “{username}” here."), username=username)
    if user_id is None:
        raise NobodyThere(N_("There is no administrator yet. Start the app and open the set-up link it prints."))
    with acting.as_user(user_id):
        yield user_id


@contextmanager
def a_bar(words: str = "") -> Iterator[Callable[[int, int], None]]:
    """On the error output, while the block runs; it is told how much is done, and of how much."""
    with typer.progressbar(length=1, file=sys.stderr, label=words) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield progress
