"""`python3 dev.py bench floor`: eight clients at once, each sending a hundred edits a request.

Ours is held against a sketch of a centre, `floor_centre.py`, which says what it leaves out. Both
are served by two processes, as the operator is told to do it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import msgpack
import zstandard

from sync.protocol import sync_answer_from
from sync.records.fields import fields_by_name
from sync.records.member import Member
from sync.records.types import Value
from tests.bench import floor_centre
from tests.bench.children import Centre, Child
from tests.bench.devices import Device, Known, enrolled, exchanged, posted, postgres, psycopg_url
from tests.bench.figures import Figures, median
from tests.bench.people import People

CLIENTS, EDITS, RECORDS, REQUESTS, RUNS = 8, 100, 1000, 40, 3
LEAST_SHARE = 0.7
NOTE = floor_centre.FIELDS.index("note")


def main(_arguments: list[str], figures: Figures) -> None:
    """Ours and the sketch in turns, on one PostgreSQL.

    The sketch knows no branches: one counter orders what all of them write, which is how the
    design's figure came about. How it would do with a counter for each branch is told beside it.
    """
    ours, sketches, parted = [], [], []
    for _run in range(RUNS):
        with postgres() as database:
            sketches.append(_sketched(database, [0] * CLIENTS))
        with postgres() as database:
            parted.append(_sketched(database, list(range(CLIENTS))))
        with postgres() as database:
            ours.append(_ours(psycopg_url(database)))
    figures.add("changes a second at the centre, a sketch", median(sketches), "")
    figures.add("the sketch with a counter for each branch", median(parted), "")
    figures.add("changes a second at the centre, ours", median(ours), "")
    share = median([us / sketch for us, sketch in zip(ours, sketches, strict=True)])
    figures.add("the sketch / ours", 1 / share, "", 1 / LEAST_SHARE)
    figures.add(
        "the sketch with a counter for each branch / ours", median(parted) / median(ours), ""
    )


def _sketched(database: str, branches: Sequence[int]) -> float:
    """Changes a second, from each client into its branch."""
    command = [sys.executable, "-m", "tests.bench.floor_centre", database]
    with Child([*command, "--new"]) as one:
        urls = [one.says()]
        with Child(command) as other:
            urls.append(other.says())
            return asyncio.run(_all_sketched(urls, branches))


async def _all_sketched(urls: Sequence[str], branches: Sequence[int]) -> float:
    """Every request is based on what the answer before it said."""
    begun = [await _begun(urls[0], client, branch) for client, branch in enumerate(branches)]
    began = time.perf_counter()

    async def send(client: int, branch: int, first: int) -> None:
        parts, seq = urlsplit(urls[client % len(urls)]), first + RECORDS
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for request in range(REQUESTS):
            places, notes = _edits(request)
            edited = [[NOTE], [first + place + 1 for place in places], [notes]]
            body = _packed([client, branch, request + 2, seq, 0, None, seq, edited])
            status, answer = await posted(reader, writer, "/", body)
            assert status == 200, answer
            seq = _start(answer) + EDITS
        writer.close()

    await asyncio.gather(*(send(*one) for one in zip(range(CLIENTS), branches, begun, strict=True)))
    return CLIENTS * REQUESTS * EDITS / (time.perf_counter() - began)


async def _begun(url: str, client: int, branch: int) -> int:
    """How far the branch's log was before the client's records."""
    ids = [bytes([client]) * 12 + place.to_bytes(4, "big") for place in range(RECORDS)]
    people = _people()
    columns = [[str(person[name]) for person in people] for name in floor_centre.FIELDS]
    body = _packed([client, branch, 1, 0, 0, [ids, columns], 0, None])
    return _start((await exchanged(url, body, "/")).body)


def _start(answer: bytes) -> int:
    start: int = msgpack.unpackb(zstandard.ZstdDecompressor().decompress(answer))[0]
    return start


def _packed(message: list[Any]) -> bytes:
    packed: bytes = zstandard.ZstdCompressor(level=3).compress(msgpack.packb(message))
    return packed


def _people() -> list[dict[str, Value]]:
    """Members of some twenty fields and five hundred bytes, without a unit."""
    return [{**one, "unit": ""} for one in People().members(RECORDS, "")]


def _edits(request: int) -> tuple[list[int], list[str]]:
    ids = [(request * EDITS + place) * 7 % RECORDS for place in range(EDITS)]
    return ids, [f"Đã nộp hội phí lần {request}, số {place}" for place in ids]


def _ours(database: str) -> float:
    devices = [Device(f"C{number}") for number in range(CLIENTS)]
    known = enrolled(database, devices)
    with Centre(database) as one, Centre(database) as other:
        urls = (one.url, other.url)
        _rate(urls, [[_beginning(device, known)] for device in devices])
        return _rate(urls, [_requests(device, known) for device in devices])


def _beginning(device: Device, known: Known) -> bytes:
    known_fields = fields_by_name(Member)
    unit = device.new("organisation_unit", {"name": "Chi hội tỉnh", "type": "branch"})
    device.records.clear()
    people = [
        {name: known_fields[name].type.to_wire(value) for name, value in person.items()}
        for person in People().members(RECORDS, unit.record)
    ]
    return device.request(known, [unit, *(device.new("member", person) for person in people)])


def _requests(device: Device, known: Known) -> list[bytes]:
    queue = []
    for request in range(REQUESTS):
        seq = 1 + RECORDS + request * EDITS  # after the unit and its members
        places, notes = _edits(request)
        changes = [
            device.edit("member", device.records[place], note, seq)
            for place, note in zip(places, notes, strict=True)
        ]
        queue.append(device.request(known, changes, seq))
    return queue


def _rate(urls: Sequence[str], queues: Sequence[Sequence[bytes]]) -> float:
    """Changes a second, all of which must have been accepted."""
    began = time.perf_counter()
    answers = asyncio.run(_all_sent(urls, queues))
    took_s = time.perf_counter() - began
    for answer in answers:
        receipt = sync_answer_from(answer).receipt
        assert 0 < receipt.accepted == receipt.sent, receipt
    return sum(len(queue) for queue in queues) * EDITS / took_s


async def _all_sent(urls: Sequence[str], queues: Sequence[Sequence[bytes]]) -> list[bytes]:
    answers: list[bytes] = []

    async def send(queue: Sequence[bytes], url: str) -> None:
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for body in queue:
            status, answer = await posted(reader, writer, "/v1/sync", body)
            assert status == 200, answer
            answers.append(answer)
        writer.close()

    await asyncio.gather(*map(send, queues, cycle(urls)))
    return answers
