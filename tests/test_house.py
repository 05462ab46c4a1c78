"""Habits of this house that no linter knows."""

import ast
import sys
import tomllib
import warnings
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("pages", "web", "wiring", "db", "pmcore")
CODE = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py") if "migrations" not in path.parts)
SCREENS = [path for path in CODE if path.parent == ROOT / "pages"]
PAGES = [path for path in CODE if "pages" in path.relative_to(ROOT).parts]
PAGE_LINES, MODULE_LINES = 80, 250


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def attributes(path: Path) -> list[str]:
    """Every dotted name in the file: "st.fragment", ..."""
    found = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
    return [f"{node.value.id}.{node.attr}" for node in found if isinstance(node.value, ast.Name)]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_pages_never_show_raw_html(path):
    assert "unsafe_allow" not in path.read_text()


@pytest.mark.parametrize("path", [path for path in PAGES if path.parent.name != "_ui"], ids=name)
def test_fragments_come_from_the_shared_ones(path):
    """`pages._ui.fragment` turns refusals into sentences; Streamlit's own does not."""
    assert "st.fragment" not in attributes(path)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_widget_has_a_key(path):
    """Without one, a widget loses what was typed when its label changes with the language."""
    widgets = {
        "button", "checkbox", "chat_input", "data_editor", "date_input", "datetime_input", "download_button",
        "file_uploader", "form_submit_button", "multiselect", "number_input", "pills", "radio", "segmented_control",
        "selectbox", "select_slider", "slider", "text_area", "text_input", "time_input", "toggle",
    }  # fmt: skip
    without = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in widgets
        and not any(word.arg in ("key", None) for word in node.keywords)
    ]
    assert without == [], f"{name(path)}: lines {without}"


def test_modules_stay_short():
    """A warning, not a refusal: a page of 90 lines may read better than two."""
    for path in CODE:
        lines = len(path.read_text().splitlines())
        limit = PAGE_LINES if path in SCREENS else MODULE_LINES
        if lines > limit:
            warnings.warn(f"{name(path)} has {lines} lines; {limit} are meant to be enough", stacklevel=1)


def test_what_the_app_imports_is_pinned_for_it():
    """The tests' environment holds more than `make run` installs."""
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in (ROOT / "requirements.txt").read_text().split()}
    installed = packages_distributions()
    own = {*LAYERS, "app", "manage"}
    missing = set()
    for path in [*CODE, ROOT / "app.py", ROOT / "manage.py"]:
        for module in top_level_imports(path) - own - set(sys.stdlib_module_names):
            distributions = {one.lower().replace("_", "-") for one in installed.get(module, [module])}
            if not distributions & pinned:
                missing.add(f"{module} ({name(path)})")
    assert missing == set()


def top_level_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_every_version_is_pinned():
    for file in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / file).read_text().split("\n")
        assert [line for line in lines if line and "==" not in line and not line.startswith("-r ")] == []


def test_the_layers_are_those_that_exist():
    """import-linter checks only the packages that it is told of."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    assert sorted(told) == sorted(LAYERS)
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"} == set(LAYERS)
