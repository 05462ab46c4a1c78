"""Sections and their content."""

import pytest

from pmcore.domain.content import MAX_LINE, BadText, content_hash, normalise
from pmcore.domain.errors import EditConflict, NotFound, PmError, Refusals
from pmcore.domain.sections import BY_KEY
from pmcore.domain.vocabulary import SectionKey


def test_a_section_knows_its_fields_only():
    assert BY_KEY[SectionKey.SUMMARY].field("impact").heading == "Impact"
    with pytest.raises(KeyError):
        BY_KEY[SectionKey.SUMMARY].field("nothing")


def test_white_space_does_not_change_a_hash():
    lessons = BY_KEY[SectionKey.LESSONS]
    one = normalise(lessons, {"lessons": [{"id": "a", "kind": "went_well", "text": "a  b\nc"}]})
    other = normalise(lessons, {"lessons": [{"id": "a", "kind": "went_well", "text": "a b c "}]})
    assert content_hash(one) == content_hash(other)
    assert content_hash({"a": 1}) != content_hash({"a": 2})


def test_a_line_has_a_limit():
    with pytest.raises(BadText):
        normalise(BY_KEY[SectionKey.SUMMARY], {"impact": "x" * (MAX_LINE + 1)})


def test_refusals_say_everything():
    assert str(Refusals((PmError("One."), PmError("{n} more.", n=2)))) == "One.\n2 more."
    assert str(NotFound()) != str(EditConflict())
