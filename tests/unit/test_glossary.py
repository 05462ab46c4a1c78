"""The glossary names every value and every command, and no other."""

import inspect
import re
from enum import Enum
from pathlib import Path

import pytest

from pmcore.domain import rail_vocabulary, vocabulary
from pmcore.domain.sections import BY_KEY
from pmcore.domain.vocabulary import SectionKey
from pmcore.words.labels import LABELS
from wiring.handlers import HANDLERS

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
ENUMS = {
    name: cls
    for module in (vocabulary, rail_vocabulary)
    for name, cls in inspect.getmembers(module, inspect.isclass)
    if issubclass(cls, Enum) and cls.__module__ == module.__name__
}


def part(heading: str) -> str:
    """The text below a second-level heading, up to the next one."""
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", GLOSSARY.read_text(encoding="utf-8"), re.M | re.S)
    assert found, f"docs/glossary.md has no part called {heading}"
    return found.group(1)


def rows(text: str) -> list[list[str]]:
    """Table rows whose first cell is code, as lists of cells."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def on_screen(value: Enum) -> str:
    return BY_KEY[value].heading if isinstance(value, SectionKey) else LABELS[type(value)][value]


def explained_enums() -> dict[str, str]:
    blocks = re.split(r"^### ", part("Values"), flags=re.M)[1:]
    return dict(block.split("\n", 1) for block in blocks)


def test_every_enum_is_explained_and_no_other():
    assert explained_enums().keys() == ENUMS.keys()


@pytest.mark.parametrize("name", ENUMS)
def test_every_value_is_explained_as_it_is_called_on_the_screen(name):
    explained = [(row[0].strip("`"), row[1]) for row in rows(explained_enums()[name])]
    assert explained == [(value.value, on_screen(value)) for value in ENUMS[name]]


def test_every_command_is_explained_once_and_no_other():
    explained = [row[0].strip("`") for row in rows(part("Commands"))]
    assert sorted(explained) == sorted(command.__name__ for command in HANDLERS)
