"""Where Chromium is: PM_CHROMIUM, an installed one, or Playwright's own.

`python -m tests.browser.chromium --install` prints its path, and first installs one where there is none: Debian's
package if this user may, else Playwright's download.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

#: The first one has no windows, which a test only pays for.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    if given := os.environ.get("PM_CHROMIUM"):
        return given
    return next((path for name in _NAMES if (path := shutil.which(name))), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def install() -> str:
    if not (found := find()):
        _install_debians() or _install_playwrights()
        found = find()
    if not found:
        sys.exit("No Chromium was found and none could be installed. Install one, or name it in PM_CHROMIUM.")
    return found


def _install_debians() -> bool:
    about = Path("/etc/os-release")
    if not about.exists() or "\nID=debian\n" not in about.read_text() or not shutil.which("apt-get"):
        return False
    become = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if become and (not shutil.which("sudo") or subprocess.run([*become, "true"], capture_output=True).returncode):
        return False
    print("Installing Debian's chromium ...", file=sys.stderr)
    apt = [*become, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL)
    wanted = [*apt, "install", "-y", "--no-install-recommends"]
    packages = ("chromium-headless-shell", "chromium")  # older releases have only the second one
    return any(subprocess.run([*wanted, one], stdout=subprocess.DEVNULL).returncode == 0 for one in packages)


def _install_playwrights() -> bool:
    print("Installing Playwright's chromium ...", file=sys.stderr)
    with_libraries = ["--with-deps"] if os.geteuid() == 0 else []
    asked = [sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]
    return subprocess.run(asked, stdout=sys.stderr).returncode == 0


if __name__ == "__main__":
    print(install() if "--install" in sys.argv else find() or "")
