"""A workspace whose every text tries to be more than text. Needs the fixtures `wired` and `clock`."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.models import ServiceRow, UserRow, WorkspaceRow
from pmcore.domain.action_item import Progress
from pmcore.domain.item_terms import Terms
from pmcore.domain.sections import BY_KEY, FACTS
from pmcore.domain.vocabulary import ActionKind, ActionPriority, Role, SectionKey, Severity, SignRole
from pmcore.usecases.action_items import ProposeItem
from pmcore.usecases.comments import WriteComment
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.item_progress import ExtendItem, ReportProgress, Update
from pmcore.usecases.log import AddLogEntry
from pmcore.usecases.obligations import HandOver, WaiveObligation
from pmcore.usecases.publishing import Publish
from pmcore.usecases.recurrences import ConfirmRecurrence
from pmcore.usecases.review import ReturnForChanges, ShareDraft, SubmitForReview
from tests import reviewed
from tests.factories import NOON, make_user
from wiring import acting, run

#: Sets `window.ran` where it runs, asks another host where it is drawn, is a link of script where it is a link.
LINE = (
    "=1+1 <script>window.ran=1</script><img src=x onerror=window.ran=2>"
    "![p](https://evil.example/p.png)[j](javascript:window.ran=3):red[c]$x$"
)
#: And what only looks like code: an escaped mark, marks in two paragraphs, a fence that ends with its list.
TEXT = f"""{LINE}

\\` {LINE} `

`one

{LINE}

two`

- ```
  code

{LINE}

| ` | {LINE} ` |
| --- | --- |
| ` | {LINE} ` |

<div onclick="window.ran=4" style="position:fixed">{LINE}</div>
<a href="javascript:window.ran=5">link</a> <svg onload=window.ran=6></svg>

```mermaid
flowchart TD
  A["<img src=x onerror=window.ran=9>"] --> B
  click A "javascript:window.ran=10"
```
"""


def planted(engine: Engine) -> reviewed.Story:
    """One post-mortem in review and one incident beside it; names, services and the workspace are hostile, too."""
    story = reviewed.drafted(engine)
    with Session(engine.execution_options(writes=True)) as session, session.begin():
        story.admin = make_user(session, "Adam", Role.ADMINISTRATOR).id
        workspace = session.get(WorkspaceRow, 1)
        workspace.name, workspace.distribution = LINE, LINE
        for row in (*session.query(UserRow), *session.query(ServiceRow)):
            row.name = f"{row.name} {LINE}"
            row.name_key = row.name.casefold()
    for key in SectionKey:
        reviewed.write(engine, story, key, **_content(key))
    day = NOON.date() + timedelta(days=7)
    terms = Terms(
        title=LINE, kind=ActionKind.DETECTION, priority=ActionPriority.HIGH, owner_id=story.author, due_on=day,
        criterion=LINE, ticket_url="https://x.example/<script>window.ran=7</script>",
    )  # fmt: skip
    with acting.as_user(story.author):
        run(ProposeItem(postmortem_id=story.id, terms=terms, commit=True))
        run(ShareDraft(postmortem_id=story.id))
        run(WriteComment(postmortem_id=story.id, section=SectionKey.SUMMARY, text=f"@mira.manager {TEXT}"))
        second = run(
            ReportIncident(
                title=LINE,
                severity=Severity.P0,
                service="other <b onclick=window.ran=8>x</b>",
                started_at=NOON - timedelta(hours=3),
                facts=MoreFacts(repeats_id=story.incident_id),
            )
        )
        run(AddLogEntry(incident_id=second, line=LINE))
        run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
    with acting.as_user(story.manager):
        run(ConfirmRecurrence(incident_id=second, earlier_id=story.incident_id, version=1, note=LINE))
        run(ReturnForChanges(postmortem_id=story.id, role=SignRole.ENGINEERING_MANAGER, reasons=TEXT))
        run(HandOver(incident_id=second, to_id=story.lead, note=LINE))
        run(WaiveObligation(incident_id=second, reason=LINE))
    return story


def _content(key: SectionKey) -> dict:
    """Hostile text wherever a section takes text that nothing else has to understand."""
    content = {}
    for field in BY_KEY[key].fields:
        if field.key == FACTS:
            continue
        rows = reviewed.WRITTEN.get(key, {}).get(field.key)
        if field.columns and rows:
            free = {"event", "actor", "question", "answer", "stop_because", "text"} & set(field.columns)
            content[field.key] = [row | {name: LINE for name in free if row.get(name)} for row in rows]
        elif not field.columns and field.key not in ("none_because",):
            content[field.key] = LINE if field.kind.name == "LINE" else TEXT
    return content


def publish(engine: Engine, story: reviewed.Story) -> None:
    """Signed, published, and its items told about."""
    with acting.as_user(story.author):
        run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
    for role in SignRole:
        reviewed.sign(engine, story, role)
    with acting.as_user(story.author):
        run(Publish(postmortem_id=story.id, note=TEXT))
        run(ReportProgress(updates=(Update(item_id=1, progress=Progress.BLOCKED, note=LINE),)))
        run(ExtendItem(item_id=2, due_on=NOON.date() + timedelta(days=30), reason=LINE))
