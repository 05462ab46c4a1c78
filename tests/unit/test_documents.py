"""One structure, rendered as Markdown and as HTML; people's text can break neither."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pmcore.documents import html, markdown, outline, tame
from pmcore.documents.parts import PARTS
from pmcore.documents.whys import forest
from pmcore.domain import edition
from pmcore.domain.action_item import ActionItem
from pmcore.domain.edition import Named
from pmcore.domain.facts import details_facts, impact_facts, reference_facts
from pmcore.domain.incident import Incident
from pmcore.domain.sections import FACTS, SECTIONS
from pmcore.domain.sign_off import Signature, standings
from pmcore.domain.vocabulary import (
    ActionKind,
    ActionPriority,
    ActionState,
    Amendment,
    DetectionMethod,
    PostmortemStatus,
    Role,
    SectionKey,
    Severity,
    SignRole,
)
from pmcore.words import speaking
from tests.factories import NOON
from tests.reviewed import WRITTEN

TEMPLATE = Path(__file__).parents[2] / "docs" / "templates" / "POST_MORTEM_TEMPLATE.md"
START = datetime(2025, 12, 14, 7, tzinfo=UTC)
HEADINGS = [
    "Executive Summary", "Incident Details", "Timeline", "Root Cause Analysis", "Impact Assessment", "Resolution",
    "Action Items", "Lessons Learned", "Prevention", "References", "Review & Sign-off",
]  # fmt: skip
SUB_HEADINGS = [
    "Severity Classification", "Detection", "What Happened?", "5 Whys Analysis", "Contributing Factors", "User Impact",
    "Business Impact", "SLO Impact", "Immediate Fix (Applied during incident)", "Validation", "What Went Well ✅",
    "What Didn't Go Well ❌", "Surprising Findings 🤔", "Immediate (Already Implemented)", "Short-term (This Sprint)",
    "Long-term (Next Quarter)",
]  # fmt: skip
EVIL = "<script>alert(1)</script> # x | y\n## Fake\n[a](javascript:alert(1)) ![p](http://evil.example/p.png) **b"
STRICT = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

INCIDENT = Incident(
    id=1, public_id="P0-001", title="Mail is down", severity=Severity.P0, highest_severity=Severity.P0, service_id=1,
    service="email-service", zone="Europe/Moscow", started_at=START,
    detected_at=START + timedelta(minutes=2, seconds=15), resolved_at=START + timedelta(minutes=12),
    alert_name="EmailServiceDown", detection_method=DetectionMethod.ALERT, customers_affected=500,
    failed_requests=1200, revenue_loss_usd=Decimal(150), availability_percent=Decimal("98.5"), sla_breach=True,
    complaints=3, pagerduty_url="http://pagerduty.com/incidents/P0-001", reporter_id=1, reported_at=START,
)  # fmt: skip
ITEM = ActionItem(
    id=1, postmortem_id=1, number=1, title="Watch the pool", kind=ActionKind.DETECTION, priority=ActionPriority.HIGH,
    owner_id=1, agreed_owner_id=1, due_on=date(2025, 12, 21), original_due_on=date(2025, 12, 21),
    criterion="Fires at >80%", created_at=NOON, updated_at=NOON, state=ActionState.COMMITTED,
)  # fmt: skip
PEOPLE = (
    Named(user_id=1, name="Anna Petrova", role=Role.ENGINEER),
    Named(user_id=2, name="Boris Lead", role=Role.TECH_LEAD),
    Named(user_id=3, name="Gone Guest", role=None),
)


def content(*, items=(ITEM,), incident=INCIDENT, **sections):
    written = {key: dict(WRITTEN.get(key, {})) for key in SectionKey}
    written[SectionKey.DETAILS][FACTS] = details_facts(incident)
    written[SectionKey.IMPACT][FACTS] = impact_facts(incident, slo_target_percent="99.9", slo_window_days=30)
    written[SectionKey.REFERENCES][FACTS] = reference_facts(incident)
    for key, fields in sections.items():
        written[SectionKey(key)] |= fields
    hashes = dict.fromkeys(SectionKey, "same")
    signed = Signature(role=SignRole.TECH_LEAD, user_id=2, hashes=hashes, at=NOON)
    return edition.content(
        incident=incident, author_id=1, reviewer_ids=(2, 3), sections=written, items=items,
        sign_offs=standings(
            severity=Severity.P0, has_cto=True, hashes=hashes, signatures=(signed,), author_ids=frozenset({1})
        ),
        people=PEOPLE, updated_at=NOON, published_at=NOON, number=1,
    )  # fmt: skip


def document(*, roles_for_names=False, states=None, **changes):
    return outline.document(
        content(**changes), status=outline.PUBLISHED, roles_for_names=roles_for_names, states=states
    )


def as_markdown(**changes):
    return markdown.render(document(**changes))


def section(text, heading):
    return text.split(f"\n## {heading}\n")[1].split("\n---\n")[0]


class TestTemplate:
    def test_is_the_file_of_the_documentation(self):
        assert TEMPLATE.read_text("utf-8") == markdown.render(outline.template()), (
            "Run: python manage.py export template --out docs/templates/POST_MORTEM_TEMPLATE.md"
        )

    def test_form_and_export_have_the_same_sections(self):
        def headings(text):
            return re.findall(r"^## (.+)$", text, re.M)

        assert headings(TEMPLATE.read_text("utf-8")) == HEADINGS
        assert headings(as_markdown()) == HEADINGS
        assert [known.heading for known in SECTIONS] == HEADINGS
        assert list(PARTS) == list(SectionKey)

    def test_and_the_same_sub_headings_and_labels(self):
        template, exported = TEMPLATE.read_text("utf-8"), as_markdown()
        for text in (template, exported):
            assert re.findall(r"^### (.+)$", text, re.M) == SUB_HEADINGS
        labels = re.findall(r"^(?:- )?\*\*([^*]+):\*\*", template, re.M)
        said = re.findall(r"^(?:- )?\*\*([^*]+):\*\*", exported, re.M)
        assert [label for label in labels if "Priority (" not in label] == [
            label for label in said if "Priority (" not in label
        ]
        for line in ("**Template Version:** 1.0  ", "**Reviewed by:**", "| Time | Event | Actor |"):
            assert line in template
            assert line in exported

    def test_is_english_whoever_exports(self):
        with speaking("ru"):
            assert as_markdown() == markdown.render(document())
            assert "Automated alert" in as_markdown()


class TestExport:
    def test_begins_with_its_header(self):
        assert as_markdown().startswith(
            "# Post-Mortem: Mail is down\n\n**Incident ID:** P0-001  \n**Date:** 2025-12-14  \n"
            "**Author:** Anna Petrova  \n**Reviewers:** Boris Lead (Tech Lead), Gone Guest  \n"
            "**Status:** 📝 Published\n\n---\n"
        )

    def test_says_the_figures_of_the_incident(self):
        text = as_markdown()
        for line in (
            "- **Duration:** 9 min 45 s from detection to resolution",
            "- **Time to Detection (TTD):** 2 min 15 s from incident start to alert",
            "- **Alert Fired:** 2025-12-14 10:02:15 MSK (UTC+3)",
            "**All times in MSK (UTC+3)**",
            "| 10:00:00 | 🔴 500s | System |",
            "**Total Duration:** 12 min (to detect: 2 min 15 s, to resolve: 9 min 45 s)",
            "- **Affected Users:** 500 users (25%)",
            "- **SLA Breach:** Yes - availability 98.5% for 12 min (target: 99.9%)",
            "- **Error Budget Used:** 0.42% of the 30-day budget (27.8% had everything failed)",
        ):
            assert line in text

    def test_an_unknown_figure_says_why_and_is_never_zero(self):
        unknown = replace(
            INCIDENT, customers_affected=None, detected_at=None, unknown_because={"customers_affected": "no logs"}
        )
        text = as_markdown(incident=unknown)
        assert "- **Affected Users:** unknown because no logs" in text
        assert "- **Duration:** –" in text

    def test_numbers_a_tree_of_whys_as_the_write_page_does(self):
        assert "- **1. Why?**  \n  → No connections\n  - **1.1. Why none?**  \n" in as_markdown()
        assert "(AI-1)" in as_markdown()
        assert "Stop here because: Known" in as_markdown()

    def test_lists_items_by_priority_with_todays_state(self):
        later = replace(
            ITEM, number=2, priority=ActionPriority.LOW, owner_id=None, due_on=None, ticket_url="https://t/1"
        )
        text = section(as_markdown(items=(later, ITEM), states={"2": "done"}), "Action Items")
        assert text.index("High Priority") < text.index("- [ ] **AI-1:** Watch the pool") < text.index("Low Priority")
        assert "- [x] **AI-2:**" in text
        assert "  - Owner: –\n  - Due Date: –\n" in text
        assert "  - State: Done" in text
        assert "Medium Priority" not in text

    def test_says_why_there_is_no_item(self):
        text = as_markdown(items=(), action_items={"none_because": "It cannot happen again."})
        assert "**None, because:** It cannot happen again." in text

    def test_shows_who_signed_and_who_has_not(self):
        text = section(as_markdown(), "Review & Sign-off")
        assert "- [x] Tech Lead (Boris Lead) - Technical accuracy (2025-12-14)" in text
        assert "- [ ] CTO - Business impact assessment" in text
        assert "**Published:** 2025-12-14" in text

    def test_names_roles_in_place_of_names(self):
        entries = [{"id": "1", "at": "", "kind": "odd", "event": "x", "actor": "@anna petrova"}]
        text = as_markdown(roles_for_names=True, timeline={"entries": entries})
        for name in ("Anna", "anna", "Boris", "Gone"):
            assert name not in text
        assert "**Reviewers:** Tech Lead, a colleague" in text
        assert "| ? | x | Engineer |" in text

    def test_a_timeline_over_midnight_prints_dates(self):
        entries = [
            {"id": "1", "at": "2025-12-14T22:00:00+00:00", "kind": "fix", "event": "b", "actor": ""},
            {"id": "2", "at": "2025-12-14T20:00:00+00:00", "kind": "alert", "event": "a", "actor": ""},
        ]
        text = as_markdown(timeline={"entries": entries})
        assert text.index("| 2025-12-14 23:00:00 | 🚨 a |") < text.index("| 2025-12-15 01:00:00 | 🔧 b |")

    def test_keeps_code_and_notes(self):
        text = as_markdown(impact={"notes": "A _note_."})
        assert "```bash\nkubectl set env DB_POOL_SIZE=50\n```" in text
        assert "`curl` said 0.999." in text
        assert "### Notes\n\nA _note_." in text

    def test_lists_references(self):
        text = as_markdown(
            references={
                "related": [{"id": "r", "public_id": "P0-012", "text": "similar"}],
                "links": [{"id": "l", "label": "Fix", "url": "https://git/1"}],
            }
        )
        assert "- **Related Incidents:** P0-012 (similar)" in text
        assert "- Fix: https://git/1" in text


@pytest.mark.parametrize(
    ("state", "amendment", "is_signed_off", "said"),
    [
        (PostmortemStatus.DRAFT, None, False, "🟡 Draft"),
        (PostmortemStatus.IN_REVIEW, None, False, "🟡 In review"),
        (PostmortemStatus.IN_REVIEW, None, True, "✅ Reviewed"),
        (PostmortemStatus.PUBLISHED, None, True, "📝 Published"),
        (PostmortemStatus.CLOSED, None, True, "📝 Published, closed"),
        (PostmortemStatus.PUBLISHED, Amendment.DRAFT, True, "🟡 Draft of edition 2"),
        (PostmortemStatus.PUBLISHED, Amendment.IN_REVIEW, False, "🟡 In review of edition 2"),
        (PostmortemStatus.PUBLISHED, Amendment.IN_REVIEW, True, "✅ Reviewed of edition 2"),
    ],
)
def test_the_status_is_said_as_the_template_says_it(state, amendment, is_signed_off, said):
    assert outline.status(state, amendment, is_signed_off=is_signed_off, number=1) == said


class TestHostileText:
    """Whatever is typed wherever, the document keeps its eleven headings, and nothing becomes HTML."""

    @staticmethod
    def headings(text):
        tokens = STRICT.parse(text)
        return [
            tokens[number + 1].content
            for number, token in enumerate(tokens)
            if token.type == "heading_open" and token.tag == "h2" and token.level == 0
        ]

    @staticmethod
    def is_inert(text):
        tokens = STRICT.parse(text)
        inline = [child for token in tokens for child in token.children or ()]
        return not [token for token in [*tokens, *inline] if token.type in ("html_block", "html_inline", "image")]

    @pytest.mark.parametrize("key", list(SectionKey))
    def test_in_any_field(self, key):
        from pmcore.domain.sections import BY_KEY, FieldKind

        evil = {
            known.key: [{"id": "1", **dict.fromkeys(known.columns, EVIL)}] if known.kind is FieldKind.ROWS else EVIL
            for known in BY_KEY[key].fields
        }
        if key is SectionKey.TIMELINE:
            evil["entries"][0]["at"] = ""
        text = as_markdown(**{key.value: evil})
        assert self.headings(text) == HEADINGS
        assert self.is_inert(text)
        page = html.render(document(**{key.value: evil}))
        assert "<script" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page

    def test_in_the_title_an_item_and_a_name(self):
        item = replace(ITEM, title=EVIL, criterion=EVIL, ticket_url="https://x/<script>")
        changed = {"items": (item,), "incident": replace(INCIDENT, title=EVIL, service=EVIL, alert_name=EVIL)}
        text = as_markdown(**changed)
        assert self.headings(text) == HEADINGS
        assert self.is_inert(text)
        assert "<script" not in html.render(document(**changed))

    @settings(max_examples=400, deadline=None)
    @given(st.text(alphabet="#-=`~*_<>[]()!|:.1 \t\n\\&a;/"))
    def test_prose_ends_where_it_ends(self, text):
        told = f"### Before\n\n{tame.prose(text)}\n\n### After\n\nend"
        tokens = STRICT.parse(told)
        assert [token.tag for token in tokens if token.type == "heading_open"] == ["h3", "h3"]
        assert self.is_inert(told)

    @settings(max_examples=400, deadline=None)
    @given(st.text(alphabet="#-=`~*_<>[]()!|:.1 \t\n\\&a;/"))
    def test_a_line_stays_in_its_place(self, text):
        shown = tame.line(text)
        tokens = STRICT.parse(f"- {shown}\n\n## After")
        kinds = [token.type for token in tokens if token.type.endswith("_open")]
        if shown:
            assert kinds == ["bullet_list_open", "list_item_open", "paragraph_open", "heading_open"]
        row = STRICT.parse(f"| a | b |\n| --- | --- |\n| {tame.cell(text)} | c |")
        cells = [row[number + 1].content for number, token in enumerate(row) if token.type == "td_open"]
        assert len(cells) == 2
        assert cells[1] == "c"
        assert self.is_inert(f"- {shown}")

    @settings(max_examples=200, deadline=None)
    @given(st.text())
    def test_a_line_reads_as_it_was_typed(self, text):
        typed = " ".join(text.split())
        if "`" in typed or not typed.isprintable():
            return
        tokens = STRICT.parse(f"x {tame.line(typed)}".replace("x  ", "x "))
        inline = tokens[1].children if tokens else []
        assert "".join(child.content for child in inline) == f"x {typed}".strip()


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("missing index on `emails.received_at`", "missing index on `emails.received_at`"),
        ("db_pool_size", "db_pool_size"),
        ("_really_", "\\_really\\_"),
        ("availability >99%", "availability >99%"),
        ("> quoted", "\\> quoted"),
        ("1. first", "1\\. first"),
        ("12:00 - 13:00", "12:00 - 13:00"),
        ("- [ ] task", "\\- \\[ \\] task"),
        ("a # b ##", "a \\# b \\##"),
        ("&lt; and R&D", "\\&lt; and R&D"),
        ("two\nlines", "two lines"),
        ("", ""),
    ],
)
def test_a_line_is_escaped_no_more_than_needed(typed, printed):
    assert tame.line(typed) == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("# Title\ntext", "**Title**\n\ntext"),
        ("Title\n===\ntext", "Title\n\ntext"),
        ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
        ("```\ncode <b>", "```\ncode <b>\n```"),
        ("~~~py\nx\n~~~", "~~~py\nx\n~~~"),
        ("a <b> `<c>`", "a \\<b> `<c>`"),
        ("[x](https://e.org) [y](data:1)", "[x](https://e.org) [y\\](data:1)"),
        ("[x]: javascript:1", "\\[x]: javascript:1"),
        ("- one\n- two", "- one\n- two"),
    ],
)
def test_prose_keeps_its_markdown(typed, printed):
    assert tame.prose(typed) == printed


class TestHtml:
    def test_renders_every_block(self):
        page = html.render(document())
        assert page.count("<h2>") == 11
        assert '<section id="section-timeline">' in page
        assert '<a href="http://pagerduty.com/incidents/P0-001" rel="noopener noreferrer nofollow">' in page
        assert '<code class="language-bash">kubectl' in page
        assert 'aria-label="done">☑' in page

    def test_of_the_template_has_its_hints(self):
        assert "[Your Name]" in html.render(outline.template())

    def test_parts_branches_of_whys(self):
        page = html.render(document())
        assert page.count('class="pm-branches"') == 1
        assert page.count('class="pm-tree"') == 1
        assert "<strong>1. Why?</strong>" in page
        assert "<strong>1.1. Why none?</strong>" in page

    def test_headings_of_people_stay_below_ours(self):
        assert html.prose("# Big").startswith("<h4>Big</h4>")


class TestWhys:
    def test_a_lost_parent_makes_a_root_and_a_circle_is_cut(self):
        rows = [
            {"id": "a", "parent": "gone", "question": "A?", "answer": "1"},
            {"id": "b", "parent": "c", "question": "B?", "answer": "2"},
            {"id": "c", "parent": "b", "question": "C?", "answer": "3"},
        ]
        found = forest(rows)
        seen = []

        def walk(whys):
            for why in whys:
                seen.append(why.question)
                walk(why.children)

        walk(found)
        assert sorted(seen) == ["A?", "B?", "C?"]

    def test_a_blank_question_is_that_of_the_answer_beside_it(self):
        rows = [
            {"id": "a", "parent": "", "question": "A?", "answer": "1"},
            {"id": "b", "parent": "a", "question": "B?", "answer": "2"},
            {"id": "c", "parent": "a", "question": "", "answer": "3"},
        ]
        assert [why.question for why in forest(rows)[0].children] == ["B?", "B?"]
