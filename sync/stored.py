"""Changes as rows, read and written without the object mapper, for whoever handles thousands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, select, type_coerce
from sqlalchemy.orm import Session

from sync.bulk import insert_rows, spans
from sync.canonical import canonical, quoted
from sync.changes import Change, Entry

# What a change is made of, its values in canonical form, then what became of it here.
_COLUMNS: tuple[Any, ...] = (
    Entry.id, Entry.scope, Entry.kind, Entry.record, Entry.action, Entry.base, Entry.author,
    Entry.written_at, Entry.base_digest, type_coerce(Entry.values, Text).label("plain"),
    Entry.seq, Entry.setback, Entry.digest,
)  # fmt: skip
_WRITTEN = (
    "id", "scope", "seq", "kind", "record", "action", "values", "base", "base_digest", "author",
    "written_at", "digest", "before",
)  # fmt: skip
CHUNK = 500
"""Rows in memory at once where a whole page is read."""


def stored(
    session: Session, ids: Iterable[str], *where: ColumnElement[bool]
) -> dict[str, Row[Any]]:
    """Those of these changes that stand here, by id, as rows."""
    wanted = ids if isinstance(ids, (set, frozenset, dict)) else set(ids)
    return {
        row[0]: row
        for some in spans(session, Entry.id, wanted)
        for row in session.execute(select(*_COLUMNS).where(some, *where)).all()
        if row[0] in wanted
    }


def known_ids(session: Session, ids: Iterable[str], *where: ColumnElement[bool]) -> set[str]:
    """Those of these ids that stand for a change here."""
    wanted = set(ids)
    found: set[str] = set()
    for some in spans(session, Entry.id, wanted):
        found.update(session.scalars(select(Entry.id).where(some, *where)))
    return found & wanted


def after(session: Session, scope: str, places: tuple[int, int], most: int) -> Iterator[Row[Any]]:
    """Rows of a scope's ledger after the first place up to the second, each with its digest.

    They come by the chunk, each found by where the last one ended: a page that fits into one
    costs one statement, and nothing is left open where whoever reads stops before the end.
    """
    place, end = places
    while most > 0:
        query = (
            select(*_COLUMNS)
            .where(Entry.scope == scope, Entry.seq > place, Entry.seq <= end)
            .order_by(Entry.seq)
            .limit(min(most, CHUNK))
        )
        rows = session.execute(query).all()
        yield from rows
        if len(rows) < CHUNK:
            return
        place, most = rows[-1].seq, most - len(rows)


def change_of(row: Row[Any]) -> Change:
    """The fact itself."""
    return Change(
        row.id, row.scope, row.kind, row.record, row.action, json.loads(row.plain), row.base,
        row.author, row.written_at, row.base_digest,
    )  # fmt: skip


def changes_of(rows: Sequence[Sequence[Any]]) -> list[Change]:
    """The same for many: their values are read as one list."""
    values = json.loads("[" + ",".join([row[9] for row in rows]) + "]")
    return [
        Change(identity, scope, kind, record, action, told, base, author, written_at, mark)
        for told, (
            identity, scope, kind, record, action, base, author, written_at, mark, *_
        ) in zip(values, rows, strict=True)
    ]  # fmt: skip


def text_of(row: Row[Any]) -> str:
    """The change in canonical form."""
    return texts_of([row])[0]


def texts_of(rows: Iterable[Sequence[Any]]) -> list[str]:
    """The same for many: what most of them share is put into quotes once."""
    told = _Quoted()
    return [
        f"[{2 if mark else 1},{quoted(identity)},{told[scope]},{told[kind]},{quoted(record)},"
        f"{told[action]},{plain},{base:d},{told[author]},{quoted(written_at)}"
        f"{',' + told[mark] if mark else ''}]"
        for identity, scope, kind, record, action, base, author, written_at, mark, plain, *_ in rows
    ]


class _Quoted(dict[str, str]):
    """Texts in quotes."""

    def __missing__(self, text: str) -> str:
        found = self[text] = quoted(text)
        return found


def write_entries(
    session: Session, rows: Sequence[Mapping[str, Any]], plain: Mapping[str, str]
) -> None:
    """Insert entries, given by their columns; `plain` has their values in canonical form, by id."""
    told: dict[int, str] = {}
    for row in rows:
        # New records of one sort held the same before: one object for them all.
        before = row["before"]
        if id(before) not in told:
            told[id(before)] = canonical(before)
    insert_rows(
        session,
        Entry.__table__,  # type: ignore[arg-type]
        _WRITTEN,
        [
            (
                row["id"], row["scope"], row["seq"], row["kind"], row["record"], row["action"],
                plain.get(row["id"]) or canonical(row["values"]), row["base"],
                row["base_digest"], row["author"], row["written_at"], row["digest"],
                told[id(row["before"])],
            )
            for row in rows
        ],
    )  # fmt: skip
