"""What is promised, and what becomes of it: told weekly, done and seen to be done; sometimes blocked or given up."""

import random
from datetime import timedelta

from pmcore.domain.action_item import ActionItem, Progress
from pmcore.domain.item_terms import Terms, default_due
from pmcore.domain.vocabulary import ActionKind, ActionPriority, Language
from pmcore.usecases.action_items import ProposeItem, propose_item
from pmcore.usecases.demo.cast import ENGINEERS, LEFT, MANAGER, TECH_LEAD
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.demo.story import Story, Told
from pmcore.usecases.item_progress import (
    ExtendItem,
    ReportProgress,
    Update,
    VerifyItem,
    WontDo,
    extend_item,
    report_progress,
    verify_item,
    wont_do,
)
from pmcore.usecases.retrospective import Escalate, escalate

_RU, _EN = Language.RUSSIAN, Language.ENGLISH
_ON_TRACK = {
    _EN: (
        "Design agreed with the team, the first change is in review",
        "Half of it is live on staging; the rest this week",
        "Waiting for a review, otherwise done",
        "Started; smaller than we thought",
        "Rolled out to one region, the others follow after the weekend",
        "Two of the three steps are done",
    ),
    _RU: (
        "Решение согласовали, первый MR на ревью",
        "На стейджинге половина, остальное на этой неделе",
        "Осталось ревью, по сути готово",
        "Начал, объём меньше, чем казалось",
        "Выкатили в один ЦОД, остальные после выходных",
        "Готово два шага из трёх",
    ),
}
_EVIDENCE = {
    ActionKind.DETECTION: {
        _EN: "Fired in the drill within the promised time: https://grafana.example.com/d/alerts?drill={n}",
        _RU: "Сработал на учениях вовремя: https://grafana.example.com/d/alerts?drill={n}",
    },
    ActionKind.MITIGATION: {
        _EN: "Switched over and back on staging, recording in https://tickets.example.com/OPS-{n}",
        _RU: "Переключили и вернули на стейджинге, запись в https://tickets.example.com/OPS-{n}",
    },
    ActionKind.PREVENTION: {
        _EN: "Merged and live for a week without a finding: https://git.example.com/platform/-/merge_requests/{n}",
        _RU: "Влито, неделя в проде без замечаний: https://git.example.com/platform/-/merge_requests/{n}",
    },
    ActionKind.PROCESS: {
        _EN: "Done twice in a row by different people; minutes in https://wiki.example.com/ops/{n}",
        _RU: "Дважды проведено разными людьми, протокол: https://wiki.example.com/ops/{n}",
    },
    ActionKind.DOCUMENTATION: {
        _EN: "A newcomer followed it without a question: https://wiki.example.com/runbooks/{n}",
        _RU: "Новичок прошёл по инструкции без вопросов: https://wiki.example.com/runbooks/{n}",
    },
}
_SEEN = {_EN: "Looked at it together, the criterion holds", _RU: "Посмотрели вместе, критерий выполнен"}
_BLOCKED = {
    _EN: "The provider has to enable it for our account; asked on the 3rd, reminded twice",
    _RU: "Ждём, пока провайдер включит опцию на нашем аккаунте; напоминали дважды",
}
_NEEDED = {
    _EN: "Somebody has to call the provider's account manager; tickets have been answered with patience only",
    _RU: "Нужен звонок менеджеру провайдера: на тикеты отвечают только просьбой подождать",
}
_EXTENDED = {
    _EN: "The upgrade it depends on was moved behind the sale; nothing is lost meanwhile, the workaround holds",
    _RU: "Зависит от обновления, которое перенесли на после распродажи; обходной путь пока держит",
}
_GIVEN_UP = {
    _EN: "The component is retired next quarter; the effort would outlive it by three weeks",
    _RU: "Компонент выводим из эксплуатации в следующем квартале, вложение не окупится",
}


def promise(
    stage: Stage, story: Story, told: Told, rng: random.Random, *, postmortem_id: int, all_at_once: bool
) -> None:
    """The action items: the first time that it happened all of them, one fewer later; the first is committed."""
    today = stage.day(stage.at)
    lines = story.items if told.key.endswith("/1") else story.items[:-1]
    for place, line in enumerate(lines):
        kinds, criterion = line.split(" | ")
        priority, kind, title = kinds.split(" ", 2)
        due = default_due(ActionPriority(priority), today=today) + timedelta(days=rng.randrange(-2, 4))
        ticket = f"https://tickets.example.com/OPS-{rng.randrange(1000, 9999)}"
        terms = Terms(
            title=title.replace("{service}", told.service), kind=ActionKind(kind), priority=ActionPriority(priority),
            owner_id=_owner(stage, story, told, rng, place), due_on=due,
            criterion=criterion.replace("{service}", told.service), ticket_url=ticket if place % 2 == 0 else "",
        )  # fmt: skip
        proposed = ProposeItem(postmortem_id=postmortem_id, terms=terms, commit=place == 0 or all_at_once)
        stage.do(propose_item, proposed, by=told.author)


def _owner(stage: Stage, story: Story, told: Told, rng: random.Random, place: int) -> int:
    team = ENGINEERS[story.language][:2] if "restricted" in told.flags else ENGINEERS[story.language]
    username = told.author if place == 0 and told.author != LEFT else rng.choice(team)
    return stage.actors[username].user_id


def keep(stage: Stage, story: Story, told: Told, item: ActionItem) -> Play:
    """The rest of the item's life. Flags of the story name a number: "blocked:2", "overdue:3", "extended:1", ..."""
    rng = random.Random(f"{told.key}/{item.number}")
    owner = next(username for username, actor in stage.actors.items() if actor.user_id == item.owner_id)
    begun, due = stage.at, item.due_on or stage.day(stage.at)
    days = max((due - stage.day(begun)).days, 4)
    number = str(item.number)
    if told.flagged("quiet") == number:
        return
    late = told.fate != "closed" and rng.random() < 0.14
    done_after = days + rng.randrange(1, 6) if late else max(2, round(days * rng.uniform(0.45, 0.95)))
    if told.fate == "closed":
        done_after = min(done_after, 34)
    fate = _fate(told, number)
    reports = min(4, max(1, done_after // 9))
    for step in range(1, reports + 1):
        yield begun + timedelta(days=done_after * step / (reports + 1), minutes=rng.randrange(400))
        note = rng.choice(_ON_TRACK[story.language])
        if fate == "blocked" and step == reports:
            _report(stage, owner, item, Progress.BLOCKED, _BLOCKED[story.language])
            yield stage.at + timedelta(hours=rng.randrange(20, 50))
            stage.do(escalate, Escalate(item_id=item.id, reason=_NEEDED[story.language]), by=owner)
            return
        _report(stage, owner, item, Progress.ON_TRACK, note)
    if fate == "overdue":
        return
    if fate == "given_up":
        yield begun + timedelta(days=done_after)
        stage.do(wont_do, WontDo(item_id=item.id, reason=_GIVEN_UP[story.language]), by=MANAGER[story.language])
        return
    if fate == "extended":
        yield begun + timedelta(days=days - 1)
        later = due + timedelta(days=rng.choice((14, 21, 30)))
        stage.do(
            extend_item, ExtendItem(item_id=item.id, due_on=later, reason=_EXTENDED[story.language]), by=owner
        )  # fmt: skip
        done_after = (later - stage.day(begun)).days - 2
    yield begun + timedelta(days=done_after, minutes=rng.randrange(500))
    evidence = _EVIDENCE[item.kind][story.language].format(n=rng.randrange(1200, 9800))
    _report(stage, owner, item, Progress.DONE, evidence)
    yield stage.at + timedelta(days=rng.uniform(1, 5))
    if told.fate == "closed" or rng.random() < 0.85:
        stage.do(verify_item, VerifyItem(item_id=item.id, note=_SEEN[story.language]), by=_second(story, owner, rng))


def _fate(told: Told, number: str) -> str:
    return next((f for f in ("blocked", "overdue", "given_up", "extended") if told.flagged(f) == number), "done")


def _report(stage: Stage, owner: str, item: ActionItem, progress: Progress, note: str) -> None:
    stage.do(
        report_progress, ReportProgress(updates=(Update(item_id=item.id, progress=progress, note=note),)), by=owner
    )


def _second(story: Story, owner: str, rng: random.Random) -> str:
    """Somebody else than the owner: the tech lead, or a colleague."""
    colleagues = [username for username in ENGINEERS[story.language][:2] if username != owner]
    return rng.choice([TECH_LEAD[story.language], *colleagues])
