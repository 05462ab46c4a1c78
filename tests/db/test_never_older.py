"""What is remembered says what the database says: the demo year is played again, and people look at it meanwhile."""

import random
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.engine import storage_errors
from db.unit_of_work import SqlUnitOfWork
from pmcore.domain.errors import PmError
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.actions import ActionFilter
from pmcore.readmodels.ledger import LedgerFilter
from pmcore.readmodels.metrics import MetricsFilter
from pmcore.readmodels.tracker import TrackerFilter
from pmcore.usecases.demo import fill as filling
from pmcore.usecases.demo.stage import Stage
from tests.db.test_demo import NOW, Passwords
from wiring import acting, ask, handbook, parts

LOOKS = 0.05  #: of all commands, how many are followed by somebody's look
READERS = ("maria", "anna", "vera", "artem")

#: Of everything, and of one post-mortem.
LISTS: dict[str, Callable[[], Any]] = {
    "inbox": ask.inbox, "tracker": lambda: ask.tracker(TrackerFilter()), "figures": ask.tracker_figures,
    "authors": ask.tracker_authors, "ledger": lambda: ask.ledger(LedgerFilter()), "mine": ask.my_actions,
    "actions": lambda: ask.actions(ActionFilter()), "off target": ask.off_target, "survey": ask.survey,
    "metrics": lambda: ask.metrics(MetricsFilter.of({}, today=ask.metrics_today())), "newcomers": ask.newcomers,
    "services": ask.services, "people": ask.people, "deputies": ask.deputies, "policies": ask.policies,
}  # fmt: skip
ONE: dict[str, Callable[[int], Any]] = {
    "reading": ask.reading, "writing": ask.writing, "around": ask.around, "items": ask.items,
    "timeline": lambda this: ask.section(this, SectionKey.TIMELINE),
    "causes": lambda this: ask.section(this, SectionKey.ROOT_CAUSE),
    "talk": lambda this: ask.discussion(this, SectionKey.ROOT_CAUSE),
    "revisions": lambda this: ask.revisions(this, SectionKey.TIMELINE),
    "review": lambda this: ask.review(ask.writing(this)), "rail": lambda this: ask.rail(ask.writing(this)),
    "changes": lambda this: ask.changes(ask.reading(this)), "document": ask.document,
}  # fmt: skip


@pytest.mark.sqlite_only
def test_nobody_is_told_what_was_true_before(db: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random("who looks at what, and when")
    writing, looked = db.execution_options(writes=True), list[str]()

    @contextmanager
    def begin():
        with storage_errors(), Session(writing) as session:
            yield SqlUnitOfWork(session)
            session.commit()

    def told(question: Callable[[], Any], engine: Engine) -> Any:
        monkeypatch.setattr(parts, "engine", lambda: engine)
        try:
            return question()
        except PmError as refusal:
            return type(refusal)

    def look(stage: Stage) -> None:
        monkeypatch.setattr(parts, "clock", lambda: stage.at)
        newest = list(stage.postmortems.values())[-2:]
        asked = {name: LISTS[name] for name in rng.sample(sorted(LISTS), 3)}
        for name in rng.sample(sorted(ONE), 3) if newest else ():
            this = rng.choice(newest)
            asked[name] = lambda one=ONE[name], this=this: one(this)
        for name, question in asked.items():
            remembered = told(question, db)
            # One that writes is never given anything that is remembered; a new one has counted nothing before.
            found = told(question, db.execution_options(writes=True))
            assert remembered == found or repr(remembered) == repr(found), name  # what is missing is an exception
            looked.append(name)

    class Watched(Stage):
        def do(self, handler, command, *, by, as_role=None):
            done = super().do(handler, command, by=by, as_role=as_role)
            self.work._session.commit()
            if rng.random() < LOOKS and (who := rng.choice(READERS)) in self.actors:
                acting.forget()
                with acting.as_user(self.actors[who].user_id):
                    look(self)
            return done

    monkeypatch.setattr(filling, "Stage", Watched)
    tokens = random.Random(1)
    filling.fill_with_demo(
        filling.FillWithDemo(password="kestrel-in-the-wind"), begin=begin, clock=lambda: NOW, passwords=Passwords(),
        new_token=lambda: str(tokens.getrandbits(256)), process=handbook.process,
        lifetimes=filling.Lifetimes(idle=timedelta(hours=12), absolute=timedelta(days=14)),
    )  # fmt: skip
    assert set(looked) == {*LISTS, *ONE}
