"""Exports of tracker, survey and metrics: what the query finds, written by the document modules. Also a program.

`python -m wiring.exporting` reads one order as JSON from its input and writes one file, so that a large export takes
the processor from nobody's page. It answers in JSON: `{}`, or `{"refused": "sentence"}`.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pmcore.documents import csv, metrics_xlsx, survey_file, xlsx
from pmcore.documents.metrics_about import about as about_metrics
from pmcore.documents.metrics_about import filter_words as metrics_filter_words
from pmcore.documents.metrics_sheet import MetricsSheet
from pmcore.documents.tracker_sheet import Sheet, about, filter_words, import_guide
from pmcore.domain.errors import N_, PmError
from pmcore.domain.permissions import Right, require
from pmcore.readmodels.metrics import MetricsFilter
from pmcore.readmodels.tracker import TrackerFilter
from pmcore.words import say, speaking
from wiring import acting, ask, parts
from wiring.settings import settings

FORMATS = ("xlsx", "csv")


class UnknownFormat(PmError):
    """A file name ends in something that cannot be written."""

    def __init__(self) -> None:
        super().__init__(N_("The file can be written as .xlsx or as .csv. Choose one of these endings."))


class CannotWrite(PmError):
    """The file's folder is not there, not ours, or full."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(N_("The file {path} cannot be written: {reason}."), path=path, reason=error.strerror)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One file that somebody asks for."""

    user_id: int
    kind: str  #: "tracker", "survey", "metrics" or "template"
    format: str  #: "xlsx" or "csv"
    params: Mapping[str, str]  #: of the filter
    path: str
    address: str  #: of this app, for links
    language: str = "en"  #: for a refusal; the file speaks the person's own

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def file_name(kind: str, format: str) -> str:
    """ "post-mortem-tracker-2025-12-14.xlsx", by the day in UTC."""
    if kind == "template":
        return f"tracker-import-template.{format}"
    if kind == "survey":
        return f"survey-{parts.clock().date().isoformat()}.{format}"
    name = "post-mortem-metrics" if kind == "metrics" else "post-mortem-tracker"
    return f"{name}-{parts.clock().date().isoformat()}.{format}"


def write_tracker(filter: TrackerFilter, path: Path, *, format: str, address: str = "") -> int:
    """Write what the acting person may see; returns the number of post-mortems.

    Raises Forbidden, UnknownFormat, CannotWrite.
    """
    if format not in FORMATS:
        raise UnknownFormat
    actor = acting.actor()
    with speaking(actor.language):
        workspace = ask.workspace()
        service = author = ""
        if filter.service_id is not None:
            service = next((s.name for s in ask.services(retired=True) if s.id == filter.service_id), "")
        if filter.author_id is not None:
            author = next((name for user_id, name in ask.tracker_authors() if user_id == filter.author_id), "")
        sheet = Sheet(
            rows=ask.tracker_stream(filter),
            items=lambda: ask.item_stream(filter),
            about=about(
                workspace=workspace.name,
                person=actor.name,
                at=parts.clock(),
                zone=workspace.zone,
                filter=filter_words(filter, service=service, author=author),
            ),
            address=address or settings().public_url,
        )
        try:
            return xlsx.write(sheet, path) if format == "xlsx" else csv.write(sheet, path)
        except OSError as error:
            raise CannotWrite(path, error) from error


def write_survey(path: Path, *, format: str) -> int:
    """Write what the page tells the acting person of closed rounds; returns their number.

    Raises Forbidden, UnknownFormat, CannotWrite.
    """
    if format not in FORMATS:
        raise UnknownFormat
    actor = acting.actor()
    require(actor, Right.EXPORT)
    with speaking(actor.language):
        view = ask.survey()
        told = {one.quarter: ask.survey_remarks(one.quarter) for one in view.past if view.may_read_remarks}
        about = survey_file.about(workspace=ask.workspace().name, at=parts.clock(), zone=actor.zone)
        try:
            if format == "xlsx":
                survey_file.write_xlsx(view.past, told, about, path)
            else:
                survey_file.write_csv(view.past, path)
        except OSError as error:
            raise CannotWrite(path, error) from error
    return len(view.past)


def write_template(path: Path, *, format: str) -> None:
    """An empty file with the header that the import expects."""
    if format not in FORMATS:
        raise UnknownFormat
    with speaking(acting.actor().language):
        if format == "xlsx":
            xlsx.write_template(path, import_guide())
        else:
            csv.write_template(path)


def write_metrics(filter: MetricsFilter, path: Path, *, address: str = "") -> int:
    """Figures as formulas over the rows that the acting person may see; returns the number of rows.

    Raises Forbidden, CannotWrite.
    """
    actor = acting.actor()
    with speaking(actor.language):
        service = next((one.name for one in ask.services(retired=True) if one.id == filter.service_id), "")
        sheet = MetricsSheet(
            view=ask.metrics(filter),
            rows=lambda metric: ask.metric_stream(filter, metric),
            about=about_metrics(
                workspace=ask.workspace().name, person=actor.name, at=parts.clock(), zone=actor.zone,
                filter=metrics_filter_words(filter, service=service),
            ),
            address=address or settings().public_url,
        )  # fmt: skip
        try:
            return metrics_xlsx.write(sheet, path)
        except OSError as error:
            raise CannotWrite(path, error) from error


def fulfil(order: Order) -> None:
    """Raises PmError."""
    with acting.as_user(order.user_id):
        if order.kind == "metrics":
            filter = MetricsFilter.of(order.params, today=ask.metrics_today())
            write_metrics(filter, Path(order.path), address=order.address)
        elif order.kind == "template":
            write_template(Path(order.path), format=order.format)
        elif order.kind == "survey":
            write_survey(Path(order.path), format=order.format)
        else:
            write_tracker(TrackerFilter.of(order.params), Path(order.path), format=order.format, address=order.address)


def main() -> None:
    os.nice(5)  # people who wait for a page go first
    order = Order(**json.load(sys.stdin))
    answer = {}
    with speaking(order.language):
        try:
            fulfil(order)
        except PmError as refusal:
            answer = {"refused": say(refusal)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
