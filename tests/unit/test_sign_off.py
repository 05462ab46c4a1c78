from dataclasses import replace
from datetime import timedelta

import pytest

from pmcore.domain.permissions import Actor
from pmcore.domain.sections import required_signatures
from pmcore.domain.sign_off import (
    CannotSign,
    NothingToWithdraw,
    Signature,
    Standing,
    decides,
    is_signed_off,
    may_sign,
    missing_signatures,
    roles_of,
    sign,
    standings,
    to_withdraw,
)
from pmcore.domain.vocabulary import Role, SectionKey, Severity, SignRole
from tests.factories import NOON

AUTHOR, LEAD, MANAGER, CTO = 1, 2, 3, 4
HASHES = {key: f"{key}-1" for key in SectionKey}
REQUIRED = required_signatures(severity=Severity.P0, has_cto=True)


def actor(user_id=LEAD, *roles):
    return Actor(user_id=user_id, name="Somebody", roles=frozenset(roles or (Role.TECH_LEAD,)))


def signature(role=SignRole.TECH_LEAD, user_id=LEAD, **changes):
    given = Signature(id=1, role=role, user_id=user_id, hashes={key: HASHES[key] for key in REQUIRED[role]}, at=NOON)
    return replace(given, **changes)


def stand(*signatures, hashes=HASHES, severity=Severity.P0, has_cto=True, authors=(AUTHOR,)):
    found = standings(
        severity=severity, has_cto=has_cto, hashes=hashes, signatures=signatures, author_ids=frozenset(authors)
    )
    return {sign_off.role: sign_off for sign_off in found}


def everybody():
    return tuple(signature(role, user_id) for role, user_id in zip(SignRole, (LEAD, MANAGER, CTO), strict=True))


class TestStanding:
    def test_is_missing_until_somebody_signs(self):
        found = stand()
        assert {sign_off.standing for sign_off in found.values()} == {Standing.MISSING}
        assert [str(problem) for problem in missing_signatures(found.values())] == [
            "The Tech Lead has not signed yet.",
            "The Engineering Manager has not signed yet.",
            "The CTO has not signed yet.",
        ]

    def test_is_valid_while_the_hashes_are_equal(self):
        found = stand(*everybody())
        assert is_signed_off(found.values())
        assert missing_signatures(found.values()) == ()

    def test_is_void_after_an_edit_and_names_the_section(self):
        edited = HASHES | {SectionKey.TIMELINE: "other"}
        found = stand(*everybody(), hashes=edited)
        assert found[SignRole.TECH_LEAD].standing is Standing.VOID
        assert found[SignRole.TECH_LEAD].changed == (SectionKey.TIMELINE,)
        assert found[SignRole.CTO].standing is Standing.VALID
        assert not is_signed_off(found.values())
        (problem,) = missing_signatures(found.values())
        assert "void" in str(problem)
        assert problem.section is SectionKey.SIGN_OFF

    def test_an_older_signature_counts_again_when_its_text_comes_back(self):
        newer = signature(id=2, at=NOON + timedelta(hours=1), hashes=dict.fromkeys(REQUIRED[SignRole.TECH_LEAD], "new"))
        found = stand(signature(), newer)[SignRole.TECH_LEAD]
        assert (found.standing, found.signature.id) == (Standing.VALID, 1)

    def test_of_two_void_ones_the_newest_is_shown(self):
        edited = dict.fromkeys(SectionKey, "other")
        newer = signature(id=2, at=NOON + timedelta(hours=1))
        assert stand(newer, signature(), hashes=edited)[SignRole.TECH_LEAD].signature.id == 2

    def test_withdrawn_ones_and_authors_do_not_count(self):
        assert stand(signature(withdrawn_at=NOON))[SignRole.TECH_LEAD].standing is Standing.MISSING
        assert stand(signature(), authors=(AUTHOR, LEAD))[SignRole.TECH_LEAD].standing is Standing.MISSING

    def test_without_a_cto_the_manager_covers_summary_and_impact(self):
        for found in (stand(has_cto=False), stand(severity=Severity.P1)):
            assert set(found) == {SignRole.TECH_LEAD, SignRole.ENGINEERING_MANAGER}
            assert {SectionKey.SUMMARY, SectionKey.IMPACT} <= set(found[SignRole.ENGINEERING_MANAGER].sections)

    def test_a_signature_that_covers_less_than_is_needed_now_is_void(self):
        signed = signature(SignRole.ENGINEERING_MANAGER, MANAGER)
        found = stand(signed, has_cto=False)[SignRole.ENGINEERING_MANAGER]
        assert found.changed == (SectionKey.SUMMARY, SectionKey.IMPACT)


class TestSign:
    def sign(self, by, role=SignRole.TECH_LEAD, required=REQUIRED):
        return sign(actor=by, role=role, required=required, hashes=HASHES, author_ids=frozenset({AUTHOR}), now=NOON)

    def test_stores_what_it_covers(self):
        assert self.sign(actor()) == signature(id=None)

    def test_one_person_may_hold_several_roles(self):
        both = actor(LEAD, Role.TECH_LEAD, Role.CTO)
        assert roles_of(both) == (SignRole.TECH_LEAD, SignRole.CTO)
        assert self.sign(both, SignRole.CTO).role is SignRole.CTO

    def test_is_refused_to_authors_others_and_where_it_is_not_needed(self):
        with pytest.raises(CannotSign, match="of their own"):
            self.sign(actor(AUTHOR))
        with pytest.raises(CannotSign, match="do not hold"):
            self.sign(actor(LEAD, Role.ENGINEER))
        with pytest.raises(CannotSign, match="No signature is needed"):
            self.sign(actor(CTO, Role.CTO), SignRole.CTO, required_signatures(severity=Severity.P2, has_cto=True))

    def test_may_sign_says_the_same(self):
        authors = frozenset({AUTHOR})
        assert may_sign(actor(), role=SignRole.TECH_LEAD, author_ids=authors)
        assert not may_sign(actor(AUTHOR), role=SignRole.TECH_LEAD, author_ids=authors)
        assert not may_sign(actor(), role=SignRole.CTO, author_ids=authors)


def test_one_takes_back_only_what_one_gave():
    mine, theirs = signature(), signature(user_id=9, id=2)
    assert to_withdraw((mine, theirs), role=SignRole.TECH_LEAD, user_id=LEAD) == (mine,)
    with pytest.raises(NothingToWithdraw):
        to_withdraw((theirs, signature(withdrawn_at=NOON)), role=SignRole.TECH_LEAD, user_id=LEAD)


def test_an_edit_decides_a_signature_that_names_the_text_before_or_after_it():
    key, given = next(iter(HASHES)), signature(hashes=dict(HASHES))
    assert decides(given, key=key, before=HASHES[key], after="other")
    assert decides(given, key=key, before="other", after=HASHES[key])
    assert not decides(given, key=key, before="other", after="another")
    assert not decides(replace(given, withdrawn_at=NOON), key=key, before=HASHES[key], after="other")
