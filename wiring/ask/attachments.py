"""Questions about files."""

from db.queries import attachments as query
from pmcore.readmodels.attachments import FileView
from wiring import acting, parts


def file(file_id: int) -> FileView:
    """Raises NotFound."""
    return query.file(parts.engine(), actor=acting.actor(), file_id=file_id)


def file_data(file_id: int) -> bytes:
    """Raises NotFound."""
    return query.file_data(parts.engine(), actor=acting.actor(), file_id=file_id)
