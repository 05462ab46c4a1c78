"""The metrics as lines of text, for the command line."""

from collections.abc import Iterator

from pmcore.readmodels.metrics import MetricsView
from pmcore.words import metrics as words


def lines(view: MetricsView) -> Iterator[str]:
    """One for each figure: name, value, n of N, target, verdict."""
    names = {metric: words.name(metric) for metric in view.figures}
    width = max(len(name) for name in names.values())
    for metric, figure in view.figures.items():
        said = (words.main_value(figure).rjust(10), words.counted(figure), words.target(metric), words.verdict(figure))
        yield "  ".join((names[metric].ljust(width), *(part for part in said if part)))
