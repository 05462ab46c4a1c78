"""What the documents refer to is there, and every setting is explained."""

import re
from pathlib import Path

import pytest

from db.transfer.form import DUMPED, EXCLUDED
from wiring.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]*)(#[^)\s]*)?\)")


def anchors(text: str) -> set[str]:
    """The headings as a reader's link names them."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    text = document.read_text(encoding="utf-8")
    for path, anchor in LINK.findall(text):
        target = document.parent / path if path else document
        assert target.exists(), f"{document.name} links to {path}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{document.name} links to {path}{anchor}"


def test_every_decision_is_listed():
    listed = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    for decision in (ROOT / "docs/adr").glob("0*.md"):
        assert f"]({decision.name})" in listed


def test_every_setting_is_explained_with_its_default():
    """The public address follows the port where nobody has set it; the others are as the class says."""
    explained = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", (ROOT / "docs/operations.md").read_text(), re.M))
    prefix = Settings.model_config["env_prefix"]
    defaults = {
        str(field.validation_alias or prefix + name.upper()): f"`{field.default}`" if field.default else "empty"
        for name, field in Settings.model_fields.items()
    }
    defaults["PM_PUBLIC_URL"] = "`http://localhost:` and the port"
    assert explained == {name: str(default) for name, default in defaults.items()}


def test_the_format_of_a_dump_names_every_table():
    told = (ROOT / "docs/data-format.md").read_text(encoding="utf-8")
    carried, left = told.partition("## Carried")[2].split("## Left behind")
    assert tuple(re.findall(r"`(\w+)`", carried)) == DUMPED
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", left, re.M)) == dict(EXCLUDED)


def test_operations_tell_how_to_do_what_has_to_be_done():
    """Each command stands where somebody looks for it who has to do it."""
    told = (ROOT / "docs/operations.md").read_text("utf-8")
    chapters = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n)+)", told, re.M))
    wanted = {
        "Behind a proxy": ("https", "proxy_pass", "PM_PUBLIC_URL"),
        "Backup": ("manage.py backup --out", "To restore it", "user sign-out"),
        "Moving to another database": ("manage.py dump --out", "manage.py load", "postgresql+psycopg://"),
        "Upgrading": ("Make a backup", "To go back"),
        "Several processes": ("sticky sessions", "STREAMLIT_SERVER_COOKIE_SECRET"),
        "Secrets": ("How to change it", "openssl rand"),
    }
    for chapter, said in wanted.items():
        assert [words for words in said if words not in chapters[chapter]] == [], chapter
