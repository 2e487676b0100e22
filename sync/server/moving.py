"""Records that go from one branch to another: the only place that writes into two ledgers.

A move stands in the ledger it was written in. In the same transaction the centre writes the whole
record into the other branch's ledger, under the same id and by its own identity, and later there
whatever the old branch still wrote without having seen the move. The new branch is told the
record's own fields, and the titles of what they pointed to; nothing else of the old one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from sync.applying import CHUNK, standing_rows
from sync.canonical import canonical, first_digest
from sync.changes import (
    ASIDE,
    ASSOCIATION,
    BINNED,
    CAME_FROM,
    DELETED,
    LEFT_BEHIND,
    MOVED_TO,
    Action,
    Change,
    Entry,
    Ledger,
    folded,
    mark_of,
)
from sync.identity import Origin, device_of
from sync.protocol import Verdict
from sync.records import BY_NAME
from sync.records.base import Record, blank
from sync.records.fields import fields, fields_by_name
from sync.records.types import Link, WireValue
from sync.server.database import add_if_absent
from sync.server.isolation import enter
from sync.server.tables import ONLY, Branch, Identity
from sync.texts import _

INCARNATION = "00000000"
_NOT_NUMBERED = 2**31


@contextmanager
def within(session: Session, scope: str) -> Iterator[None]:
    """For a moment the transaction writes for another branch."""
    was, key = session.info.get("scope", ""), session.info.get("key", "")
    enter(session, scope)
    yield
    enter(session, was, key)


def centre_device(public_key: bytes) -> str:
    """By what the centre's own changes are known."""
    return device_of(public_key)


def give_away(session: Session) -> Any:
    """Takes the row of a record out of its branch and puts it into the one it names."""

    def handed(kind: type[Record], record: str, scope: str) -> None:
        row = standing_rows(session, kind, [record])[record]
        session.execute(delete(kind).where(kind.id == record))
        with within(session, scope):
            if session.scalar(select(kind.id).where(kind.id == record)) is None:
                session.execute(insert(kind).values(**{**row, "scope": scope}))

    return handed


@dataclass(frozen=True)
class Gone:
    """A record that this ledger handed over: where in it, and to whom."""

    seq: int
    to: str


def gone(
    session: Session, scope: str, standing: Mapping[str, Mapping[str, str]]
) -> dict[str, Gone]:
    """The last move of each record of these that stands elsewhere now and once was the scope's."""
    ids = [
        record
        for by_id in standing.values()
        for record, home in by_id.items()
        if home not in (scope, ASSOCIATION)
    ]
    found: dict[str, Gone] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(Entry.record, Entry.seq, Entry.values).where(
            Entry.scope == scope,
            Entry.record.in_(ids[start : start + CHUNK]),
            Entry.action == Action.MOVE.value,
            Entry.seq.is_not(None),
        )
        for record, seq, values in session.execute(query.order_by(Entry.seq)):
            found[record] = Gone(seq or 0, str(values.get(MOVED_TO)))
    return found


def is_ready(session: Session, scope: str, other: str) -> bool | None:
    """Whether the other branch's ledger is held now; None when there is no such branch.

    Two branches that hand over to each other at once must not wait for one another: ledgers are
    locked in the order of their names, and one out of order only when nobody has it.
    """
    with within(session, other):
        if session.get(Branch, other) is None:
            return None
        if session.scalar(select(Ledger.scope).where(Ledger.scope == other)) is None:
            fresh = {"scope": other, "seq": 0, "digest": first_digest(other)}
            add_if_absent(session, Ledger, fresh)
        query = select(Ledger.scope).where(Ledger.scope == other)
        return session.scalar(query.with_for_update(skip_locked=other < scope)) is not None


class Departures:
    """What a batch of one branch has to do with records that left it, or leave it now.

    `gone` has the moves by record; `late` the records' homes, by the ids of changes whose authors
    had not seen the move.
    """

    def __init__(self, session: Session, scope: str, standing: dict[str, dict[str, str]]) -> None:
        self._session, self._scope = session, scope
        self._standing = standing
        self.gone = gone(session, scope, standing)
        self.late: dict[str, str] = {}

    def late_verdict(self, change: Change, home: str) -> Verdict | None:
        """About a change of a record that another branch has: None when it may still be told."""
        last = self.gone.get(change.record)
        if last is None:
            sentence = _("Bản ghi này thuộc chi hội khác.")
            return Verdict(change.id, code="scope", sentence=sentence)
        is_move = change.action == Action.MOVE
        if change.base >= last.seq or (is_move and change.values.get(MOVED_TO) != last.to):
            sentence = _("Bản ghi này đã chuyển đến chi hội {branch} trước đó.")
            return Verdict(change.id, code="moved", sentence=sentence.format(branch=last.to))
        if not is_ready(self._session, self._scope, home):
            return Verdict(change.id, waiting_for=change.record)
        self.late[change.id] = home
        return None

    def verdict(self, change: Change) -> Verdict | None:
        """About a move of a record that the branch has."""
        target = change.values.get(MOVED_TO)
        ready = None
        if isinstance(target, str) and target != self._scope and change.kind in BY_NAME:
            ready = is_ready(self._session, self._scope, target)
        if ready is None:
            sentence = _("Không có chi hội “{branch}” để chuyển đến.")
            return Verdict(change.id, code="branch", sentence=sentence.format(branch=target))
        return None if ready else Verdict(change.id, waiting_for=change.record)

    def note(self, change: Change) -> bool:
        """Remember what may stand; whether its record is not the branch's after it."""
        if change.id in self.late:
            return True
        if change.action == Action.MOVE:
            target = str(change.values[MOVED_TO])
            self.gone[change.record] = Gone(_NOT_NUMBERED, target)
            self._standing[change.kind][change.record] = target
            return True
        return False


def arrival(session: Session, move: Change) -> Change:
    """What the other branch's ledger is told: all that it does not say of the record already."""
    target = str(move.values[MOVED_TO])
    state = _folded(session, move.scope, move.record, until=move.id)
    is_binned = bool(state.get(DELETED))
    kind = BY_NAME[move.kind]
    left = _left_behind(session, kind, state, target)
    with within(session, target):
        there = _folded(session, target, move.record)
        empty = {f.name: f.type.to_wire(v) for f, v in zip(fields(kind), blank(kind).values(),
                                                           strict=True)}  # fmt: skip
        full = {**empty, **{n: v for n, v in state.items() if n not in ASIDE}}
        full |= {name: empty[name] for name in left}
        values = {n: v for n, v in full.items() if n in left or there.get(n, empty.get(n)) != v}
        if is_binned or there.get(DELETED):
            values[DELETED] = False
        values[CAME_FROM] = move.scope
        if left:
            values[LEFT_BEHIND] = canonical(left)
        if is_binned:
            values[BINNED] = True
        ledger = session.get_one(Ledger, target)
        return _written(session, move, target, Action.ARRIVE, values, ledger.seq)


def forwarded(session: Session, late: Change, home: str) -> Change | None:
    """What was written without having seen the move, for the branch where the record is now."""
    values = {n: v for n, v in late.values.items() if n not in ASIDE}
    left = _left_behind(session, BY_NAME[late.kind], values, home)
    told: dict[str, WireValue] = {n: v for n, v in values.items() if n not in left}
    if left:
        told[LEFT_BEHIND] = canonical(left)
    if late.values.get(DELETED):
        told[BINNED] = True
    if not told:
        return None
    with within(session, home):
        arrived = select(func.max(Entry.seq)).where(
            Entry.scope == home, Entry.record == late.record, Entry.action == Action.ARRIVE.value
        )
        base = session.scalar(arrived) or 0
        return _written(session, late, home, Action.EDIT, told, base)


def _folded(session: Session, scope: str, record: str, until: str = "") -> dict[str, WireValue]:
    """What a ledger says of a record, also what this version cannot read."""
    query = select(Entry).where(Entry.scope == scope, Entry.record == record)
    told = []
    for entry in session.scalars(query.where(Entry.seq.is_not(None)).order_by(Entry.seq)):
        if entry.id == until:
            break
        told.append(entry.values)
    return folded(told)


def _left_behind(
    session: Session, kind: type[Record], values: Mapping[str, WireValue], branch: str
) -> dict[str, str]:
    """By field, the title of what it points to and the other branch does not have."""
    known = fields_by_name(kind)
    left = {}
    for name, value in values.items():
        field_type = known[name].type if name in known else None
        if isinstance(field_type, Link) and isinstance(value, str) and value:
            target = BY_NAME[field_type.target]
            row = standing_rows(session, target, [value]).get(value)
            if row is None:  # it may have gone there before, and is hidden from this branch
                with within(session, branch):
                    row = standing_rows(session, target, [value]).get(value)
                    if row is not None and row["scope"] == branch:
                        continue
                row = None
            if row is None or row["scope"] not in (branch, ASSOCIATION):
                left[name] = _title(target, row) if row else ""
    return left


def _title(kind: type[Record], row: Mapping[str, Any]) -> str:
    titled = [f for f in fields(kind) if f.titled and not isinstance(f.type, Link)]
    return " · ".join(f.type.show(row[f.name]) for f in titled if not f.type.is_empty(row[f.name]))


def _written(
    session: Session, cause: Change, scope: str, action: Action, values: Mapping[str, WireValue],
    base: int,
) -> Change:  # fmt: skip
    """A change by the centre itself. Its id follows from that of its cause."""
    device = centre_device(session.get_one(Identity, ONLY).public_key)
    counter = int(hashlib.sha256(cause.id.encode()).hexdigest()[:12], 16)
    query = select(Entry.digest).where(Entry.scope == scope, Entry.seq == base)
    return Change(
        Origin(device, INCARNATION).id_at(counter), scope, cause.kind, cause.record, action.value,
        values, base, "", cause.written_at, mark_of(session.scalar(query) or "") if base else "",
    )  # fmt: skip


def consequences(
    session: Session, changes: Sequence[Change], late: Mapping[str, str]
) -> Iterator[Change]:
    """What is to be written into other ledgers after these, each before the next is asked for.

    `late` names the records' homes by the ids of changes that came after their record had gone.
    """
    for change in changes:
        if change.id in late:
            told = forwarded(session, change, late[change.id])
            if told is not None and change.action != Action.MOVE:
                yield told
        elif change.action == Action.MOVE:
            yield arrival(session, change)
