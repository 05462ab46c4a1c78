"""Publishing, signing and editing at once: nothing is lost, and nothing is published under a void signature."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.engine import StorageBusy
from db.models import EditionRow, SectionRow, SignatureRow
from pmcore.domain.content import content_hash
from pmcore.domain.errors import EditConflict, PmError, Refusals
from pmcore.domain.lifecycle import NotNow
from pmcore.domain.sections import COVERED
from pmcore.domain.vocabulary import SectionKey, SignRole
from pmcore.usecases.amending import StartAmendment
from pmcore.usecases.publishing import Publish
from pmcore.usecases.review import ChangedWhileReading, Sign, SubmitForReview
from pmcore.usecases.writing import SaveSection
from tests import reviewed
from wiring import acting, run

ROUNDS = 12


@dataclass
class Score:
    written: int = 0
    refused: int = 0


@pytest.fixture
def story(wired, clock):
    return reviewed.signed(wired)


def assert_nothing_void_is_published(engine, story):
    """The hashes of the text that readers see are those under which each role's newest signature stands."""
    with Session(engine) as session:
        editions = session.scalars(select(EditionRow)).all()
        signatures = session.scalars(select(SignatureRow)).all()
    for edition in editions:
        text = {key: content_hash(edition.content["sections"][key]) for key in SectionKey}
        for role in SignRole:
            covered = {key.value: text[key] for key in COVERED[role]}
            assert any(
                given.role == role and all(given.hashes[key] == covered[key] for key in covered) for given in signatures
            ), f"edition {edition.number} was published under a void signature of {role}"
    return len(editions)


def test_edit_sign_and_publish_at_once(wired, clock, story):
    """The author edits what the lead has signed, the lead signs what is there, the manager publishes."""
    score, numbers = Score(), []
    start = threading.Barrier(3)

    def edits():
        start.wait()
        for number in range(ROUNDS):
            with acting.as_user(story.author):
                try:
                    base = version(wired, story)
                    run(
                        SaveSection(
                            postmortem_id=story.id,
                            key=SectionKey.RESOLUTION,
                            base_version=base,
                            content={"immediate_fix": f"Fix {number}", "validation": "Looked."},
                            mine_over=True,
                        )
                    )
                    score.written += 1
                    numbers.append(number)
                except (NotNow, EditConflict, StorageBusy):
                    score.refused += 1

    def signs():
        start.wait()
        for _ in range(ROUNDS * 2):
            try:
                with acting.as_user(story.lead):
                    run(Sign(postmortem_id=story.id, role=SignRole.TECH_LEAD, seen=reviewed.hashes(wired, story)))
            except (ChangedWhileReading, NotNow, EditConflict, StorageBusy):
                continue

    def publishes():
        start.wait()
        for _ in range(ROUNDS * 2):
            with acting.as_user(story.manager):
                try:
                    run(Publish(postmortem_id=story.id, note="Again"))
                    run(StartAmendment(postmortem_id=story.id))
                    with acting.as_user(story.author):
                        run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
                except (Refusals, NotNow, EditConflict, StorageBusy):
                    continue

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(part) for part in (edits, signs, publishes)]:
            done.result()
    assert score.written + score.refused == ROUNDS
    if not assert_nothing_void_is_published(wired, story):  # on a busy machine edits may come first each time
        with acting.as_user(story.lead):
            run(Sign(postmortem_id=story.id, role=SignRole.TECH_LEAD, seen=reviewed.hashes(wired, story)))
        with acting.as_user(story.manager):
            run(Publish(postmortem_id=story.id))
        assert assert_nothing_void_is_published(wired, story) == 1
    with Session(wired) as session:
        section = session.scalars(select(SectionRow).filter_by(key="resolution")).one()
    if numbers:
        assert section.content["immediate_fix"] == f"Fix {numbers[-1]}"


def version(engine, story):
    with Session(engine) as session:
        return session.scalars(select(SectionRow.version).filter_by(postmortem_id=story.id, key="resolution")).one()


def test_two_publish_at_once_and_one_edition_comes_of_it(wired, clock, story):
    start = threading.Barrier(2)

    def publishes(user_id):
        start.wait()
        with acting.as_user(user_id):
            try:
                return run(Publish(postmortem_id=story.id))
            except PmError as refusal:
                return refusal

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(publishes, (story.author, story.manager)))
    assert sorted(map(type, answers), key=str) == sorted([int, NotNow], key=str)
    assert assert_nothing_void_is_published(wired, story) == 1


def test_everybody_signs_at_once_and_every_signature_is_kept(wired, clock):
    story = reviewed.submitted(wired)
    seen = reviewed.hashes(wired, story)
    start = threading.Barrier(3)

    def signs(one):
        role, user_id = one
        start.wait()
        with acting.as_user(user_id):
            run(Sign(postmortem_id=story.id, role=role, seen=seen))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(signs, zip(SignRole, (story.lead, story.manager, story.cto), strict=True)))
    with acting.as_user(story.author):
        assert run(Publish(postmortem_id=story.id)) == 1
