"""One page for executives: what it says, what it leaves out, and what does not fit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pmcore.documents import brief, markdown, one_page, outline
from pmcore.documents.persons import Persons
from pmcore.domain.action_item import ActionItem
from pmcore.domain.content import content_hash, normalise
from pmcore.domain.impact import certainty, confirmed
from pmcore.domain.progress import standing
from pmcore.domain.sections import BY_KEY, FOR_EXECUTIVES, FieldKind
from pmcore.domain.vocabulary import ActionPriority, ActionState, Certainty, ImpactFigure, SectionKey
from pmcore.words import speaking
from tests.repeated import REPEATS
from tests.reviewed import WRITTEN
from tests.unit.test_documents import INCIDENT, ITEM, START, TEMPLATE, content, document

SUMMARY = BY_KEY[SectionKey.SUMMARY]
OPTIONAL = {
    "confirmed": [{"id": "sla", "figure": "sla"}, {"id": "customers", "figure": "customers"}],
    "data_loss": "No data was lost.",
    "can_recur": "Yes, at twice the peak.",
    "protection": "A person watches the pool.",
    "happened_before": "P0-012; its AI-2 was open.",
    "decision": "Buy a second database by Friday.",
    "communication": "A notice on the status page at 11:00.",
}


def page(states=None, **changes):
    return one_page.page(content(**changes), status=outline.PUBLISHED, states=states)


def said(pairs):
    return {pair.label: pair.value for pair in pairs}


def figures(shown):
    return {figure.label: (figure.value, figure.sure) for figure in shown.figures}


def row(kind, minutes, number="1"):
    at = (START + timedelta(minutes=minutes)).isoformat()
    return {"id": number, "at": at, "kind": kind, "event": "Anna Petrova did it", "actor": "Anna"}


class TestOptionalFields:
    def test_are_nowhere_while_they_are_blank(self):
        blank = {field.key: [] if field.kind is FieldKind.ROWS else " \n" for field in FOR_EXECUTIVES}
        before = normalise(SUMMARY, WRITTEN[SectionKey.SUMMARY])
        after = normalise(SUMMARY, {**WRITTEN[SectionKey.SUMMARY], **blank})
        assert before == after
        assert list(after) == ["incident", "impact", "root_cause", "resolution", "prevention"]
        assert content_hash(before) == content_hash({**WRITTEN[SectionKey.SUMMARY]})
        assert set(normalise(SUMMARY, after, whole=True)) == {field.key for field in SUMMARY.fields}

    def test_do_not_make_a_summary_wait_nor_empty(self):
        full = dict.fromkeys(("incident", "impact", "root_cause", "resolution", "prevention"), "x")
        assert standing(SUMMARY, full).blank == frozenset()
        assert standing(SUMMARY, {}).is_empty
        assert not standing(SUMMARY, {"decision": "x"}).is_empty

    def test_stand_in_the_document_when_they_say_something(self):
        text = markdown.render(document(summary={"decision": "Buy it.", "confirmed": OPTIONAL["confirmed"]}))
        assert "**Prevention:** The pool is watched.\n\n**Decision Needed:** Buy it.  \n" in text
        assert "**Confirmed Figures:** Customers, SLA breach" in text
        assert "Protection" not in text
        for heading in (field.heading for field in FOR_EXECUTIVES):
            assert heading not in markdown.render(document())
            assert heading not in TEMPLATE.read_text("utf-8")


class TestCertainty:
    def test_is_confirmed_only_where_somebody_said_so(self):
        sure = confirmed([{"id": "1", "figure": "sla"}, {"id": "2", "figure": "odd"}, {"id": "3"}])
        assert sure == (ImpactFigure.SLA,)
        assert certainty(ImpactFigure.SLA, said="Yes", confirmed=sure) is Certainty.CONFIRMED
        assert certainty(ImpactFigure.REVENUE, said="$1", confirmed=sure) is Certainty.ESTIMATED

    def test_of_what_nobody_knows_is_unknown_whatever_is_marked(self):
        assert certainty(ImpactFigure.SLA, said="", confirmed=(ImpactFigure.SLA,)) is Certainty.UNKNOWN


class TestImpact:
    def test_says_each_figure_and_how_sure_it_is(self):
        own = {"revenue_basis": "$0.125 a request", "budget_remaining": "72"}
        assert figures(page(summary=OPTIONAL, impact=own)) == {
            "Customers": ("500 (25% of all)", "confirmed"),
            "Duration": ("12 min (9 min 45 s from detection to resolution)", "estimated"),
            "Revenue": ("$150 lost ($0.125 a request)", "estimated"),
            "SLA breach": ("Yes - availability 98.5% for 12 min (target: 99.9%)", "confirmed"),
            "Complaints": ("3", "estimated"),
            "Error budget": (
                "used 0.42% of the 30-day budget (27.8% had everything failed); 72% remains", "estimated",
            ),
            "Data loss or exposure": ("No data was lost.", "estimated"),
        }  # fmt: skip

    def test_an_unknown_figure_says_why_and_is_never_zero(self):
        nothing = replace(
            INCIDENT, customers_affected=None, revenue_loss_usd=None, availability_percent=None, sla_breach=None,
            complaints=None, resolved_at=None, unknown_because={"customers_affected": "no logs"},
        )  # fmt: skip
        shown = figures(page(incident=nothing, impact={"user_share": ""}))
        assert shown["Customers"] == ("because no logs", "unknown")
        assert {sure for _value, sure in shown.values()} == {"unknown"}
        assert {value for value, _sure in shown.values()} == {"because no logs", ""}

    def test_a_revenue_without_its_basis_says_so(self):
        assert figures(page())["Revenue"] == ("$150 lost (basis not said)", "estimated")


class TestPage:
    def test_says_what_it_is_about(self):
        shown = page()
        assert shown.title == "Mail is down"
        assert said(shown.header) == {
            "Incident": "P0-001", "Date": "2025-12-14 10:00:00 MSK (UTC+3)", "Service": "email-service",
            "Severity": "P0", "Status": "📝 Published", "Edition": "1",
        }  # fmt: skip
        assert shown.experience == "An error page"
        assert shown.noticed == "Automated alert (EmailServiceDown) 2 min 15 s after the start"
        assert not shown.is_cut

    def test_a_draft_is_called_unpublished(self):
        draft = content()
        draft["header"]["published_at"] = ""
        assert said(one_page.page(draft, status=outline.DRAFT).header)["Edition"] == "1 (not published)"

    def test_tells_five_moments(self):
        entries = [row("fix", 7, "2"), row("identified", 5), row("fix", 9, "3")]
        told = [(one.label, one.at, one.after) for one in page(timeline={"entries": entries}).milestones]
        assert told == [
            ("Started", "10:00:00", ""),
            ("Noticed", "10:02:15", "2 min 15 s"),
            ("Cause found", "10:05:00", "5 min"),
            ("Fix applied", "10:07:00", "7 min"),
            ("Resolved", "10:12:00", "12 min"),
        ]

    def test_and_what_is_known_in_place_of_those_that_are_not(self):
        entries = [row("acknowledged", 3), row("recovered", 60 * 15, "2"), row("resolved", 61 * 15, "3")]
        told = page(timeline={"entries": entries}, incident=replace(INCIDENT, resolved_at=None)).milestones
        assert [(one.label, one.at) for one in told[2:]] == [
            ("Acknowledged", "10:03:00"), ("Service recovered", "2025-12-15 01:00:00"),
            ("Resolved", "2025-12-15 01:15:00"),
        ]  # fmt: skip
        nothing = page(timeline={"entries": []}, incident=replace(INCIDENT, detected_at=None, resolved_at=None))
        assert [(one.label, one.at) for one in nothing.milestones][1:] == [
            ("Noticed", ""), ("Cause found", ""), ("Fix applied", ""), ("Resolved", ""),
        ]  # fmt: skip

    def test_names_the_cause_and_two_factors(self):
        factors = [{"id": str(number), "text": text} for number, text in enumerate(("", "Peak", "Defaults", "Luck"))]
        assert [pair.value for pair in page(root_cause={"factors": factors}).cause] == [
            "The pool was too small.", "Peak", "Defaults",
        ]  # fmt: skip
        assert page(summary={"root_cause": ""}).cause[0].value == "Pool size"

    def test_says_whether_it_comes_again(self):
        assert [pair.value for pair in page(summary=OPTIONAL).again] == [
            OPTIONAL["can_recur"], OPTIONAL["protection"], OPTIONAL["happened_before"],
        ]  # fmt: skip
        related = [{"id": "r", "public_id": "P0-012", "text": "similar"}]
        assert [pair.value for pair in page(references={"related": related}).again] == [
            "Not said", "Larger pool", "P0-012 (similar)",
        ]  # fmt: skip

    def test_what_is_known_of_repetitions_comes_before_what_an_author_tells(self):
        shown = one_page.page(content(), status=outline.PUBLISHED, repetitions=(REPEATS,))
        assert said(shown.again)["Did it happen before?"].startswith(
            "P0-003 (Connection pool exhausted) on 2025-11-14, confirmed"
        )
        assert said(shown.again)["Promises open then"] == "P0-003/AI-2 Watch the pool (due 2025-12-01)"

    def test_a_repetition_without_open_promises_says_none(self):
        shown = one_page.page(content(), status=outline.PUBLISHED, repetitions=(replace(REPEATS, open_promises=()),))
        assert said(shown.again)["Promises open then"] == "None"

    def test_what_repeated_it_is_not_before(self):
        shown = one_page.page(content(), status=outline.PUBLISHED, repetitions=(replace(REPEATS, is_later=False),))
        assert "Promises open then" not in said(shown.again)
        assert "P0-003" not in said(shown.again)["Did it happen before?"]

    def test_a_decision_is_none_unless_it_is_asked_for(self):
        assert [pair.value for pair in page().closing] == ["None", "Not said"]
        assert [pair.value for pair in page(summary=OPTIONAL).closing] == [
            OPTIONAL["decision"], OPTIONAL["communication"],
        ]  # fmt: skip

    def test_says_who_signed(self):
        assert said(page().signatures) == {
            "Tech Lead": "signed 2025-12-14", "Engineering Manager": "not signed", "CTO": "not signed",
        }  # fmt: skip

    def test_is_english_whoever_reads(self):
        with speaking("ru"):
            assert page(summary=OPTIONAL) == page(summary=OPTIONAL)
            assert figures(page())["Customers"][1] == "estimated"


class TestCommitments:
    @staticmethod
    def item(number, **changes) -> ActionItem:
        return replace(ITEM, id=number, number=number, title=f"Item {number}", **changes)

    def test_are_the_three_weightiest_promises_with_todays_state(self):
        items = (
            self.item(1, priority=ActionPriority.LOW),
            self.item(2, due_on=date(2026, 1, 5)),
            self.item(3, state=ActionState.PROPOSED),
            self.item(4, state=ActionState.WONT_DO),
            self.item(5, priority=ActionPriority.MEDIUM, owner_id=None, due_on=None),
            self.item(6, owner_id=3),
        )
        shown = page(items=items, states={"2": "blocked"})
        assert [(one.number, one.title, one.role, one.due, one.state) for one in shown.commitments] == [
            ("AI-6", "Item 6", "a colleague", "2025-12-21", "Committed"),
            ("AI-2", "Item 2", "Engineer", "2026-01-05", "Blocked"),
            ("AI-5", "Item 5", "", "", "Committed"),
        ]
        assert shown.further == 1

    def test_or_why_there_are_none(self):
        shown = page(items=(), action_items={"none_because": "It cannot happen again."})
        assert (shown.commitments, shown.none_because) == ((), "It cannot happen again.")


class TestNames:
    def everything(self, text):
        told = {
            "summary": {**OPTIONAL, "root_cause": text, "data_loss": text, "can_recur": text, "protection": text,
                        "happened_before": text, "decision": text, "communication": text},
            "impact": {"user_experience": text, "revenue_basis": text},
            "root_cause": {"factors": [{"id": "1", "text": text}]},
            "timeline": {"entries": [row("fix", 5)]},
            "items": (replace(ITEM, title=text),),
            "incident": replace(INCIDENT, title=text, alert_name=text, unknown_because={"complaints": text}),
        }  # fmt: skip
        return str(page(**told))

    @pytest.mark.parametrize(
        "text",
        ["Anna Petrova did it", "anna petrova's change", "Petrova Anna", "Anna", "by Petrova.", "@anna",
         "@Anna Petrova", "`Anna` wrote it", "An\u200bna", "@a.petrova"],
    )  # fmt: skip
    def test_become_roles_in_every_text(self, text):
        shown = self.everything(text).casefold()
        assert "anna" not in shown
        assert "petrova" not in shown

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("Anna Petrova restarted it", "Engineer restarted it"),
            ("Boris and Anna", "Tech Lead and Engineer"),
            ("The Lead time", "The Lead time"),
            ("a guest of Gone Guest", "a guest of a colleague"),
            ("Annapolis, anna.example, me@anna.example", "Annapolis, anna.example, me@anna.example"),
            ("Somebody Else", "Somebody Else"),
            ("@oncall looked", "a colleague looked"),
        ],
    )
    def test_stay_apart_from_other_words(self, typed, shown):
        persons = Persons(content()["header"]["people"], roles_for_names=True)
        assert persons.without_names(typed) == shown

    def test_nobody_is_known(self):
        assert Persons({}, roles_for_names=True).without_names("Anna") == "Anna"
        assert Persons({"1": {"name": "", "role": ""}}, roles_for_names=True).without_names("Anna") == "Anna"


class TestRoom:
    def test_a_text_that_fits_stays_and_a_longer_one_ends_in_an_ellipsis(self):
        assert brief.cut("short", 5) == "short"
        assert brief.cut("", 5) == ""
        assert brief.cut("several words, that are long", 17) == "several words…"
        assert brief.cut("x" * 50, 10) == "x" * 8 + "…"
        assert brief.cut("界" * 50, 10) == "界" * 4 + "…"

    @pytest.mark.parametrize("typed", ["a\u202eb", "a\x00b", "a\u200bb", "a\n\n b".replace(" ", ""), "`a`b"])
    def test_a_text_is_one_line_of_what_can_be_seen(self, typed):
        assert brief.plain(typed).replace(" ", "") == "ab"

    def test_accents_do_not_pile_up(self):
        assert brief.plain("e" + "\u0301" * 90) == "e\u0301\u0301"

    def test_the_page_says_that_something_was_cut(self):
        assert page(summary={"decision": "word " * 100}).is_cut
        assert "…" in page(summary={"decision": "word " * 100}).closing[0].value
