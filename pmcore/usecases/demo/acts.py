"""What is done to a post-mortem of the demo year, each act by whom it becomes."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pmcore.domain.sections import Content
from pmcore.domain.vocabulary import Language, MemberRole, Role, SectionKey, SignRole
from pmcore.usecases.demo.cast import CTO, DEPUTY, MANAGER, signers_of
from pmcore.usecases.demo.stage import Stage
from pmcore.usecases.demo.story import Story, Told
from pmcore.usecases.members import AddMember, add_a_member
from pmcore.usecases.review import Sign, SubmitForReview, sign_postmortem, submit_for_review
from pmcore.usecases.writing import SaveSection, save_section

_MENDED = {
    Language.ENGLISH: "Tried a restart first, no change; written down after the review",
    Language.RUSSIAN: "Сначала пробовали перезапуск, не помогло; записано после ревью",
}


class Acts:
    def __init__(self, stage: Stage, story: Story, told: Told) -> None:
        self.stage, self.story, self.told = stage, story, told
        self.rng = random.Random(told.key)
        self.id = 0  #: of the post-mortem, once it was begun

    def name(self, username: str, role: MemberRole) -> None:
        user_id = self.stage.actors[username].user_id
        self.do(add_a_member, AddMember(postmortem_id=self.id, user_id=user_id, role=role))

    def save(self, key: SectionKey, content: Content, *, by: str = "") -> None:
        stored = self.stage.work.sections.get(self.id, key)
        self.stage.do(
            save_section,
            SaveSection(postmortem_id=self.id, key=key, base_version=stored.version, content=content),
            by=by or self.told.author,
        )

    def submit(self) -> None:
        asked = [self.stage.actors[who].user_id for who in self.signers().values()]
        self.do(submit_for_review, SubmitForReview(postmortem_id=self.id, reviewer_ids=tuple(asked)))

    def signers(self) -> dict[SignRole, str]:
        signers = signers_of(self.story.language, self.told.severity)
        if "deputy" in self.told.flags:
            signers[SignRole.TECH_LEAD] = DEPUTY
        return signers

    def mend(self) -> None:
        """A row more in the timeline."""
        entries = list(self.stage.work.sections.get(self.id, SectionKey.TIMELINE).content["entries"])
        middle = len(entries) // 2
        row = {**entries[middle], "id": self.stage.new_id(), "kind": "other", "event": _MENDED[self.story.language]}
        self.save(SectionKey.TIMELINE, {"entries": [*entries[: middle + 1], row, *entries[middle + 1 :]]})

    def sign(self, role: SignRole) -> None:
        who = self.signers()[role]
        seen = self.stage.work.postmortems.get(self.id, actor=self.stage.actors[who]).section_hashes
        as_role = Role.TECH_LEAD if who == DEPUTY else None
        self.stage.do(sign_postmortem, Sign(postmortem_id=self.id, role=role, seen=seen), by=who, as_role=as_role)

    def manager(self) -> str:
        return CTO if self.told.author == MANAGER[self.story.language] else MANAGER[self.story.language]

    def do(self, handler: Callable[..., Any], command: Any) -> Any:
        return self.stage.do(handler, command, by=self.told.author)

    def hours(self, least: float, most: float) -> timedelta:
        return timedelta(seconds=round(self.rng.uniform(least, most) * 3600))
