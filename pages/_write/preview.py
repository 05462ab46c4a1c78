"""The whole document as readers will see it."""

from pages._ui import document
from pmcore.readmodels.reading import ReviewView
from pmcore.readmodels.recurrence import RecurrenceView
from pmcore.readmodels.writing import WritingView
from wiring import ask


def show(postmortem: WritingView, review: ReviewView, repetitions: tuple[RecurrenceView, ...]) -> None:
    whole = ask.preview(postmortem, review, repetitions)
    if whole is not None:
        document.show(whole)
