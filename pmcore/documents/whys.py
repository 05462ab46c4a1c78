"""The whys of a section as a forest. A why whose question was deleted becomes a root; a circle is cut."""

from collections.abc import Iterable, Mapping
from typing import Any

from pmcore.documents.blocks import Why
from pmcore.domain import root_cause


def forest(rows: Iterable[Mapping[str, Any]]) -> tuple[Why, ...]:
    """In the order of the rows."""
    by_id = {str(row["id"]): row for row in rows}
    questions = root_cause.tree(root_cause.read(by_id.values()))
    numbers = {answer.why.id: question.number for question, answer in root_cause.answers(questions)}
    children: dict[str, list[str]] = {}
    for key, row in by_id.items():
        parent = str(row.get("parent") or "")
        if parent in by_id and not _leads_to(by_id, start=parent, goal=key):
            children.setdefault(parent, []).append(key)
        else:
            children.setdefault("", []).append(key)
    return tuple(_why(key, by_id, children, numbers) for key in children.get("", ()))


def _leads_to(by_id: Mapping[str, Mapping[str, Any]], *, start: str, goal: str) -> bool:
    """Whether going up from `start` comes by `goal`: then hanging `goal` under it would lose both."""
    seen: set[str] = set()
    while start and start not in seen:
        if start == goal:
            return True
        seen.add(start)
        start = str((by_id.get(start) or {}).get("parent") or "")
    return False


def _why(
    key: str, by_id: Mapping[str, Mapping[str, Any]], children: Mapping[str, list[str]], numbers: Mapping[str, str],
    asked: str = "",
) -> Why:  # fmt: skip
    """`asked` is the question of the answer beside it, which a blank one shares."""
    row = by_id[key]
    action = str(row.get("action") or "")
    below: list[Why] = []
    for child in children.get(key, ()):
        below.append(_why(child, by_id, children, numbers, below[-1].question if below else ""))
    return Why(
        number=numbers.get(key, ""),
        question=str(row.get("question") or "") or asked,
        answer=str(row.get("answer") or ""),
        stop=str(row.get("stop_because") or ""),
        action=f"AI-{action}" if action.isdigit() else action,
        children=tuple(below),
    )
