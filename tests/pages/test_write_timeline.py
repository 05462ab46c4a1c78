"""Writing the timeline: row by row, pasted, told apart from the incident."""

import pytest

from pmcore.domain.vocabulary import SectionKey, TimelineKind
from tests import reviewed
from tests.pages.refused import beside
from wiring import acting, ask

ROWS = [
    {"id": "a", "at": "2025-12-14T07:00:00+00:00", "kind": "incident_start", "event": "500s", "actor": "System"},
    {"id": "b", "at": "2025-12-14T07:02:00+00:00", "kind": "alert", "event": "Fired", "actor": "Prometheus"},
]


@pytest.fixture
def story(wired, clock):
    story = reviewed.begun(wired)
    reviewed.write(wired, story, SectionKey.TIMELINE, entries=ROWS)
    return story


@pytest.fixture
def opened(story, page):
    def opened(user=None):
        shown = page("write.py", user or story.author, query={"id": str(story.id), "section": "timeline"})
        assert not shown.exception
        return shown

    return opened


def entries(story):
    with acting.as_user(story.author):
        return ask.section(story.id, SectionKey.TIMELINE).content["entries"]


def events(story):
    return [row["event"] for row in entries(story)]


def words(shown):
    return "\n".join(each.value for each in (*shown.markdown, *shown.caption, *shown.error, *shown.warning))


def key(story, *parts):
    return "-".join(("timeline", str(story.id), *parts))


def add(shown, story, at, event, *, button="save"):
    shown.button(key=key(story, "add")).click().run()
    return fill(shown, story, at, event, button=button)


def fill(shown, story, at, event, *, button="save"):
    row = shown.session_state[f"timeline-{story.id}"]["opened"]
    shown.text_input(key=key(story, "at", row)).set_value(at)
    shown.text_area(key=key(story, "event", row)).set_value(event)
    return shown.button(key=key(story, button, row)).click().run()


def test_reads_as_a_table_with_its_zone_and_durations(opened):
    said = words(opened())
    assert "All times in MSK (UTC+3)" in said
    assert "Total duration: 12 min (TTD: 2 min 15 s, MTTR: 9 min 45 s)" in said
    assert "10:02:00" in said
    assert "Alert fired:" in said


def test_a_new_row_finds_its_place_by_its_time(opened, story):
    shown = add(opened(), story, "10:01", "Somebody called 🔥 <b>")
    assert not shown.exception
    assert events(story) == ["500s", "Somebody called 🔥 <b>", "Fired"]
    assert not any("Event" in each.label for each in shown.text_area)


def test_a_row_past_midnight_belongs_to_the_next_day(opened, story, clock):
    clock.forward(days=2)
    shown = add(opened(), story, "23:58", "Still looking", button="next")
    fill(shown, story, "00:03", "Found it")
    assert [row["at"] for row in entries(story)][2:] == ["2025-12-14T20:58:00+00:00", "2025-12-14T21:03:00+00:00"]


@pytest.mark.parametrize(
    ("at", "event", "said"),
    [("soon", "x", "is not a time"), ("25:00", "x", "no such time"), ("10:01", " ", "Say what happened"),
     ("2031-01-01 10:00", "x", "still to come"), ("10:01", "x" * 2_001, "characters")],
)  # fmt: skip
def test_a_refusal_keeps_what_was_typed(opened, story, at, event, said):
    shown = add(opened(), story, at, event)
    assert said in shown.error[0].value
    row = shown.session_state[f"timeline-{story.id}"]["opened"]
    assert shown.text_input(key=key(story, "at", row)).value == at
    assert said in beside(shown, key(story, "event" if "Say" in said or "characters" in said else "actor", row))
    assert events(story) == ["500s", "Fired"]


def test_a_row_is_changed_deleted_and_brought_back(opened, story):
    shown = opened()
    shown.button(key=key(story, "edit", "b")).click().run()
    shown.selectbox(key=key(story, "kind", "b")).set_value(TimelineKind.PAGED)
    shown.text_input(key=key(story, "at", "b")).set_value("10:02:30")
    shown.button(key=key(story, "save", "b")).click().run()
    assert (entries(story)[1]["kind"], entries(story)[1]["at"]) == ("paged", "2025-12-14T07:02:30+00:00")
    shown.button(key=key(story, "edit", "a")).click().run()
    shown.button(key=key(story, "delete", "a")).click().run()
    assert events(story) == ["Fired"]
    shown.button(key=key(story, "undo")).click().run()
    assert events(story) == ["500s", "Fired"]


def test_two_writers_of_different_rows_are_put_together(opened, story, wired):
    shown = opened()
    shown.button(key=key(story, "edit", "b")).click().run()
    reviewed.write(wired, story, SectionKey.TIMELINE, entries=[{**ROWS[0], "event": "500s and worse"}, ROWS[1]])
    fill(shown, story, "10:02", "Fired twice")
    assert events(story) == ["500s and worse", "Fired twice"]


def test_two_writers_of_the_same_row_see_both_texts(opened, story, wired):
    shown = opened()
    shown.button(key=key(story, "edit", "b")).click().run()
    reviewed.write(wired, story, SectionKey.TIMELINE, entries=[ROWS[0], {**ROWS[1], "event": "Their words"}])
    shown = fill(shown, story, "10:02", "My words")
    said = "\n".join(each.value for each in shown.text)
    assert "My words" in said
    assert "Their words" in said
    assert events(story) == ["500s", "Their words"]


def test_rows_out_of_order_are_pointed_out_and_sorted(opened, story, wired):
    reviewed.write(wired, story, SectionKey.TIMELINE, entries=[ROWS[1], ROWS[0]])
    shown = opened()
    assert "out of order" in words(shown)
    shown.button(key=key(story, "sort")).click().run()
    assert events(story) == ["500s", "Fired"]


class TestUseThisTime:
    def test_is_offered_where_both_differ(self, opened, story):
        shown = opened()
        assert "The timeline puts the detection at 10:02:00; the incident says 10:02:15." in words(shown)
        shown = shown.button(key=key(story, "use", "detected_at")).click().run()
        assert "the detection at" not in words(shown)
        assert "TTD: 2 min, MTTR: 10 min" in words(shown)

    def test_is_not_offered_to_readers(self, opened, story):
        with acting.as_user(story.author):
            from pmcore.usecases.review import ShareDraft
            from wiring import run

            run(ShareDraft(postmortem_id=story.id))
        shown = opened(story.lead)
        assert not [each.key for each in shown.button if each.key and each.key.startswith("timeline-")]


class TestPaste:
    def paste(self, shown, story, text):
        shown.text_area(key=key(story, "pasted", "0")).set_value(text)
        return shown.run()

    def test_shows_what_was_understood_and_takes_it_over(self, opened, story):
        shown = self.paste(opened(), story, "10:05 🐛 Pool exhausted (@anna)\nAnd more\n25:00 odd\n10:02 Fired")
        rows = shown.dataframe[0].value
        assert list(rows["mark"]) == ["✓", "⚠", "⚠", "="]
        assert events(story) == ["500s", "Fired"]
        shown = shown.button(key=key(story, "take")).click().run()
        assert entries(story)[-1] | {"id": ""} == {
            "id": "", "at": "2025-12-14T07:05:00+00:00", "kind": "identified", "event": "Pool exhausted",
            "actor": "@anna",
        }  # fmt: skip
        assert shown.text_area(key=key(story, "pasted", "1")).value == "And more\n25:00 odd"

    def test_what_is_still_to_come_stays_in_the_box(self, opened, story):
        shown = self.paste(opened(), story, "2031-01-01 10:00 Party")
        assert list(shown.dataframe[0].value["mark"]) == ["⚠"]
        assert shown.button(key=key(story, "take")).disabled

    def test_another_zone_is_asked_about(self, opened, story):
        shown = self.paste(opened(), story, "All times in CET\n08:05 Looking")
        assert list(shown.dataframe[0].value["time"]) == ["2025-12-14 10:05:00"]
        shown.radio(key=key(story, "clock")).set_value("UTC").run()
        assert list(shown.dataframe[0].value["time"]) == ["2025-12-14 11:05:00"]

    @pytest.mark.parametrize(("text", "said"), [("x" * 200_001, "characters"), ("10:00 x\n" * 2_001, "lines")])
    def test_too_much_is_refused_and_kept(self, opened, story, text, said):
        shown = self.paste(opened(), story, text)
        assert said in shown.error[0].value
        assert shown.text_area(key=key(story, "pasted", "0")).value == text

    def test_more_rows_than_a_timeline_holds(self, opened, story):
        shown = self.paste(opened(), story, "\n".join(f"10:{n // 60:02}:{n % 60:02} Row {n}" for n in range(499)))
        shown = shown.button(key=key(story, "take")).click().run()
        assert "A timeline holds 500 rows" in shown.error[0].value
        assert events(story) == ["500s", "Fired"]


def test_opening_it_takes_few_statements(opened, statements):
    acting.forget()
    with statements() as said:
        opened()
    assert len(said) <= 12, said
