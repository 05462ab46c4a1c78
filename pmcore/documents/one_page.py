"""A post-mortem on one page, for somebody who decides rather than repairs. Roles stand in the place of names, always.

Made from the JSON of an edition or of the working copy, as the document is (`outline`). Labels are English, whatever
the reader's language. Every text has room for so many characters; what is longer ends in an ellipsis, and `is_cut`
says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pmcore.documents import again, facts, figures, milestones
from pmcore.documents.blocks import Pair
from pmcore.documents.brief import Room
from pmcore.documents.milestones import Milestone
from pmcore.documents.persons import Persons
from pmcore.documents.source import Source
from pmcore.domain.impact import certainty, confirmed
from pmcore.domain.vocabulary import (
    ActionPriority,
    ActionState,
    Certainty,
    DetectionMethod,
    Horizon,
    ImpactFigure,
    SectionKey,
    SignRole,
)
from pmcore.readmodels.recurrence import RecurrenceView
from pmcore.words import label, speaking

NOT_SAID = "Not said"
NO_DECISION = "None"
COMMITMENTS, FACTORS = 3, 2  #: the most that are shown
_TITLE, _SHORT, _LINE, _TWO_LINES = 110, 60, 85, 190  #: room, in characters of usual width


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    label: str
    value: str  #: in words; of an unknown one why, or empty
    certainty: Certainty
    sure: str  #: the certainty in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    number: str  #: "AI-1"
    title: str
    role: str  #: of its owner; empty: nobody's
    due: str  #: "2025-12-21"; empty: no day was agreed
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePage:
    """Ready to render; every text is a person's and has to be escaped."""

    title: str
    header: tuple[Pair, ...]
    experience: str
    figures: tuple[Figure, ...]
    noticed: str
    milestones: tuple[Milestone, ...]
    cause: tuple[Pair, ...]  #: the cause, then what made it likelier
    again: tuple[Pair, ...]  #: whether it can happen tomorrow, and whether it happened before
    commitments: tuple[Commitment, ...]
    further: int  #: how many commitments are not shown
    none_because: str  #: why there are none
    closing: tuple[Pair, ...]  #: what is to be decided, and what customers were told
    signatures: tuple[Pair, ...]
    is_cut: bool


def page(
    content: Mapping[str, Any], *, status: str, states: Mapping[str, str] | None = None,
    repetitions: tuple[RecurrenceView, ...] = (),
) -> OnePage:  # fmt: skip
    """`status` as `outline.status`; `states` are the action items' states of today by number, `repetitions` those that
    the document may name."""
    with speaking("en"):
        head = content["header"]
        persons = Persons(head["people"], roles_for_names=True)
        source = Source(content=content, persons=persons, states=states or {}, repetitions=repetitions)
        room = Room(persons)
        shown = list(_commitments(source, room))
        return OnePage(
            title=room.fit(head["title"], _TITLE),
            header=tuple(_header(source, room, status)),
            experience=room.fit(source.section(SectionKey.IMPACT).get("user_experience", ""), _TWO_LINES) or NOT_SAID,
            figures=tuple(_figures(source, room)),
            noticed=_noticed(source, room),
            milestones=milestones.of(source),
            cause=tuple(_cause(source, room)),
            again=tuple(_again(source, room)),
            commitments=tuple(shown[:COMMITMENTS]),
            further=max(0, len(shown) - COMMITMENTS),
            none_because=room.fit(source.section(SectionKey.ACTION_ITEMS).get("none_because", ""), _TWO_LINES),
            closing=tuple(_closing(source, room)),
            signatures=tuple(_signatures(source)),
            is_cut=room.is_cut,
        )


def _header(source: Source, room: Room, status: str) -> Iterator[Pair]:
    head, known = source.content["header"], source.facts(SectionKey.DETAILS)
    yield Pair(label="Incident", value=head["public_id"])
    yield Pair(label="Date", value=facts.moment(head["started_at"], source.zone))
    yield Pair(label="Service", value=room.fit(known.get("service", ""), _SHORT) or NOT_SAID)
    yield Pair(label="Severity", value=head["severity"])
    yield Pair(label="Status", value=status)
    yield Pair(label="Edition", value=head["edition"] + ("" if head.get("published_at") else " (not published)"))


def _figures(source: Source, room: Room) -> Iterator[Figure]:
    known = source.facts(SectionKey.IMPACT)
    reasons = known.get("unknown_because") or {}
    sure = confirmed(source.rows(SectionKey.SUMMARY, "confirmed"))
    for figure, (said, fact) in _said(source, known).items():
        how = certainty(figure, said=said, confirmed=sure)
        because = reasons.get(fact, "")
        shown = said or (f"because {because}" if because else "")
        yield Figure(label=label(figure), value=room.fit(shown, _LINE), certainty=how, sure=label(how))


def _said(source: Source, known: Mapping[str, Any]) -> dict[ImpactFigure, tuple[str, str]]:
    """Each figure in words, empty where it is unknown, and the fact whose reason then says why."""
    own = source.section(SectionKey.IMPACT)
    took = facts.duration(known.get("impact_seconds", ""))
    resolve = facts.duration(source.facts(SectionKey.DETAILS).get("time_to_resolve_seconds", ""))
    people, share = facts.count(known.get("customers_affected", "")), facts.percent(own.get("user_share", ""))
    loss, basis = facts.usd(known.get("revenue_loss_usd", "")), own.get("revenue_basis", "")
    used, left = figures.budget_used(known), facts.percent(own.get("budget_remaining", ""))
    return {
        ImpactFigure.CUSTOMERS: (
            facts.joined(people, f"({share} of all)" if share else "") if people else "", "customers_affected"
        ),
        ImpactFigure.DURATION: (
            facts.joined(took, f"({resolve} from detection to resolution)" if resolve else "") if took else "",
            "resolved_at",
        ),
        ImpactFigure.REVENUE: (
            facts.joined(f"{loss} lost", f"({basis})" if basis else "(basis not said)") if loss else "",
            "revenue_loss_usd",
        ),
        ImpactFigure.SLA: (figures.breach(known, took) if known.get("sla_breach") else "", "sla_breach"),
        ImpactFigure.COMPLAINTS: (facts.count(known.get("complaints", "")), "complaints"),
        ImpactFigure.ERROR_BUDGET: (
            facts.joined(f"used {used}" if used else "", f"{left} remains" if left else "", by="; "),
            "availability_percent",
        ),
        ImpactFigure.DATA_LOSS: (source.section(SectionKey.SUMMARY).get("data_loss", "").strip(), ""),
    }  # fmt: skip


def _noticed(source: Source, room: Room) -> str:
    known = source.facts(SectionKey.DETAILS)
    method, alert = known.get("detection_method", ""), known.get("alert_name", "")
    after = facts.duration(known.get("time_to_detect_seconds", ""))
    who = label(DetectionMethod(method)) if method else facts.or_why("", known, "detected_at") or "unknown"
    return room.fit(
        facts.joined(
            who,
            f"({alert})" if alert and method == DetectionMethod.ALERT.value else "",
            f"{after} after the start" if after else "",
        ),
        _TWO_LINES,
    )


def _cause(source: Source, room: Room) -> Iterator[Pair]:
    analysis = source.section(SectionKey.ROOT_CAUSE)
    told = source.section(SectionKey.SUMMARY).get("root_cause", "") or analysis.get("root_cause", "")
    yield Pair(label="Cause", value=room.fit(told, _TWO_LINES) or NOT_SAID)
    factors = (row.get("text", "") for row in source.rows(SectionKey.ROOT_CAUSE, "factors"))
    for text in [text for text in factors if text.strip()][:FACTORS]:
        yield Pair(label="Factor", value=room.fit(text, _LINE))


def _again(source: Source, room: Room) -> Iterator[Pair]:
    said = source.section(SectionKey.SUMMARY)
    measures = source.rows(SectionKey.PREVENTION, "measures")
    done = "; ".join(row.get("text", "") for row in measures if row.get("horizon") == Horizon.IMMEDIATE.value)
    related = ", ".join(
        facts.joined(row.get("public_id", ""), f"({row['text']})" if row.get("text") else "")
        for row in source.rows(SectionKey.REFERENCES, "related")
    )
    for asked, told in (
        ("Can it happen tomorrow?", said.get("can_recur", "")),
        ("What protects meanwhile?", said.get("protection", "") or done),
        ("Did it happen before?", _before(source, said.get("happened_before", ""), related)),
    ):
        yield Pair(label=asked, value=room.fit(told, _TWO_LINES) or NOT_SAID)
    if promises := again.open_then(source.repetitions):
        yield Pair(label="Promises open then", value=room.fit(promises, _TWO_LINES))


def _before(source: Source, told: str, related: str) -> str:
    """What is known of repetitions comes first: what an author tells may be long."""
    known = again.before(source.repetitions)
    return ". ".join(part for part in (known, told) if part) or related


_FIRST = [priority.value for priority in ActionPriority]


def _commitments(source: Source, room: Room) -> Iterator[Commitment]:
    """What somebody promised, the weightiest first; what was proposed only is no promise yet."""
    state_of = {item["number"]: source.states.get(item["number"], item["state"]) for item in source.content["items"]}
    promised = [
        item
        for item in source.content["items"]
        if state_of[item["number"]] not in (ActionState.PROPOSED.value, ActionState.WONT_DO.value)
    ]
    promised.sort(key=lambda item: (_FIRST.index(item["priority"]), item["due_on"] or "~", int(item["number"])))
    for place, item in enumerate(promised):
        is_shown = place < COMMITMENTS
        yield Commitment(
            number=f"AI-{item['number']}",
            title=room.fit(item["title"], _TITLE) if is_shown else "",
            role=source.persons.name(item["owner_id"]),
            due=facts.due(item["due_on"]),
            state=label(ActionState(state_of[item["number"]])),
        )


def _closing(source: Source, room: Room) -> Iterator[Pair]:
    said = source.section(SectionKey.SUMMARY)
    yield Pair(label="Decision needed", value=room.fit(said.get("decision", ""), _TWO_LINES) or NO_DECISION)
    yield Pair(label="Customer communication", value=room.fit(said.get("communication", ""), _TWO_LINES) or NOT_SAID)


_STANDS = {"valid": "signed", "void": "void, the text changed since"}


def _signatures(source: Source) -> Iterator[Pair]:
    for signature in source.content["signatures"]:
        stands = _STANDS.get(signature["standing"], "not signed")
        on = facts.day(signature["at"], source.zone) if signature["standing"] == "valid" else ""
        yield Pair(label=label(SignRole(signature["role"])), value=facts.joined(stands, on))
