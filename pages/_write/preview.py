"""The whole document as readers will see it."""

from pages._ui import document
from wiring import ask


def show(postmortem_id: int) -> None:
    document.show(ask.document(postmortem_id))
