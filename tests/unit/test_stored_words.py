"""What a section stores, told in words."""

from pmcore.words import speaking
from pmcore.words.stored import in_words

ROW = {"id": "1", "at": "2026-11-22T01:28:16+00:00", "kind": "alert", "event": "Pods", "actor": ""}


def test_moments_and_kinds_are_told_in_the_readers_language():
    with speaking("en"):
        (row,) = in_words({"entries": [ROW]}, "Europe/Moscow")["entries"]
    assert row["at"] == "22 Nov 2026, 04:28:16 MSK (UTC+3)"
    assert (row["kind"], row["event"], row["id"]) == ("Alert fired", "Pods", "1")
    with speaking("ru"):
        (row,) = in_words({"entries": [ROW]}, "Europe/Moscow")["entries"]
    assert "нояб" in row["at"]
    assert row["kind"] != "alert"


def test_a_why_names_the_question_above_it():
    whys = [{"id": "a", "parent": "", "question": "Why?"}, {"id": "b", "parent": "a", "question": "Why that?"}]
    assert [row.get("parent") for row in in_words({"whys": whys}, "UTC")["whys"]] == ["", "↳ Why?"]


def test_other_texts_stay_as_they_are():
    content = {"text": "2026-11-22 is a day", "broken": "2026-99-99T99:99:99", "facts": {"users": 3, "tags": ["a"]}}
    assert in_words(content, "UTC") == content
