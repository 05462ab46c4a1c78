"""Fill an empty database with the demo year."""

from collections.abc import Callable
from dataclasses import dataclass

from pmcore.domain.errors import N_, PmError
from pmcore.domain.sessions import Lifetimes
from pmcore.ports import Clock, InstalledProcess, NewToken, OpenUnitOfWork, Passwords
from pmcore.usecases.demo import ledger, office, surveys
from pmcore.usecases.demo.cast import EVERYBODY, LEFT, Player
from pmcore.usecases.demo.stage import Stage
from pmcore.usecases.demo.story import old_tracker, smalls, stories
from pmcore.usecases.demo.writing import write


class NotEmpty(PmError):
    """There is a workspace in this database already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FillWithDemo:
    """A company, its people and their last twelve months."""

    password: str  #: of everybody
    progress: Callable[[int, int], None] = lambda done, total: None  #: called with days told and days in all


def fill_with_demo(
    command: FillWithDemo,
    *,
    begin: OpenUnitOfWork,
    clock: Clock,
    new_token: NewToken,
    passwords: Passwords,
    lifetimes: Lifetimes,
    process: InstalledProcess,
) -> tuple[Player, ...]:
    """All of it or nothing; returns who can sign in. No actor: whoever has the console has the database.

    Raises NotEmpty, NotAPerson, BadProcessText.
    """
    with begin() as work:
        if work.workspace.find() is not None or work.people.all():
            raise NotEmpty(
                N_("There is something in this database already. Set DATABASE_URL to a new one: sqlite:///var/demo.db")
            )
        stage = Stage(work, now=clock(), process=process)
        desk = office.Desk(
            stage, password=command.password, new_token=new_token, passwords=passwords, lifetimes=lifetimes
        )
        desk.open_workspace()
        stage.enter(office.days(stage, old_tracker()))
        stage.enter(desk.late_arrival())
        stage.enter(surveys.rounds(stage))
        for story in stories():
            for told in story.told:
                stage.enter(write(stage, story, told))
        for small in smalls():
            stage.enter(ledger.note(stage, small))
        stage.play(command.progress)
    return tuple(one for one in EVERYBODY if one.username != LEFT)
