"""People, their roles and deputies: what makes a name, a username and a password acceptable."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime

from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.vocabulary import Language, Role

NAME_LENGTH = 80
USERNAME_LENGTH = 64
PASSWORD_SHORTEST, PASSWORD_LONGEST = 12, 128
_USERNAME = re.compile(r"[^\W_][\w.@+-]*")


class NotAPerson(PmError):
    """What was typed does not make a name, a username or a password."""


class WouldLockOut(PmError):
    """The workspace would be left without an administrator who can sign in."""


class NotADeputy(PmError):
    """Nobody can stand in so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: int  #: 0 before the first save
    username: str
    name: str
    language: Language
    password_hash: str | None  #: None: cannot sign in (not yet, or a placeholder)
    active: bool
    roles: frozenset[Role]
    created_at: datetime
    version: int = 1

    @property
    def can_administer(self) -> bool:
        return self.active and self.password_hash is not None and Role.ADMINISTRATOR in self.roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Deputy:
    id: int  #: 0 before the first save
    principal_id: int  #: for whom
    deputy_id: int  #: who stands in
    role: Role
    starts_on: date  #: both days included, in the workspace's zone
    ends_on: date


def name_of(typed: str) -> str:
    """A person's name as it is kept. Raises NotAPerson."""
    name = " ".join(_plain(typed).split())
    if not name:
        raise NotAPerson(N_("Give a name."), field="name")
    if len(name) > NAME_LENGTH:
        raise NotAPerson(N_("Shorten the name to {length} characters."), field="name", length=NAME_LENGTH)
    return name


def username_of(typed: str) -> str:
    """A username or mail address as it is kept. Raises NotAPerson."""
    username = _plain(typed).strip()
    if not username:
        raise NotAPerson(N_("Give a username, for example a mail address."), field="username")
    if len(username) > USERNAME_LENGTH or not _USERNAME.fullmatch(username):
        raise NotAPerson(
            N_("A username begins with a letter or digit and has at most {length} letters, digits and . _ @ + -."),
            field="username",
            length=USERNAME_LENGTH,
        )
    return username


def username_key(username: str) -> str:
    """By which a username is found again, however it is written."""
    return unicodedata.normalize("NFKC", username).casefold().strip()


def password_of(typed: str, *, username: str) -> str:
    """A new password in the form in which it is hashed. Raises NotAPerson.

    Length is the rule that helps; beside it only what is guessed first is refused.
    """
    password = normal_password(typed)
    if len(password) < PASSWORD_SHORTEST:
        raise NotAPerson(
            N_("A password has at least {length} characters; a short sentence is a good one."),
            field="password",
            length=PASSWORD_SHORTEST,
        )
    if len(password) > PASSWORD_LONGEST:
        raise NotAPerson(N_("A password has at most {length} characters."), field="password", length=PASSWORD_LONGEST)
    if len(set(password)) < 4 or username_key(username) == password.casefold():
        raise NotAPerson(N_("This password is guessed at once. Take a short sentence."), field="password")
    return password


def normal_password(typed: str) -> str:
    """The same characters typed on another keyboard or system are the same password."""
    return unicodedata.normalize("NFKC", typed)


def spare_an_administrator(people: tuple[Person, ...], *, but: Person) -> None:
    """Raises WouldLockOut when, with `but` as it would become, nobody who can sign in is administrator any more."""
    after = tuple(but if person.id == but.id else person for person in people)
    if any(person.can_administer for person in people) and not any(person.can_administer for person in after):
        raise WouldLockOut(N_("Somebody has to be administrator. Give another person this role first."))


def with_roles(person: Person, roles: frozenset[Role]) -> Person:
    """Raises NotAPerson when no role is left."""
    if not roles:
        raise NotAPerson(N_("Choose at least one role."), field="roles")
    return replace(person, roles=roles)


def deputise(*, principal: Person, deputy: Person, role: Role, starts_on: date, ends_on: date, today: date) -> Deputy:
    """Let somebody hold a role for somebody else for some days. Raises Refusals."""
    problems: list[PmError] = []
    if principal.id == deputy.id:
        problems.append(NotADeputy(N_("Choose somebody else as deputy."), field="deputy"))
    if not deputy.active:
        problems.append(
            NotADeputy(N_("{name} is deactivated. Choose another deputy."), field="deputy", name=deputy.name)
        )
    if role not in principal.roles:
        problems.append(NotADeputy(N_("{name} does not hold this role."), field="role", name=principal.name))
    if ends_on < starts_on:
        problems.append(NotADeputy(N_("The last day is before the first one."), field="ends_on"))
    elif ends_on < today:
        problems.append(NotADeputy(N_("These days are over. Choose days from today on."), field="ends_on"))
    if problems:
        raise Refusals(tuple(problems))
    return Deputy(id=0, principal_id=principal.id, deputy_id=deputy.id, role=role, starts_on=starts_on, ends_on=ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """One line of a pasted list."""

    name: str
    username: str


def invited(text: str) -> tuple[Invited, ...]:
    """The people of a pasted list, one a line: `Name <username>`, only a username, or only a name of several words.

    Raises Refusals by line.
    """
    people: list[Invited] = []
    problems: list[PmError] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip(" \t,;"):
            continue
        try:
            people.append(_invited(line.strip(" \t,;")))
        except NotAPerson as problem:
            problems.append(NotAPerson(N_("Line {number}: {problem}"), field="list", number=number, problem=problem))
    doubles = [key for key, times in Counter(username_key(person.username) for person in people).items() if times > 1]
    problems += [
        NotAPerson(N_("{username} is in the list twice."), field="list", username=double) for double in doubles
    ]
    if not people and not problems:
        problems = [NotAPerson(N_("Paste one person a line: Name <mail address>."), field="list")]
    if problems:
        raise Refusals(tuple(problems))
    return tuple(people)


def _invited(line: str) -> Invited:
    name, bracket, rest = line.rpartition("<")
    if not bracket and len(words := line.split()) > 1:
        if "@" in words[-1]:
            return Invited(name=name_of(" ".join(words[:-1])), username=username_of(words[-1]))
        return Invited(name=name_of(line), username=username_of(".".join(words).lower()))
    if not bracket:
        username = username_of(line)
        return Invited(name=name_of(username.partition("@")[0]), username=username)
    if not rest.rstrip().endswith(">"):
        raise NotAPerson(N_("The username has no closing >."), field="list")
    username = username_of(rest.rstrip().removesuffix(">"))
    return Invited(name=name_of(name.strip(' "') or username.partition("@")[0]), username=username)


def _plain(typed: str) -> str:
    """Without characters that are not seen: controls, and marks that turn the direction of what follows."""
    normal = unicodedata.normalize("NFC", typed)
    return "".join(
        sign for sign in normal if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co") or sign in " \t\n"
    )
