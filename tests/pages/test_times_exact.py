"""A relative time says exactly when on hover."""

import ast
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "pages"
#: A cell of a table and an option of a list have no hover of their own; the exact time stands in the detail, or below.
_SAID_ELSEWHERE = {"_actions/listing.py:_cells", "_write/history.py:_called", "_process/newcomers.py:_since"}
#: A message has no hover; there the relative time is one of a moment ago.
_A_MOMENT_AGO = {"_write/saving.py:conflict", "_process/checklist.py:_head"}


def saying_relatively():
    for path in sorted(PAGES.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and "times.ago(" in ast.unparse(function):
                yield pytest.param(ast.unparse(function), id=f"{path.relative_to(PAGES)}:{function.name}")


@pytest.mark.parametrize("function", saying_relatively())
def test_the_exact_time_is_there_to_hover_over(function, request):
    name = request.node.callspec.id
    if name not in _SAID_ELSEWHERE | _A_MOMENT_AGO:
        assert "times.exact(" in function or "times.moment(" in function or "at=row." in function


def test_no_exception_is_left_over():
    assert {each.id for each in saying_relatively()} >= _SAID_ELSEWHERE | _A_MOMENT_AGO
