"""The installer and its program, tried as a clerk's PC would use them.

Installed silently in a former version; a day without a window (office begun, record added, sent
to a live centre, receipt proved); the window opened, typed into and photographed; upgraded with
the office kept; an installer refused while the program runs; removed with the records left.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

import dev
import sync
from tests.windows.build import FOLDER, build_installer, installer_of
from tests.windows.machine import PROGRAM_TIMEOUT_S, WORK, Machine, Wine

BRANCH: Final = "VLA-TEST"
# Plain letters: the trial types it, and Wine does not get ours from xdotool.
PASSPHRASE: Final = "bon chu thuong dung"
UNIT: Final = "Chi hội Thư viện huyện Đông Anh"
HOME: Final = Path("Người dùng") / "Trần Văn Đức"
# Where the window, put in the middle of a screen of 1366 by 768, shows Tổ chức.
ORGANISATION_AT: Final = ("154", "330")
WINDOW_TIMEOUT_S: Final = 90
WRITE_TIMEOUT_S: Final = 30


class Failed(AssertionError):
    """What was tried did not hold."""


def holds(truth: object, sentence: str) -> None:
    """Say what was seen to hold, or stop."""
    if not truth:
        raise Failed(sentence)
    print(f"  holds: {sentence}", flush=True)


@contextlib.contextmanager
def centre(folder: Path) -> Iterator[tuple[str, str]]:
    """Address of a live centre on loopback, and a code that lets one PC in."""
    database = f"sqlite:///{(folder / 'centre.db').as_posix()}"
    begin = [sys.executable, "-m", "sync.server"]
    invite = [*begin, "invite", "--database", database, "--branch", BRANCH]
    code = subprocess.check_output(invite, cwd=dev.ROOT, text=True).split()[-1]
    run = [*begin, "run", "--database", database, "--host", "127.0.0.1", "--port", "0", "--json"]
    with subprocess.Popen(run, cwd=dev.ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield str(json.loads(process.stdout.readline())["url"]), code
        finally:
            process.terminate()


class Trial:
    """One PC, from the first installation to the removal."""

    FORMER: ClassVar = "0.0.9"
    NOW: ClassVar = sync.__version__

    def __init__(self, windows: Machine) -> None:
        self.windows = windows
        local = windows.local_folder()
        self.installed = local / "Programs" / "VLA Desktop"
        self.program = self.installed / "vla-desktop.exe"
        self.office = local.parent.parent / HOME

    def run(self) -> None:
        """Try everything in turn; `Failed` on the first thing that does not hold."""
        shutil.rmtree(self.installed, ignore_errors=True)
        shutil.rmtree(self.office, ignore_errors=True)
        former = installer_of(self.FORMER)
        if not former.exists():
            build_installer(FOLDER, self.FORMER)
        os.environ["VLA_PASSPHRASE"] = PASSPHRASE
        if isinstance(self.windows, Wine):
            self.windows.environment["VLA_PASSPHRASE"] = PASSPHRASE
        self.install(self.FORMER)
        with tempfile.TemporaryDirectory() as scratch, centre(Path(scratch)) as (url, code):
            self.work_a_day(url, code)
        if isinstance(self.windows, Wine):
            self.open_the_window(self.windows)
        self.install(self.NOW)
        kept = self.say("list", "organisation_unit")["records"]
        holds([unit["title"] for unit in kept][:1] == [UNIT], "the upgrade kept the office")
        self.remove()

    def say(self, *words: str) -> Any:
        """What the installed program answers to a verb."""
        home = self.windows.path(self.office)
        done = self.windows.program(self.program, "--home", home, *words, "--json")
        if done.returncode:
            raise Failed(f"{words[0]}: {(done.stdout + done.stderr).decode('utf-8', 'replace')}")
        return json.loads(done.stdout.decode("utf-8"))

    def install(self, version: str) -> None:
        """Run the installer of a version without a window."""
        done = self.windows.program(installer_of(version), "/S")
        holds(done.returncode == 0 and self.program.exists(), f"{version} installs silently")
        beside = {path.name for path in self.installed.parent.iterdir()}
        holds(beside == {self.installed.name}, "nothing of the swap is left beside it")

    def work_a_day(self, url: str, code: str) -> None:
        """Begin an office under a Vietnamese path, add, send, and prove the receipt."""
        self.office.parent.mkdir(parents=True, exist_ok=True)
        self.say("init")
        self.say("add", "organisation_unit", f"name={UNIT}")
        holds(self.say("pending")["count"] == 1, "a record is added offline, in Vietnamese")
        self.say("enrol", "--server", url, "--code", code)
        done = self.say("sync")
        holds((done["accepted"], done["light"]) == (1, "green"), "it is sent; the light is green")
        holds(self.say("verify-receipt", "--online")["holds"], "the receipt is proved")

    def open_the_window(self, wine: Wine) -> None:
        """Open the window, sign in, search for a Vietnamese name, and take a picture."""
        picture = WORK / "window.png"
        command = ["wine", str(self.program), "--home", wine.path(self.office)]
        process = subprocess.Popen(
            command,
            env=wine.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            found = self._window_of(process)
            time.sleep(6)
            self._type_into_it()
            subprocess.run(["import", "-window", "root", str(picture)], check=True)
            holds(found and process.poll() is None, f"the window is open; picture in {picture}")
            refused = wine.program(installer_of(self.NOW), "/S").returncode
            holds(refused == 2, "no installer replaces a running program")
        finally:
            process.terminate()
            process.wait(timeout=WRITE_TIMEOUT_S)
            subprocess.run(["wineserver", "-k"], env=wine.environment, check=False)
            time.sleep(2)
        holds(not (self.office / "reports").exists(), "no crash report was written")

    def _type_into_it(self) -> None:
        """Open the office and look for its unit, the name pasted in Vietnamese."""
        subprocess.run(["xdotool", "type", "--delay", "80", PASSPHRASE], check=True)
        subprocess.run(["xdotool", "key", "Return"], check=True)
        time.sleep(10)
        subprocess.run(["xclip", "-selection", "clipboard"], input=UNIT.encode(), check=True)
        subprocess.run(["xdotool", "mousemove", *ORGANISATION_AT, "click", "1"], check=True)
        for keys in ("ctrl+f", "ctrl+v"):
            time.sleep(3)
            subprocess.run(["xdotool", "key", keys], check=True)
        time.sleep(3)

    def _window_of(self, process: subprocess.Popen[bytes]) -> str:
        until = time.monotonic() + WINDOW_TIMEOUT_S
        search = ["xdotool", "search", "--onlyvisible", "--name", "VLA|Hội"]
        while time.monotonic() < until and process.poll() is None:
            found = subprocess.run(search, capture_output=True, check=False, text=True).stdout
            if found.strip():
                return found
            time.sleep(0.2)
        said = process.stdout.read().decode("utf-8", "replace") if process.stdout else ""
        raise Failed(f"no window within {WINDOW_TIMEOUT_S} s: {said[-2000:]}")

    def remove(self) -> None:
        """Uninstall silently: the program goes, the records stay."""
        (self.installed / "of somebody else.txt").write_text("kept", "utf-8")
        self.windows.program(self.installed / "uninstall.exe", "/S")
        until = time.monotonic() + PROGRAM_TIMEOUT_S
        while self.program.exists() and time.monotonic() < until:
            time.sleep(0.5)
        time.sleep(2)
        left = [path.name for path in self.installed.iterdir()]
        holds(left == ["of somebody else.txt"], "the removal takes what was installed, no more")
        holds((self.office / "office.db").exists(), "the records stay")
        shutil.rmtree(self.installed)
