"""The least that a centre on PostgreSQL can do, and no more: a floor to measure ours against.

It counts, updates one field of each record and appends to a log. It knows no devices, signatures,
rules, receipts, history or conflicts. Usage: floor_centre.py DATABASE-URL
"""

from __future__ import annotations

import sys
import threading

import msgpack
import psycopg
import zstandard
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.server.serving import Served

TABLES = """
CREATE TABLE counter (client int PRIMARY KEY, value bigint NOT NULL);
CREATE TABLE person (client int, id int, note text, PRIMARY KEY (client, id));
CREATE TABLE log (client int, seq bigint, id int, PRIMARY KEY (client, seq));
INSERT INTO counter SELECT n, 0 FROM generate_series(0, 63) n;
INSERT INTO person SELECT c, n, '' FROM generate_series(0, 63) c, generate_series(0, 999) n;
"""


class Floor:
    """Takes `[client, [record, …], [note, …]]`."""

    def __init__(self, database: str) -> None:
        self._database, self._own = database, threading.local()
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(TABLES)

    def take(self, body: bytes) -> bytes:
        """One request in one transaction; answers where the log stands."""
        client, ids, notes = msgpack.unpackb(zstandard.ZstdDecompressor().decompress(body))
        if not hasattr(self._own, "connection"):
            self._own.connection = psycopg.connect(self._database)
        with self._own.connection.transaction():
            run = self._own.connection.execute
            run(
                "UPDATE person SET note = given.note FROM unnest(%s::int[], %s::text[])"
                " AS given(id, note) WHERE person.client = %s AND person.id = given.id",
                (ids, notes, client),
            )
            row = run(
                "UPDATE counter SET value = value + %s WHERE client = %s RETURNING value",
                (len(ids), client),
            ).fetchone()
            run(
                "INSERT INTO log SELECT %s, %s + n, id FROM unnest(%s::int[])"
                " WITH ORDINALITY AS given(id, n)",
                (client, row[0] - len(ids), ids),
            )
        return zstandard.ZstdCompressor(level=3).compress(msgpack.packb([row[0], []]))


def main() -> None:
    """Serve until the input ends."""
    floor = Floor(sys.argv[1])

    async def answer(request: Request) -> Response:
        return Response(await run_in_threadpool(floor.take, await request.body()))

    served = Served(Starlette(routes=[Route("/", answer, methods=["POST"])]), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{served.port}", flush=True)
    sys.stdin.read()
    served.stop()


if __name__ == "__main__":
    main()
