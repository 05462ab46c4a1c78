"""The whys: chains, branches, loose ends, circles."""

from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain import root_cause
from pmcore.domain.root_cause import Why


def why(id, parent="", question=None, answer=None, **changes):
    question = f"Why {id}?" if question is None else question
    return Why(id=id, parent=parent, question=question, answer=f"Because {id}" if answer is None else answer, **changes)


CHAIN = (why("a"), why("b", "a"), why("c", "b"))
BRANCHED = (
    why("a", question="Why did the service fail?", answer="No connections"),
    why("b", "a", question="Why were they used up?", answer="The pool was small"),
    why("c", "a", question="why were  they used up?", answer="Queries were slow", stop_because="a ticket exists"),
    why("d", "a", question="", answer="A leak", action="3"),
    why("e", "b", question="Why was it small?", answer="A default", action="1"),
    why("f", question="Why did nobody notice?", answer="No alert", action="2"),
)


def shape(questions):
    """[(number, [(answer id, [...])])]"""
    return [(q.number, [(a.why.id, shape(a.asked)) for a in q.answers]) for q in questions]


class TestRead:
    def test_rows_come_back_as_they_went(self):
        assert root_cause.read([root_cause.row(each) for each in BRANCHED]) == BRANCHED

    def test_an_orphan_is_kept_at_the_root(self):
        (read,) = root_cause.read([{"id": "a", "parent": "gone", "question": "Why?"}])
        assert read == Why(id="a", parent="", question="Why?", answer="")

    def test_a_circle_is_cut(self):
        read = root_cause.read(
            [root_cause.row(each) for each in (why("a", "c"), why("b", "a"), why("c", "b"), why("d", "b"))]
        )
        assert shape(root_cause.tree(read)) == [
            ("1", [("a", [("1.1", [("b", [("1.1.1", [("c", [])]), ("1.1.2", [("d", [])])])])])])
        ]

    @given(st.lists(st.sampled_from(["", "0", "1", "2", "3", "4", "gone"]), max_size=5))
    def test_every_row_is_in_the_tree_exactly_once(self, parents):
        read = root_cause.read([root_cause.row(why(str(n), parent)) for n, parent in enumerate(parents)])
        told = [answer.why.id for _, answer in root_cause.answers(root_cause.tree(read))]
        assert sorted(told) == [str(n) for n in range(len(parents))]


class TestTree:
    def test_a_chain_counts_on(self):
        assert shape(root_cause.tree(CHAIN)) == [("1", [("a", [("2", [("b", [("3", [("c", [])])])])])])]

    def test_several_answers_to_one_why_stand_together(self):
        assert shape(root_cause.tree(BRANCHED)) == [
            ("1", [("a", [("1.1", [("b", [("1.1a.1", [("e", [])])]), ("c", []), ("d", [])])])]),
            ("2", [("f", [])]),
        ]

    def test_more_answers_than_letters(self):
        many = [why("q", question="Q")] + [why(str(n), "q", question="S") for n in range(28)]
        many += [why("x", "27"), why("y", "25")]
        numbers = {answer.why.id: q.number for q, answer in root_cause.answers(root_cause.tree(many))}
        assert (numbers["y"], numbers["x"]) == ("1.1z.1", "1.1ab.1")

    def test_no_rows_no_tree(self):
        assert root_cause.tree(()) == ()
        assert root_cause.is_chain(())


def test_a_why_follows_from_any_answer_but_its_own():
    assert [why.id for why in root_cause.may_follow(CHAIN, "b")] == ["a"]
    assert [why.id for why in root_cause.may_follow(CHAIN, "new")] == ["a", "b", "c"]


class TestAdvice:
    def say(self, whys, items=("1", "2", "3")):
        return [(each.why_id, each.sentence.format(**each.values)) for each in root_cause.advice(whys, items=items)]

    def test_begins_with_the_first_why(self):
        assert "first why" in self.say(())[0][1]

    def test_is_silent_about_a_finished_tree(self):
        assert self.say(BRANCHED) == []

    def test_names_what_is_open(self):
        said = self.say((why("a", question=""), why("b", "a", answer=" "), why("c", "a", action="9"), why("d", "a")))
        assert [why_id for why_id, _ in said] == ["a", "b", "c", "d", ""]
        assert "no question" in said[0][1]
        assert "waits for an answer" in said[1][1]
        assert "AI-9" in said[2][1]
        assert "say why you stop here" in said[3][1]
        assert "2 levels" in said[4][1]


class TestMarkdown:
    def test_a_chain_is_the_templates_list(self):
        two = (
            why("a", question="Why did it fail?", answer="No pool"),
            why("b", "a", question="", answer="", action="2"),
        )
        assert root_cause.markdown(two) == (
            "1. **Why did it fail?**  \n   → No pool\n\n2. **Why?**  \n   → (not answered yet) (AI-2)"
        )

    def test_branches_are_nested(self):
        assert root_cause.markdown(BRANCHED, escape=str.upper) == (
            "1. **WHY DID THE SERVICE FAIL?**\n"
            "   - → NO CONNECTIONS\n"
            "     1. **WHY WERE THEY USED UP?**\n"
            "        - → THE POOL WAS SMALL\n"
            "          1. **WHY WAS IT SMALL?**\n"
            "             - → A DEFAULT (AI-1)\n"
            "        - → QUERIES WERE SLOW (stop here because A TICKET EXISTS)\n"
            "        - → A LEAK (AI-3)\n"
            "2. **WHY DID NOBODY NOTICE?**\n"
            "   - → NO ALERT (AI-2)"
        )
