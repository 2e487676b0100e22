"""`python3 dev.py bench --rivals`: the same work by Anki and by us, in turns, on this machine.

Anki comes from PyPI into an environment of its own. Both have their client and their server in
processes of their own, a database on the disk, and the same meter between them. Times are ratios
of medians; whoever shares the processor slows both.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.anki_driver import PASSWORD, USER
from tests.bench.children import Centre, Child, Meter, free_port, office, wait_for
from tests.bench.figures import Figures, median
from tests.bench.people import People

ANKI = "anki==26.9.3"
HOME = Path("build/rivals")
EDITED = 1000
SMALL_RUNS = 5


@dataclass
class Measured:
    """What one piece of work took, run by run."""

    walls_s: list[float] = field(default_factory=list)
    line_bytes: int = 0
    requests: int = 0
    body_bytes: int = 0
    peak_mib: float = 0.0
    cpu_s: list[float] = field(default_factory=list)


@dataclass
class Side:
    """One of the two: two clients, their server and the meter between."""

    name: str
    first: Child
    second: Child
    server: Child
    meter: Meter
    measured: dict[str, Measured]

    def sync(self, work: str, client: Child) -> dict[str, Any]:
        """Exchange, and write down what it took."""
        self.meter.reset()
        before = client.cpu_s + self.server.cpu_s
        said = client.do("sync")
        one = self.measured.setdefault(work, Measured())
        one.walls_s.append(said["took_s"])
        one.cpu_s.append(client.cpu_s + self.server.cpu_s - before)
        one.line_bytes, one.requests = self.meter.bytes_carried, self.meter.requests
        one.body_bytes = said.get("up", 0) + said.get("down", 0)
        one.peak_mib = max(one.peak_mib, said["peak_kib"] / 1024)
        return said


def measure(figures: Figures, members: int, runs: int) -> None:
    """Everything, in turns."""
    python = environment()
    people = HOME / f"people-{members}.jsonl"
    if not people.exists():
        write_people(people, members)
    ours: dict[str, Measured] = {}
    theirs: dict[str, Measured] = {}
    prepared = {"ours": _prepare_ours(members), "anki": _prepare_anki(python, people, members)}
    for _run in range(runs):
        for name, measured in (("anki", theirs), ("ours", ours)):
            work = HOME / f"{name}-work"
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(prepared[name], work)
            with ExitStack() as stack:
                open_side: Callable[[ExitStack, Path, dict[str, Measured]], Side]
                open_side = _ours if name == "ours" else _anki
                _work(open_side(stack, work, measured), members)
    _tell(figures, ours, theirs, members)


def _work(side: Side, members: int) -> None:
    side.sync("new up", side.first)
    for run in range(SMALL_RUNS):
        side.first.do("edit", first=run * EDITED, notes=_notes(run))
        side.sync("edits up", side.first)
        side.sync("nothing", side.first)
    side.sync("all down", side.second)
    assert side.second.do("count")["count"] == members
    for client in (side.first, side.second):
        client.do("close")


def _notes(run: int) -> list[str]:
    people = People(100 + run)
    return [f"{people.note() or 'Đã nộp hội phí'} {number % 97}" for number in range(EDITED)]


def _tell(
    figures: Figures, ours: dict[str, Measured], theirs: dict[str, Measured], members: int
) -> None:
    share = members / 100_000
    bars = {"nothing": None, "edits up": 0.9, "new up": 1.0, "all down": 1.0}
    bodies = {"nothing": 450.0, "edits up": 12_000.0, "new up": 6.5e6 * share,
              "all down": 6.5e6 * share}  # fmt: skip
    for work, bar in bars.items():
        us, them = ours[work], theirs[work]
        figures.add(f"{work}: wall, ours / Anki", median(us.walls_s) / median(them.walls_s), "",
                    bar)  # fmt: skip
        figures.add(f"{work}: processor, ours / Anki",
                    median(us.cpu_s) / max(0.01, median(them.cpu_s)), "")  # fmt: skip
        figures.add(f"{work}: wall, ours", median(us.walls_s) * 1000, "ms")
        figures.add(f"{work}: wall, Anki", median(them.walls_s) * 1000, "ms")
        figures.add(f"{work}: bodies both ways, ours", us.body_bytes, "B", bodies[work])
        figures.add(f"{work}: on the line, ours", us.line_bytes, "B")
        figures.add(f"{work}: on the line, Anki", them.line_bytes, "B")
        few = {"nothing": 1.0, "edits up": 1.0}.get(work)
        figures.add(f"{work}: requests, ours", us.requests, "", few)
        figures.add(f"{work}: requests, Anki", them.requests, "")
    figures.add("memory of the client at its peak, sending all", ours["new up"].peak_mib, "MiB",
                150)  # fmt: skip
    figures.add("memory of the client at its peak, taking all", ours["all down"].peak_mib, "MiB",
                150)  # fmt: skip


# Ours


def _prepare_ours(members: int) -> Path:
    """Two offices of one branch; the first has written everybody and sent nothing."""
    folder = HOME / f"ours-{members}"
    if (folder / "ready").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Centre(_database(folder)) as centre:
        for name in ("first", "second"):
            with office(folder / name) as client:
                client.do("enrol", server=centre.url, code=centre.code("HN"))
                client.do("sync")
                if name == "first":
                    client.do("load", count=members)
                client.do("close")
    (folder / "ready").touch()
    return folder


def _database(folder: Path) -> str:
    return f"sqlite:///{(folder / 'centre.db').absolute()}"


def _ours(stack: ExitStack, work: Path, measured: dict[str, Measured]) -> Side:
    centre = stack.enter_context(Centre(_database(work)))
    meter = Meter(centre.url)
    stack.callback(meter.close)
    first, second = (stack.enter_context(office(work / name)) for name in ("first", "second"))
    for client in (first, second):
        client.do("move", server=meter.url)
    return Side("ours", first, second, centre, meter, measured)


# Anki


def environment() -> Path:
    """The Python of Anki's own environment, made the first time."""
    python = HOME / "venv" / "bin" / "python"
    if not python.exists():
        venv.EnvBuilder(with_pip=True, clear=True).create(HOME / "venv")
        subprocess.run([python, "-m", "pip", "install", "--quiet", ANKI], check=True)
    return python


def write_people(path: Path, members: int) -> None:
    """The same members as ours, as JSON lines."""
    with path.open("w", encoding="utf-8") as lines:
        for values in People().members(members, "0" * 32):
            plain = {name: str(value) for name, value in values.items()}
            lines.write(json.dumps(plain, ensure_ascii=False) + "\n")


def _prepare_anki(python: Path, people: Path, members: int) -> Path:
    """Two collections that are at one with the server; the first has everybody in it."""
    folder = HOME / f"anki-{members}"
    if (folder / "ready").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        side = _anki(stack, folder, {})
        side.first.do("kind")
        side.first.do("sync", upload=True)
        side.second.do("sync", upload=False)
        side.first.do("load", people=str(people), count=members)
        for client in (side.first, side.second):
            client.do("close")
    (folder / "ready").touch()
    return folder


class _Stopped(Child):
    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(60)


def _anki(stack: ExitStack, work: Path, measured: dict[str, Measured]) -> Side:
    python, port = environment(), free_port()
    settings = {
        "SYNC_USER1": f"{USER}:{PASSWORD}", "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port),
        "SYNC_BASE": str(work / "server"), "MAX_SYNC_PAYLOAD_MEGS": "500", "RUST_LOG": "error",
    }  # fmt: skip
    server = _Stopped([python, "-m", "anki.syncserver"], {**os.environ, **settings})
    stack.enter_context(server)
    wait_for(port)
    meter = Meter(f"http://127.0.0.1:{port}")
    stack.callback(meter.close)
    driver = Path(__file__).with_name("anki_driver.py")
    first, second = (
        stack.enter_context(Child([python, driver, work / f"{name}.anki2", meter.url + "/"]))
        for name in ("first", "second")
    )
    for client in (first, second):
        client.do("log_in")
    return Side("anki", first, second, server, meter, measured)


def main(arguments: list[str], figures: Figures) -> None:
    """`--members=N` and `--runs=N` take another size."""
    sizes = {"members": 100_000, "runs": 5}
    for argument in arguments:
        name, _equals, value = argument.removeprefix("--").partition("=")
        if name not in sizes or not value.isdigit():
            sys.exit(f"unknown: {argument}")
        sizes[name] = int(value)
    HOME.mkdir(parents=True, exist_ok=True)
    measure(figures, sizes["members"], sizes["runs"])
