"""Two people saved the same section: nothing is lost, and only what overlaps is asked about."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmcore.domain.content import normalise
from pmcore.domain.merge import Choice, merge, settle
from pmcore.domain.sections import BY_KEY, FACTS
from pmcore.domain.vocabulary import SectionKey

RESOLUTION = BY_KEY[SectionKey.RESOLUTION]
SUMMARY = BY_KEY[SectionKey.SUMMARY]
LESSONS = BY_KEY[SectionKey.LESSONS]
TIMELINE = BY_KEY[SectionKey.TIMELINE]
IMPACT = BY_KEY[SectionKey.IMPACT]


def resolution(fix="", validation=""):
    return {"immediate_fix": fix, "validation": validation}


def lessons(*rows):
    return {"lessons": [{"id": row_id, "kind": "went_well", "text": text} for row_id, text in rows]}


def ids(content):
    return [row["id"] for row in content["lessons"]]


class TestText:
    def test_different_fields_are_put_together(self):
        merged = merge(RESOLUTION, base=resolution("a", "b"), mine=resolution("a!", "b"), theirs=resolution("a", "b!"))
        assert merged.content == resolution("a!", "b!")
        assert merged.overlaps == ()

    def test_different_lines_of_a_field_are_put_together(self):
        base = "one\ntwo\nthree\nfour\nfive"
        merged = merge(
            RESOLUTION,
            base=resolution(base),
            mine=resolution(base.replace("one", "ONE")),
            theirs=resolution(base.replace("five", "FIVE")),
        )
        assert merged.content["immediate_fix"] == "ONE\ntwo\nthree\nfour\nFIVE"
        assert merged.overlaps == ()

    def test_the_same_lines_overlap_and_carry_both_texts(self):
        base = "one\ntwo\nthree"
        merged = merge(
            RESOLUTION,
            base=resolution(base),
            mine=resolution("one\nmine\nthree"),
            theirs=resolution("one\ntheirs\nthree"),
        )
        (overlap,) = merged.overlaps
        assert (overlap.mine, overlap.theirs) == ("one\nmine\nthree", "one\ntheirs\nthree")
        assert overlap.both == "one\nmine\ntheirs\nthree"
        assert merged.content["immediate_fix"] == overlap.mine

    def test_one_line_against_another_keeps_both_behind_each_other(self):
        (overlap,) = merge(
            SUMMARY, base={"incident": "a"}, mine={"incident": "Mine."}, theirs={"incident": "Theirs."}
        ).overlaps
        assert overlap.both == "Mine. Theirs."
        (overlap,) = merge(RESOLUTION, base=resolution("a"), mine=resolution("b"), theirs=resolution("c")).overlaps
        assert overlap.both == "b\nc"

    def test_the_same_change_on_both_sides_is_one_change(self):
        merged = merge(RESOLUTION, base=resolution("a"), mine=resolution("b"), theirs=resolution("b"))
        assert merged.content == resolution("b")
        assert merged.overlaps == ()

    def test_facts_are_those_of_the_incident(self):
        merged = merge(
            IMPACT, base={FACTS: {"a": "1"}}, mine={FACTS: {"a": "mine"}}, theirs={FACTS: {"a": "2"}, "notes": ""}
        )
        assert merged.content[FACTS] == {"a": "2"}
        assert merge(IMPACT, base={}, mine={}, theirs={}).content[FACTS] == {}


class TestRows:
    def test_rows_added_on_both_sides_stay_behind_what_they_were_added_behind(self):
        merged = merge(
            LESSONS,
            base=lessons(("a", "A"), ("b", "B")),
            mine=lessons(("a", "A"), ("m", "M"), ("b", "B")),
            theirs=lessons(("t", "T"), ("a", "A"), ("b", "B")),
        )
        assert ids(merged.content) == ["t", "a", "m", "b"]
        assert merged.overlaps == ()

    def test_a_row_added_first_stays_first(self):
        merged = merge(
            LESSONS, base=lessons(("a", "A")), mine=lessons(("m", "M"), ("a", "A")), theirs=lessons(("a", "A"))
        )
        assert ids(merged.content) == ["m", "a"]

    def test_a_deleted_row_that_the_other_left_alone_is_gone(self):
        merged = merge(
            LESSONS,
            base=lessons(("a", "A"), ("b", "B")),
            mine=lessons(("b", "B!")),
            theirs=lessons(("a", "A"), ("b", "B")),
        )
        assert merged.content == lessons(("b", "B!"))

    @pytest.mark.parametrize("i_deleted", [True, False])
    def test_a_row_deleted_here_and_changed_there_is_asked_about(self, i_deleted):
        changed, deleted = lessons(("a", "changed")), lessons()
        merged = merge(
            LESSONS,
            base=lessons(("a", "A")),
            mine=deleted if i_deleted else changed,
            theirs=changed if i_deleted else deleted,
        )
        (overlap,) = merged.overlaps
        assert (overlap.mine, overlap.theirs) == (
            ("", "went_well · changed") if i_deleted else ("went_well · changed", "")
        )
        assert merged.content == changed
        keep, drop = (Choice.THEIRS, Choice.MINE) if i_deleted else (Choice.MINE, Choice.THEIRS)
        assert settle(merged, [keep]) == changed
        assert settle(merged, [drop]) == deleted
        assert settle(merged, [Choice.BOTH]) == changed

    def test_columns_of_a_row_are_put_together(self):
        def row(event, actor, kind="fix"):
            return {"entries": [{"id": "a", "at": "1", "kind": kind, "event": event, "actor": actor}]}

        merged = merge(TIMELINE, base=row("e", "x"), mine=row("E", "x"), theirs=row("e", "X"))
        assert merged.content == row("E", "X")
        merged = merge(TIMELINE, base=row("e", "x"), mine=row("mine", "x"), theirs=row("theirs", "x"))
        assert settle(merged, [Choice.BOTH]) == row("mine theirs", "x")
        assert settle(merged, [Choice.THEIRS]) == row("theirs", "x")
        merged = merge(TIMELINE, base=row("e", "x"), mine=row("e", "x", "alert"), theirs=row("e", "x", "other"))
        assert merged.overlaps[0].both == ""  # a kind is one or the other
        assert settle(merged, [Choice.BOTH]) == row("e", "x", "alert")

    def test_who_moved_rows_decides_their_order_and_mine_wins(self):
        base = lessons(("a", "A"), ("b", "B"), ("c", "C"))
        moved = lessons(("c", "C"), ("a", "A"), ("b", "B"))
        other = lessons(("b", "B"), ("a", "A"), ("c", "C"))
        assert ids(merge(LESSONS, base=base, mine=base, theirs=moved).content) == ["c", "a", "b"]
        assert ids(merge(LESSONS, base=base, mine=moved, theirs=base).content) == ["c", "a", "b"]
        assert ids(merge(LESSONS, base=base, mine=moved, theirs=other).content) == ["c", "a", "b"]


class TestSettle:
    def test_each_overlap_follows_its_own_choice(self):
        merged = merge(RESOLUTION, base=resolution("a", "b"), mine=resolution("m", "n"), theirs=resolution("t", "u"))
        assert settle(merged, [Choice.MINE, Choice.THEIRS]) == resolution("m", "u")
        assert settle(merged, [Choice.BOTH, Choice.MINE]) == resolution("m\nt", "n")

    def test_other_rows_stay_as_they_are(self):
        base = lessons(("a", "A"), ("b", "B"))
        merged = merge(LESSONS, base=base, mine=lessons(("a", "m"), ("b", "B")), theirs=lessons(("a", "t"), ("b", "B")))
        assert settle(merged, [Choice.THEIRS]) == lessons(("a", "t"), ("b", "B"))


LINES = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=3), max_size=8).map("\n".join)
TEXTS = st.builds(resolution, LINES, LINES)
ROWS = st.lists(st.tuples(st.sampled_from("abcdefgh"), LINES), max_size=8, unique_by=lambda row: row[0]).map(
    lambda rows: lessons(*rows)
)
SIDES = st.one_of(
    st.tuples(st.just(RESOLUTION), TEXTS, TEXTS, TEXTS), st.tuples(st.just(LESSONS), ROWS, ROWS, ROWS)
)  # fmt: skip


def words(content):
    """Every line of every text, wherever it stands."""
    texts = [
        text
        for value in content.values()
        for text in ([value] if isinstance(value, str) else [r["text"] for r in value])
    ]
    return {line for text in texts for line in text.split("\n") if line}


@settings(max_examples=150, deadline=None)
@given(SIDES)
def test_an_unchanged_side_gives_the_other_side(sides):
    section, base, changed, _ = sides
    for mine, theirs in ((changed, base), (base, changed), (changed, changed)):
        merged = merge(section, base=base, mine=mine, theirs=theirs)
        assert merged.content == changed
        assert merged.overlaps == ()


@settings(max_examples=300, deadline=None)
@given(SIDES)
def test_no_text_of_either_side_is_lost(sides):
    """What a side wrote anew stands in the merged content or in an overlap that is asked about."""
    section, base, mine, theirs = sides
    merged = merge(section, base=base, mine=mine, theirs=theirs)
    asked = {line for each in merged.overlaps for text in (each.mine, each.theirs) for line in text.split("\n")}
    asked |= {line.removeprefix("went_well · ") for line in asked}
    assert (words(mine) | words(theirs)) - words(base) <= words(merged.content) | asked


@settings(max_examples=150, deadline=None)
@given(SIDES)
def test_merged_content_is_whole_and_either_settlement_saves(sides):
    section, base, mine, theirs = sides
    merged = merge(section, base=base, mine=mine, theirs=theirs)
    assert normalise(section, merged.content) == merged.content
    for choice in Choice:
        settled = settle(merged, [choice] * len(merged.overlaps))
        assert normalise(section, settled) == settled
