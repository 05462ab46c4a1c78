"""The tree picture: what people typed is text in it and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from pmcore.charts.whys import mermaid
from pmcore.domain import root_cause
from pmcore.domain.root_cause import Why


def picture(*whys):
    return mermaid(root_cause.tree(whys)).split("\n")


def test_questions_answers_and_how_leaves_end():
    lines = picture(
        Why(id="a", parent="", question="Why did it fail?", answer="No pool"),
        Why(id="b", parent="a", question="Why none?", answer="Too small", action="2"),
        Why(id="c", parent="a", question="Why none?", answer="Leaks", stop_because="known"),
        Why(id="d", parent="a", question="", answer=""),
    )
    assert lines[0] == "flowchart TD"
    assert '  q1(["1. Why did it fail?"]):::why' in lines
    assert '  q1a0["No pool"]:::answer' in lines
    assert "  q1a0 --> q1_1" in lines
    assert '  q1_1a0["Too small<br/>→ AI-2"]:::action' in lines
    assert '  q1_1a1["Leaks<br/>stop here"]:::stop' in lines
    assert '  q1_1a2["not answered yet"]:::open' in lines


def test_a_long_answer_is_cut_in_the_picture():
    (line,) = (line for line in picture(Why(id="a", parent="", question="Q", answer="x" * 500)) if "a0[" in line)
    assert "x…" in line
    assert len(line) < 200


def test_a_forest_is_cut_before_it_is_too_big_to_draw():
    many = [Why(id=str(n), parent="", question=f"Q{n}", answer="A") for n in range(500)]
    assert len(picture(*many)) < 300


@given(st.text(max_size=80))
def test_no_text_leaves_its_box(text):
    lines = picture(Why(id="a", parent="", question="Q", answer=text))
    (line,) = (line for line in lines if line.startswith("  q1a0"))
    inside = line.removeprefix('  q1a0["').removesuffix('"]:::open')
    assert not set(inside) & set('"<>`')
    assert "%%" not in inside
    assert len(lines) == len(picture(Why(id="a", parent="", question="Q", answer="plain")))
