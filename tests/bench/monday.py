"""`python3 dev.py bench monday`: all offices press the button, on PostgreSQL and real sockets.

A thousand within twenty seconds, then five thousand within a minute, five of each branch, each
with twenty changes; no two press at the same moment, none waits for another. Two processes serve
them in turns, as the operator is told to let them.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from itertools import cycle

from sqlalchemy import create_engine, func, select

from sync.changes import Change, Entry
from sync.protocol import sync_answer_from
from sync.records.library import Library
from tests.bench.children import Centre
from tests.bench.devices import (
    Device,
    Known,
    Reply,
    enrolled,
    exchanged,
    postgres,
    psycopg_url,
)
from tests.bench.figures import Figures

ROUNDS = ((1000, 20.0), (5000, 60.0))
CHANGES, OF_A_BRANCH = 20, 5
MOST_P99_S = 2.0


def main(arguments: list[str], figures: Figures) -> None:
    """Every round on a database of its own; `N SECONDS` takes another one."""
    rounds = [(int(arguments[0]), float(arguments[1]))] if len(arguments) == 2 else ROUNDS
    for count, seconds in rounds:
        with postgres() as address:
            _round(psycopg_url(address), count, seconds, figures)


def _round(database: str, count: int, seconds: float, figures: Figures) -> None:
    devices = [Device(f"C{number // OF_A_BRANCH}") for number in range(count)]
    known = enrolled(database, devices)
    bodies = [device.request(known, _morning(device)) for device in devices]
    with Centre(database) as one, Centre(database) as other:
        before = one.cpu_s + other.cpu_s
        replies = asyncio.run(_all_pressed((one.url, other.url), bodies, seconds))
        spent = one.cpu_s + other.cpu_s - before
    name = f"{count:,} devices in {seconds:g} s"
    waits = sorted(reply.took_s for reply in replies)
    figures.add(f"{name}: p50", waits[len(waits) // 2] * 1000, "ms")
    figures.add(f"{name}: p99", waits[len(waits) * 99 // 100], "s", MOST_P99_S)
    figures.add(f"{name}: longest", waits[-1], "s")
    figures.add(f"{name}: errors", sum(reply.status != 200 for reply in replies), "", 0)
    figures.add(
        f"{name}: last answer after the first press",
        max(r.at_s + r.took_s for r in replies) - min(r.at_s for r in replies),
        "s",
    )
    figures.add(f"{name}: processor of the centre for each", spent / count * 1000, "ms")
    figures.add(f"{name}: changes lost, twice or unreceipted",
                _astray(database, known, devices, replies), "", 0)  # fmt: skip


def _morning(device: Device) -> list[Change]:
    values: dict[str, str | int | bool | None] = {
        "name": "Thư viện xã", "type": "public", "commune": "00001"
    }  # fmt: skip
    new = [device.new("library", values) for _ in range(CHANGES // 4)]
    edits = [
        device.edit("library", device.records[place % len(new)], f"Đã kiểm kê lần {place}")
        for place in range(CHANGES - len(new))
    ]
    return [*new, *edits]


async def _all_pressed(urls: Sequence[str], bodies: Sequence[bytes], seconds: float) -> list[Reply]:
    chance = random.Random(5)
    began = time.perf_counter()

    async def press(body: bytes, url: str) -> Reply:
        await asyncio.sleep(max(0.0, began + chance.uniform(0, seconds) - time.perf_counter()))
        try:
            return await exchanged(url, body)
        except (OSError, asyncio.IncompleteReadError):
            return Reply(time.perf_counter(), 0.0, 0, b"")

    return list(await asyncio.gather(*map(press, bodies, cycle(urls))))


def _astray(
    database: str, known: Known, devices: Sequence[Device], replies: Sequence[Reply]
) -> int:
    """Changes that the ledgers do not hold exactly once, in order and receipted."""
    wrong = 0
    for reply in replies:
        answer = sync_answer_from(reply.body) if reply.status == 200 else None
        is_told = answer is not None and answer.receipt.is_genuine(
            known.public_key, answer.signature
        )
        wrong += CHANGES if not is_told or not answer else CHANGES - answer.receipt.accepted
    engine = create_engine(database)
    with engine.connect() as connection:
        held = connection.scalar(select(func.count()).select_from(Entry)) or 0
        records = connection.scalar(select(func.count()).select_from(Library)) or 0
        ends = connection.execute(
            select(Entry.scope, func.min(Entry.seq), func.max(Entry.seq), func.count())
            .group_by(Entry.scope)
        ).all()  # fmt: skip
    engine.dispose()
    wrong += abs(held - CHANGES * len(devices)) + abs(records - CHANGES // 4 * len(devices))
    gaps = sum((low, high) != (1, count) for _scope, low, high, count in ends)
    return wrong + gaps
