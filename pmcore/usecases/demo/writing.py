"""A post-mortem from the empty draft to wherever its fate leads: shared, signed, published, amended, closed."""

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

from pmcore.domain.rail_vocabulary import TimeKind
from pmcore.domain.sections import FACTS, Content
from pmcore.domain.vocabulary import Language, MemberRole, SectionKey, SignRole
from pmcore.usecases.amending import StartAmendment, start_amendment
from pmcore.usecases.demo.acts import Acts
from pmcore.usecases.demo.cast import ENGINEERS, ZONE
from pmcore.usecases.demo.evidence import attach
from pmcore.usecases.demo.happening import happen
from pmcore.usecases.demo.meetings import look_back, meet
from pmcore.usecases.demo.promises import keep, promise
from pmcore.usecases.demo.rehearsals import rehearse
from pmcore.usecases.demo.repetitions import decide
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.demo.story import Story, Told, decisions, talks
from pmcore.usecases.demo.talk import put_hints_away, talk
from pmcore.usecases.demo.text import sections
from pmcore.usecases.dry_run import NoteTime, note_time
from pmcore.usecases.publishing import ClosePostmortem, Publish, close_postmortem, publish
from pmcore.usecases.review import ReturnForChanges, ShareDraft, return_for_changes, share_draft
from pmcore.usecases.start import StartPostmortem, start_postmortem

#: How far each fate goes; the later ones have been through the earlier ones.
FATES = (
    "empty", "half", "shared", "waiting", "returned", "partly", "void", "ready",
    "published", "amending", "amended_in_review", "second_edition", "closed",
)  # fmt: skip
_HALF = (SectionKey.TIMELINE, SectionKey.SUMMARY, SectionKey.ROOT_CAUSE)
_OUT = FATES.index("published")
_REASONS = {
    Language.ENGLISH: (
        "The timeline goes from the alert to the fix without saying what was tried in between, and AI-1 has a "
        "criterion that I could not check. Please add both; the analysis itself is good."
    ),
    Language.RUSSIAN: (
        "В хронологии нет того, что пробовали до исправления, а критерий AI-1 нельзя проверить со стороны. "
        "Дополните, пожалуйста; сам разбор хороший."
    ),
}


class Writing(Acts):
    def __init__(self, stage: Stage, story: Story, told: Told) -> None:
        super().__init__(stage, story, told)
        self.far = FATES.index(told.fate)

    def play(self) -> Play:
        yield from happen(self.stage, self.story, self.told, self.rng)
        resolved = self.stage.at
        yield resolved + self.hours(1.0, 4.0)
        self._begin()
        if self.told.fate == "empty":
            return
        yield from self._write()
        if self.told.fate == "half":
            return
        late = "late_draft" in self.told.flags
        yield resolved + (self.hours(52, 88) if late else self.hours(7, 22))
        self.do(share_draft, ShareDraft(postmortem_id=self.id))
        for one in talks():
            if one.about == self.told.key:
                self.stage.enter(talk(self.stage, one, self.id))
        if self.told.fate == "shared":
            return
        yield self.stage.at + self.hours(2, 8)
        self.submit()
        signers = list(self.signers().values())
        self.stage.enter(
            meet(self.stage, self.story, self.told, postmortem_id=self.id, resolved=resolved, signers=signers)
        )
        yield from self._review()
        if self.far >= _OUT:
            slow = late or "late_publish" in self.told.flags
            yield self.stage.at + (self.hours(40, 110) if slow else self.hours(0.4, 2))
            self.do(publish, Publish(postmortem_id=self.id))
            minutes = random.Random(f"{self.told.key}/effort").randrange(80, 260, 10)
            self.do(note_time, NoteTime(postmortem_id=self.id, kind=TimeKind.WRITING, minutes=minutes))
            if "dry_run" in self.told.flags:
                self.stage.enter(rehearse(self.stage, self.story, self.told, postmortem_id=self.id))
            self.stage.enter(
                decide(
                    self.stage, self.told.key, language=self.story.language, decisions=decisions(), has_document=True
                )
            )
            yield from self._after_publishing()

    # ---- writing

    def _begin(self) -> None:
        incident_id = self.stage.incidents[self.told.key]
        self.id = int(self.do(start_postmortem, StartPostmortem(incident_id=incident_id)))
        self.stage.postmortems[self.told.key] = self.id
        if co_author := self.told.flagged("with"):
            self.name(co_author, MemberRole.CO_AUTHOR)
        if "restricted" not in self.told.flags and self.rng.random() < 0.4:
            others = [u for u in ENGINEERS[self.story.language] if u not in (self.told.author, co_author)]
            self.name(self.rng.choice(others), MemberRole.PARTICIPANT)

    def _write(self) -> Play:
        stored: dict[SectionKey, Content] = {
            key: one.content for key, one in self.stage.work.sections.all(self.id).items()
        }
        written = sections(self.story, self.told, self.rng, new_id=self.stage.new_id, stored=stored)
        wanted = _HALF if self.told.fate == "half" else tuple(written)
        for key in wanted:
            yield self.stage.at + self.hours(0.1, 0.5)
            content = written[key]
            if self.told.fate == "half" and key is SectionKey.ROOT_CAUSE:
                content = {"what_happened": content["what_happened"], "whys": content["whys"][:2]}
            by = self.told.flagged("with") if key is SectionKey.LESSONS else ""
            self.save(key, content, by=by or self.told.author)
            if self.told.flagged("well_said") == key:
                put_hints_away(self.stage, self.id, key, by=self.told.author)
            attach(self.stage, self.told, key, postmortem_id=self.id)
        if self.told.fate != "half":
            yield self.stage.at + self.hours(0.2, 0.6)
            promise(self.stage, self.story, self.told, self.rng, postmortem_id=self.id, all_at_once=self.far >= _OUT)

    # ---- review

    def _review(self) -> Play:
        if self.told.fate == "waiting":
            return
        if self.told.fate == "returned" or "returned_once" in self.told.flags:
            yield from self._return()
            if self.told.fate == "returned":
                return
        signers = self.signers()
        if self.told.fate in ("partly", "void"):
            signers = dict(list(signers.items())[:1])
        for role in signers:
            yield self.stage.at + self.hours(0.5, 4)
            self.sign(role)
        if self.told.fate == "void":
            yield self.stage.at + self.hours(0.5, 2)
            self.mend()

    def _return(self) -> Play:
        yield self.stage.at + self.hours(1, 5)
        reviewer = self.signers()[SignRole.TECH_LEAD]
        returned = ReturnForChanges(
            postmortem_id=self.id, role=SignRole.TECH_LEAD, reasons=_REASONS[self.story.language]
        )
        self.stage.do(return_for_changes, returned, by=reviewer)
        if self.told.fate != "returned":
            yield self.stage.at + self.hours(1, 5)
            self.mend()
            self.submit()

    # ---- afterwards

    def _after_publishing(self) -> Play:
        published = self.stage.at
        for item in self.stage.work.action_items.of(self.id):
            self.stage.enter(keep(self.stage, self.story, self.told, item))
        if self.told.fate in ("amending", "amended_in_review", "second_edition"):
            yield published + timedelta(days=self.rng.uniform(3, 9))
            yield from self._amend()
        if self.told.fate == "closed":
            yield published + timedelta(days=self.rng.uniform(40, 52))
            look_back(self.stage, self.story, self.told, postmortem_id=self.id, by=self.manager())
            self.stage.do(close_postmortem, ClosePostmortem(postmortem_id=self.id), by=self.manager())

    def _amend(self) -> Play:
        note, found = self.story.later.split(" | ", 1)
        self.do(start_amendment, StartAmendment(postmortem_id=self.id))
        yield self.stage.at + self.hours(0.3, 1)
        content = self.stage.work.sections.get(self.id, SectionKey.ROOT_CAUSE).content
        told = {name: value for name, value in content.items() if name != FACTS}
        day = self.stage.at.astimezone(ZoneInfo(ZONE)).date()
        self.save(
            SectionKey.ROOT_CAUSE, {**told, "what_happened": f"{told['what_happened']}\n**{day}.** {found.strip()}\n"}
        )
        if self.told.fate == "amending":
            return
        yield self.stage.at + self.hours(3, 20)
        self.submit()
        if self.told.fate == "amended_in_review":
            return
        yield self.stage.at + self.hours(3, 20)
        self.sign(SignRole.TECH_LEAD)
        yield self.stage.at + self.hours(1, 5)
        self.do(publish, Publish(postmortem_id=self.id, note=note.strip()))


def write(stage: Stage, story: Story, told: Told) -> Play:
    return Writing(stage, story, told).play()
