"""Names, usernames, passwords, deputies and who must stay administrator."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain.errors import Refusals
from pmcore.domain.people import (
    Invited,
    NotADeputy,
    NotAPerson,
    Person,
    WouldLockOut,
    deputise,
    invited,
    name_of,
    normal_password,
    password_of,
    spare_an_administrator,
    username_key,
    username_of,
    with_roles,
)
from pmcore.domain.vocabulary import Language, Role
from tests.factories import NOON

TODAY = date(2025, 12, 14)


def make_person(**changes):
    person = Person(
        id=1, username="anna", name="Anna", language=Language.ENGLISH, password_hash="x", active=True,
        roles=frozenset({Role.TECH_LEAD}), created_at=NOON,
    )  # fmt: skip
    return replace(person, **changes)


class TestNames:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  Anna \t Petrova ", "Anna Petrova"),
            ("Анна", "Анна"),
            ("A\u0000n\u202ena", "Anna"),
            ("مريم", "مريم"),
        ],
    )
    def test_are_kept_without_what_is_not_seen(self, typed, kept):
        assert name_of(typed) == kept

    @pytest.mark.parametrize("typed", ["", "  \t", "\u202e", "x" * 81])
    def test_are_refused(self, typed):
        with pytest.raises(NotAPerson) as refused:
            name_of(typed)
        assert refused.value.field == "name"


class TestUsernames:
    @pytest.mark.parametrize("typed", ["anna", "anna.petrova@example.org", "Анна_1", "7up", " anna "])
    def test_are_kept(self, typed):
        assert username_of(typed) == typed.strip()

    @pytest.mark.parametrize("typed", ["", " ", "a b", "<a>", "@anna", ".a", "a" * 65, "a/b", "a'--"])
    def test_are_refused(self, typed):
        with pytest.raises(NotAPerson) as refused:
            username_of(typed)
        assert refused.value.field == "username"

    def test_are_found_however_they_are_written(self):
        assert username_key(" ANNA@Example.ORG") == username_key("anna@example.org")
        assert username_key("АННА") == "анна"


class TestPasswords:
    @pytest.mark.parametrize(
        "typed", ["a cat on a bridge", "кошка на мосту", "猫が橋の上で三度も鳴いた", "0123456789ab", "12 🐈🐈 ok! yes"]
    )
    def test_of_any_script_are_good(self, typed):
        assert password_of(typed, username="anna") == typed

    @pytest.mark.parametrize("typed", ["", "eleven lett", "x" * 129, "a" * 12, "121212121212", "anna.petrova"])
    def test_are_refused(self, typed):
        with pytest.raises(NotAPerson) as refused:
            password_of(typed, username="Anna.Petrova")
        assert refused.value.field == "password"

    def test_have_twelve_to_a_hundred_and_twenty_eight_characters(self):
        assert password_of("кот " * 3, username="a")
        assert password_of("кошь" * 32, username="a")

    def test_are_the_same_however_they_are_composed(self):
        assert normal_password("й" * 12) == normal_password("\u0438\u0306" * 12)

    @given(st.text(min_size=12, max_size=128))
    def test_normalising_twice_changes_nothing(self, typed):
        assert normal_password(normal_password(typed)) == normal_password(typed)


class TestTheLastAdministrator:
    ADMIN = make_person(roles=frozenset({Role.ADMINISTRATOR}))

    @pytest.mark.parametrize("change", [{"active": False}, {"roles": frozenset({Role.CTO})}])
    def test_stays(self, change):
        with pytest.raises(WouldLockOut):
            spare_an_administrator((self.ADMIN, make_person(id=2)), but=replace(self.ADMIN, **change))

    @pytest.mark.parametrize("other", [{"active": False}, {"password_hash": None}])
    def test_is_one_who_can_sign_in(self, other):
        second = replace(self.ADMIN, id=2, **other)
        with pytest.raises(WouldLockOut):
            spare_an_administrator((self.ADMIN, second), but=replace(self.ADMIN, active=False))

    def test_may_go_when_there_is_another(self):
        spare_an_administrator((self.ADMIN, replace(self.ADMIN, id=2)), but=replace(self.ADMIN, active=False))

    def test_is_no_matter_where_there_is_none(self):
        spare_an_administrator((make_person(),), but=make_person(active=False))

    def test_nobody_is_left_without_a_role(self):
        assert with_roles(make_person(), frozenset({Role.CTO})).roles == {Role.CTO}
        with pytest.raises(NotAPerson):
            with_roles(make_person(), frozenset())


class TestDeputies:
    def asked(self, **changes):
        values = {
            "principal": make_person(), "deputy": make_person(id=2, name="Boris"), "role": Role.TECH_LEAD,
            "starts_on": TODAY, "ends_on": TODAY, "today": TODAY,
        }  # fmt: skip
        return deputise(**values | changes)

    def test_stand_in_for_a_day(self):
        deputy = self.asked()
        assert (deputy.principal_id, deputy.deputy_id, deputy.role) == (1, 2, Role.TECH_LEAD)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"deputy": make_person()}, "deputy"),
            ({"deputy": make_person(id=2, active=False)}, "deputy"),
            ({"role": Role.CTO}, "role"),
            ({"ends_on": date(2025, 12, 13)}, "ends_on"),
            ({"starts_on": date(2025, 12, 1), "ends_on": date(2025, 12, 13)}, "ends_on"),
        ],
    )
    def test_are_refused(self, changes, field):
        with pytest.raises(Refusals) as refused:
            self.asked(**changes)
        assert [problem.field for problem in refused.value.problems] == [field]
        assert isinstance(refused.value.problems[0], NotADeputy)


class TestAPastedList:
    def test_is_read_line_by_line(self):
        pasted = (
            'Anna Petrova <anna@example.org>\n\n"Boris" <boris>;\n , \nvera@example.org\n<gleb@example.org>,\n'
            "Dina Orlova dina@example.org\n Егор  Ким "
        )
        assert invited(pasted) == (
            Invited(name="Anna Petrova", username="anna@example.org"),
            Invited(name="Boris", username="boris"),
            Invited(name="vera", username="vera@example.org"),
            Invited(name="gleb", username="gleb@example.org"),
            Invited(name="Dina Orlova", username="dina@example.org"),
            Invited(name="Егор Ким", username="егор.ким"),
        )

    def test_says_every_line_that_is_wrong(self):
        with pytest.raises(Refusals) as refused:
            invited("Anna <anna\nfine\nBoris <b b>\nFINE")
        assert [str(problem)[:12] for problem in refused.value.problems] == [
            "Line 1: The ",
            "Line 3: A us",
            "fine is in t",
        ]

    def test_asks_for_one_when_it_is_empty(self):
        with pytest.raises(Refusals):
            invited(" \n\n")
