"""Times on a page: relative in the text, exact with the zone on hover."""

from datetime import datetime

import streamlit as st

from pmcore.words import times
from wiring import parts

moment = times.moment
day = times.day
day_of = times.day_of
duration = times.duration
minutes = times.minutes


def ago(at: datetime | None) -> str:
    """ "3 hours ago"; a dash for an unknown time."""
    return "–" if at is None else times.relative(at, parts.clock())


def exact(at: datetime | None) -> str | None:
    """For hovering over a relative time, in the workspace's zone; None for an unknown time."""
    return None if at is None else times.moment(at, st.session_state.get("zone", "UTC"))


def left(due_at: datetime) -> str:
    """ "31 h left" or "2 h over"."""
    return times.time_left(due_at, parts.clock())
