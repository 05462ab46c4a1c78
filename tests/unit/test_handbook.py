"""The process and the checklist: equal in both languages, equal to the code, and safe to show."""

import re
from datetime import timedelta

import pytest

from pmcore.documents.handbook import handbook, in_app, steps
from pmcore.domain.action_item import LONG, QUIET
from pmcore.domain.days import SPANS, DayStep
from pmcore.domain.item_terms import DAYS
from pmcore.domain.obligation import UNRESOLVED_FLAG
from pmcore.domain.policy import RECOMMENDING, REQUIRING, USUAL_HOURS, USUAL_P1_MINUTES
from pmcore.domain.sections import BY_KEY, COVERED, NEEDED_TO_PUBLISH_P0, SECTIONS
from pmcore.domain.vocabulary import ActionPriority, Language, OnboardingStep, SignRole
from pmcore.words import _, label, speaking
from wiring import handbook as installed

DOCUMENTS = (installed.PROCESS, installed.CHECKLIST)
#: What each version said, so that one number never means two texts. A new text gets a new version here.
VERSIONS = {
    "1.0": "1889f5c0ff6d4d6a0c3f82c155801f9c21c86f2e8da11cd5aabdb5547cd5b69e",
    "1.1": "9d0713c8ad620e2e226b38da397b4f2d0a761f6ef73b032d2c5dcce3592acc05",
}
PAGES = {path.stem for path in (installed.DOCS.parent / "pages").glob("*.py")}
LINK = re.compile(r"\]\(([^)]+)\)")


def text(document, language=Language.ENGLISH):
    return installed.text(document, language).replace("\u00a0", " ")


def sections(document, language):
    return re.split(r"^(?=## )", text(document, language), flags=re.M)


def process():
    return text(installed.PROCESS)


def said(pattern, of=None):
    """The numbers of the one place where the English process says it so."""
    found = re.findall(pattern, of or process())
    assert len(found) == 1, f"{pattern!r} is there {len(found)} times"
    return found[0]


def table(first_cell, of=None):
    return dict(re.findall(rf"^\| ({first_cell})[^|]*\| ([^|]+) \|", of or process(), re.M))


class TestLanguages:
    """The Russian text is kept in step with the English one."""

    @pytest.fixture(params=DOCUMENTS)
    def pairs(self, request):
        english, russian = (sections(request.param, language) for language in Language)
        assert len(english) == len(russian)
        return list(zip(english, russian, strict=True))

    @pytest.mark.parametrize(
        "shape",
        [r"^#+ ", r"^- (?:\[ \] )?", r"^\d\. ", r"^\|", r"^\*\*", r"<!-- figures -->", r"`[^`]+`"],
        ids=["headings", "lists", "numbered lists", "tables", "leads", "figures", "code"],
    )
    def test_have_the_same_shape(self, pairs, shape):
        for english, russian in pairs:
            assert re.findall(shape, english, re.M) == re.findall(shape, russian, re.M), english.split("\n")[0]

    def test_have_the_same_figures(self, pairs):
        for english, russian in pairs:
            found = [sorted(map(int, re.findall(r"\b\d+", one))) for one in (english, russian)]
            assert found[0] == found[1], english.split("\n")[0]

    def test_have_the_same_links(self, pairs):
        for english, russian in pairs[1:]:
            assert LINK.findall(english) == [one.replace(".ru.md", ".md") for one in LINK.findall(russian)]

    @pytest.mark.parametrize("document", DOCUMENTS)
    def test_lead_to_each_other(self, document):
        english, russian = (sections(document, language)[0] for language in Language)
        assert f"]({document.partition('/')[2]}.ru.md)" in english
        assert f"]({document.partition('/')[2]}.md)" in russian


class TestTheProcessAndTheCode:
    """A figure of the document that the code knows is the code's."""

    def test_hours_and_minutes_of_the_policy(self):
        assert int(said(r"\*\*Required\*\*, within (\d+) hours")) == USUAL_HOURS
        assert int(said(r"a P1 with more than (\d+) minutes of impact")) == USUAL_P1_MINUTES
        assert int(said(r"Both\s+allow (\d+) hours")) == USUAL_HOURS
        assert int(said(r"The draft within (\d+) hours is the headline")) == USUAL_HOURS
        assert {int(hours) for hours in re.findall(r"(\d+)\s+hours", process())} == {
            USUAL_HOURS,
            24,
            2,
            4,
        }  # flagged, written, in all

    def test_every_rule_has_a_line(self):
        (required,) = re.findall(r"\*\*Required\*\*.*?\n\n(.*?)\n\n", process(), re.S)
        (recommended,) = re.findall(r"\*\*Recommended\*\*.*?\n\n(.*?)\n\n", process(), re.S)
        assert len(required.splitlines()) == len(REQUIRING)
        assert len(recommended.splitlines()) == len(RECOMMENDING)

    def test_unresolved_for_long(self):
        assert timedelta(hours=int(said(r"after (\d+) hours is flagged"))) == UNRESOLVED_FLAG

    def test_days(self):
        found = [tuple(map(int, days.split("–"))) for days in re.findall(r"^\| Days? ([\d–]+) ", process(), re.M)]
        assert [(days[0], days[-1]) for days in found] == [SPANS[step] for step in DayStep]

    def test_due_dates_of_action_items(self):
        due = table("High|Medium|Low")
        assert {priority: due[priority.value.capitalize()] for priority in ActionPriority} == {
            priority: f"{days} days" for priority, days in DAYS.items()
        }

    def test_marks_of_action_items(self):
        assert timedelta(days=int(said(r"- (\d+) days without a word"))) == QUIET
        assert timedelta(days=int(said(r"open for more than (\d+) days, is marked"))) == LONG

    def test_who_signs_what(self):
        signed = table("Tech Lead|Engineering Manager|CTO")
        for role in SignRole:
            headings = [BY_KEY[key].heading for key in COVERED[role]]
            said_of_role = signed[label(role)].replace("what each action item promises", "Action Items")
            assert sorted(re.findall("|".join(map(re.escape, headings)), said_of_role)) == sorted(headings)

    def test_what_submitting_and_publishing_need(self):
        needed = [section.heading for section in SECTIONS if section.needed_to_submit]
        (submit,) = re.findall(r"\*\*Submit\*\* when (.*?)are filled", process(), re.S)
        assert re.split(r", | and ", " ".join(submit.split())) == needed
        (publish,) = re.findall(r"for a\s+P0, (.*?) are filled in", process(), re.S)
        assert sorted(re.split(r", | and ", publish)) == sorted(BY_KEY[key].heading for key in NEEDED_TO_PUBLISH_P0)

    def test_the_checklist_repeats_the_figures(self):
        checklist = text(installed.CHECKLIST)
        assert int(said(r"within (\d+) hours", checklist)) == USUAL_HOURS
        assert int(said(r"more than (\d+) minutes of impact", checklist)) == USUAL_P1_MINUTES
        assert int(said(r"on day (\d+)", checklist)) == SPANS[DayStep.MEETING][0]

    @pytest.mark.parametrize(
        "figure",
        [
            "fewer than 10 % of incidents", "60 minutes to meet", "at most 60 minutes", "Writing: 2–4 hours",
            "About 4 hours for a P0", "2–3 new alerts", "| P0 incidents with a post-mortem | 100 % |",
            "| Action items completed | over 90 % |", "| Incidents that repeat an earlier one | under 10 % |",
            "| Attendance of the meetings | over 80 % |", "asked every quarter | over 4 of 5 |",
            "asked anonymously | over 4 of 5 |", "present it for 15 minutes", "at least 3 people",
            "more than 30 days", "every week", "a P0\n  takes 2 people",
        ],
    )  # fmt: skip
    def test_figures_that_no_rule_holds(self, figure):
        assert " ".join(figure.split()) in " ".join(process().split())

    def test_a_new_text_has_a_new_version(self):
        now = installed.process()
        assert VERSIONS[now.version] == now.content_hash, (
            "The text differs from what this version said: raise **Version:** in both languages and note its hash here."
        )


class TestShowing:
    @pytest.mark.parametrize("language", Language)
    def test_every_part_has_a_heading(self, language):
        book = handbook(text(installed.PROCESS, language))
        assert book.title
        assert [bool(part.heading) for part in book.parts] == [False] + [True] * 12
        assert [part.has_figures for part in book.parts].count(True) == 1

    @pytest.mark.parametrize("language", Language)
    def test_what_the_page_says_itself_is_left_out(self, language):
        (head, *_) = handbook(text(installed.PROCESS, language)).parts
        assert "**" not in head.before
        assert ".md" not in head.before

    @pytest.mark.parametrize("language", Language)
    @pytest.mark.parametrize("document", DOCUMENTS)
    def test_links_lead_to_pages(self, document, language):
        for target in LINK.findall(in_app(text(document, language))):
            path = target.partition("?")[0]
            assert path == "/" or path.removeprefix("/") in PAGES, target

    @pytest.mark.parametrize("document", DOCUMENTS)
    def test_quoted_pages_are_called_as_in_the_menu(self, document):
        shell = (installed.DOCS.parent / "pages" / "_ui" / "menu.py").read_text()
        titles = dict(re.findall(r'st\.Page\("(\w+)\.py", title=_\("(\w+)"\)', shell))
        with speaking("ru"):
            for name, page in re.findall(r"\[«([^»]+)»\]\(\S*pages/(\w+)\.py\)", text(document, Language.RUSSIAN)):
                assert name.removesuffix("е") == _(titles[page]).removesuffix("е"), page

    def test_other_links_stay(self):
        assert in_app("[a](https://x.example/a.md) [b](#c)") == "[a](https://x.example/a.md) [b](#c)"

    @pytest.mark.parametrize("language", Language)
    @pytest.mark.parametrize("document", DOCUMENTS)
    def test_nothing_in_them_is_more_than_markdown(self, document, language):
        shown = text(document, language).replace("<!-- figures -->", "")
        assert not re.search(r"[<>$]|:[a-z-]+\[|:material|!\[", shown)

    @pytest.mark.parametrize("language", Language)
    def test_the_checklist_calls_steps_as_the_app_does(self, language):
        found = steps(text(installed.CHECKLIST, language))
        with speaking(language):
            assert [found.texts[step].title for step in OnboardingStep] == [label(step) for step in OnboardingStep]
        assert [len(group) for _heading, group in found.groups] == [3, 4, 4]

    def test_a_checklist_without_a_step_is_refused(self):
        with pytest.raises(ValueError, match="read_template"):
            steps("# C\n\nIntroduction\n\n## First day\n\n- [ ] **Read the process.** Now.\n")
