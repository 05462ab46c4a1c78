"""What a section stores, in the reader's words: moments, kinds and whose answer a why asks about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pmcore.domain.vocabulary import Horizon, LessonKind, TimelineKind
from pmcore.words import label, times


def in_words(content: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """The same content to be read and compared, never to be saved."""
    return {key: _said(value, zone) for key, value in content.items()}


def _said(value: Any, zone: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _said(each, zone) for key, each in value.items()}
    if isinstance(value, list | tuple):
        questions = {row["id"]: row.get("question") for row in value if isinstance(row, Mapping) and "id" in row}
        return [_row(row, questions, zone) if isinstance(row, Mapping) else _said(row, zone) for row in value]
    return _moment(value, zone) if isinstance(value, str) else value


def _row(row: Mapping[str, Any], questions: Mapping[str, Any], zone: str) -> dict[str, Any]:
    said = {key: _said(value, zone) for key, value in row.items()}
    for key in ("kind", "horizon"):
        said[key] = _kind(str(row.get(key) or ""))
    if row.get("parent"):
        said["parent"] = f"↳ {questions.get(row['parent']) or '?'}"
    return said


def _kind(stored: str) -> str:
    for kinds in (TimelineKind, LessonKind, Horizon):
        if stored in set(kinds):
            return label(kinds(stored))
    return stored


def _moment(stored: str, zone: str) -> str:
    if len(stored) < 16 or stored[4:5] != "-" or stored[10:11] != "T":
        return stored
    try:
        return times.moment(datetime.fromisoformat(stored), zone, seconds=True)
    except ValueError:
        return stored
