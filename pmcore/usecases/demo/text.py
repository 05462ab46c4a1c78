"""A story's lines as the content of sections."""

import random
from collections.abc import Callable
from typing import Any

from pmcore.domain.sections import FACTS, Content
from pmcore.domain.vocabulary import Language, SectionKey, Severity, TimelineKind
from pmcore.usecases.demo.story import Story, Told

_ALERTING = {TimelineKind.INCIDENT_START: "System", TimelineKind.ALERT: "Alertmanager", TimelineKind.PAGED: "PagerDuty"}
_KINDS = {"+": "went_well", "-": "went_badly", "?": "surprising"}
_BASIS = {
    Language.ENGLISH: "Average basket of the hour, times the requests that did not come back within 30 minutes",
    Language.RUSSIAN: "Средний чек за этот час на число запросов, которые не повторились за 30 минут",
}
_AGAIN = {
    Language.ENGLISH: "Why did it come back?",
    Language.RUSSIAN: "Почему это повторилось?",
}
_NOT_DONE = {
    Language.ENGLISH: (
        "After the first time the guard was added for one service only; {service} was not on the list",
        "What we agreed after the first time covered the known path; this time it came through another one",
    ),
    Language.RUSSIAN: (
        "После первого раза защиту добавили только для одного сервиса, {service} в список не попал",
        "Меры после первого раза закрывали известный путь, а в этот раз сработал другой",
    ),
}


def sections(
    story: Story, told: Told, rng: random.Random, *, new_id: Callable[[], str], stored: dict[SectionKey, Content]
) -> dict[SectionKey, Content]:
    """What the author writes, by section, in the order of writing. `stored`: what the draft came with."""
    whys = _whys(story, told, rng, new_id)
    is_first = told.key.endswith("/1")
    spare = 0 if is_first else 1  # two tellings of one cause do not list the same
    return {
        SectionKey.TIMELINE: {"entries": _entries(stored[SectionKey.TIMELINE], told, story)},
        SectionKey.SUMMARY: {
            **_kept(stored[SectionKey.SUMMARY]), "incident": told.trigger, "root_cause": _of(story.cause, told),
            "resolution": _of(story.solved, told), "prevention": _of(story.prevented, told),
        },
        SectionKey.ROOT_CAUSE: {
            "what_happened": f"{told.trigger}\n\n{_of(story.happened, told).strip()}\n",
            "root_cause": _of(story.cause, told),
            "factors": [{"id": new_id(), "text": _of(text, told)} for text in _some(story.factors, spare, rng)],
            "whys": whys,
        },
        SectionKey.IMPACT: {
            **_kept(stored[SectionKey.IMPACT]), "user_share": str(_share(told, rng)),
            "user_experience": _of(story.saw, told),
            "revenue_basis": _BASIS[story.language] if "unknown" not in told.flags else "",
            "budget_remaining": str(rng.randrange(31, 88)) if told.severity is not Severity.P2 else "",
        },
        SectionKey.RESOLUTION: {"immediate_fix": _of(story.fix, told), "validation": _of(story.check, told)},
        SectionKey.LESSONS: {
            "lessons": [
                {"id": new_id(), "kind": _KINDS[line[0]], "text": _of(line[1:].strip(), told)}
                for line in _some(story.lessons, spare, rng)
            ]
        },
        SectionKey.PREVENTION: {
            "measures": [
                {"id": new_id(), "horizon": line.split()[0], "text": _of(line.partition(" ")[2], told)}
                for line in story.measures
            ]
        },
    }  # fmt: skip


def _of(text: str, told: Told) -> str:
    return text.replace("{service}", told.service).replace("{minutes}", str(told.minutes))


def _kept(content: Content) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != FACTS}


def _some(lines: tuple[str, ...], spare: int, rng: random.Random) -> list[str]:
    """All but a few, in their order."""
    left_out = set(rng.sample(range(len(lines)), spare)) if len(lines) > spare + 1 else set()
    return [line for place, line in enumerate(lines) if place not in left_out]


def _share(told: Told, rng: random.Random) -> int:
    return {Severity.P0: rng.randrange(18, 64), Severity.P1: rng.randrange(3, 17), Severity.P2: rng.randrange(1, 4)}[
        told.severity
    ]


def _entries(stored: Content, told: Told, story: Story) -> list[dict[str, str]]:
    """The rows that the draft came with; those that a machine noted get its name, the start what people saw."""
    rows = []
    for row in stored["entries"]:
        kind = TimelineKind(row["kind"])
        event = told.trigger if kind is TimelineKind.INCIDENT_START else row["event"]
        rows.append({**row, "event": event, "actor": _ALERTING.get(kind, row["actor"])})
    return rows


def _whys(story: Story, told: Told, rng: random.Random, new_id: Callable[[], str]) -> list[dict[str, str]]:
    """The indented lines as rows, each naming the row above it."""
    rows: list[dict[str, str]] = []
    above: list[str] = []
    for line in story.whys:
        depth = (len(line) - len(line.lstrip())) // 2
        question, answer = (part.strip() for part in line.split(" | "))
        answer, _arrow, action = (part.strip() for part in answer.partition(" -> "))
        answer, _bar, stop = (part.strip() for part in answer.partition(" =| "))
        row_id = new_id()
        above[depth:] = [row_id]
        rows.append(
            {
                "id": row_id, "parent": above[depth - 1] if depth else "", "question": _of(question, told),
                "answer": _of(answer, told), "stop_because": stop, "action": action,
            }
        )  # fmt: skip
    if not told.key.endswith("/1"):
        again = _of(rng.choice(_NOT_DONE[story.language]), told)
        rows.append(
            {
                "id": new_id(), "parent": rows[0]["id"], "question": _AGAIN[story.language], "answer": again,
                "stop_because": "", "action": "1",
            }
        )  # fmt: skip
    return rows
