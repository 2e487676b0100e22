"""A sketch of a centre on PostgreSQL: an exchange with as little around it as can be.

It does what an exchange cannot do without: one POST over the HTTP stack that ours has, msgpack in
zstd, one transaction a request, rows of nineteen texts, changes in gap-free order under one locked
counter (or one for each branch, if whoever asks names several), a replay of the newest request
answered from what was kept, a scan of the log for fields that somebody else changed unseen, and
the log after the reader's cursor.

It does not know who asks: no devices, signatures, rights or limits. It asks no rules, and not
whether what a change points to is there. Its log says which record and fields, never who typed
what when: no history, chain, receipts or former values. Nothing is isolated by the database.
Usage: floor_centre.py DATABASE-URL [--new]
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from typing import Any

import msgpack
import psycopg
import zstandard
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.server.serving import Served

FIELDS = (
    "full_name", "gender", "born_on", "occupation", "outside_reason", "address", "commune",
    "phone", "email", "identity_no", "unit", "joined_on", "decision_no", "decision_on", "card_no",
    "card_issued_on", "status", "consented", "note",
)  # fmt: skip
ALL = (1 << len(FIELDS)) - 1
COLUMNS = ", ".join(FIELDS)
TABLES = f"""
CREATE TABLE member (branch int, sid bigint, id uuid NOT NULL UNIQUE,
  {", ".join(f"{name} text" for name in FIELDS)},
  PRIMARY KEY (branch, sid)) WITH (fillfactor = 80);
CREATE TABLE log (branch int, seq bigint, sid bigint NOT NULL, mask int NOT NULL,
  node int NOT NULL, PRIMARY KEY (branch, seq));
CREATE TABLE counter (branch int PRIMARY KEY, value bigint NOT NULL) WITH (fillfactor = 10);
CREATE TABLE client (id int PRIMARY KEY, batch bigint NOT NULL, answer bytea);
CREATE TABLE conflict (branch int, sid bigint, field text, mine text, theirs text, seq bigint);
INSERT INTO counter SELECT n, 0 FROM generate_series(0, 63) n;
"""  # noqa: S608  our own words
# Nobody waits behind another who merely begins; the counter is what orders a branch.
SEEN = """
INSERT INTO client VALUES (%s, 0, NULL) ON CONFLICT (id) DO UPDATE SET id = excluded.id
RETURNING batch, answer
"""
COUNTED = "UPDATE counter SET value = value + %s WHERE branch = %s RETURNING value"
UNSEEN = """
SELECT sid, mask FROM log WHERE branch = %s AND seq > %s AND seq <= %s AND node <> %s
AND sid = ANY(%s)
"""


class Floor:
    """Takes `[client, branch, batch, cursor, limit, new, base, edited]`.

    `limit` is 0 while the client has more to send: then nothing goes back but verdicts.
    `new` is a list of ids and the columns of their values, or None; `edited` the places of fields,
    a list of records' numbers and a column for each of those fields, or None.
    """

    def __init__(self, database: str, *, is_new: bool) -> None:
        self._database, self._own = database, threading.local()
        if is_new:
            with psycopg.connect(database, autocommit=True) as connection:
                connection.execute(TABLES)

    def take(self, body: bytes) -> bytes:
        """One request in one transaction."""
        own = self._own
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(self._database, prepare_threshold=1)
            own.unpack, own.pack = zstandard.ZstdDecompressor(), zstandard.ZstdCompressor(level=3)
        request = msgpack.unpackb(own.unpack.decompress(body))
        with own.connection.transaction():
            answer = _taken(own.connection, *request)
        packed: bytes = own.pack.compress(msgpack.packb(answer))
        return packed


def _taken(
    run: psycopg.Connection, client: int, branch: int, batch: int, cursor: int, limit: int,
    new: Any, base: int, edited: Any,
) -> list[Any]:  # fmt: skip
    last, kept = run.execute(SEEN, (client,)).fetchone() or (0, None)
    if last >= batch:
        return [*msgpack.unpackb(kept), []]
    ids, columns = new or ((), ())
    places, records, values = edited or ((), (), ())
    count = len(ids) + len(records)
    [top] = run.execute(COUNTED, (count, branch)).fetchone() or (0,)
    start = top - count
    conflicts = _conflicts(run, client, branch, (base, start), edited) if records else []
    if records:
        _update(run, branch, [FIELDS[place] for place in places], records, values)
    if ids:
        _insert(run, branch, start, ids, columns)
    mask = sum(1 << place for place in places)
    logged = [(start + n + 1, start + n + 1, ALL) for n in range(len(ids))]
    logged += [(start + n + 1, sid, mask) for n, sid in enumerate(records, len(ids))]
    _log(run, client, branch, logged)
    said = [start, [[*one, top] for one in conflicts]]
    run.execute("UPDATE client SET batch = %s, answer = %s WHERE id = %s",
                (batch, msgpack.packb(said), client))  # fmt: skip
    return [*said, _news(run, client, branch, top if start == cursor else cursor, limit)]


def _conflicts(
    run: psycopg.Connection, client: int, branch: int, since: tuple[int, int], edited: Any
) -> list[list[Any]]:
    """What somebody else wrote into the same fields meanwhile; both values are kept."""
    places, records, values = edited
    unseen: dict[int, int] = {}
    for sid, mask in run.execute(UNSEEN, (branch, *since, client, records)):
        unseen[sid] = unseen.get(sid, 0) | mask
    found = [
        [sid, FIELDS[place], column[n]]
        for n, sid in enumerate(records)
        for place, column in zip(places, values, strict=True)
        if unseen.get(sid, 0) >> place & 1
    ]
    for sid, name, mine in found:
        run.execute(
            f"INSERT INTO conflict SELECT %s, %s, %s, %s, {name}, %s FROM member "  # noqa: S608
            "WHERE branch = %s AND sid = %s",
            (branch, sid, name, mine, since[1], branch, sid),
        )
    return found


def _update(
    run: psycopg.Connection, branch: int, names: Sequence[str], records: list[int], values: Any
) -> None:
    marks = ", ".join(f"{name} = given.{name}" for name in names)
    arrays = ", ".join(["%s::bigint[]", *["%s::text[]"] * len(names)])
    run.execute(
        f"UPDATE member SET {marks} FROM unnest({arrays}) AS given(sid, {', '.join(names)}) "  # noqa: S608
        "WHERE member.branch = %s AND member.sid = given.sid",
        (records, *values, branch),
    )


def _insert(run: psycopg.Connection, branch: int, start: int, ids: Any, columns: Any) -> None:
    copied = f"COPY member (branch, sid, id, {COLUMNS}) FROM STDIN"
    with run.cursor().copy(copied) as copy:
        for n, (identity, *row) in enumerate(zip(ids, *columns, strict=True), start + 1):
            copy.write_row((branch, n, identity.hex(), *row))


def _log(
    run: psycopg.Connection, client: int, branch: int, rows: Sequence[tuple[int, int, int]]
) -> None:
    with run.cursor().copy(
        "COPY log (branch, seq, sid, mask, node) FROM STDIN (FORMAT BINARY)"
    ) as copy:
        copy.set_types(["int4", "int8", "int8", "int4", "int4"])
        for row in rows:
            copy.write_row((branch, *row, client))


def _news(
    run: psycopg.Connection, client: int, branch: int, cursor: int, limit: int
) -> list[Any]:  # fmt: skip
    """Of every record that others changed after the cursor, all that it holds now."""
    [head] = run.execute("SELECT value FROM counter WHERE branch = %s", (branch,)).fetchone() or (
        0,
    )
    if head <= cursor or not limit:
        return [head, []]
    query = "SELECT seq, sid, node FROM log WHERE branch = %s AND seq > %s ORDER BY seq LIMIT %s"
    log = run.execute(query, (branch, cursor, limit)).fetchall()
    others = list({sid for _seq, sid, node in log if node != client})
    query = f"SELECT sid, {COLUMNS} FROM member WHERE branch = %s AND sid = ANY(%s)"  # noqa: S608
    rows = run.execute(query, (branch, others)).fetchall() if others else []
    return [log[-1][0], [list(column) for column in zip(*rows, strict=True)]]


def main() -> None:
    """Serve until the input ends."""
    floor = Floor(sys.argv[1], is_new="--new" in sys.argv)

    async def answer(request: Request) -> Response:
        return Response(await run_in_threadpool(floor.take, await request.body()))

    served = Served(Starlette(routes=[Route("/", answer, methods=["POST"])]), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{served.port}", flush=True)
    sys.stdin.read()
    served.stop()


if __name__ == "__main__":
    main()
