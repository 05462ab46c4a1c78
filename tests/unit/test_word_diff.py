"""What changed between two texts, word by word, and which save begins a revision."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain.revision import continues_stretch
from pmcore.domain.sections import BY_KEY, FACTS
from pmcore.domain.vocabulary import SectionKey
from pmcore.domain.word_diff import Change, Piece, section_diff, word_diff

SUMMARY, LESSONS, DETAILS = (BY_KEY[key] for key in (SectionKey.SUMMARY, SectionKey.LESSONS, SectionKey.DETAILS))
NOON = datetime(2025, 12, 14, 12, tzinfo=UTC)


def text(pieces, without):
    return "".join(piece.text for piece in pieces if piece.change is not without)


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_from_the_diff(before, after):
    pieces = word_diff(before, after)
    assert text(pieces, Change.ADDED) == before
    assert text(pieces, Change.DELETED) == after


def test_words_change_and_not_letters():
    assert word_diff("pool of 10", "pool of 50") == (
        Piece(change=Change.SAME, text="pool of "),
        Piece(change=Change.DELETED, text="10"),
        Piece(change=Change.ADDED, text="50"),
    )


def test_a_long_paste_is_compared_by_lines():
    long = "a b c\n" * 10_000
    pieces = word_diff(long, long + "d e")
    assert pieces[-1] == Piece(change=Change.ADDED, text="d e")
    assert text(pieces, Change.ADDED) == long


class TestSectionDiff:
    def test_names_the_changed_fields_only(self):
        (diff,) = section_diff(SUMMARY, {"incident": "a", "impact": "b"}, {"incident": "a", "impact": "c"})
        assert diff.field == "impact"
        assert section_diff(SUMMARY, {"incident": "a"}, {"incident": "a", "impact": ""}) == ()

    def test_rows_are_matched_by_their_id(self):
        before = {"lessons": [{"id": "1", "kind": "went_well", "text": "a"}, {"id": "2", "kind": "", "text": "b"}]}
        after = {"lessons": [{"id": "3", "kind": "", "text": "c"}, {"id": "1", "kind": "went_well", "text": "a"}]}
        assert [(diff.row_id, diff.pieces[0].change) for diff in section_diff(LESSONS, before, after)] == [
            ("3", Change.ADDED),
            ("2", Change.DELETED),
        ]

    def test_facts_are_told_line_by_line(self):
        before = {FACTS: {"alert_name": "", "items": [{"title": "x"}], "unknown_because": {}}}
        after = {FACTS: {"alert_name": "Down", "items": [{"title": "x"}], "unknown_because": {"complaints": "new"}}}
        (diff,) = section_diff(DETAILS, before, after)
        assert diff.field == FACTS
        assert text(diff.pieces, Change.DELETED) == (
            "alert name: Down\nitems 1 title: x\nunknown because complaints: new"
        )
        assert section_diff(DETAILS, before, before) == section_diff(DETAILS, {}, {}) == ()


@pytest.mark.parametrize(
    ("last_by", "by", "later", "grows"),
    [
        (1, 1, timedelta(minutes=5), True),
        (1, 1, timedelta(minutes=5, seconds=1), False),
        (1, 1, timedelta(seconds=-1), False),
        (2, 1, timedelta(), False),
        (None, 1, timedelta(), False),
        (None, None, timedelta(), False),
    ],
)
def test_one_person_within_five_minutes_grows_a_revision(last_by, by, later, grows):
    assert continues_stretch(last_by_id=last_by, last_saved_at=NOON, by_id=by, now=NOON + later) is grows
