"""Three people write one section at once, each on a text that may be out of date: nothing that was accepted is lost.

The real use case on both engines. The clock jumps about, so that stretches of editing end and go on at random.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import RevisionRow, SectionRow
from pmcore.domain.content import canonical
from pmcore.domain.merge import Choice, settle
from pmcore.domain.sections import FACTS
from pmcore.domain.vocabulary import MemberRole, SectionKey, Severity
from pmcore.usecases.incidents import ReportIncident
from pmcore.usecases.members import AddMember
from pmcore.usecases.start import StartPostmortem
from pmcore.usecases.writing import Overlap, RestoreRevision, SaveSection
from tests import reviewed
from tests.factories import NOON
from wiring import acting, run

KEY = SectionKey.ROOT_CAUSE
TEXTS = ("what_happened", "root_cause")
SECONDS = st.sampled_from([0, 1, 1, 2, 30, 299, 301, 3600, -5])
EDITS = st.sampled_from(["append", "insert", "replace", "cut", "add_row", "change_row", "drop_row"])
STEPS = st.lists(
    st.tuples(
        st.integers(0, 2), EDITS | st.sampled_from(["commit", "commit", "commit_stale", "look", "restore"]),
        st.integers(0, 7), SECONDS, st.sampled_from([*Choice, None]),
    ),
    min_size=5, max_size=30,
)  # fmt: skip
PATIENT = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@dataclass
class Editor:
    """A browser: what it was shown, and what stands in it now."""

    user_id: int
    version: int = 0
    base: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)

    def shown(self, content: dict[str, Any], version: int) -> None:
        words = {name: value for name, value in content.items() if name != FACTS}
        self.version, self.base, self.typed = version, words, {**words}

    def edit(self, what: str, place: int, word: str) -> None:
        rows = [dict(row) for row in self.typed["factors"]]
        name = TEXTS[place % 2]
        lines = self.typed[name].split("\n")
        at = place % len(lines)
        match what:
            case "append":
                lines.append(word)
            case "insert":
                lines.insert(0, word)
            case "replace":
                lines[at] = word
            case "cut":
                del lines[at]
            case "add_row":
                rows.insert(place % (len(rows) + 1), {"id": f"r-{word}", "text": word})
            case "change_row" if rows:
                rows[place % len(rows)]["text"] = word
            case "drop_row" if rows:
                del rows[place % len(rows)]
        self.typed = {**self.typed, name: "\n".join(lines), "factors": rows}


class Table:
    """One post-mortem, its three editors, and a record of every text that was accepted."""

    def __init__(self, engine: Any, clock: Any, story: reviewed.Story) -> None:
        self.engine, self.clock = engine, clock
        with acting.as_user(story.author):
            incident = run(
                ReportIncident(title="Again", severity=Severity.P1, service="email-service", started_at=NOON)
            )
            self.id = run(StartPostmortem(incident_id=incident))
            for each in (story.bystander, story.lead):
                run(AddMember(postmortem_id=self.id, user_id=each, role=MemberRole.CO_AUTHOR))
        self.editors = [Editor(user_id=each) for each in (story.author, story.bystander, story.lead)]
        self.accepted: list[tuple[int, dict[str, Any]]] = []
        for editor in self.editors:
            self.look(editor)

    def stored(self) -> SectionRow:
        with Session(self.engine) as session:
            return session.get_one(SectionRow, (self.id, KEY))

    def revisions(self) -> list[RevisionRow]:
        with Session(self.engine) as session:
            asked = select(RevisionRow).filter_by(postmortem_id=self.id, section_key=KEY).order_by(RevisionRow.number)
            return list(session.scalars(asked))

    def look(self, editor: Editor) -> None:
        row = self.stored()
        editor.shown(dict(row.content), row.version)

    def commit(self, editor: Editor, choice: Choice | None, *, names_base: bool = True) -> None:
        """As the page does it: the base named by its text, or by its version; an overlap is decided or left alone."""
        sent = {"content": editor.typed, **({"base": editor.base} if names_base else {})}
        with acting.as_user(editor.user_id):
            try:
                saved = run(SaveSection(postmortem_id=self.id, key=KEY, base_version=editor.version, **sent))
            except Overlap as overlap:
                if choice is None:
                    return
                offered = [
                    choice if choice is not Choice.BOTH or each.both else Choice.MINE
                    for each in overlap.merged.overlaps
                ]
                content = settle(overlap.merged, offered)
                saved = run(
                    SaveSection(
                        postmortem_id=self.id, key=KEY, base_version=overlap.version, content=content, settles=True
                    )
                )
        self.note(editor, saved)

    def restore(self, editor: Editor, place: int) -> None:
        revisions = self.revisions()
        number = revisions[place % len(revisions)].number
        with acting.as_user(editor.user_id):
            saved = run(
                RestoreRevision(postmortem_id=self.id, key=KEY, number=number, base_version=self.stored().version)
            )
        if saved.changed:
            assert len(self.revisions()) == len(revisions) + 1, "a restored text is a revision of its own"
        self.note(editor, saved)

    def note(self, editor: Editor, saved: Any) -> None:
        if saved.changed:
            self.accepted.append((editor.user_id, dict(saved.content)))
        editor.shown(dict(saved.content), saved.version)


@pytest.fixture
def story(wired, clock):
    return reviewed.begun(wired)


def words_of(content: dict[str, Any]) -> set[str]:
    rows = (row["text"] for row in content.get("factors") or ())
    lines = (line for name in TEXTS for line in content[name].split("\n"))
    return {word for word in (*rows, *lines) if word}


@PATIENT
@given(steps=STEPS)
def test_what_was_accepted_and_overwritten_by_another_stands_in_a_revision(wired, clock, story, steps):
    table = Table(wired, clock, story)
    for count, (who, what, place, seconds, choice) in enumerate(steps):
        clock.forward(seconds=seconds)
        editor = table.editors[who]
        match what:
            case "look":
                table.look(editor)
            case "restore":
                table.restore(editor, place)
            case "commit" | "commit_stale":
                table.commit(editor, choice, names_base=what == "commit")
            case _:
                editor.edit(what, place, f"w{count}")
    for editor in table.editors:  # late
        table.commit(editor, Choice.MINE)
    kept = {canonical(row.content) for row in table.revisions()}
    pairs = zip(table.accepted, table.accepted[1:], strict=False)
    for (by, text), (then_by, _) in pairs:
        assert by == then_by or canonical(text) in kept
    if table.accepted:
        assert canonical(table.accepted[-1][1]) == canonical(table.stored().content)
    _every_word(table)


def _every_word(table: Table) -> None:
    """Said again for single words: each is in the end, in a revision, or was taken away by the person who wrote it."""
    stands = [words_of(row.content) for row in table.revisions()]
    wrote: dict[str, int] = {}
    own: set[str] = set()
    before: set[str] = set()
    for by, text in table.accepted:
        now = words_of(text)
        wrote |= {word: by for word in now - before if word not in wrote}
        own |= {word for word in before - now if wrote[word] == by}
        before = now
    assert all(any(word in each for each in stands) for word in wrote.keys() - own)


@PATIENT
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["change", "add", "drop", "commit", "look"]), SECONDS),
        min_size=5, max_size=30,
    )
)  # fmt: skip
def test_rows_merge_row_by_row(wired, clock, story, steps):
    """Each works on rows of their own, on whatever text they were shown last: nobody is asked anything."""
    table = Table(wired, clock, story)
    first = table.editors[0]
    first.typed = {**first.typed, "factors": [{"id": f"own-{who}", "text": "x"} for who in range(3)]}
    table.commit(first, None)
    for editor in table.editors:
        table.look(editor)
    mine: list[dict[str, str]] = [{f"own-{who}": "x"} for who in range(3)]
    for count, (who, what, seconds) in enumerate(steps):
        clock.forward(seconds=seconds)
        editor, rows = table.editors[who], mine[who]
        match what:
            case "change" if rows:
                rows[max(rows)] = f"w{count}"
            case "add":
                rows[f"r{count}-{who}"] = f"w{count}"
            case "drop" if rows:
                del rows[min(rows)]
            case "look":
                table.commit(editor, None)
                table.look(editor)
                continue
            case "commit":
                table.commit(editor, None)
                continue
        others = [row for row in editor.typed["factors"] if not row["id"].endswith(f"-{who}")]
        editor.typed = {**editor.typed, "factors": [*others, *({"id": id, "text": text} for id, text in rows.items())]}
    for editor in table.editors:
        table.commit(editor, None)
    there = {row["id"]: row["text"] for row in table.stored().content["factors"]}
    assert there == {id: text for rows in mine for id, text in rows.items()}
