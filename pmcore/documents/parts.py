"""The body of each section, as blocks. Sub-headings and labels are the mission's."""

from collections.abc import Callable, Iterator

from pmcore.documents import again, facts, figures, promises
from pmcore.documents.blocks import Block, Bullets, Heading, Lines, Note, Pair, Points, Whys
from pmcore.documents.source import Source
from pmcore.documents.whys import forest
from pmcore.domain.impact import confirmed
from pmcore.domain.sections import BY_KEY, FOR_EXECUTIVES, FieldKind
from pmcore.domain.vocabulary import Horizon, LessonKind, SectionKey
from pmcore.words import label


def _summary(source: Source) -> Iterator[Block]:
    key = SectionKey.SUMMARY
    yield Lines(pairs=tuple(source.pair(key, asked.key) for asked in BY_KEY[key].fields if not asked.optional))
    for_executives = tuple(pair for pair in _for_executives(source) if pair.value.strip())
    if for_executives:
        yield Lines(pairs=for_executives)


def _for_executives(source: Source) -> Iterator[Pair]:
    """What the template lacks, in the order in which a reader asks; the figures that are sure come last."""
    key = SectionKey.SUMMARY
    for asked in FOR_EXECUTIVES:
        if asked.kind is not FieldKind.ROWS:
            yield source.pair(key, asked.key)
    sure = ", ".join(label(figure) for figure in confirmed(source.rows(key, "confirmed")))
    yield Pair(label=BY_KEY[key].field("confirmed").heading, value=sure)


def _root_cause(source: Source) -> Iterator[Block]:
    key = SectionKey.ROOT_CAUSE
    yield Heading(text="What Happened?")
    yield source.prose(key, "what_happened")
    yield Heading(text="5 Whys Analysis")
    yield Whys(roots=forest(source.rows(key, "whys")), hint=BY_KEY[key].field("whys").hint)
    yield Lines(pairs=(source.pair(key, "root_cause"),))
    yield Heading(text="Contributing Factors")
    yield _points(source, key, "factors")


def _points(source: Source, key: SectionKey, name: str) -> Points:
    lines = tuple(row.get("text", "") for row in source.rows(key, name))
    return Points(lines=lines, hint=BY_KEY[key].field(name).hint)


def _resolution(source: Source) -> Iterator[Block]:
    yield Heading(text="Immediate Fix (Applied during incident)")
    yield source.prose(SectionKey.RESOLUTION, "immediate_fix")
    yield Heading(text="Validation")
    yield source.prose(SectionKey.RESOLUTION, "validation")


_LESSONS = {
    LessonKind.WENT_WELL: "What Went Well ✅",
    LessonKind.WENT_BADLY: "What Didn't Go Well ❌",
    LessonKind.SURPRISING: "Surprising Findings 🤔",
}
_MEASURES = {
    Horizon.IMMEDIATE: ("Immediate (Already Implemented)", "✅"),
    Horizon.SHORT_TERM: ("Short-term (This Sprint)", ""),
    Horizon.LONG_TERM: ("Long-term (Next Quarter)", ""),
}


def _lessons(source: Source) -> Iterator[Block]:
    lessons = source.rows(SectionKey.LESSONS, "lessons")
    for kind, heading in _LESSONS.items():
        yield Heading(text=heading)
        lines = tuple(row.get("text", "") for row in lessons if row.get("kind") == kind.value)
        yield Points(lines=lines, hint="One lesson a line")


def _prevention(source: Source) -> Iterator[Block]:
    measures = source.rows(SectionKey.PREVENTION, "measures")
    for horizon, (heading, mark) in _MEASURES.items():
        yield Heading(text=heading)
        lines = tuple(row.get("text", "") for row in measures if row.get("horizon") == horizon.value)
        yield Points(lines=lines, mark=mark, hint="One measure a line")


def _references(source: Source) -> Iterator[Block]:
    key = SectionKey.REFERENCES
    known = source.facts(key)
    related = ", ".join(
        facts.joined(row.get("public_id", ""), f"({row['text']})" if row.get("text") else "")
        for row in source.rows(key, "related")
    )
    pairs = [
        Pair(label="Incident", value=known.get("pagerduty_url", ""), hint="Link to the incident"),
        Pair(label="Grafana Dashboard", value=known.get("grafana_url", ""), hint="Link to the dashboard"),
        Pair(label="Prometheus Alerts", value=known.get("prometheus_url", ""), hint="Link to the alerts"),
        Pair(label="Related Incidents", value=related, hint="P0-XXX (what they share)"),
    ]
    links = [facts.joined(row.get("label", ""), row.get("url", ""), by=": ") for row in source.rows(key, "links")]
    yield Bullets(pairs=tuple(pairs))
    if source.repetitions:
        yield Note(text="Did it happen before?")
        yield Points(lines=again.lines(source.repetitions))
    if links:
        yield Points(lines=tuple(links))


PARTS: dict[SectionKey, Callable[[Source], Iterator[Block]]] = {
    SectionKey.SUMMARY: _summary,
    SectionKey.DETAILS: figures.details,
    SectionKey.TIMELINE: figures.timeline,
    SectionKey.ROOT_CAUSE: _root_cause,
    SectionKey.IMPACT: figures.impact,
    SectionKey.RESOLUTION: _resolution,
    SectionKey.ACTION_ITEMS: promises.action_items,
    SectionKey.LESSONS: _lessons,
    SectionKey.PREVENTION: _prevention,
    SectionKey.REFERENCES: _references,
    SectionKey.SIGN_OFF: promises.sign_off,
}
