"""The people of the worked example."""

from dataclasses import dataclass

from pmcore.domain.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A person of the story. Has no password, so nobody can sign in as them."""

    username: str
    name: str
    roles: tuple[Role, ...]


ENGINEER = Placeholder(username="example-engineer", name="On-call Engineer (example)", roles=(Role.ENGINEER,))
BACKEND = Placeholder(username="example-backend", name="Backend Engineer (example)", roles=(Role.ENGINEER,))
DEVOPS = Placeholder(username="example-devops", name="DevOps Engineer (example)", roles=(Role.ENGINEER,))
QA = Placeholder(username="example-qa", name="QA Engineer (example)", roles=(Role.ENGINEER,))
TECH_LEAD = Placeholder(username="example-tech-lead", name="Tech Lead (example)", roles=(Role.TECH_LEAD,))
MANAGER = Placeholder(
    username="example-manager", name="Engineering Manager (example)", roles=(Role.ENGINEERING_MANAGER,)
)
CTO = Placeholder(username="example-cto", name="CTO (example)", roles=(Role.CTO,))
PEOPLE = (ENGINEER, BACKEND, DEVOPS, QA, TECH_LEAD, MANAGER, CTO)
