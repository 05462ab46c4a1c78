"""What two incidents have in common: seldom proposed, right when it is, the same every time, in both languages."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain.likeness import ENOUGH, LOOK_BACK, Reason, Shared, Traits, best, compare, stem
from tests.factories import NOON

EARLIER = Traits(
    incident_id=1, service_id=1, service="email-service", alert_name="", title="", started_at=NOON - timedelta(days=180)
)
LATER = replace(EARLIER, incident_id=2, started_at=NOON)


def pair(later, earlier, **same):
    return (
        replace(LATER, **same, **({"title": later} if isinstance(later, str) else later)),
        replace(EARLIER, **same, **({"title": earlier} if isinstance(earlier, str) else earlier)),
    )


def is_proposed(later, earlier, **same):
    one, other = pair(later, earlier, **same)
    return best(one, [other]) is not None


POOL = (
    "Traffic spike during peak hours (10 AM MSK) - 2x normal volume",
    "Long-running queries holding connections longer than expected",
    "No auto-scaling configured for database connection pool",
)


class TestTitles:
    @pytest.mark.parametrize(
        ("later", "earlier"),
        [
            ("email-service: database connection pool exhausted", "email-service: pool of connections exhausted"),
            ("Logs no longer shipped to the archive", "Logs from the cluster not shipped to archive"),
            ("All services answer 503", "All services answering with 503"),
            ("DNS answers dropped due to an upgrade", "DNS answers dropped"),
            ("Исчерпан пул соединений с базой", "Пул соединений с базой исчерпан после акции"),
            ("Письма с кодом приходят дважды", "Дважды пришло письмо с кодом"),
        ],
    )
    def test_the_same_service_and_the_same_words(self, later, earlier):
        assert is_proposed(later, earlier)

    @pytest.mark.parametrize(
        ("later", "earlier"),
        [
            ("All services answer 503", "All services answer 404"),
            ("email-service: users see errors", "email-service: users see errors slowly"),
            ("Payments fail after the release", "Attachments fail after the release"),
            ("Signed out in the app", "Sign-in by code switched off for all versions of the app"),
            ("Сервис недоступен, ошибки у клиентов", "Сервис недоступен у части клиентов"),
            ("Фильтр по цвету терял оттенки", "Не показывались отзывы"),
            ("", ""),
        ],
    )
    def test_but_not_for_what_every_incident_says(self, later, earlier):
        assert not is_proposed(later, earlier)

    def test_not_in_another_service(self):
        one, other = pair("Connection pool exhausted", "Connection pool exhausted")
        assert best(one, [replace(other, service_id=2, service="search")]) is None

    def test_the_services_name_is_no_common_word(self):
        one, other = pair("email-service: no space left", "email-service: wrong sender shown")
        assert compare(one, other).points == 0


class TestTheWholeCase:
    """An incident of the process's own example, and its like of half a year before."""

    def test_the_same_alert_alone_is_no_repetition(self):
        assert not is_proposed("Mails wait", "Attachments lost", alert_name="EmailServiceDown")

    def test_one_common_word_beside_service_and_alert_is_enough(self):
        assert is_proposed("Mails wait for connections", "Connections refused", alert_name="EmailServiceDown")

    def test_the_same_factors_tell_when_the_text_is_written(self):
        known = {"alert_name": "EmailServiceDown"}
        one, other = pair("Mails wait", "Errors of attachments", **known)
        assert best(one, [other]) is None
        found = best(replace(one, factors=POOL[:2]), [replace(other, factors=POOL)])
        assert found is not None
        assert found.reasons == (
            Reason(kind=Shared.SERVICE, words=("email-service",)),
            Reason(kind=Shared.ALERT, words=("EmailServiceDown",)),
            Reason(kind=Shared.FACTORS, words=POOL[:2]),
        )

    def test_in_another_service_alert_and_text_have_to_agree(self):
        one, other = pair(
            {"title": "Search is empty", "factors": POOL, "cause": "The pool of connections was too small"},
            {"title": "Mails wait", "factors": POOL, "cause": "Pool too small for the connections at peak"},
        )
        elsewhere = replace(other, service_id=2, service="search")
        assert best(one, [elsewhere]) is None
        told = best(replace(one, alert_name="PoolExhausted"), [replace(elsewhere, alert_name="poolexhausted")])
        assert told is not None
        assert {reason.kind for reason in told.reasons} == {Shared.ALERT, Shared.FACTORS, Shared.CAUSE}

    def test_a_factor_said_in_other_words_is_another_one(self):
        one, other = pair({"factors": ("No load test",)}, {"factors": ("Nobody was on call",)})
        assert compare(one, other).reasons == (Reason(kind=Shared.SERVICE, words=("email-service",)),)

    def test_one_factor_counts_less_than_two(self):
        one, other = pair({"factors": POOL[:1]}, {"factors": POOL})
        assert compare(one, other).points < compare(replace(one, factors=POOL[:2]), other).points


class TestBest:
    def test_most_points_then_the_newest(self):
        later = replace(LATER, title="connection pool exhausted")
        like, same = replace(EARLIER, title="pool exhausted"), replace(EARLIER, incident_id=3, title=later.title)
        newer = replace(same, incident_id=4, started_at=NOON - timedelta(days=9))
        assert best(later, [like, same]).earlier is same
        assert best(later, [same, newer, like]).earlier is newer

    @pytest.mark.parametrize(
        ("ago", "is_found"),
        [(timedelta(seconds=1), True), (timedelta(0), False), (timedelta(days=-1), False), (LOOK_BACK, True),
         (LOOK_BACK + timedelta(seconds=1), False)],
    )  # fmt: skip
    def test_only_what_began_before_and_not_too_long_ago(self, ago, is_found):
        later = replace(LATER, title="connection pool exhausted")
        earlier = replace(later, incident_id=1, started_at=NOON - ago)
        assert (best(later, [earlier]) is not None) is is_found

    def test_never_itself(self):
        later = replace(LATER, title="connection pool exhausted")
        assert best(later, [replace(later, started_at=NOON - timedelta(days=1))]) is None


@pytest.mark.parametrize(
    "forms",
    [
        ("pool", "pools", "Pool"), ("node", "nodes"), ("exhausted", "exhaustion"), ("ship", "shipped", "shipping"),
        ("process", "processes"), ("connection", "connections"), ("пул", "пула", "пулом", "Пулы"), ("ещё", "еще"),
        ("соединение", "соединений", "соединения"), ("очередь", "очереди", "очередью"), ("диск", "диска", "дисках"),
    ],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem(form) for form in forms}) == 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_compared_and_says_the_same_both_ways(one, other):
    later, earlier = pair(one, other)
    points = compare(later, earlier).points
    assert points == compare(replace(earlier, title=other), replace(later, title=one)).points
    assert 0 <= points <= 100


@given(st.text(min_size=1, max_size=30).filter(str.isalnum))
def test_a_stem_is_never_empty(word):
    assert stem(word)
    assert stem(word) == stem(word.upper().casefold()) or word.upper().casefold() != word.casefold()


def test_what_is_enough_stands_between_a_word_and_a_sentence():
    assert 0 < ENOUGH < 100
