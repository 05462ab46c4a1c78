"""What a person does with the own account. Everybody who is signed in may."""

from dataclasses import dataclass, replace

from pmcore.domain.people import name_of, password_of
from pmcore.domain.permissions import Actor
from pmcore.domain.sessions import Lifetimes
from pmcore.domain.vocabulary import Language
from pmcore.ports import Clock, NewToken, OpenUnitOfWork, Passwords
from pmcore.usecases.identity import Browser, SignedIn, check_password, opened


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProfile:
    name: str | None = None  #: None leaves it
    language: Language | None = None


def change_profile(command: ChangeProfile, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises NotAPerson, EditConflict."""
    with begin() as work:
        person = work.people.get(actor.user_id)
        if command.name is not None:
            person = replace(person, name=name_of(command.name))
        if command.language is not None:
            person = replace(person, language=command.language)
        work.people.save(person)
        work.audit(actor_id=actor.user_id, did="change_profile", to=f"user/{actor.user_id}", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    current: str
    new: str
    browser: Browser


def change_password(
    command: ChangePassword,
    *,
    actor: Actor,
    begin: OpenUnitOfWork,
    clock: Clock,
    new_token: NewToken,
    passwords: Passwords,
    lifetimes: Lifetimes,
) -> SignedIn:
    """End every session of this person, in every tab, and open a new one for the browser that asked.

    Raises WrongSignIn, SignInLocked, NotAPerson, EditConflict.
    """
    with begin() as work:
        username = work.people.get(actor.user_id).username
    new = password_of(command.new, username=username)
    check_password(username, command.current, command.browser.address, begin=begin, clock=clock, passwords=passwords)
    new_hash = passwords.hashed(new)
    with begin() as work:
        now = clock()
        work.people.save(replace(work.people.get(actor.user_id), password_hash=new_hash))
        work.sessions.end_all(user_id=actor.user_id, at=now)
        work.audit(actor_id=actor.user_id, did="change_password", to=f"user/{actor.user_id}", at=now)
        return opened(
            work, user_id=actor.user_id, browser=command.browser, token=new_token(), now=now, lifetimes=lifetimes
        )
