"""`make audit`: LibreOffice calculates the demo year's workbook anew; ends with 1 where a figure is another one.

The tests do the same with a library; this is the word of a program that managers open such files with.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from openpyxl import load_workbook

ROOT = Path(__file__).parents[2]
AGREES, NAME, VALUE, ON_PAGE = 11, 0, 1, 9  #: columns of the sheet "Figures"


def main() -> int:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        print("LibreOffice is missing, so nothing was recalculated (Debian: apt-get install libreoffice-calc).")
        return 1
    with tempfile.TemporaryDirectory(prefix="pm-audit-") as folder:
        made = _made(Path(folder))
        recalculated = Path(folder) / "recalculated"
        command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx"]
        subprocess.run([*command, "--outdir", str(recalculated), str(made)], check=True, timeout=300)
        return report(recalculated / made.name)


def report(path: Path) -> int:
    """Print each figure of a workbook that was calculated; 1 where one differs from the page's, or none was there."""
    lines = list(load_workbook(path, data_only=True)["Figures"].iter_rows(min_row=2, values_only=True))
    figures = [line for line in lines if len(line) > AGREES and line[AGREES] is not None]
    for line in figures:
        print(f"{line[NAME]!s:24}{line[VALUE]!s:>24}{line[ON_PAGE]!s:>24}  {line[AGREES]}")
    agree = [line for line in figures if line[AGREES] == "yes"]
    is_fine = bool(agree) and all(line[AGREES] in ("yes", "–") for line in figures)
    print("Every figure is the page's." if is_fine else "A figure is not the page's, or nothing was calculated.")
    return 0 if is_fine else 1


def _made(folder: Path) -> Path:
    """The demo year's workbook, as its administrator gets it."""
    address = f"sqlite:///{folder}/demo.db"
    environment = {**os.environ, "DATABASE_URL": address, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, check=True, capture_output=True)
    os.environ["DATABASE_URL"] = address
    from pmcore.readmodels.metrics import usual_filter
    from wiring import ask, exporting
    from wiring.console import as_somebody

    path = folder / "metrics.xlsx"
    with as_somebody("maria"):
        exporting.write_metrics(usual_filter(ask.metrics_today()), path)
    return path


if __name__ == "__main__":
    sys.exit(main())
