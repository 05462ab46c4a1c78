"""Import of an old tracker from a file on disk, for the command line."""

from pathlib import Path

from pmcore.documents.tracker_file import read
from pmcore.documents.tracker_line import TrackerFileRefused
from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.old_tracker import CellProblem
from pmcore.domain.permissions import Right, require
from pmcore.usecases.import_tracker import ImportTracker, PreviewImport
from pmcore.words import say
from wiring import acting, run


class BadCell(PmError):
    """A cell's problem with its place, in one line."""


def import_tracker(path: Path, *, store: bool = True) -> int:
    """Check the whole file, then store every row, or, for `store=False`, nothing; returns the number of rows.

    Raises Forbidden, TrackerFileRefused, Refusals with every problem and its place.
    """
    require(acting.actor(), Right.IMPORT)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TrackerFileRefused(
            N_("The file {path} cannot be read: {reason}."), path=path, reason=error.strerror
        ) from error
    old = read(data, name=path.name)
    found = run(PreviewImport(rows=old.rows))
    if problems := (*old.problems, *found.problems):
        raise Refusals(tuple(_placed(problem) for problem in problems))
    return run(ImportTracker(rows=old.rows)) if store else found.count


def _placed(problem: CellProblem) -> BadCell:
    return BadCell(N_("Row {row}, {column}: {problem}"), row=problem.row, column=problem.heading, problem=say(problem))
