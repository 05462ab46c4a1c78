"""Sections that name people: Action Items, and Review & Sign-off."""

from collections.abc import Iterator, Mapping
from typing import Any

from pmcore.documents import facts
from pmcore.documents.blocks import Block, Lines, Note, Pair, Task, Tasks
from pmcore.documents.source import Source
from pmcore.domain.vocabulary import ActionPriority, ActionState, SectionKey, SignRole
from pmcore.words import label

_WITHIN = {
    ActionPriority.HIGH: "High Priority (Complete within 1 week):",
    ActionPriority.MEDIUM: "Medium Priority (Complete within 1 month):",
    ActionPriority.LOW: "Low Priority (Complete within 3 months):",
}
_FINISHED = {ActionState.DONE.value, ActionState.VERIFIED.value}


def action_items(source: Source) -> Iterator[Block]:
    items = source.content["items"]
    none_because = source.section(SectionKey.ACTION_ITEMS).get("none_because", "")
    is_template = not source.content["sections"]
    if not items and not is_template:
        yield Lines(pairs=(Pair(label="None, because", value=none_because),))
        return
    for priority in ActionPriority:
        listed = [_item(source, item) for item in items if item["priority"] == priority.value]
        if is_template:
            listed = [_BLANK_ITEM]
        if listed:
            yield Note(text=_WITHIN[priority])
            yield Tasks(tasks=tuple(listed))


def _item(source: Source, item: Mapping[str, str]) -> Task:
    state = ActionState(source.states.get(item["number"], item["state"]))
    details: tuple[Pair, ...] = (
        Pair(label="Owner", value=source.persons.name(item["owner_id"])),
        Pair(label="Due Date", value=facts.due(item["due_on"])),
        Pair(label="Success Criteria", value=item["criterion"]),
    )
    if item.get("ticket_url"):
        details = (*details, Pair(label="Ticket", value=item["ticket_url"]))
    if state not in (ActionState.PROPOSED, ActionState.COMMITTED):
        details = (*details, Pair(label="State", value=label(state)))
    return Task(is_done=state.value in _FINISHED, label=f"AI-{item['number']}:", text=item["title"], details=details)


_BLANK_ITEM = Task(
    is_done=False,
    label="AI-X:",
    text="",
    hint="What will be done",
    details=(
        Pair(label="Owner", value="", hint="One person"),
        Pair(label="Due Date", value="", hint="YYYY-MM-DD"),
        Pair(label="Success Criteria", value="", hint="How somebody else sees that it is done"),
    ),
)
_VOUCHES = {
    SectionKey.ROOT_CAUSE: "Technical accuracy",
    SectionKey.ACTION_ITEMS: "Action items ownership",
    SectionKey.IMPACT: "Business impact assessment",
}
_SIGNERS = (
    (SignRole.TECH_LEAD, "Technical accuracy"),
    (SignRole.ENGINEERING_MANAGER, "Action items ownership"),
    (SignRole.CTO, "Business impact assessment"),
)


def sign_off(source: Source) -> Iterator[Block]:
    signatures = source.content["signatures"]
    yield Note(text="Reviewed by:")
    if signatures:
        yield Tasks(tasks=tuple(_signature(source, signature) for signature in signatures))
    else:
        yield Tasks(
            tasks=tuple(Task(is_done=False, label="", text=f"{label(role)} - {what}") for role, what in _SIGNERS)
        )
    header = source.content["header"]
    published = facts.day(header.get("published_at", ""), source.zone)
    yield Lines(
        pairs=(
            Pair(label="Published", value=published, hint="YYYY-MM-DD"),
            source.pair(SectionKey.SIGN_OFF, "distribution"),
        )
    )


def _signature(source: Source, signature: Mapping[str, Any]) -> Task:
    role = label(SignRole(signature["role"]))
    what = ", ".join(said for key, said in _VOUCHES.items() if key.value in signature["sections"])
    is_valid = signature["standing"] == "valid"
    name = source.persons.name(signature["user_id"]) if is_valid else ""
    who = f"{role} ({name})" if name and name != role else role
    on = facts.day(signature["at"], source.zone) if is_valid else ""
    return Task(is_done=is_valid, label="", text=facts.joined(f"{who} - {what}", f"({on})" if on else ""))
