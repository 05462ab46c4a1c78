"""Settings and account as people use them."""

from datetime import date, timedelta

import pytest

from pmcore.domain.vocabulary import Role
from pmcore.usecases.identity import Browser, OpenSession
from pmcore.usecases.workspace import ChangeWorkspace
from tests.factories import make_policy, make_service, make_user, make_workspace
from tests.pages.refused import beside
from wiring import acting, ask, run


@pytest.fixture
def staff(rows, wired):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        make_service(session, "email-service")
        return {
            "adam": make_user(session, "Adam", Role.ADMINISTRATOR, password_hash="x").id,
            "tanya": make_user(session, "Tanya", Role.TECH_LEAD, password_hash="x").id,
            "egor": make_user(session, "Egor", Role.ENGINEER, password_hash="x").id,
        }


def tabs(shown):
    return [tab.label for tab in shown.tabs]


def open_tab(shown, name):
    shown.session_state["settings-tab"] = name
    return shown.run()


class TestWhoSeesWhat:
    def test_an_administrator_sees_all(self, staff, page):
        assert tabs(page("settings.py", staff["adam"])) == ["People", "Workspace", "Services", "Policy"]

    def test_a_tech_lead_sees_the_services(self, staff, page):
        assert tabs(page("settings.py", staff["tanya"])) == ["Services"]

    def test_an_engineer_is_told_where_to_go(self, staff, page):
        shown = page("settings.py", staff["egor"])
        assert tabs(shown) == []
        assert any("account page" in text.value for text in shown.markdown)

    def test_nobody_signed_in_sees_nothing(self, staff, page):
        shown = page("settings.py", None)
        assert "signed out" in shown.error[0].value
        assert not shown.tabs
        assert not shown.dataframe


class TestPeople:
    def test_a_pasted_list_becomes_links(self, staff, page):
        shown = page("settings.py", staff["adam"])
        shown.text_area(key="invite-list").set_value("Вера <vera@example.org>\nGleb <gleb>")
        shown.button(key="invite-submit").click().run()
        assert not shown.exception
        assert [code.value.startswith("http://localhost:8501/invite/") for code in shown.code] == [True, True]
        with acting.as_user(staff["adam"]):
            assert "gleb" in {person.username for person in ask.everybody()}
        assert shown.text_area(key="invite-list").value == ""
        shown.button(key="invite-hide").click().run()
        assert not shown.code

    def test_links_stay_while_others_are_invited_with_other_roles(self, staff, page):
        shown = page("settings.py", staff["adam"])
        for pasted, role in (("Vera Popova", Role.TECH_LEAD), ("Gleb <gleb>", Role.ENGINEERING_MANAGER)):
            assert shown.multiselect(key="invite-roles").value == [Role.ENGINEER]
            shown.text_area(key="invite-list").set_value(pasted)
            shown.multiselect(key="invite-roles").set_value([role])
            shown.button(key="invite-submit").click().run()
            assert not shown.exception
        assert len(shown.code) == 2
        with acting.as_user(staff["adam"]):
            found = {person.username: person.roles for person in ask.everybody()}
        assert found["vera.popova"] == {Role.TECH_LEAD}
        assert found["gleb"] == {Role.ENGINEERING_MANAGER}

    def test_a_wrong_line_keeps_the_list(self, staff, page):
        shown = page("settings.py", staff["adam"])
        shown.text_area(key="invite-list").set_value("Gleb <gleb\nfine")
        shown.button(key="invite-submit").click().run()
        assert "Line 1" in shown.error[0].value
        assert "Line 1" in beside(shown, "invite-list")
        assert shown.text_area(key="invite-list").value == "Gleb <gleb\nfine"

    def test_roles_change_and_come_back(self, staff, page):
        shown = page("settings.py", staff["adam"])
        choose(shown, "Egor")
        shown.multiselect(key=f"roles-{staff['egor']}").set_value([Role.CTO])
        shown.button(key="roles-submit").click().run()
        assert roles(staff, "egor") == {Role.CTO}
        shown.button(key="undo-button").click().run()
        assert not shown.exception
        assert roles(staff, "egor") == {Role.ENGINEER}

    def test_deactivating_is_one_click_and_so_is_taking_it_back(self, staff, page):
        shown = page("settings.py", staff["adam"])
        choose(shown, "Egor")
        shown.button(key="person-deactivate").click().run()
        with acting.as_user(staff["adam"]):
            assert not ask.user(staff["egor"]).active
        shown.button(key="undo-button").click().run()
        with acting.as_user(staff["adam"]):
            assert ask.user(staff["egor"]).active

    def test_the_last_administrator_is_told_why_not(self, staff, page):
        shown = page("settings.py", staff["adam"])
        choose(shown, "Adam")
        shown.button(key="person-deactivate").click().run()
        assert "administrator" in shown.error[0].value

    def test_a_name_is_shown_as_text(self, staff, page, rows):
        with rows() as session:
            make_user(session, "<b>:red[x]</b> $a$", Role.ENGINEER, username="nasty")
        shown = page("settings.py", staff["adam"])
        choose(shown, "<b>:red[x]</b> $a$")
        shown.button(key="person-deactivate").click().run()
        assert not shown.exception
        assert not [text for text in shown.markdown if "<b>" in text.value or ":red[x" in text.value]

    def test_nobody_is_chosen_beforehand(self, staff, page):
        shown = page("settings.py", staff["adam"])
        assert shown.selectbox(key="person").value is None
        assert shown.selectbox(key="deputy-for").value is None
        assert not [button for button in shown.button if button.key in ("person-deactivate", "deputy-submit")]


def choose(shown, name):
    options = shown.selectbox(key="person").options
    shown.selectbox(key="person").select_index([option.split(" (")[0] for option in options].index(name)).run()


def roles(staff, who):
    with acting.as_user(staff["adam"]):
        return ask.user(staff[who]).roles


class TestWorkspace:
    def test_is_changed(self, staff, page):
        shown = open_tab(page("settings.py", staff["adam"]), "Workspace")
        shown.text_input(key="workspace-name").set_value("Почта")
        shown.button(key="workspace-submit").click().run()
        assert not shown.exception
        with acting.as_user(staff["adam"]):
            assert ask.workspace().name == "Почта"

    def test_says_whether_the_survey_opens_by_itself(self, staff, page):
        for opens in (True, False):
            shown = open_tab(page("settings.py", staff["adam"]), "Workspace")
            assert shown.toggle(key="workspace-survey").value is not opens
            shown.toggle(key="workspace-survey").set_value(opens)
            shown.button(key="workspace-submit").click().run()
            with acting.as_user(staff["adam"]):
                assert ask.workspace().survey_by_date is opens

    def test_says_which_names_stay_when_roles_are_shown(self, staff, page):
        shown = open_tab(page("settings.py", staff["adam"]), "Workspace")
        assert "typed into a text stay" in shown.toggle(key="workspace-roles").help

    def test_nonsense_keeps_what_was_typed(self, staff, page):
        shown = open_tab(page("settings.py", staff["adam"]), "Workspace")
        shown.text_input(key="workspace-target").set_value("a lot")
        shown.button(key="workspace-submit").click().run()
        assert "number" in shown.error[0].value
        assert shown.text_input(key="workspace-target").value == "a lot"
        assert "number" in beside(shown, "workspace-target")

    @pytest.mark.parametrize(
        ("key", "typed", "said"),
        [
            ("workspace-name", " ", "Give the workspace a name"),
            ("workspace-target", "101", "between 0 and 100"),
            ("workspace-window", 0, "1 to 366 days"),
        ],
    )
    def test_a_refusal_stands_beside_its_field(self, staff, page, key, typed, said):
        shown = open_tab(page("settings.py", staff["adam"]), "Workspace")
        field = shown.number_input if isinstance(typed, int) else shown.text_input
        field(key=key).set_value(typed)
        shown.button(key="workspace-submit").click().run()
        assert said in beside(shown, key)

    def test_a_stale_form_overwrites_nothing_and_loses_nothing(self, staff, page):
        shown = open_tab(page("settings.py", staff["adam"]), "Workspace")
        with acting.as_user(staff["adam"]):
            now = ask.workspace()
            run(
                ChangeWorkspace(
                    name="Changed elsewhere", zone=now.zone, language=now.language, distribution=now.distribution,
                    roles_for_names=False, slo_target_percent="99.9", slo_window_days=30, base_version=now.version,
                )
            )  # fmt: skip
        shown.text_input(key="workspace-name").set_value("Mine")
        shown.button(key="workspace-submit").click().run()
        assert "Somebody changed this" in shown.error[0].value
        assert shown.text_input(key="workspace-name").value == "Mine"
        shown.button(key="workspace-reload").click().run()
        assert shown.text_input(key="workspace-name").value == "Changed elsewhere"


class TestServices:
    def services(self, staff):
        with acting.as_user(staff["adam"]):
            return {service.name: service.active for service in ask.services(retired=True)}

    def test_are_added(self, staff, page):
        shown = page("settings.py", staff["tanya"])
        shown.text_input(key="service-name").set_value("postgres")
        shown.button(key="service-submit").click().run()
        assert not shown.exception
        assert self.services(staff) == {"email-service": True, "postgres": True}
        assert shown.text_input(key="service-name").value == ""

    def test_one_that_is_there_is_refused(self, staff, page):
        shown = page("settings.py", staff["tanya"])
        shown.text_input(key="service-name").set_value("EMAIL-service")
        shown.button(key="service-submit").click().run()
        assert "already" in shown.error[0].value
        assert shown.text_input(key="service-name").value == "EMAIL-service"

    def test_are_renamed_retired_and_taken_back(self, staff, page):
        shown = page("settings.py", staff["tanya"])
        shown.text_input(key="service-name-1").set_value("mail")
        shown.button(key="service-save-1").click().run()
        assert self.services(staff) == {"mail": True}
        shown.button(key="undo-button").click().run()
        assert self.services(staff) == {"email-service": True}
        shown.button(key="service-retire-1").click().run()
        assert self.services(staff) == {"email-service": False}
        shown.button(key="undo-button").click().run()
        assert self.services(staff) == {"email-service": True}


class TestPolicy:
    def test_is_looked_at_before_it_is_made(self, staff, page):
        shown = open_tab(page("settings.py", staff["adam"]), "Policy")
        shown.number_input(key="policy-1-p1").set_value(10)
        shown.button(key="policy-1-preview").click().run()
        assert not shown.exception
        assert any("would owe a post-mortem" in each.value for each in shown.markdown)
        with acting.as_user(staff["adam"]):
            assert len(ask.policies()) == 1
        shown.button(key="policy-1-submit").click().run()
        assert not shown.exception
        with acting.as_user(staff["adam"]):
            assert ask.policies()[0].policy.p1_minutes == 10

    @pytest.mark.parametrize("button", ["preview", "submit"])
    def test_a_refusal_stands_beside_its_number(self, staff, page, button):
        shown = open_tab(page("settings.py", staff["adam"]), "Policy")
        shown.number_input(key="policy-1-p1").set_value(-5)
        shown.number_input(key="policy-1-published-p0").set_value(0)
        shown.button(key=f"policy-1-{button}").click().run()
        assert "Give minutes" in beside(shown, "policy-1-p1")
        assert "Give hours" in beside(shown, "policy-1-published-p0")
        with acting.as_user(staff["adam"]):
            assert len(ask.policies()) == 1


class TestAccount:
    def test_the_name_changes(self, staff, page):
        shown = page("account.py", staff["egor"])
        shown.text_input(key="profile-name").set_value("Егор")
        shown.button(key="profile-submit").click().run()
        with acting.as_user(staff["egor"]):
            assert ask.me().name == "Егор"

    def test_other_sessions_end(self, staff, page):
        for number in range(6):
            run(OpenSession(user_id=staff["egor"], browser=Browser(agent=f"Firefox {number}", address="192.0.2.7")))
        shown = page("account.py", staff["egor"])
        assert not shown.exception
        named = [each.value for each in shown.markdown if "Firefox" in each.value]
        assert len(named) == 6
        assert "192" in named[0]
        assert [each.label for each in shown.expander] == ["2 more"]
        assert len([each for each in shown.expander[0].markdown if "Firefox" in each.value]) == 2
        shown.button(key="sessions-end").click().run()
        assert not shown.exception
        with acting.as_user(staff["egor"]):
            assert ask.my_sessions(None) == ()

    def test_a_deputy_is_named_for_oneself(self, staff, page):
        shown = page("account.py", staff["tanya"])
        shown.selectbox(key="deputy-who").select_index(0)
        shown.date_input(key="deputy-days").set_value((date.today(), date.today() + timedelta(days=3)))  # noqa: DTZ011
        shown.button(key="deputy-submit").click().run()
        assert not shown.exception
        with acting.as_user(staff["tanya"]):
            (deputy,) = ask.deputies()
        assert (deputy.deputy, deputy.role) == ("Adam", Role.TECH_LEAD)
        shown.button(key=f"deputy-end-{deputy.id}").click().run()
        with acting.as_user(staff["tanya"]):
            assert ask.deputies() == ()
        shown.button(key="undo-button").click().run()
        with acting.as_user(staff["tanya"]):
            assert len(ask.deputies()) == 1

    def test_an_incomplete_deputy_is_asked_for(self, staff, page):
        shown = page("account.py", staff["tanya"])
        shown.button(key="deputy-submit").click().run()
        assert "Choose a deputy" in shown.error[0].value

    def test_what_is_wrong_with_a_deputy_stands_beside_it(self, staff, page):
        shown = page("account.py", staff["tanya"])
        shown.selectbox(key="deputy-who").select_index(0)
        shown.date_input(key="deputy-days").set_value((date(2020, 1, 1), date(2020, 1, 3)))
        shown.button(key="deputy-submit").click().run()
        assert "These days are over" in beside(shown, "deputy-days")

    @pytest.mark.parametrize("path", ["account.py", "settings.py"])
    def test_costs_few_statements(self, staff, page, statements, path):
        shown = page(path, staff["adam"])
        acting.forget()
        with statements() as said:
            shown.run()
        assert len(said) <= 12, said

    def test_speaks_the_persons_language(self, staff, page, rows):
        with rows() as session:
            user = make_user(session, "Иван", Role.ENGINEER, language="ru").id
        assert not page("account.py", user).exception
