"""Turning numbered changes into records, alike at both ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from sync.bases import bases_here, known_bases
from sync.bulk import CHUNK as CHUNK  # noqa: PLC0414  others take it from here
from sync.bulk import spans, update_rows
from sync.changes import BINNED, CAME_FROM, DELETED, MOVED_TO, OPEN_OVERLAPS, Change, Entry, Setback
from sync.fresh import fresh_among, insert_fresh
from sync.identity import origin_of
from sync.records import BY_NAME
from sync.records.base import Record, blank
from sync.records.fields import fields_by_name
from sync.records.types import Value, WireValue

# Takes a record of a kind to the scope it belongs to by now.
GiveAway = Callable[[type[Record], str, str], None]


@dataclass
class Applied:
    """What applying came to: records touched as (kind, id), and each change's former values."""

    touched: set[tuple[str, str]] = field(default_factory=set)
    before: dict[str, dict[str, WireValue]] = field(default_factory=dict)


def apply(
    session: Session, changes: Sequence[Change], kept: Mapping[str, set[str]] | None = None,
    give_away: GiveAway | None = None,
) -> Applied:  # fmt: skip
    """Bring the records up to date with changes in ledger order.

    A ledger speaks of a record while the record belongs to its scope. One that moved away stays
    as it was with the name of its new scope, unless there is somebody to `give_away` its row to.

    `kept` names, by record, the fields that have a pending local change: those stay. Fields and
    kinds that this version does not know stay in their change, for a later version to apply.
    """
    applied = Applied()
    by_kind = sorted((c for c in changes if c.kind in BY_NAME), key=lambda c: c.kind)
    for name, group in groupby(by_kind, key=lambda change: change.kind):
        wanted = {change.id for change in group}
        in_order = [change for change in changes if change.id in wanted]
        _apply_kind(session, BY_NAME[name], in_order, kept or {}, applied, give_away)
    return applied


def _apply_kind(
    session: Session, kind: type[Record], changes: Sequence[Change],
    kept: Mapping[str, set[str]], applied: Applied, give_away: GiveAway | None,
) -> None:  # fmt: skip
    applied.touched |= {(change.kind, change.record) for change in changes}
    begun = fresh_among(session, kind, changes, kept)
    done = insert_fresh(session, kind, begun.values())
    applied.before |= done
    in_turn = [change for change in changes if change.id not in done]
    _apply_in_turn(session, kind, in_turn, kept, applied, give_away)


def _apply_in_turn(
    session: Session, kind: type[Record], changes: Sequence[Change],
    kept: Mapping[str, set[str]], applied: Applied, give_away: GiveAway | None,
) -> None:  # fmt: skip
    values_of = {change.id: known_values(kind, change.values) for change in changes}
    named = {name for values in values_of.values() for name in values} | {"scope"}
    rows = _columns(session, kind, {change.record for change in changes}, named)
    fresh: dict[str, dict[str, Any]] = {}
    altered: dict[str, set[str]] = {}
    for change in changes:
        row = rows.get(change.record)
        if row is None:
            row = {"id": change.record, "scope": change.scope, DELETED: False, **blank(kind)}
            rows[change.record] = fresh[change.record] = row
        if not _belongs(row, change, altered):
            continue  # it went to another branch, whose ledger speaks of it now
        values = values_of[change.id]
        applied.before[change.id] = _wire(kind, {name: row[name] for name in values})
        for name, value in values.items():
            if name not in kept.get(change.record, ()):
                row[name] = value
                altered.setdefault(change.record, set()).add(name)
        if MOVED_TO in change.values:
            row["scope"] = str(change.values[MOVED_TO])
            altered.setdefault(change.record, set()).add("scope")
    gone = _given_away(changes, rows) if give_away else {}
    if fresh:
        session.execute(insert(kind), list(fresh.values()))
    _update(session, kind, {r: names for r, names in altered.items() if r not in fresh}, rows)
    for record, scope in gone.items():
        if give_away:
            give_away(kind, record, scope)


def _columns(
    session: Session, kind: type[Record], ids: Iterable[str], names: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """These columns of the rows of a kind, by id."""
    wanted, columns = set(ids), [kind.__table__.columns[name] for name in sorted(names)]
    names = [column.name for column in columns]
    return {
        row[0]: dict(zip(names, row[1:], strict=True))
        for some in spans(session, kind.id, wanted)
        for row in session.execute(select(kind.id, *columns).where(some))
        if row[0] in wanted
    }


def _belongs(row: dict[str, Any], change: Change, altered: dict[str, set[str]]) -> bool:
    """Whether the record is one of the change's scope; an arrival makes it one."""
    if CAME_FROM in change.values:
        row["scope"] = change.scope
        altered.setdefault(change.record, set()).add("scope")
    return bool(row["scope"] == change.scope)


def _given_away(changes: Sequence[Change], rows: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Where the records went that the changes' scope has no more; their rows are written first."""
    gone = {}
    for change in changes:
        row = rows[change.record]
        if row["scope"] != change.scope:
            gone[change.record] = str(row["scope"])
            row["scope"] = change.scope
    return gone


def standing_rows(
    session: Session, kind: type[Record], ids: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """The rows of a kind by id, as plain dictionaries."""
    table, wanted = kind.__table__, sorted(ids)
    rows: dict[str, dict[str, Any]] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(table).where(table.c.id.in_(wanted[start : start + CHUNK]))
        for row in session.execute(query).mappings():
            rows[row["id"]] = dict(row)
    return rows


def _update(
    session: Session, kind: type[Record], altered: Mapping[str, set[str]],
    rows: Mapping[str, Mapping[str, Any]],
) -> None:  # fmt: skip
    by_names: dict[frozenset[str], list[list[Any]]] = {}
    for record, names in altered.items():
        own = {name: rows[record][name] for name in sorted(names - {"scope"})}
        values = _wire(kind, own)
        if "scope" in names:
            values["scope"] = str(rows[record]["scope"])
        by_names.setdefault(frozenset(names), []).append(
            [*(values[name] for name in sorted(names)), record]
        )
    for changed, some in by_names.items():
        update_rows(session, kind.__table__, sorted(changed), some)  # type: ignore[arg-type]


def known_values(kind: type[Record], values: Mapping[str, WireValue]) -> dict[str, Value]:
    known = fields_by_name(kind)
    plain: dict[str, Value] = {}
    for name, value in values.items():
        if name == DELETED:
            plain[name] = bool(value)
        elif name in known:
            try:
                plain[name] = known[name].type.from_wire(value)
            except ValueError:
                continue  # a newer version's idea of this field: it stays in the change
    return plain


def _wire(kind: type[Record], values: Mapping[str, Value]) -> dict[str, WireValue]:
    known = fields_by_name(kind)
    return {
        name: bool(value) if name == DELETED else known[name].type.to_wire(value)
        for name, value in values.items()
    }


def find_overlaps(session: Session, numbered: Sequence[tuple[int, Change]]) -> dict[str, Any]:
    """For each change, the fields that another office had changed unseen, and by which change.

    Under `BINNED` stands who binned the record, or wrote on it, while the other did not know.

    Reads the ledger alone, so that every end comes to the same answer: entries of the same
    record between the change's `base` and its own place, of another office, with another value.
    Two copies of one office have one device and two incarnations, and do not see each other.
    All entries up to the last of `numbered` must be in the table.
    """
    overlaps: dict[str, dict[str, str]] = {}
    bases = bases_here(session, numbered)
    doubtful = [(seq, change) for seq, change in numbered if bases[change.id] < seq - 1]
    others = _entries_since(session, [c for _, c in doubtful], [bases[c.id] for _, c in doubtful])
    for seq, change in doubtful:
        origin, base = origin_of(change.id), bases[change.id]
        for other in others.get(change.record, ()):
            if not base < other.seq < seq or origin_of(other.id) == origin:
                continue
            for name in _at_odds(change.values, other.values):
                overlaps.setdefault(change.id, {})[name] = other.id
    return overlaps


def _at_odds(one: Mapping[str, WireValue], other: Mapping[str, WireValue]) -> Iterator[str]:
    """What two changes do to each other: fields with two values, or writing on what was binned."""
    yield from (name for name in one.keys() & other.keys() if one[name] != other[name])
    for binning, writing in ((one, other), (other, one)):
        if binning.get(DELETED) is True and DELETED not in writing:
            yield BINNED


def _entries_since(
    session: Session, doubtful: Sequence[Change], bases: Sequence[int]
) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    since, origins = min(bases, default=0), {origin_of(change.id) for change in doubtful}
    apart: list[ColumnElement[bool]] = []
    if len(origins) == 1:
        # What somebody wrote himself he has not overlooked; most often there is nothing else.
        [origin] = origins
        own = origin.device + origin.incarnation
        apart = [~Entry.id.startswith(own, autoescape=True)]
    for some in spans(session, Entry.record, {change.record for change in doubtful}):
        query = (
            select(Entry.id, Entry.record, Entry.seq, Entry.values)
            .where(some, Entry.seq > since, *apart)
            .order_by(Entry.seq)
        )
        for row in session.execute(query):
            found.setdefault(row.record, []).append(row)
    return found


def settle(session: Session, records: Iterable[str]) -> None:
    """Close the conflicts that somebody who had seen both values has written over since.

    What was written on a binned record is no conflict any more once the record is back.

    Asks the ledger and the pending changes, so that every end closes the same ones.
    """
    wanted = sorted(records)
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        open_ones = session.scalars(
            select(Entry).where(Entry.record.in_(some), OPEN_OVERLAPS)
        ).all()
        for entry in open_ones:
            since = select(Entry).where(
                Entry.record == entry.record,
                Entry.base >= entry.seq,
                Entry.id != entry.id,
                Entry.setback.in_([Setback.NONE.value, Setback.WAITING.value]),
            )
            later = list(session.scalars(since))
            known = known_bases(session, [other.change() for other in later])
            rewritten = {name for other in later if other.id in known for name in other.values}
            if BINNED in entry.overlaps:
                is_over = DELETED in rewritten or not _is_binned(session, entry)
                rewritten |= {BINNED} if is_over else set()
            close(entry, rewritten)


def _is_binned(session: Session, entry: Entry) -> bool:
    """Whether the record of a change is in the bin or elsewhere, and what was written is unseen."""
    kind = BY_NAME.get(entry.kind)
    if kind is None:
        return False
    row = session.execute(select(kind.deleted, kind.scope).where(kind.id == entry.record)).first()
    return row is not None and (row.deleted or row.scope != entry.scope)


def close(entry: Entry, names: Iterable[str]) -> None:
    """Some fields of a conflict are decided; when all are, so is the entry."""
    entry.closed = sorted({*entry.closed, *names} & set(entry.overlaps))
    entry.settled = set(entry.overlaps) <= set(entry.closed)
