"""What is new to a reader of the working copy: since the last look, and since a signature. One statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Engine, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from db.looks import to_look
from db.models import LookRow, RevisionRow
from db.queries.prepared import ME, THIS
from pmcore.domain import looks
from pmcore.domain.looks import Look
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.sections import BY_KEY, Content
from pmcore.domain.sign_off import Signature, Standing
from pmcore.domain.vocabulary import SectionKey
from pmcore.domain.word_diff import section_diff
from pmcore.readmodels.changes import Changes, RoleChanges, SectionChange
from pmcore.readmodels.reading import ReadingView, SignOffLine

_newest = aliased(RevisionRow)
_NUMBERS = (
    select(_newest.section_key, func.max(_newest.number).label("number"))
    .where(_newest.postmortem_id == THIS)
    .group_by(_newest.section_key)
    .subquery()
)
_SIGNED: BindParameter[Any] = bindparam("signed", expanding=True)
#: Every section with this person's look, and a row more for each earlier text that it may be compared with.
_LOOKED = (
    select(
        _NUMBERS.c.section_key,
        _NUMBERS.c.number,
        LookRow,
        RevisionRow.number.label("earlier"),
        RevisionRow.content_hash,
        RevisionRow.content,
    )
    .outerjoin(
        LookRow,
        and_(LookRow.postmortem_id == THIS, LookRow.user_id == ME, LookRow.section_key == _NUMBERS.c.section_key),
    )
    .outerjoin(
        RevisionRow,
        and_(
            RevisionRow.postmortem_id == THIS,
            RevisionRow.section_key == _NUMBERS.c.section_key,
            or_(
                RevisionRow.number == LookRow.before_number,
                and_(RevisionRow.number == LookRow.number, LookRow.number < _NUMBERS.c.number),
                tuple_(RevisionRow.section_key, RevisionRow.content_hash).in_(_SIGNED),
            ),
        ),
    )
    .order_by(RevisionRow.number)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What may be compared: today's text, and earlier ones by number and by hash."""

    view: ReadingView
    in_words: Callable[[Content], Content]
    numbers: Mapping[SectionKey, int]  #: of the newest revisions
    looks: Mapping[SectionKey, Look]
    by_number: Mapping[tuple[SectionKey, int], Content]
    by_hash: Mapping[tuple[SectionKey, str], Content]


def changes(
    engine: Engine, *, actor: Actor, now: datetime, view: ReadingView, in_words: Callable[[Content], Content]
) -> Changes | None:
    """`view` was asked by the same actor, who may therefore read it; None beside anything but a working copy.
    `in_words` says what is stored as a person reads it."""
    require(actor, Right.READ)
    if view.edition is not None or view.content is None:
        return None
    with Session(engine) as session:
        known = _known(session, actor, view, in_words)
    return Changes(
        news=tuple(
            change
            for key in known.numbers
            if (change := _since_look(known, key, now)) and change.fields and not change.is_all_new
        ),
        signed={
            sign_off.role: tuple(_since_signing(known, sign_off.signature, key) for key in sign_off.changed)
            for sign_off in view.review.standings
            if sign_off.standing is Standing.VOID and sign_off.signature
        },
        mine=tuple(
            RoleChanges(line=line, sections=tuple(_to_read(known, line, key, actor, now) for key in line.sections))
            for line in view.review.sign_offs
            if line.may_sign or line.may_return
        ),
        unseen=looks.unseen(known.looks, known.numbers),
    )


def _known(session: Session, actor: Actor, view: ReadingView, in_words: Callable[[Content], Content]) -> _Known:
    signed = [
        (key.value, sign_off.signature.hashes.get(key, ""))
        for sign_off in view.review.standings
        if sign_off.standing is Standing.VOID and sign_off.signature
        for key in sign_off.changed
    ]
    asked = {"this": view.writing.postmortem_id, "me": actor.user_id, "signed": signed}
    numbers: dict[SectionKey, int] = {}
    seen: dict[SectionKey, Look] = {}
    by_number: dict[tuple[SectionKey, int], Content] = {}
    by_hash: dict[tuple[SectionKey, str], Content] = {}
    for row in session.execute(_LOOKED, asked):
        key = SectionKey(row.section_key)
        numbers[key] = row.number
        if row.LookRow:
            seen[key] = to_look(row.LookRow)
        if row.content is not None:
            by_number[key, row.earlier] = by_hash[key, row.content_hash] = row.content
    numbers = {key: numbers[key] for key in SectionKey if key in numbers}
    return _Known(view=view, in_words=in_words, numbers=numbers, looks=seen, by_number=by_number, by_hash=by_hash)


def _since_look(known: _Known, key: SectionKey, now: datetime) -> SectionChange | None:
    """None: nothing is new."""
    number = looks.compare_with(known.looks.get(key), number=known.numbers[key], now=now)
    if number is None:
        return None
    return _compared(known, key, known.by_number.get((key, number), {}), is_all_new=number == looks.NEVER)


def _since_signing(known: _Known, signature: Signature, key: SectionKey) -> SectionChange:
    return _compared(known, key, known.by_hash.get((key, signature.hashes.get(key, "")), {}), is_since_signing=True)


def _to_read(known: _Known, line: SignOffLine, key: SectionKey, actor: Actor, now: datetime) -> SectionChange:
    """Compared with what the person signed, where that is void; else with what the person saw."""
    signature = next(each.signature for each in known.view.review.standings if each.role is line.role)
    if signature is not None and signature.user_id == actor.user_id:
        if key in line.changed:
            return _since_signing(known, signature, key)
        return _unchanged(known, key, is_since_signing=True)
    return _since_look(known, key, now) or _unchanged(known, key)


def _compared(
    known: _Known, key: SectionKey, before: Content, *, is_all_new: bool = False, is_since_signing: bool = False
) -> SectionChange:
    entry, content = known.view.writing.entry(key), known.view.content or {}
    return SectionChange(
        key=key,
        fields=section_diff(BY_KEY[key], known.in_words(before), known.in_words(content["sections"][key.value])),
        is_all_new=is_all_new,
        is_since_signing=is_since_signing,
        by=entry.saved_by,
        at=entry.saved_at,
    )


def _unchanged(known: _Known, key: SectionKey, *, is_since_signing: bool = False) -> SectionChange:
    entry = known.view.writing.entry(key)
    return SectionChange(key=key, fields=(), is_since_signing=is_since_signing, by=entry.saved_by, at=entry.saved_at)
