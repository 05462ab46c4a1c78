"""The process document's version and its approval."""

from datetime import timedelta

import pytest

from pmcore.domain.permissions import Actor, Forbidden
from pmcore.domain.policy import Policy
from pmcore.domain.process import (
    APPROVING_ROLE,
    BadProcessText,
    CannotApprove,
    NothingToWithdraw,
    Standing,
    approve,
    content_hash,
    own_figures,
    process_text,
    standing,
    withdraw,
)
from pmcore.domain.vocabulary import ClockKind, Language, Role, Rule
from tests.factories import NOON

TEXTS = {Language.ENGLISH: "# P\n\n**Version:** 1.0\n\nLearn.", Language.RUSSIAN: "# П\n\n**Версия:** 1.0\n\nУчимся."}
MANAGER = Actor(user_id=7, name="Maria", roles=frozenset({Role.ENGINEERING_MANAGER}))


def changed(**texts):
    return TEXTS | {Language(code): text for code, text in texts.items()}


def approved(**values):
    text = process_text(TEXTS)
    usual = {"actor": MANAGER, "text": text, "seen_hash": text.content_hash, "approvals": (), "now": NOON}
    return approve(**usual | values)


class TestTheText:
    def test_says_its_version(self):
        assert process_text(TEXTS).version == "1.0"

    @pytest.mark.parametrize(
        "texts",
        [
            changed(ru="# П\n\n**Версия:** 1.1"),
            changed(en="# P\n\nNo version at all"),
            {Language.ENGLISH: TEXTS[Language.ENGLISH]},
        ],
        ids=["two versions", "none", "one language"],
    )
    def test_says_one_version_in_every_language(self, texts):
        with pytest.raises(BadProcessText):
            process_text(texts)

    def test_white_space_is_not_content(self):
        assert content_hash(TEXTS) == content_hash(changed(en=TEXTS[Language.ENGLISH].replace("\n", "\r\n") + "  \n"))

    @pytest.mark.parametrize("language", Language)
    def test_every_language_is_content(self, language):
        assert content_hash(TEXTS) != content_hash(TEXTS | {language: TEXTS[language] + " More."})


class TestApproval:
    def test_names_the_text_and_the_person(self):
        one = approved()
        assert (one.version, one.by_id, one.role, one.at) == ("1.0", 7, APPROVING_ROLE, NOON)
        assert one.content_hash == process_text(TEXTS).content_hash

    @pytest.mark.parametrize("role", [role for role in Role if role is not APPROVING_ROLE])
    def test_is_the_engineering_managers(self, role):
        somebody = Actor(user_id=1, name="", roles=frozenset({role}))
        with pytest.raises(Forbidden):
            approved(actor=somebody)
        with pytest.raises(Forbidden):
            withdraw(approved(), actor=somebody, now=NOON)

    def test_is_of_the_text_that_was_read(self):
        with pytest.raises(CannotApprove, match="changed after you opened"):
            approved(seen_hash="0" * 64)

    def test_is_given_once(self):
        with pytest.raises(CannotApprove, match="already"):
            approved(approvals=(approved(),))

    def test_of_another_text_does_not_stand_in_the_way(self):
        other = process_text(changed(en=TEXTS[Language.ENGLISH] + " More."))
        assert approved(text=other, seen_hash=other.content_hash, approvals=(approved(),)).at == NOON

    def test_is_withdrawn_once(self):
        later = NOON + timedelta(minutes=1)
        gone = withdraw(approved(), actor=MANAGER, now=later)
        assert gone.withdrawn_at == later
        with pytest.raises(NothingToWithdraw):
            withdraw(gone, actor=MANAGER, now=later)

    @pytest.mark.parametrize(
        ("approved_hash", "expected"),
        [(None, Standing.NEVER), ("a", Standing.APPROVED), ("b", Standing.CHANGED)],
    )
    def test_stands_for_just_that_text(self, approved_hash, expected):
        assert standing("a", approved_hash) is expected


class TestOwnFigures:
    def test_are_none_where_the_policy_is_as_usual(self):
        assert own_figures(Policy(number=1)) == ()

    def test_are_those_that_differ(self):
        policy = Policy(number=2, p1_minutes=45, drafted_hours={Rule.P0: 24}, published_hours={Rule.SLA_BREACH: 72})
        assert [(one.rule, one.clock, one.own, one.usual) for one in own_figures(policy)] == [
            (Rule.P1_LONG, None, 45, 30),
            (Rule.P0, ClockKind.DRAFTED, 24, 48),
            (Rule.SLA_BREACH, ClockKind.PUBLISHED, 72, 48),
        ]
