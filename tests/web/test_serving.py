"""What happens once, before the server listens."""

import asyncio
import gc
import sys
import tomllib
from pathlib import Path

import pytest

from web import serving

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def thawed():
    """What is frozen here is not frozen for the tests that follow."""
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_what_was_imported_is_out_of_the_collectors_sight(wired, thawed, capsys) -> None:
    async def start() -> None:
        async with serving.lifespan(None):
            assert gc.get_freeze_count() > 100_000
            assert {"altair", "pandas", "pyarrow", "pages._ui.tables"} <= set(sys.modules)

    asyncio.run(start())
    assert "/setup/" in capsys.readouterr().out


def test_the_collector_does_not_run_after_every_rerun() -> None:
    """The default collects everything each time: 30 to 70 ms a rerun."""
    configured = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert configured["runner"]["postScriptGC"] is False
