"""Questions of the tracker."""

from collections.abc import Iterator

from db.queries import tracker as query
from db.queries import tracker_figures as figures_query
from db.queries import tracker_sheets as sheets
from pmcore.readmodels.tracker import ItemLine, TrackerFigures, TrackerFilter, TrackerPage, TrackerRow
from wiring import acting, parts


def tracker(filter: TrackerFilter, number: int = 1) -> TrackerPage:
    """A page of the matching post-mortems."""
    return query.tracker(parts.engine(), actor=acting.actor(), filter=filter, number=number)


def tracker_authors() -> tuple[tuple[int, str], ...]:
    """Everybody who wrote a post-mortem: (id, name)."""
    return query.authors(parts.engine(), actor=acting.actor())


def tracker_figures() -> TrackerFigures:
    return figures_query.figures(parts.engine(), actor=acting.actor(), now=parts.clock())


def tracker_stream(filter: TrackerFilter) -> Iterator[TrackerRow]:
    """All of them, in batches, for a sheet."""
    return sheets.tracker_stream(parts.engine(), actor=acting.actor(), filter=filter)


def item_stream(filter: TrackerFilter) -> Iterator[ItemLine]:
    return sheets.item_stream(parts.engine(), actor=acting.actor(), filter=filter)
