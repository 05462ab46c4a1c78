"""Who works at the company of the demo. Everybody can sign in, but for the one who left."""

from dataclasses import dataclass

from pmcore.domain.vocabulary import Language, Role, Severity, SignRole

COMPANY = "Kestrel"
ZONE = "Europe/Moscow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    username: str
    name: str
    roles: frozenset[Role]
    language: Language = Language.ENGLISH


def _one(username: str, name: str, *roles: Role, language: Language = Language.ENGLISH) -> Player:
    return Player(username=username, name=name, roles=frozenset(roles), language=language)


_RU = Language.RUSSIAN
ADMINISTRATOR = _one("ada", "Ada Lindqvist", Role.ADMINISTRATOR)
#: In the order in which they joined; the first of each role is the one to try.
JOINED = (
    _one("maria", "Maria Sokolova", Role.ENGINEERING_MANAGER),
    _one("tamara", "Tamara Orlova", Role.TECH_LEAD),
    _one("oleg", "Oleg Volkov", Role.CTO),
    _one("anna", "Anna Petrova", Role.ENGINEER),
    _one("vera", "Vera Kim", Role.VIEWER),
    _one("james", "James Okafor", Role.ENGINEER),
    _one("priya", "Priya Nair", Role.ENGINEER),
    _one("lukas", "Lukas Brandt", Role.ENGINEER),
    _one("pavel", "Павел Громов", Role.ENGINEERING_MANAGER, language=_RU),
    _one("artem", "Артём Белов", Role.TECH_LEAD, language=_RU),
    _one("ivan", "Иван Ковалёв", Role.ENGINEER, language=_RU),
    _one("elena", "Елена Зайцева", Role.ENGINEER, language=_RU),
    _one("sergey", "Сергей Мельник", Role.ENGINEER, language=_RU),
    _one("tom", "Tom Becker", Role.ENGINEER),
)
#: Joined two weeks ago and is still learning how it is done here.
NEWCOMER = _one("nina", "Nina Hartmann", Role.ENGINEER)
EVERYBODY = (ADMINISTRATOR, *JOINED, NEWCOMER)
LEFT = "tom"
CTO = "oleg"
DEPUTY = "lukas"  #: stands in for the tech lead these days

#: Who promises things, and who looks after whom, by the language that the team writes in.
ENGINEERS = {Language.ENGLISH: ("anna", "james", "priya", "lukas"), _RU: ("ivan", "elena", "sergey")}
TECH_LEAD = {Language.ENGLISH: "tamara", _RU: "artem"}
MANAGER = {Language.ENGLISH: "maria", _RU: "pavel"}


def reviewers_of(language: Language) -> dict[SignRole, str]:
    """Who signs what the team of this language writes."""
    return {
        SignRole.TECH_LEAD: TECH_LEAD[language],
        SignRole.ENGINEERING_MANAGER: MANAGER[language],
        SignRole.CTO: CTO,
    }


def signers_of(language: Language, severity: Severity) -> dict[SignRole, str]:
    """The same, without the CTO below P0."""
    all_of_them = reviewers_of(language)
    return {role: who for role, who in all_of_them.items() if role is not SignRole.CTO or severity is Severity.P0}
