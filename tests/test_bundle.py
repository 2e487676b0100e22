"""The program folder, built and then started with nothing of this machine in its environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dev

pytestmark = [pytest.mark.bundle, pytest.mark.timeout(900)]

FOLDER = dev.ROOT / "build" / "bundle" / "vla-desktop"
PROGRAM = FOLDER / ("vla-desktop.exe" if os.name == "nt" else "vla-desktop")
BRANCH = "VLA-TEST"
WINDOW_TIMEOUT_S = 60


def is_fresh() -> bool:
    """Whether the program folder is younger than everything it is built from."""
    if not PROGRAM.exists():
        return False
    sources = [dev.ROOT / "build.spec", dev.LOCK]
    for folder in ("sync", "vla_desktop", "resources"):
        sources += [path for path in (dev.ROOT / folder).rglob("*") if path.suffix != ".pyc"]
    built_at = PROGRAM.stat().st_mtime
    return all(path.stat().st_mtime < built_at for path in sources if path.is_file())


@pytest.fixture(scope="module")
def program() -> Path:
    if not is_fresh():
        assert dev.bundle([], dict(os.environ)) == 0
    return PROGRAM


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{(tmp_path / 'centre.db').as_posix()}"


def at_the_centre(database: str, *words: str) -> list[str]:
    verb, *rest = words
    return [sys.executable, "-m", "sync.server", verb, "--database", database, *rest]


@pytest.fixture
def centre(database: str) -> Iterator[str]:
    """Address of a centre that runs in a process of its own."""
    command = at_the_centre(database, "run", "--host", "127.0.0.1", "--port", "0", "--json")
    with subprocess.Popen(command, cwd=dev.ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield str(json.loads(process.stdout.readline())["url"])
        process.terminate()


def bare_environment(**added: str) -> dict[str, str]:
    """What `env -i` leaves; Windows cannot open a socket without its own folder."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {**kept, "VLA_PASSPHRASE": "bốn chữ thường dùng", **added}


def answer(program: Path, home: Path, *words: str) -> Any:
    done = subprocess.run(
        [str(program), "--home", str(home), *words, "--json"],
        cwd=home.parent,
        env=bare_environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8")
    assert done.stderr == b""
    return json.loads(done.stdout.decode("utf-8"))


def test_the_bundle_works_offline_and_then_syncs(
    program: Path, centre: str, database: str, tmp_path: Path
) -> None:
    home = tmp_path / "văn phòng"
    invite = at_the_centre(database, "invite", "--branch", BRANCH)
    code = subprocess.check_output(invite, cwd=dev.ROOT, text=True).split()[-1]

    answer(program, home, "init")
    name = "Chi hội Thư viện huyện Đông Anh"
    added = answer(program, home, "add", "organisation_unit", f"name={name}")
    assert answer(program, home, "pending")["count"] == 1
    answer(program, home, "enrol", "--server", centre, "--code", code)
    done = answer(program, home, "sync")

    assert (done["sent"], done["accepted"], done["waiting"], done["rejected"]) == (1, 1, 0, 0)
    receipt = done["receipt"]
    assert (receipt["number"], receipt["accepted"]) == (1, 1)
    assert receipt["positions"][BRANCH]["seq"] == receipt["positions"][BRANCH]["head"] == 1
    assert done["light"] == "green"
    proof = answer(program, home, "verify-receipt", "--online")
    assert proof["holds"]
    assert proof["receipt"] == receipt
    digest = json.loads(
        subprocess.check_output([*at_the_centre(database, "digest"), "--json"], cwd=dev.ROOT)
    )
    assert answer(program, home, "digest")[BRANCH] == digest[BRANCH]
    (unit,) = answer(program, home, "list", "organisation_unit", "--search", "dong anh")["records"]
    assert (unit["id"], unit["title"], unit["state"]) == (added["id"], name, "confirmed")


def test_the_bundle_reads_and_writes_workbooks(program: Path, tmp_path: Path) -> None:
    home, path = tmp_path / "office", tmp_path / "thư viện.xlsx"
    made = answer(program, home, "init", "--demo", "small")
    listed = answer(program, home, "list", "library", "--limit", "0")["total"]
    assert made["records"] > listed > 0
    assert answer(program, home, "export", "library", str(path))["records"] == listed
    assert answer(program, home, "import", str(path))["same"] == listed


def test_the_window_of_the_bundle_opens_and_stays(program: Path, tmp_path: Path) -> None:
    home = tmp_path / "office"
    environment = bare_environment(QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8")
    command = [str(program), "--home", str(home)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as window:
        until = time.monotonic() + WINDOW_TIMEOUT_S
        # The diary is begun once Qt stands and before the window is built.
        while not (home / "logs").exists() and window.poll() is None:
            assert time.monotonic() < until, "the window did not come"
            time.sleep(0.1)
        time.sleep(3)
        ended = window.poll()
        window.kill()
        assert window.stderr is not None
        assert (ended, window.stderr.read().decode("utf-8")) == (None, "")
    assert not (home / "reports").exists()
