"""How far a post-mortem is: the state of each section, what submitting and publishing wait for, and the next step.

Nothing here needs the text itself, only which fields are blank (`standing`); that is stored beside each section when it
is written, so that lists never load the text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pmcore.domain.action_item import ActionItem
from pmcore.domain.errors import N_, PmError
from pmcore.domain.sections import FACTS, FILES, SECTIONS, Content, FieldKind, Section, is_needed
from pmcore.domain.vocabulary import ActionState, PostmortemStatus, SectionKey, SectionState, Severity


class Missing(PmError):
    """Something that submitting or publishing waits for, and the section where it is done."""

    def __init__(self, section: SectionKey, sentence: str, /, *, field: str = "", **values: object) -> None:
        super().__init__(sentence, field=field, **values)
        self.section = section


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a section has, without its text."""

    #: Fields with nothing in them, optional ones apart; facts as "facts.<key>", unknown ones with a reason left out.
    blank: frozenset[str]
    is_empty: bool  #: nobody has written anything; facts do not count


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStanding:
    """What an action item has; `item_standing` makes one."""

    number: int
    state: ActionState
    has_owner: bool
    has_due: bool
    has_criterion: bool


#: Columns that say nothing without another one beside them.
WORDLESS = frozenset({"id", "kind", "horizon", "at", "parent", "action"})

_LINKS = frozenset({f"{FACTS}.pagerduty_url", f"{FACTS}.grafana_url", f"{FACTS}.prometheus_url"})

#: What a section must say, and the sentence that asks for it. A fact is asked for where it is entered.
_NEEDED: dict[SectionKey, tuple[tuple[str, str], ...]] = {
    SectionKey.SUMMARY: (
        ("incident", N_("Say in the summary what happened.")),
        ("impact", N_("Say in the summary whom it hit and how much.")),
        ("root_cause", N_("Say in the summary what broke.")),
        ("resolution", N_("Say in the summary what ended it.")),
        ("prevention", N_("Say in the summary what keeps it from coming back.")),
    ),
    SectionKey.DETAILS: (
        ("facts.detected_at", N_("Say when the incident was detected, or why that is unknown.")),
        ("facts.resolved_at", N_("Say when the incident was resolved.")),
    ),
    SectionKey.TIMELINE: (("entries", N_("Add what happened to the timeline.")),),
    SectionKey.ROOT_CAUSE: (
        ("what_happened", N_("Describe what happened, with the numbers that show it.")),
        ("root_cause", N_("Name the root cause.")),
    ),
    SectionKey.IMPACT: (
        ("facts.customers_affected", N_("Say how many customers were affected, or why that is unknown.")),
        ("user_experience", N_("Describe what people saw during the incident.")),
    ),
    SectionKey.RESOLUTION: (
        ("immediate_fix", N_("Describe the immediate fix.")),
        ("validation", N_("Describe how you checked that it was over.")),
    ),
    SectionKey.LESSONS: (("lessons", N_("Add at least one lesson.")),),
    SectionKey.PREVENTION: (("measures", N_("Add at least one measure that prevents this.")),),
}


def standing(section: Section, content: Content) -> Standing:
    """What is blank in a section. A row field is blank without rows; a row without any text does not count."""
    blank = {known.key for known in section.fields if _is_blank(content.get(known.key), known.kind)}
    is_empty = len(blank) == len(section.fields) and not content.get(FILES)
    blank -= {known.key for known in section.fields if known.optional}
    facts: Mapping[str, Any] = content.get(FACTS) or {}
    unknown = facts.get("unknown_because") or {}
    blank |= {f"{FACTS}.{key}" for key, value in facts.items() if not value and not unknown.get(key)}
    return Standing(blank=frozenset(blank), is_empty=is_empty)


def standings(contents: Mapping[SectionKey, Content]) -> dict[SectionKey, Standing]:
    """The standing of each section that there is."""
    return {section.key: standing(section, contents[section.key]) for section in SECTIONS if section.key in contents}


def _is_blank(value: Any, kind: FieldKind) -> bool:
    if kind is FieldKind.ROWS:
        return all(says_nothing(row) for row in value or ())
    return not str(value or "").strip()


def says_nothing(row: Mapping[str, str]) -> bool:
    """Whether a row has no words yet: a kind or a time alone says nothing."""
    return not any(str(row[column]).strip() for column in row if column not in WORDLESS)


def item_standing(item: ActionItem) -> ItemStanding:
    return ItemStanding(
        number=item.number,
        state=item.state,
        has_owner=item.owner_id is not None,
        has_due=item.due_on is not None,
        has_criterion=bool(item.criterion.strip()),
    )


def missing_to_submit(sections: Mapping[SectionKey, Standing], items: Iterable[ItemStanding]) -> tuple[Missing, ...]:
    """All that keeps the draft from review, in the mission's order; empty: it may be submitted."""
    missing: list[Missing] = []
    for section in SECTIONS:
        if section.needed_to_submit:
            missing += _missing_in(section.key, sections)
        if section.key is SectionKey.ACTION_ITEMS:
            missing += _missing_items(sections, tuple(items))
    return tuple(missing)


def missing_to_publish(
    sections: Mapping[SectionKey, Standing], items: Iterable[ItemStanding], *, severity: Severity
) -> tuple[Missing, ...]:
    """All that keeps the text from being published, signatures apart; `severity` is the highest reached."""
    items = tuple(items)
    missing: list[Missing] = []
    for section in SECTIONS:
        if is_needed(section, severity=severity):
            missing += _missing_in(section.key, sections)
        if section.key is SectionKey.ACTION_ITEMS:
            missing += [*_missing_items(sections, items), *_incomplete(items)]
    return tuple(missing)


def _missing_in(key: SectionKey, sections: Mapping[SectionKey, Standing]) -> list[Missing]:
    blank = sections[key].blank if key in sections else frozenset(name for name, _ in _NEEDED[key])
    return [Missing(key, sentence, field=name) for name, sentence in _NEEDED[key] if name in blank]


def _missing_items(sections: Mapping[SectionKey, Standing], items: tuple[ItemStanding, ...]) -> list[Missing]:
    given_reason = SectionKey.ACTION_ITEMS in sections and "none_because" not in sections[SectionKey.ACTION_ITEMS].blank
    if given_reason or any(item.state is not ActionState.WONT_DO for item in items):
        return []
    return [Missing(SectionKey.ACTION_ITEMS, N_("Propose an action item, or say why none is needed."), field="items")]


def _incomplete(items: tuple[ItemStanding, ...]) -> list[Missing]:
    missing = []
    for item in items:
        if item.state is ActionState.WONT_DO:
            continue
        for has, sentence in (
            (item.has_owner, N_("AI-{number} needs an owner.")),
            (item.has_due, N_("AI-{number} needs a due date.")),
            (item.has_criterion, N_("AI-{number} needs a success criterion.")),
        ):
            if not has:
                missing.append(Missing(SectionKey.ACTION_ITEMS, sentence, field="items", number=item.number))
    return missing


def is_folded(section: Section, *, severity: Severity) -> bool:
    """Below P0 a draft opens with what submitting needs; the rest is optional and out of the way."""
    return not (severity is Severity.P0 or section.needed_to_submit or section.key is SectionKey.ACTION_ITEMS)


def section_state(
    section: Section, sections: Mapping[SectionKey, Standing], items: Iterable[ItemStanding], *, severity: Severity
) -> SectionState:
    """What the section list shows. Publishing waits for "needs you"; "from the incident" is filled and untouched."""
    if section.key is SectionKey.ACTION_ITEMS:
        items = tuple(items)
        return SectionState.NEEDS_YOU if _missing_items(sections, items) or _incomplete(items) else SectionState.DONE
    needed = is_needed(section, severity=severity)
    if needed and _missing_in(section.key, sections):
        return SectionState.NEEDS_YOU
    if section.key in sections and not sections[section.key].is_empty:
        return SectionState.DONE
    came_filled = section.has_facts and section.key in sections and not sections[section.key].blank >= _LINKS
    return SectionState.FROM_INCIDENT if came_filled else SectionState.OPTIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    sentence: str  #: an English msgid; `_(step.sentence).format(**step.values)`
    values: Mapping[str, object] = field(default_factory=dict)
    section: SectionKey | None = None  #: where it is done


def next_step(
    *,
    status: PostmortemStatus,
    is_amending: bool,
    missing_submit: tuple[Missing, ...],
    missing_publish: tuple[Missing, ...],
) -> NextStep:
    """The one thing to do now."""
    if status is PostmortemStatus.CLOSED:
        return NextStep(sentence=N_("This post-mortem is closed."))
    if status is PostmortemStatus.PUBLISHED and not is_amending:
        return NextStep(sentence=N_("It is published. Keep its action items moving."))
    if missing_submit:
        return _step(missing_submit[0])
    if status is PostmortemStatus.DRAFT or is_amending:
        return NextStep(sentence=N_("Submit it for review."))
    if missing_publish:
        return _step(missing_publish[0])
    return NextStep(sentence=N_("Collect the signatures, then publish."))


def _step(missing: Missing) -> NextStep:
    return NextStep(sentence=missing.sentence, values=missing.values, section=missing.section)
