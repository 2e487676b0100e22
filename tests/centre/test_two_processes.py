"""Two processes behind nginx serve the same offices, and one after the other is killed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import delete, select

from sync.canonical import first_digest, next_digest
from sync.changes import Entry
from sync.problems import Problem
from sync.progress import Silent
from sync.records.library import Library
from sync.server.cli import main
from sync.server.database import open_engine, reading
from tests.builders import a_library
from tests.centre.cluster import until
from tests.centre.conftest import Roles
from vla_desktop.office import Office

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.name == "nt", reason="a deployment on Linux"),
]

ROOT = Path(__file__).resolve().parents[2]
KILLS, ROUNDS = int(os.environ.get("VLA_PROCESS_KILLS", "2")), 3
FRAME = """
daemon off;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    log_format who '$upstream_addr $status';
    access_log {folder}/access.log who;
    {folders}
    {site}
}}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def site(port: int, served: list[int]) -> str:
    """What the operator is told to write, less the certificate and with other ports."""
    told = (ROOT / "sync" / "server" / "README.md").read_text("utf-8")
    block = re.search(r"```nginx\n(.*?)```", told, re.DOTALL)
    assert block
    words = re.sub(r"\n    ssl_certificate.*?;", "", block[1])
    words = words.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    for written, real in zip(("127.0.0.1:8081", "127.0.0.1:8082"), served, strict=True):
        assert written in words
        words = words.replace(written, f"127.0.0.1:{real}")
    return words


class Process:
    """A centre in a process of its own, that can be killed and comes back at the same port."""

    def __init__(self, database: str) -> None:
        self.port = free_port()
        self._database = database
        self._launch()

    def start(self) -> None:
        """And wait until it listens."""
        self._launch()
        self.wait()

    def wait(self) -> None:
        """Until it listens."""
        assert self._process.stdout is not None
        assert json.loads(self._process.stdout.readline())["url"]

    def _launch(self) -> None:
        command = [sys.executable, "-m", "sync.server", "run", "--json", "--port", str(self.port)]
        environment = dict(os.environ, VLA_DATABASE=self._database)
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def processes(roles: Roles) -> Iterator[list[Process]]:
    both = [Process(roles.serving), Process(roles.serving)]
    for one in both:
        one.wait()
    yield both
    for one in both:
        one.kill()


@pytest.fixture
def proxy(processes: list[Process], tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of nginx before both, and its log of who served whom."""
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    assert nginx, "python3 dev.py test installs nginx"
    port = free_port()
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    (tmp_path / "nginx.conf").write_text(
        FRAME.format(
            folder=tmp_path,
            user="user root;" if os.geteuid() == 0 else "",
            folders=" ".join(f"{name}_temp_path {tmp_path}/{name};" for name in names),
            site=site(port, [one.port for one in processes]),
        ),
        "utf-8",
    )
    command = [nginx, "-p", str(tmp_path), "-e", f"{tmp_path}/error.log", "-c"]
    running = subprocess.Popen([*command, str(tmp_path / "nginx.conf")])
    url = f"http://127.0.0.1:{port}"
    until(lambda: is_there(url), "nginx")
    yield url, tmp_path / "access.log"
    running.terminate()
    running.wait(20)


def is_there(url: str) -> bool:
    try:
        return requests.get(url + "/health", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


class Clerk(threading.Thread):
    """Saves and synchronises until it is stopped."""

    def __init__(self, office: Office, name: str) -> None:
        super().__init__(daemon=True)
        self.office, self.name_of_office = office, name
        self.saved: list[str] = []
        self.exchanges = 0
        self.failure: BaseException | None = None
        self.leaving = threading.Event()

    def run(self) -> None:
        try:
            while not self.leaving.is_set():
                self.save()
                self.synchronise()
        except BaseException as failure:  # noqa: BLE001  a thread's failure must be seen
            self.failure = failure

    def save(self) -> None:
        self.saved.append(f"{self.name_of_office} {len(self.saved)}")
        self.office.store.save(Library, a_library(name=self.saved[-1]))

    def synchronise(self) -> None:
        try:
            self.office.synchronise(Silent())
        except Problem as problem:
            assert problem.code in ("sync.fault", "sync.busy", "sync.offline", "sync.timeout")  # noqa: PT017
        else:
            self.exchanges += 1


def unlike(database: str, scope: str, saved: list[str]) -> list[str]:
    """What is missing in a ledger, or there twice, or out of its chain."""
    engine = open_engine(database)
    with reading(engine, scope) as session:
        query = select(Entry).where(Entry.scope == scope).order_by(Entry.seq)
        entries = session.scalars(query).all()
    engine.dispose()
    digest, found = first_digest(scope), [str(entry.values["name"]) for entry in entries]
    for place, entry in enumerate(entries, start=1):
        digest = next_digest(digest, entry.change().text())
        assert (entry.seq, entry.digest) == (place, digest)
    missing, twice = set(saved) - set(found), {name for name in found if found.count(name) > 1}
    return sorted(missing | twice | (set(found) - set(saved)))


def test_offices_lose_and_double_nothing_while_processes_are_killed(
    processes: list[Process], proxy: tuple[str, Path], roles: Roles,
    open_office: Callable[[str], Office], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    url, log = proxy
    clerks = []
    for name, branch in (("a", "HN"), ("b", "HN"), ("c", "HUE")):
        assert main(["invite", "--branch", branch, "--database", roles.serving]) == 0
        office = open_office(name)
        office.enrol(url, capsys.readouterr().out.strip())
        clerks.append(Clerk(office, name))
    for clerk in clerks:
        clerk.start()
    for kill in range(KILLS):
        wanted = {clerk: clerk.exchanges + ROUNDS for clerk in clerks}
        until(lambda w=wanted: all(c.exchanges >= n or c.failure for c, n in w.items()), "work")  # type: ignore[misc]
        processes[kill % 2].kill()
        wanted = {clerk: clerk.exchanges + 2 for clerk in clerks}
        until(lambda w=wanted: all(c.exchanges >= n or c.failure for c, n in w.items()), "one")  # type: ignore[misc]
        processes[kill % 2].start()
    for clerk in clerks:
        clerk.leaving.set()
        clerk.join()
        assert clerk.failure is None
        until(lambda c=clerk: c.synchronise() or not c.office.standing().pending, "the rest")  # type: ignore[misc]
    saved = {"HN": clerks[0].saved + clerks[1].saved, "HUE": clerks[2].saved}
    for scope, names in saved.items():
        assert unlike(roles.serving, scope, names) == []
    served = re.findall(r"127\.0\.0\.1:(\d+) 200", log.read_text())
    assert set(served) >= {str(one.port) for one in processes}
    clerks[2].save()
    assert unlike(roles.serving, "HUE", clerks[2].saved) == [clerks[2].saved[-1]]


def test_a_change_that_a_process_took_with_it_is_found_missing(
    proxy: tuple[str, Path], roles: Roles, open_office: Callable[[str], Office],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The planted fault: what was acknowledged and is not in the ledger must be seen."""
    url, _log = proxy
    assert main(["invite", "--branch", "HN", "--database", roles.serving]) == 0
    office = open_office("a")
    office.enrol(url, capsys.readouterr().out.strip())
    clerk = Clerk(office, "a")
    clerk.save()
    clerk.save()
    clerk.synchronise()
    assert unlike(roles.serving, "HN", clerk.saved) == []
    forget_the_newest(roles.owner, "HN")
    assert unlike(roles.serving, "HN", clerk.saved) == [clerk.saved[-1]]


def forget_the_newest(owner: str, scope: str) -> None:
    """As if a process had answered before its commit, and been killed between the two."""
    engine = open_engine(owner)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('vla.scope', %s, true)", (scope,))
        newest = select(Entry.id).where(Entry.scope == scope).order_by(Entry.seq.desc()).limit(1)
        gone = connection.execute(delete(Entry).where(Entry.id == newest.scalar_subquery()))
        assert gone.rowcount == 1
    engine.dispose()
