"""What is pictured: pages of the demo year, each seen by somebody to whom it has something to say."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import IncidentRow, PostmortemRow, UserRow
from pmcore.domain.survey import CannotOpenRound
from pmcore.domain.vocabulary import Language
from pmcore.usecases.account import ChangeProfile
from pmcore.usecases.demo import story
from pmcore.usecases.demo.fill import FillWithDemo
from pmcore.usecases.survey import OpenSurvey
from wiring import acting, parts, run

PASSWORD = f"pictured-{random.randrange(10**8)}"
SECTIONS = (
    "summary", "details", "timeline", "root_cause", "impact", "resolution", "action_items", "lessons", "prevention",
    "references", "sign_off",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One page as one person sees it."""

    name: str  #: of the picture
    username: str  #: "" for nobody's
    address: str
    tab: int = 0  #: which one is opened first, counted from 0


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """Which stories stand for what, in one language."""

    author: str
    lead: str
    manager: str
    half: str
    writing: str  #: everything is written
    ready: str
    returned: str
    published: str
    amended: str  #: in its second edition
    ongoing: str  #: title of an incident
    dry_run: str  #: about which colleagues are asked
    meets: str  #: whose meeting is still to come
    repeats: str  #: an earlier one, which nobody has decided
    came_back: str  #: title of what repeated it


_SHOWN = {
    Language.ENGLISH: _Shown(
        author="anna", lead="tamara", manager="maria", half="cron-timezone/3", writing="memory-leak-release/2",
        ready="clock-and-tokens/2", returned="secret-in-log/2", published="cache-stampede/1",
        amended="feature-flag-default/2", ongoing="checkout: vouchers refused for some customers",
        dry_run="gameday-region/1", meets="clock-and-tokens/2", repeats="load-balancer-health/2",
        came_back="notifications: messages late again, one pod restarting",
    ),
    Language.RUSSIAN: _Shown(
        author="ivan", lead="artem", manager="pavel", half="ru-gameday/2", writing="ru-cache-key/2",
        ready="ru-slow-query/2", returned="ru-network-mtu/2", published="ru-pool/2", amended="ru-rollback/2",
        ongoing="email-service: письма с подтверждением не уходят",
        dry_run="ru-gameday/1", meets="ru-slow-query/2", repeats="ru-kafka-disk/2",
        came_back="reports: отчёты не открывались у филиалов",
    ),
}  # fmt: skip


def tell() -> None:
    """Fill the database that the app is wired to."""
    run(FillWithDemo(password=PASSWORD))
    with acting.as_user(people()["ada"]), suppress(CannotOpenRound):  # the calendar has opened it
        run(OpenSurvey())


def translate(language: Language) -> None:
    """Everybody speaks the language from now on."""
    with Session(parts.engine()) as session:
        people = [(one.id, one.name) for one in session.scalars(select(UserRow)) if one.active]
    for user_id, name in people:
        with acting.as_user(user_id):
            run(ChangeProfile(name=name, language=language))


def copied(database: Path, to: Path) -> Path:
    """The same year once more, in a file of its own."""
    with sqlite3.connect(database) as source, sqlite3.connect(to) as target:
        source.backup(target)
    return to


def people() -> dict[str, int]:
    """Ids by username."""
    with Session(parts.engine()) as session:
        return {one.username: one.id for one in session.scalars(select(UserRow))}


def scenes(language: Language) -> tuple[Scene, ...]:
    return tuple(_scenes(_SHOWN[language], _Places()))


class _Places:
    """Where the stories stand in this database."""

    def __init__(self) -> None:
        self._titles = {told.key: told for each in story.stories() for told in each.told}
        with Session(parts.engine()) as session:
            found = session.execute(
                select(IncidentRow.title, IncidentRow.id, PostmortemRow.id).outerjoin(
                    PostmortemRow, PostmortemRow.incident_id == IncidentRow.id
                )
            ).all()
        self._ids = {title: (incident_id, postmortem_id) for title, incident_id, postmortem_id in found}

    def incident(self, title: str) -> int:
        return self._ids[title][0]

    def postmortem(self, key: str) -> int:
        return self._ids[self._titles[key].title][1]

    def author(self, key: str) -> str:
        return self._titles[key].author


def _scenes(shown: _Shown, at: _Places) -> Iterator[Scene]:
    yield Scene(name="login", username="", address="/login")
    for who in ("author", "lead", "manager"):
        yield Scene(name=f"home-{who}", username=getattr(shown, who), address="/")
    for who, username in (("cto", "oleg"), ("administrator", "ada"), ("viewer", "vera")):
        yield Scene(name=f"home-{who}", username=username, address="/")
    yield Scene(name="report", username=shown.author, address="/report")
    yield Scene(name="log", username=shown.author, address=f"/log?id={at.incident(shown.ongoing)}")
    yield Scene(name="incidents", username=shown.manager, address="/incidents")
    yield Scene(name="tracker", username=shown.manager, address="/tracker")
    yield Scene(name="actions", username=shown.author, address="/actions")
    yield Scene(name="actions-manager", username=shown.manager, address="/actions")
    yield Scene(name="metrics", username=shown.manager, address="/metrics")
    yield Scene(name="metrics-rows", username=shown.manager, address="/metrics?metric=actions_done")
    yield Scene(name="metrics-report", username=shown.manager, address="/print/metrics")
    for section in SECTIONS:
        address = f"/write?id={at.postmortem(shown.writing)}&section={section}"
        yield Scene(name=f"write-{section.replace('_', '-')}", username=at.author(shown.writing), address=address)
    yield Scene(name="write-half", username=at.author(shown.half), address=f"/write?id={at.postmortem(shown.half)}")
    yield Scene(
        name="write-returned", username=at.author(shown.returned),
        address=f"/write?id={at.postmortem(shown.returned)}&section=timeline",
    )  # fmt: skip
    yield Scene(name="read", username=shown.manager, address=f"/read?id={at.postmortem(shown.published)}")
    yield Scene(name="read-to-sign", username=shown.manager, address=f"/read?id={at.postmortem(shown.ready)}")
    yield Scene(name="read-second-edition", username="vera", address=f"/read?id={at.postmortem(shown.amended)}")
    repeats = at.postmortem(shown.repeats)
    yield Scene(name="repetition-read", username=shown.lead, address=f"/read?id={repeats}")
    yield Scene(name="repetition-one-page", username=shown.lead, address=f"/print/{repeats}?one-page")
    yield Scene(name="repetition-write", username=at.author(shown.repeats), address=f"/write?id={repeats}")
    for page, parameter in (("log", "id"), ("report", "reported"), ("incidents", "open")):
        address = f"/{page}?{parameter}={at.incident(shown.came_back)}"
        yield Scene(name=f"repetition-{page}", username=shown.lead, address=address)
    for name, about, username in (
        ("meeting", shown.published, shown.lead), ("meeting-ahead", shown.meets, at.author(shown.meets)),
        ("meeting-none", shown.half, at.author(shown.half)),
    ):  # fmt: skip
        yield Scene(name=name, username=username, address=f"/meeting?id={at.postmortem(about)}")
    dry_run = at.postmortem(shown.dry_run)
    yield Scene(name="feedback", username=shown.lead, address=f"/feedback?id={dry_run}")
    yield Scene(name="read-dry-run", username=at.author(shown.dry_run), address=f"/read?id={dry_run}")
    yield Scene(name="print", username=shown.manager, address=f"/print/{at.postmortem(shown.published)}")
    for view in ("history", "preview"):
        address = f"/write?id={at.postmortem(shown.writing)}&section=timeline&view={view}"
        yield Scene(name=f"write-{view}", username=at.author(shown.writing), address=address)
    yield Scene(name="one-page", username=shown.manager, address=f"/print/{at.postmortem(shown.published)}?one-page")
    yield Scene(name="survey", username=shown.manager, address="/survey")
    yield Scene(name="process", username=shown.manager, address="/process")
    for part, username in (("checklist", shown.manager), ("template", shown.author)):
        yield Scene(name=f"process-{part}", username=username, address=f"/process?part={part}")
    for number, tab in enumerate(("people", "workspace", "services", "policy")):
        yield Scene(name=f"settings-{tab}", username="ada", address="/settings", tab=number)
    yield Scene(name="settings-manager", username=shown.manager, address="/settings")
    yield Scene(name="account", username=shown.author, address="/account")
