"""Whether it happened before, in a document and in words."""

from dataclasses import replace

import pytest

from pmcore.documents import again, html, markdown, outline
from pmcore.domain.likeness import Reason, Shared
from pmcore.domain.vocabulary import RecurrenceState
from pmcore.words import recurrence, speaking
from tests.repeated import REPEATS
from tests.unit.test_documents import content

SEEMS = replace(REPEATS, state=RecurrenceState.PROPOSED, is_later=False, days_between=1, public_id="P1-009")


class TestDocument:
    def test_names_what_is_confirmed_and_what_nobody_has_decided(self):
        document = outline.document(content(), status=outline.PUBLISHED, repetitions=(REPEATS, SEEMS))
        for text in (markdown.render(document).replace("\\", ""), html.render(document)):
            assert "Did it happen before?" in text
            assert "Repeats P0-003 (Connection pool exhausted), 30 days after it, confirmed" in text
            assert "Repeated by P1-009 (Connection pool exhausted), 1 day later, not decided yet" in text

    def test_says_nothing_without_one(self):
        assert "happen before" not in markdown.render(outline.document(content(), status=outline.PUBLISHED))

    def test_names_no_refused_one(self):
        assert again.nameable([replace(REPEATS, state=RecurrenceState.REFUSED), SEEMS], restricted=False) == (SEEMS,)

    @pytest.mark.parametrize(("restricted", "named"), [(False, 0), (True, 1)])
    def test_names_a_restricted_one_in_a_restricted_document_only(self, restricted, named):
        assert len(again.nameable([replace(REPEATS, restricted=True)], restricted=restricted)) == named


REASONS = (
    Reason(kind=Shared.NAMED), Reason(kind=Shared.SERVICE, words=("mail",)), Reason(kind=Shared.ALERT, words=("Down",)),
    Reason(kind=Shared.TITLE, words=("pool", "dry")), Reason(kind=Shared.FACTORS, words=("Peak traffic",)),
    Reason(kind=Shared.CAUSE, words=("size", "pool")),
)  # fmt: skip


class TestWords:
    def test_in_english(self):
        assert recurrence.because(REASONS, named_by="Anna") == (
            "named by Anna; same service mail; same alert Down; similar title: pool, dry; "
            "same contributing factor: “Peak traffic”; similar cause: size, pool"
        )

    def test_in_russian(self):
        with speaking("ru"):
            said = recurrence.because(REASONS, named_by="Анна")
        assert "похожее название: pool, dry; тот же способствующий фактор: «Peak traffic»" in said

    def test_without_the_words_of_a_text_that_is_not_to_be_read(self):
        hidden = (Reason(kind=Shared.FACTORS), Reason(kind=Shared.CAUSE))
        assert recurrence.because(hidden) == "same contributing factors; similar cause"

    def test_people_s_words_are_made_fit_for_the_place(self):
        assert recurrence.because(REASONS[3:4], shown=str.upper) == "similar title: POOL, DRY"
