"""The command line, called as people call it."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import manage
from db.upgrade import NewerDatabase
from pmcore.domain.errors import NotFound
from pmcore.domain.vocabulary import Role, SectionKey
from pmcore.usecases.attachments import AttachFile
from tests import forked, reviewed
from tests.attached import PNG
from tests.factories import make_user, make_workspace
from wiring import acting, run
from wiring.console import NobodyThere, as_somebody

ROOT = Path(__file__).parents[1]


def call(*arguments: str, database_url: str, language: str = "C", python: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python or forked.python(), "manage.py", *arguments],
        cwd=ROOT, capture_output=True, text=True, env={"DATABASE_URL": database_url, "LANG": language, "PATH": ""},
    )  # fmt: skip


@pytest.mark.sqlite_only
def test_a_database_is_made_and_checked(tmp_path):
    url = f"sqlite:///{tmp_path}/var/pm.db"
    (tmp_path / "var").mkdir()
    refused = call("db", "check", database_url=url, python=sys.executable)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "This database is not up to date. Run: python manage.py db upgrade\n"
    assert call("db", "upgrade", database_url=url, python=sys.executable).returncode == 0
    assert call("db", "check", database_url=url).stdout == "The database is up to date.\n"


@pytest.mark.sqlite_only
def test_a_refusal_is_a_sentence(wired, monkeypatch, capsys):
    def newer(_):
        raise NewerDatabase

    monkeypatch.setattr(manage.schema, "upgrade", newer)
    monkeypatch.setattr(sys, "argv", ["manage.py", "db", "upgrade"])
    with pytest.raises(SystemExit, match="1"):
        manage.main()
    said = capsys.readouterr()
    assert said.err.startswith("This database was made by a newer version")
    assert said.out == ""


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nothing", "DATABASE_URL is not understood."),
        ("postgresql+psycopg://pm:secret@host:x/pm", "DATABASE_URL is not understood."),
        ("mysql://pm:secret@host/pm", "DATABASE_URL is not understood."),
        ("postgres://pm:secret@host/pm", "DATABASE_URL is not understood."),
        ("postgresql+psycopg://pm:secret@127.0.0.1:9/pm", "The database does not answer: "),
        ("sqlite:////nowhere/at/all/pm.db", "The database does not answer: "),
    ],
)
def test_an_address_without_a_database_is_a_sentence(url, says):
    refused = call("db", "check", database_url=url)
    assert refused.returncode == 1
    assert refused.stderr.startswith(says)
    assert "Traceback" not in refused.stderr
    assert "secret" not in refused.stderr


def test_help_tells_every_group():
    told = CliRunner().invoke(manage.app, ["--help"]).output
    for group in ("db", "user", "import", "export"):
        assert f" {group} " in told


class TestWhoActs:
    @pytest.fixture(autouse=True)
    def people(self, wired, rows, monkeypatch):
        monkeypatch.setattr("wiring.console.require_current", lambda _: None)
        with rows() as session:
            make_workspace(session)
            make_user(session, "Old Admin", Role.ADMINISTRATOR, active=False)
            self.engineer = make_user(session, "Борис Ёлкин", Role.ENGINEER, username="Борис").id

    def test_is_named_in_any_case(self):
        with as_somebody("БОРИС") as user_id:
            assert acting.actor().user_id == user_id == self.engineer

    def test_is_the_first_active_administrator_otherwise(self, rows):
        with rows() as session:
            admin = make_user(session, "New Admin", Role.ADMINISTRATOR).id
        with as_somebody() as user_id:
            assert user_id == admin

    def test_must_be_there(self):
        with pytest.raises(NobodyThere, match=r"old\.admin"), as_somebody("old.admin"):
            pass
        with pytest.raises(NobodyThere, match="set-up link"), as_somebody():
            pass


@pytest.mark.sqlite_only
def test_a_person_is_added_by_a_link_that_works(tmp_path):
    url = f"sqlite:///{tmp_path}/pm.db"
    assert "not up to date" in call("user", "add", "Анна", "anna", database_url=url).stderr
    call("db", "upgrade", database_url=url)
    added = call("user", "add", "Анна", "anna", "--role", "tech_lead", "--role", "engineer", database_url=url)
    assert (added.returncode, added.stderr) == (0, "")
    assert added.stdout.startswith("Give Анна this link")
    assert "/invite/" in added.stdout.splitlines()[1]
    again = call("user", "add", "Анна", "ANNA", database_url=url)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.count("\n") == 1


class TestPostmortemFile:
    @pytest.fixture
    def story(self, wired, clock):
        return reviewed.published(wired)

    def test_is_written_in_the_templates_structure(self, story, tmp_path, monkeypatch):
        monkeypatch.setattr("wiring.console.require_current", lambda engine: None)
        out = tmp_path / "p.md"
        told = CliRunner().invoke(
            manage.app, ["export", "postmortem", "p0-001", "--out", str(out), "--as", "anna.petrova"]
        )
        assert told.exit_code == 0, told.output
        assert out.read_text("utf-8").startswith("# Post-Mortem: Mail is down\n")

    def test_files_lie_beside_it(self, wired, clock, tmp_path, monkeypatch):
        monkeypatch.setattr("wiring.console.require_current", lambda engine: None)
        story = reviewed.drafted(wired)
        with acting.as_user(story.author):
            file_id = run(AttachFile(postmortem_id=story.id, section=SectionKey.SUMMARY, name="график.png", data=PNG))
        out = tmp_path / "p.md"
        told = CliRunner().invoke(
            manage.app, ["export", "postmortem", "P0-001", "--out", str(out), "--as", "anna.petrova"]
        )
        assert told.exit_code == 0, told.output
        assert f"](files/{file_id}-%D0%B3" in out.read_text("utf-8")
        assert (tmp_path / "files" / f"{file_id}-график.png").read_bytes() == PNG

    def test_of_an_unknown_id_is_refused(self, story, tmp_path, monkeypatch):
        monkeypatch.setattr("wiring.console.require_current", lambda engine: None)
        command = ["export", "postmortem", "P9-999", "--out", str(tmp_path / "p.md"), "--as", "anna.petrova"]
        assert isinstance(CliRunner().invoke(manage.app, command).exception, NotFound)
        assert not (tmp_path / "p.md").exists()

    def test_the_empty_template_too(self, tmp_path):
        out = tmp_path / "t.md"
        assert CliRunner().invoke(manage.app, ["export", "template", "--out", str(out)]).exit_code == 0
        assert out.read_text("utf-8") == (ROOT / "docs/templates/POST_MORTEM_TEMPLATE.md").read_text("utf-8")
