"""The workspace and its services, on both engines."""

from decimal import Decimal

import pytest

from db.models import AuditRow
from db.workspace import ServiceExists
from pmcore.domain.errors import EditConflict, NotFound, Refusals
from pmcore.domain.permissions import Forbidden
from pmcore.domain.vocabulary import Language, Role
from pmcore.domain.workspace import NotAWorkspace
from pmcore.usecases.workspace import AddService, ChangeWorkspace, RenameService, RetireService
from tests.factories import NOON, make_policy, make_user, make_workspace
from wiring import ask, run


@pytest.fixture
def admin(rows, clock):
    with rows() as session:
        make_workspace(session)
        return make_user(session, "Adam", Role.ADMINISTRATOR).id


def change(**changes):
    values = {
        "name": "Почта", "zone": "Asia/Yekaterinburg", "language": Language.RUSSIAN, "distribution": " All ",
        "roles_for_names": True, "slo_target_percent": "99,95", "slo_window_days": 28, "base_version": 1,
    }  # fmt: skip
    return ChangeWorkspace(**values | changes)


class TestTheWorkspace:
    def test_changes(self, admin, as_user, rows):
        with as_user(admin):
            run(change())
            now = ask.workspace()
        assert (now.name, now.zone, now.distribution, now.version) == ("Почта", "Asia/Yekaterinburg", "All", 2)
        assert now.slo_target_percent == Decimal("99.95")
        with rows() as session:
            assert session.query(AuditRow).one().target == "workspace/1"

    def test_refuses_a_stale_form(self, admin, as_user):
        with as_user(admin):
            run(change())
            with pytest.raises(EditConflict):
                run(change(name="Other"))
            assert ask.workspace().name == "Почта"

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [({"zone": "Nowhere"}, Refusals), ({"slo_target_percent": "many"}, NotAWorkspace), ({"name": ""}, Refusals)],
    )
    def test_refuses_nonsense(self, admin, as_user, wrong, error):
        with as_user(admin), pytest.raises(error):
            run(change(**wrong))

    def test_is_the_administrators(self, admin, as_user, rows):
        with rows() as session:
            manager = make_user(session, "Mila", Role.ENGINEERING_MANAGER).id
        with as_user(manager), pytest.raises(Forbidden):
            run(change())

    def test_is_not_there_before_set_up(self, rows, clock, as_user, begin):
        with rows() as session:
            somebody = make_user(session, "Adam", Role.ADMINISTRATOR).id
        with as_user(somebody), pytest.raises(NotFound):
            ask.workspace()
        with pytest.raises(NotFound), begin() as work:
            work.workspace.get()


class TestServices:
    def test_are_listed_by_name_and_found_however_they_are_written(self, admin, as_user):
        with as_user(admin):
            for name in ("postgres", "Ядро", "email-service"):
                run(AddService(name=name))
            with pytest.raises(ServiceExists):
                run(AddService(name="ЯДРО"))
            assert [service.name for service in ask.services()] == ["email-service", "postgres", "Ядро"]

    def test_are_renamed(self, admin, as_user):
        with as_user(admin):
            one, other = run(AddService(name="one")), run(AddService(name="other"))
            run(RenameService(service_id=one, name="First"))
            with pytest.raises(ServiceExists):
                run(RenameService(service_id=other, name="FIRST"))
            with pytest.raises(NotFound):
                run(RenameService(service_id=99, name="x"))
            assert {service.name for service in ask.services()} == {"First", "other"}

    def test_are_retired_and_come_back(self, admin, as_user):
        with as_user(admin):
            service_id = run(AddService(name="one"))
            run(RetireService(service_id=service_id))
            assert ask.services() == ()
            assert [service.active for service in ask.services(retired=True)] == [False]
            assert run(AddService(name="ONE")) == service_id
            run(RetireService(service_id=service_id))
            run(RetireService(service_id=service_id, active=True))
            assert len(ask.services()) == 1

    @pytest.mark.parametrize("role", [Role.ENGINEER, Role.VIEWER])
    def test_are_not_for_everybody(self, admin, as_user, rows, role):
        with rows() as session:
            somebody = make_user(session, "Somebody", role).id
        with as_user(somebody), pytest.raises(Forbidden):
            run(AddService(name="x"))


def test_a_policy_number_is_given_once(rows, begin, clock):
    with rows() as session:
        make_policy(session, content={"p1_minutes": 30})
    with begin() as work:
        assert work.workspace.newest_policy() == 1
        assert work.workspace.policy(at=NOON) == (1, {"p1_minutes": 30})
        work.workspace.add_policy(number=2, content={}, valid_from=NOON, by_id=None, note="")
        assert work.workspace.policy(at=NOON)[0] == 2
    with pytest.raises(EditConflict), begin() as work:
        work.workspace.add_policy(number=2, content={}, valid_from=NOON, by_id=None, note="")
