"""Section content in canonical form: what counts as a change, and what does not."""

import pytest

from pmcore.domain.content import BadText, clean, content_hash, normalise, one_line
from pmcore.domain.sections import BY_KEY, FACTS, FILES, SECTIONS
from pmcore.domain.vocabulary import SectionKey


def test_white_space_is_no_change_and_everything_else_is():
    said = {"text": "One two", "rows": [{"id": "1", "text": "x  y"}], "facts": {"sla_breach": None}}
    assert content_hash(said) == content_hash({**said, "text": "One\n  two", "rows": [{"id": "1", "text": "x y"}]})
    assert content_hash(said) != content_hash({**said, "text": "One too"})
    assert content_hash(said) != content_hash({**said, "facts": {"sla_breach": False}})


def test_nul_and_line_ends_are_made_one_way():
    assert clean("a\x00b\r\nc\rd") == "ab\nc\nd"


def test_too_long_a_text_says_how_long_it_is():
    with pytest.raises(BadText, match="200001 characters; 200000 fit"):
        clean("x" * 200_001)


def test_a_reason_is_one_line_without_what_cannot_be_kept():
    assert one_line(" a\x00 \n b\t") == "a b"
    with pytest.raises(BadText, match="2000 fit"):
        one_line("x" * 2_001)


def test_files_are_a_part_of_the_content_as_they_are():
    given = ({"id": "7", "name": "a.txt", "gone": True},)
    kept = normalise(BY_KEY[SectionKey.SUMMARY], {"incident": "Mail stops.", FILES: given})
    assert kept[FILES] == [{"id": "7", "name": "a.txt", "gone": True}]
    assert FILES not in normalise(BY_KEY[SectionKey.SUMMARY], {"incident": "Mail stops."})


def test_a_blank_field_that_came_later_changes_no_hash():
    section = next(one for one in SECTIONS if any(field.optional for field in one.fields))
    name = next(field.key for field in section.fields if field.optional)
    assert name not in normalise(section, {})
    assert name in normalise(section, {}, whole=True)


def test_facts_are_a_part_of_the_sections_that_have_them():
    for section in SECTIONS:
        content = normalise(section, {FACTS: {"severity": "P0"}})
        assert content.get(FACTS) == ({"severity": "P0"} if section.has_facts else None)
