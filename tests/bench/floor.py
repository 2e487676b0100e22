"""`python3 dev.py bench floor`: eight clients at once, each sending a hundred edits a request."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgpack
import zstandard

from tests.bench.children import Centre, Child
from tests.bench.devices import Device, Known, enrolled, posted, postgres, psycopg_url
from tests.bench.figures import Figures, median

CLIENTS, EDITS, RECORDS, REQUESTS, RUNS = 8, 100, 1000, 40, 3
LEAST_SHARE = 0.7


def main(_arguments: list[str], figures: Figures) -> None:
    """Ours and the floor in turns, on one PostgreSQL."""
    ours, floors = [], []
    for _run in range(RUNS):
        with postgres() as database:
            floors.append(_floor(database))
        with postgres() as database:
            ours.append(_ours(psycopg_url(database)))
    figures.add("changes a second at the centre, the least it can do", median(floors), "")
    figures.add("changes a second at the centre, ours", median(ours), "")
    share = median([us / floor for us, floor in zip(ours, floors, strict=True)])
    figures.add("the least / ours", 1 / share, "", 1 / LEAST_SHARE)


def _floor(database: str) -> float:
    with Child([sys.executable, "-m", "tests.bench.floor_centre", database]) as centre:
        url = centre.says()
        compressor = zstandard.ZstdCompressor(level=3)
        queues = [
            [
                compressor.compress(msgpack.packb([client, *_edits(request)]))
                for request in range(REQUESTS)
            ]
            for client in range(CLIENTS)
        ]
        return _rate(url, "/", queues)


def _edits(request: int) -> tuple[list[int], list[str]]:
    ids = [(request * EDITS + place) * 7 % RECORDS for place in range(EDITS)]
    return ids, [f"Đã nộp hội phí lần {request}, số {place}" for place in ids]


def _ours(database: str) -> float:
    devices = [Device(f"C{number}") for number in range(CLIENTS)]
    known = enrolled(database, devices)
    with Centre(database) as centre:
        first = [[_beginning(device, known)] for device in devices]
        _rate(centre.url, "/v1/sync", first)
        return _rate(centre.url, "/v1/sync", [_requests(device, known) for device in devices])


def _beginning(device: Device, known: Known) -> bytes:
    values: dict[str, str | int | bool | None] = {
        "name": "Thư viện", "type": "public", "commune": "00001"
    }  # fmt: skip
    return device.request(known, [device.new("library", values) for _ in range(RECORDS)])


def _requests(device: Device, known: Known) -> list[bytes]:
    queue = []
    for request in range(REQUESTS):
        seq = RECORDS + request * EDITS
        places, notes = _edits(request)
        changes = [
            device.edit("library", device.records[place], note, seq)
            for place, note in zip(places, notes, strict=True)
        ]
        queue.append(device.request(known, changes, seq))
    return queue


def _rate(url: str, path: str, queues: Sequence[Sequence[bytes]]) -> float:
    began = time.perf_counter()
    asyncio.run(_all_sent(url, path, queues))
    return sum(len(queue) for queue in queues) * EDITS / (time.perf_counter() - began)


async def _all_sent(url: str, path: str, queues: Sequence[Sequence[bytes]]) -> None:
    parts = urlsplit(url)

    async def send(queue: Sequence[bytes]) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for body in queue:
            status, answer = await posted(reader, writer, path, body)
            assert status == 200, answer
        writer.close()

    await asyncio.gather(*map(send, queues))
