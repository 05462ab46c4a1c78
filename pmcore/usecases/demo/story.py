"""The stories as they stand in `stories/*.toml`, read into dataclasses.

A file holds several `[[story]]`: a cause, told as a post-mortem tells it, and under `told` each time that it happened.
Lists are written as lines. `docs/adr/0025-a-demo-year-told-by-commands.md` says why.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pmcore.domain.vocabulary import Language, SectionKey, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One time that a story happened: `days severity minutes fate author service flag... | title | what people saw`."""

    key: str  #: "expired-client-certificate/1"
    days: float  #: before now
    severity: Severity
    minutes: int
    fate: str  #: how far the post-mortem has come, see `writing`
    author: str
    service: str
    flags: frozenset[str]
    title: str
    trigger: str

    def flagged(self, name: str) -> str:
        """What follows the colon of a flag "name:value"; "" without one."""
        return next((flag.partition(":")[2] for flag in sorted(self.flags) if flag.startswith(f"{name}:")), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    key: str
    language: Language
    told: tuple[Told, ...]
    alert: str
    saw: str
    cause: str
    solved: str
    prevented: str
    happened: str
    fix: str
    check: str
    timeline: tuple[str, ...]  #: "id text", "fix text", "recovered text", "note text"
    whys: tuple[str, ...]  #: indented by depth: "question | answer -> item", "question | answer =| stop because"
    factors: tuple[str, ...]
    items: tuple[str, ...]  #: "priority kind title | criterion"
    lessons: tuple[str, ...]  #: "+ went well", "- went badly", "? surprising"
    measures: tuple[str, ...]  #: "horizon text"
    later: str  #: "what the second edition changes | what was found out later"; may be empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """An incident without a document: `days severity minutes by service outcome | title | reason`."""

    days: float
    severity: Severity
    minutes: int  #: 0: still going on
    by: str
    service: str
    outcome: str
    title: str
    reason: str
    log: tuple[str, ...]  #: of one that is going on: "minutes-ago line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A thread of comments."""

    about: str  #: the key of what was told
    section: SectionKey
    lines: tuple[tuple[str, str], ...]  #: (who, what they say); the first begins the thread
    resolved_by: str  #: "" when it is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file beside a section: `about section name | caption`."""

    about: str  #: the key of what was told
    section: SectionKey
    name: str  #: in `stories/files`
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Whether what is told repeats what was told before; keys, or titles of incidents without a document."""

    confirmed: Mapping[str, str]  #: with what was noted
    refused: Mapping[str, str]  #: with the reason
    undecided: frozenset[str]


def stories() -> tuple[Story, ...]:
    """Every story of every file, in the order of the files' names."""
    return tuple(_story(raw) for name in _names() for raw in _read(name).get("story", ()))


def smalls() -> tuple[Small, ...]:
    return tuple(_small(raw) for name in _names() for raw in _small_lines(_read(name)))


@cache
def talks() -> tuple[Talk, ...]:
    return tuple(_talk(raw) for name in _names() for raw in _read(name).get("talk", ()))


@cache
def attached() -> tuple[Attached, ...]:
    found = []
    for line in _lines(_read("97_files.toml")["files"]):
        place, caption = line.split(" | ")
        about, section, name = place.split()
        found.append(Attached(about=about, section=SectionKey(section), name=name, caption=caption))
    return tuple(found)


@cache
def decisions() -> Decisions:
    raw = _read("96_repetitions.toml")
    confirmed, refused = (
        {about.strip(): said.strip() for about, _bar, said in (line.partition("|") for line in _lines(raw[name]))}
        for name in ("confirmed", "refused")
    )
    return Decisions(confirmed=confirmed, refused=refused, undecided=frozenset(_lines(raw["undecided"])))


def old_tracker() -> tuple[str, ...]:
    """Rows of the tracker that was kept before: cells between bars."""
    return _lines(_read("00_tracker.toml")["rows"])


def _names() -> list[str]:
    return sorted(path.name for path in _home().iterdir() if path.name.endswith(".toml"))


def _home() -> Any:
    return files("pmcore.usecases.demo").joinpath("stories")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(_home().joinpath(name).read_text("utf-8"))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in text.splitlines() if line.strip())


def _story(raw: dict[str, Any]) -> Story:
    lists: dict[str, Any] = {
        name: _lines(raw[name]) for name in ("timeline", "whys", "factors", "items", "lessons", "measures")
    }  # fmt: skip
    texts: dict[str, Any] = {
        name: raw[name] for name in ("alert", "saw", "cause", "solved", "prevented", "happened", "fix", "check")
    }
    told = tuple(_told(f"{raw['key']}/{place}", line) for place, line in enumerate(_lines(raw["told"]), start=1))
    return Story(
        key=raw["key"], language=Language(raw["language"]), told=told, later=raw.get("later", ""), **lists, **texts
    )


def _told(key: str, line: str) -> Told:
    facts, title, trigger = (part.strip() for part in line.split(" | "))
    days, severity, minutes, fate, author, service, *flags = facts.split()
    return Told(
        key=key, days=float(days), severity=Severity(severity), minutes=int(minutes), fate=fate, author=author,
        service=service, flags=frozenset(flags), title=title, trigger=trigger.replace("{service}", service),
    )  # fmt: skip


def _talk(raw: dict[str, Any]) -> Talk:
    lines = (line.split(" | ", 1) for line in _lines(raw["lines"]))
    return Talk(
        about=raw["about"], section=SectionKey(raw["section"]), lines=tuple((who, text) for who, text in lines),
        resolved_by=raw.get("resolved", ""),
    )  # fmt: skip


def _small_lines(raw: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in _lines(raw.get("incidents", "")):
        yield line, ()
    for going_on in raw.get("ongoing", ()):
        yield going_on["incident"], _lines(going_on["log"])


def _small(raw: tuple[str, tuple[str, ...]]) -> Small:
    line, log = raw
    facts, title, *reason = (part.strip() for part in line.split(" | "))
    days, severity, minutes, by, service, outcome = facts.split()
    return Small(
        days=float(days), severity=Severity(severity), minutes=int(minutes), by=by, service=service, outcome=outcome,
        title=title, reason=reason[0] if reason else "", log=log,
    )  # fmt: skip
