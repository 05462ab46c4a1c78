"""The metrics from the command line."""

import json
import sys

import pytest
from typer.testing import CliRunner

import manage
from pmcore.domain.metrics import Metric
from pmcore.usecases.review import ShareDraft
from tests import reviewed
from wiring import acting, run

pytestmark = pytest.mark.sqlite_only
PERIOD = ("--from", "2025-12-01", "--to", "2026-01-31")


@pytest.fixture
def told(wired, clock):
    story = reviewed.begun(wired)
    with acting.as_user(story.author):
        run(ShareDraft(postmortem_id=story.id))

    def call(*arguments: str) -> str:
        found = CliRunner().invoke(manage.app, ["metrics", "--as", "boris.lead", *arguments])
        assert found.exit_code == 0, found.output
        return found.stdout

    return call


def test_as_json_all_ten_in_order(told):
    said = json.loads(told(*PERIOD, "--json"))
    assert said["filter"] == {"from": "2025-12-01", "to": "2026-01-31", "days": "30"}
    assert [figure["metric"] for figure in said["figures"]] == list(Metric)
    first = said["figures"][0]
    assert (first["value"], first["n"], first["of"], first["verdict"]) == (1.0, 1, 1, "meets")
    assert [point["from"] for point in first["trend"]] == ["2025-12-01", "2026-01-01"]


def test_twice_the_same(told, clock):
    before = told(*PERIOD, "--json")
    clock.forward(minutes=5)
    assert told(*PERIOD, "--json") == before


def test_as_lines_for_people(told):
    lines = told(*PERIOD).splitlines()
    assert len(lines) == len(Metric)
    assert lines[0].startswith("P0 completion")
    assert "1 of 1" in lines[0]
    assert lines[0].endswith("meets the target")


def test_the_rest_of_the_filter_as_in_the_address(told):
    said = json.loads(told(*PERIOD, "--json", "--filter", "severity=P2&days=90"))
    assert said["filter"]["severity"] == "P2"
    assert said["figures"][0]["of"] == 0


def test_a_period_that_cannot_be_read_is_named(wired, clock, monkeypatch, capsys):
    reviewed.begun(wired)
    monkeypatch.setattr(sys, "argv", ["manage.py", "metrics", "--from", "tomorrow", "--as", "boris.lead"])
    with pytest.raises(SystemExit, match="1"):
        manage.main()
    assert "from" in capsys.readouterr().err
