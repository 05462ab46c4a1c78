"""Rows of a section while others write: what comes in, what goes, and what is the base of the next save."""

import pytest

from pages._write import boxes
from pmcore.domain.sections import BY_KEY
from pmcore.domain.vocabulary import SectionKey

FIELDS = BY_KEY[SectionKey.REFERENCES].fields


def row(name, text=None):
    return {"id": name, "text": name if text is None else text}


def names(rows):
    return [each["id"] for each in rows]


class TestNames:
    @pytest.mark.parametrize("parts", [("validation", "", ""), ("lessons", "0b1d-2", "text")])
    def test_go_there_and_back(self, parts):
        assert boxes.parts(boxes.named(*parts)) == parts

    def test_every_box_is_listed_with_what_it_says(self):
        content = {"links": [{"id": "a", "label": "Graph", "url": "https://x"}]}
        assert list(boxes.texts(FIELDS, content)) == [("links/a/label", "Graph"), ("links/a/url", "https://x")]


class TestAgreed:
    def test_a_box_that_says_what_is_stored_moves_the_base(self):
        def link(label, url):
            return {"links": [{"id": "a", "label": label, "url": url}]}

        moved = boxes.agreed(FIELDS, link("old", "old"), typed=link("new", "typed"), stored=link("new", "theirs"))
        assert moved["links"] == [{"id": "a", "label": "new", "url": "old"}]

    def test_a_row_that_is_gone_stays_in_the_base(self):
        base = {"links": [{"id": "a", "label": "old", "url": ""}]}
        assert boxes.agreed(FIELDS, base, typed={}, stored={})["links"] == base["links"]


class TestFollowed:
    def test_rows_of_others_come_in_at_their_place(self):
        a, b, new = row("a"), row("b"), row("new")
        rows, base = boxes.followed([a, b], [a, b], base=[a, b], stored=[a, new, b])
        assert names(rows) == names(base) == ["a", "new", "b"]

    def test_a_deleted_row_goes_unless_it_was_changed_here(self):
        a, b = row("a"), row("b")
        typed = [row("a", "mine"), b]
        rows, base = boxes.followed([a, b], typed, base=[a, b], stored=[])
        assert (rows, base) == ([a], [a])  # the merge asks about it

    def test_a_row_deleted_here_stays_deleted_and_in_the_base(self):
        a, b = row("a"), row("b")
        rows, base = boxes.followed([b], [b], base=[a, b], stored=[a, b])
        assert (names(rows), names(base)) == (["b"], ["a", "b"])

    def test_own_new_rows_stay_behind_the_row_they_were_behind(self):
        a, b, first, mine, last = row("a"), row("b"), row("first", ""), row("mine", ""), row("last", "")
        shown = [first, a, mine, b, last]
        rows, base = boxes.followed(shown, shown, base=[a, b], stored=[b, a])
        assert names(rows) == ["first", "b", "last", "a", "mine"]
        assert names(base) == ["b", "a"]

    def test_a_new_row_behind_one_that_went_stays_at_the_end(self):
        a, b, mine = row("a"), row("b"), row("mine", "")
        rows, _base = boxes.followed([a, b, mine], [a, b, mine], base=[a, b], stored=[a])
        assert names(rows) == ["a", "mine"]

    def test_the_base_keeps_what_this_browser_showed(self):
        a, theirs = row("a"), row("a", "theirs")
        rows, base = boxes.followed([a], [a], base=[a], stored=[theirs])
        assert (rows, base) == ([a], [a])
