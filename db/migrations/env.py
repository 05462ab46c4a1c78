"""Run by Alembic: from `db.upgrade` with a connection in hand, from its command line with DATABASE_URL."""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection

from db.engine import make_engine
from db.models import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,  # on SQLite too: `db.engine` begins transactions itself
        user_module_prefix="types.",
        process_revision_directives=number,
    )
    with context.begin_transaction():
        context.run_migrations()


def number(migration: Any, _revision: Any, directives: list[Any]) -> None:
    """Revisions are numbered, so that their files stand in order: 0001, 0002, ..."""
    head = context.script.get_current_head()
    directives[0].rev_id = f"{int(head or 0) + 1:04}"


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(os.environ["DATABASE_URL"]).execution_options(writes=True).begin() as opened:
        run(opened)
