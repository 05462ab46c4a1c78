"""What is said beside the text, and which advice is put away: threads out of `stories/95_talks.toml`."""

import random
from datetime import timedelta
from typing import Any

from pmcore import advice
from pmcore.domain.advice import hints
from pmcore.domain.vocabulary import SectionKey
from pmcore.usecases.comments import (
    DismissHint,
    Reply,
    ResolveThread,
    WriteComment,
    dismiss_hint,
    remembered,
    reply,
    resolve_thread,
    write_comment,
)
from pmcore.usecases.demo.cast import EVERYBODY
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.demo.story import Talk

_RULES = advice.rules(names=(one.name for one in EVERYBODY))


def talk(stage: Stage, told: Talk, postmortem_id: int) -> Play:
    """A question, the answers to it, and whoever found it answered."""
    rng = random.Random(f"{told.about} {told.section} {told.lines[0]}")
    thread_id = 0
    for who, text in told.lines:
        yield stage.at + timedelta(minutes=rng.randrange(12, 75))
        if thread_id:
            stage.do(reply, Reply(thread_id=thread_id, text=text), by=who)
        else:
            first = WriteComment(postmortem_id=postmortem_id, section=told.section, text=text)
            thread_id = int(stage.do(write_comment, first, by=who))
    if told.resolved_by:
        yield stage.at + timedelta(minutes=rng.randrange(8, 40))
        stage.do(resolve_thread, ResolveThread(thread_id=thread_id), by=told.resolved_by)


def put_hints_away(stage: Stage, postmortem_id: int, section: SectionKey, *, by: str) -> None:
    """Whatever advice has to say about the section as it stands."""
    content = stage.work.sections.get(postmortem_id, section).content
    for hint in hints("\n".join(_texts(content)), _RULES):
        asked = DismissHint(
            postmortem_id=postmortem_id, section=section, rule=hint.rule, excerpt=remembered(hint.excerpt)
        )
        stage.do(dismiss_hint, asked, by=by)


def _texts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    parts = content.values() if isinstance(content, dict) else content if isinstance(content, list | tuple) else ()
    return [text for part in parts for text in _texts(part)]
