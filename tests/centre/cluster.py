"""Two PostgreSQL servers, one following the other, and a crowd of PCs that write."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from sync.canonical import first_digest, next_digest
from sync.changes import Change
from sync.protocol import Refusal
from sync.server.embedded import EmbeddedCentre
from tests.sync.pc import Pc

# A killed process loses nothing that it gave to the system; only a power cut would.
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
wal_keep_size = 256MB
shared_buffers = 16MB
max_connections = 40
"""
PATIENCE_S = 60.0


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for something that comes about in a moment."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


class Node:
    """One server, alive or dead, in a folder of its own."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self.folder = programs, folder
        self.rows = folder / "rows"
        folder.mkdir(mode=0o755)
        # PostgreSQL refuses to be run by root.
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._user = {"user": "pgserver", "group": "pgserver", "extra_groups": []}
            shutil.chown(folder, "pgserver", "pgserver")

    def run(self, program: str, *words: str) -> None:
        """Run one of PostgreSQL's programs."""
        subprocess.run(
            [str(self._programs / program), *words], check=True, capture_output=True,
            cwd=self.folder, timeout=60, **self._user,
        )  # fmt: skip

    def make(self) -> None:
        """An empty server."""
        self.run(
            "initdb", "-A", "trust", "-U", "postgres", "-E", "utf8", "-N", "-D", str(self.rows)
        )
        self._configure()
        self.start()

    def follow(self, leader: Node) -> None:
        """Become a copy of another server that keeps up with it."""
        shutil.rmtree(self.rows, ignore_errors=True)
        where = f"host={leader.folder} user=postgres"
        self.run("pg_basebackup", "-D", str(self.rows), "-d", where, "-R", "-c", "fast", "-N")
        self._configure()
        self.start()
        until(lambda: leader.ask("SELECT count(*) FROM pg_stat_replication")[0][0], "a follower")

    def _configure(self) -> None:
        with (self.rows / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION.format(folder=self.folder))

    def start(self) -> None:
        log = str(self.folder / "log")
        subprocess.run(
            [str(self._programs / "pg_ctl"), "-D", str(self.rows), "-l", log, "-w", "start"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
            timeout=60, **self._user,
        )  # fmt: skip

    def kill(self) -> None:
        """End it and all its processes, as a power switch would."""
        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            leader = psutil.Process(int((self.rows / "postmaster.pid").read_text().split()[0]))
            family = [leader, *leader.children(recursive=True)]
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
            psutil.wait_procs(family, timeout=20)

    def ask(self, words: str, database: str = "postgres") -> list[Any]:
        """Rows of a query, each statement committed alone."""
        where = f"host={self.folder} user=postgres dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            found = connection.execute(words)
            return found.fetchall() if found.description else []

    def set(self, name: str, value: str) -> None:
        """Change a setting for good."""
        self.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.ask("SELECT pg_reload_conf()")


class Pair:
    """A primary and its standby. Whoever connects finds the one that can be written."""

    def __init__(self, programs: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="vla-pair-"))
        self._folder.chmod(0o755)
        self.primary, self.standby = (Node(programs, self._folder / n) for n in ("a", "b"))
        self.primary.make()
        self.primary.ask("CREATE ROLE vla LOGIN")
        self.standby.follow(self.primary)

    def database(self) -> str:
        """The URL of a new database."""
        name = f"vla_{os.urandom(4).hex()}"
        self.primary.ask(f"CREATE DATABASE {name} OWNER vla")
        hosts = "&".join(f"host={node.folder}" for node in (self.primary, self.standby))
        return f"postgresql+psycopg://vla@/{name}?{hosts}&target_session_attrs=read-write"

    def wait_for_standby(self, *, is_synchronous: bool) -> None:
        """Whether a commit waits until the standby has it too."""
        self.primary.set("synchronous_standby_names", "*" if is_synchronous else "")
        wanted = "sync" if is_synchronous else "async"
        query = "SELECT sync_state FROM pg_stat_replication"
        until(lambda: self.primary.ask(query) == [(wanted,)], f"the standby to be {wanted}")

    def part(self) -> None:
        """The line between the two breaks: from now on nothing reaches the standby."""
        self.standby.set("primary_conninfo", "")
        until(lambda: not self.primary.ask("SELECT * FROM pg_stat_replication"), "the break")

    def fail_over(self) -> None:
        """The primary dies; the standby takes its place, alone."""
        self.primary.kill()
        self.standby.run("pg_ctl", "-D", str(self.standby.rows), "-w", "promote")
        self.primary, self.standby = self.standby, self.primary
        # Alone it would wait for ever.
        self.primary.set("synchronous_standby_names", "")

    def mend(self) -> None:
        """The dead one comes back as the standby of the other."""
        self.standby.follow(self.primary)

    def close(self) -> None:
        """End both and throw them away."""
        for node in (self.primary, self.standby):
            node.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class Writer(threading.Thread):
    """A PC that sends until it is stopped, and sends again what was not acknowledged."""

    def __init__(self, centre: EmbeddedCentre) -> None:
        super().__init__(daemon=True)
        self.pc = Pc(centre.url)
        self.pc.enrol(centre.invite("hn"))
        self.acknowledged: list[Change] = []
        self.refusals: set[str] = set()
        self.failure: BaseException | None = None
        self._leaving = threading.Event()

    def run(self) -> None:
        try:
            while not self._leaving.is_set():
                self._send([self.pc.library() for _ in range(3)])
        except BaseException as failure:  # noqa: BLE001  a thread's failure must be seen
            self.failure = failure

    def _send(self, changes: list[Change]) -> None:
        while True:
            try:
                said = self.pc.sync(*changes)
            except Refusal as refusal:
                self.refusals.add(refusal.code)
                time.sleep(0.05)
                if self._leaving.is_set():
                    return
                continue
            assert said.receipt.accepted == len(changes)
            self.acknowledged += changes
            return

    def has_sent(self, more: int) -> bool:
        """Whether so many more were acknowledged than when this was first asked."""
        return len(self.acknowledged) >= more or self.failure is not None

    def stop(self) -> None:
        self._leaving.set()
        self.join()
        if self.failure:
            raise self.failure


def lost(centre: EmbeddedCentre, acknowledged: list[Change]) -> list[str]:
    """What was acknowledged and a new PC does not find, or finds twice, or in a broken chain."""
    pc = Pc(centre.url)
    pc.enrol(centre.invite("hn"))
    found: list[Change] = []
    digest, place = first_digest("hn"), pc.sync().receipt.positions["hn"]
    pc.cursors = {}
    while len(found) < place.head:
        said = pc.sync()
        news = [i for page in said.pages for i in page.items if isinstance(i, Change)]
        assert news, "the ledger ends before its head"
        found += news
        for change in news:
            digest = next_digest(digest, change.text())
        assert said.receipt.positions["hn"].digest == digest
    texts = [change.text() for change in found]
    faults = [change.id for change in acknowledged if texts.count(change.text()) != 1]
    return faults + ["something stands twice"] * (len(set(texts)) != len(texts))
