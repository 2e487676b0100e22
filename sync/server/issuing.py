"""What the association keeps itself: written at the centre, numbered at once, read by every office.

The centre is a device like any other, named after its signing key. Its incarnation follows from
the epoch, so that a centre restored from a backup never gives a name again that offices know; its
counter goes on from the ledger.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from sync import rules
from sync.applying import standing_rows
from sync.changes import ASSOCIATION, DELETED, Action, Change, Entry, mark_of
from sync.editing import MOST_AUTHOR, to_wire
from sync.identity import COUNTER_DIGITS, INCARNATION_DIGITS, Origin, counter_of
from sync.problems import Finding, InvalidRecord, Problem, blocking
from sync.records import BY_NAME, name_of
from sync.records.base import Keeper, Record, blank, initial
from sync.records.fields import fields, fields_by_name
from sync.records.types import Link, Value, WireValue
from sync.server import ledger
from sync.server.database import writing
from sync.server.moving import centre_device
from sync.server.tables import ONLY, Identity
from sync.server.upgrading import assert_up_to_date
from sync.texts import _

# Days are those of Vietnam, wherever the centre's machine stands.
_ZONE = dt.timezone(dt.timedelta(hours=7))


@dataclass(frozen=True)
class Issued:
    """What a writing came to. `change` is None when nothing had changed."""

    record: str
    change: Change | None
    findings: tuple[Finding, ...] = ()


@contextmanager
def desk(engine: Engine, now: dt.datetime, author: str = "") -> Iterator[Desk]:
    """One transaction of the centre's own: all that is written in it stands, or nothing does."""
    with writing(engine, ASSOCIATION) as session:
        assert_up_to_date(session)
        ledger.ensure_ledger(session, ASSOCIATION)
        yield Desk(session, now, author or _("Trung ương"))


class Desk:
    """Writes records of the association while it holds their ledger. See `desk`."""

    def __init__(self, session: Session, now: dt.datetime, author: str) -> None:
        self._session, self._author, self._now = session, author[:MOST_AUTHOR], now
        self._ledger = ledger.lock(session, ASSOCIATION)
        us = session.get_one(Identity, ONLY)
        incarnation = hashlib.sha256(us.epoch.encode()).hexdigest()[:INCARNATION_DIGITS]
        self._origin = Origin(centre_device(us.public_key), incarnation)
        self._counter = self._last_counter()

    def write(
        self, kind: type[Record], values: Mapping[str, Value], record_id: str | None = None
    ) -> Issued:
        """A new record, or the given fields of one; the others stay as they are.

        Raises `InvalidRecord` when a rule forbids it, `Problem` "record.unknown", "record.kept"
        for a kind that the association keeps none of, KeyError for an unknown field.
        """
        _assert_kept(kind)
        if record_id is None:
            return self._create(kind, values)
        row = self._row(kind, record_id)
        before = {field.name: row[field.name] for field in fields(kind)}
        changed = {k: v for k, v in rules.tidied(kind, values).items() if v != before[k]}
        if not changed:
            return Issued(record_id, None)
        found = self._judged(kind, before | changed, changed, record_id)
        change = self._told(kind, record_id, Action.EDIT, to_wire(kind, changed))
        return Issued(record_id, change, found)

    def delete(self, kind: type[Record], record_id: str) -> Issued:
        """Move a record to the bin. Raises `Problem` "record.unknown"."""
        return self._set_deleted(kind, record_id, True)

    def restore(self, kind: type[Record], record_id: str) -> Issued:
        """Bring a record back from the bin. Raises `Problem` "record.unknown"."""
        return self._set_deleted(kind, record_id, False)

    def rows(self, kind: type[Record]) -> list[dict[str, Any]]:
        """The association's records of a kind, those in the bin too, oldest first."""
        return rows(self._session, kind)

    def _create(self, kind: type[Record], values: Mapping[str, Value]) -> Issued:
        full = initial(kind) | rules.tidied(kind, values)
        record_id = self._next_id()
        found = self._judged(kind, full, full, record_id)
        given = {k: v for k, v in full.items() if v != blank(kind)[k]}
        change = self._told(kind, record_id, Action.CREATE, to_wire(kind, given))
        return Issued(record_id, change, found)

    def _set_deleted(self, kind: type[Record], record_id: str, deleted: bool) -> Issued:
        _assert_kept(kind)
        if self._row(kind, record_id)["deleted"] == deleted:
            return Issued(record_id, None)
        action = Action.DELETE if deleted else Action.RESTORE
        return Issued(record_id, self._told(kind, record_id, action, {DELETED: deleted}))

    def _row(self, kind: type[Record], record_id: str) -> Mapping[str, Any]:
        row = standing_rows(self._session, kind, [record_id]).get(record_id)
        if row is None or row["scope"] != ASSOCIATION:
            raise unknown(kind, record_id)
        return row

    def _judged(
        self, kind: type[Record], full: Mapping[str, Value], changed: Mapping[str, Value],
        record_id: str,
    ) -> tuple[Finding, ...]:  # fmt: skip
        found = [
            *rules.findings(kind, full, self._now.astimezone(_ZONE).date(), record_id),
            *rules.clashes(self._session, kind, full, record_id, ASSOCIATION),
            *rules.broken_links(self._session, kind, changed),
            *self._strange_links(kind, changed),
        ]
        if blocking(found):
            raise InvalidRecord(found)
        return tuple(found)

    def _strange_links(self, kind: type[Record], changed: Mapping[str, Value]) -> Iterator[Finding]:
        """What one branch has, the others cannot follow."""
        for name, value in changed.items():
            field_type = fields_by_name(kind)[name].type
            if isinstance(field_type, Link) and value:
                target = BY_NAME[field_type.target]
                row = standing_rows(self._session, target, [str(value)]).get(str(value))
                if row is not None and row["scope"] != ASSOCIATION:
                    yield Finding(name, _("Mục đã chọn là của riêng một chi hội."), code="link")

    def _told(
        self, kind: type[Record], record_id: str, action: Action, values: Mapping[str, WireValue]
    ) -> Change:
        """The change, numbered and applied."""
        place = self._ledger
        change = Change(
            self._next_id(), ASSOCIATION, name_of(kind), record_id, action.value, dict(values),
            place.seq, self._author, self._now.astimezone(dt.UTC).isoformat(timespec="seconds"),
            mark_of(place.digest) if place.seq else "",
        )  # fmt: skip
        ledger.number(self._session, place, [change])
        return change

    def _next_id(self) -> str:
        self._counter += 1
        return self._origin.id_at(self._counter)

    def _last_counter(self) -> int:
        first, last = self._origin.id_at(0), self._origin.id_at(16**COUNTER_DIGITS - 1)
        query = select(func.max(Entry.id)).where(
            Entry.scope == ASSOCIATION, Entry.id.between(first, last)
        )
        newest = self._session.scalar(query)
        return counter_of(newest) if newest else 0


def rows(session: Session, kind: type[Record]) -> list[dict[str, Any]]:
    """The association's records of a kind, those in the bin too, oldest first."""
    query = select(kind.__table__).where(kind.scope == ASSOCIATION).order_by(kind.id)
    return [dict(row) for row in session.execute(query).mappings()]


def unknown(kind: type[Record], record_id: str) -> Problem:
    """What is said of an id that leads nowhere."""
    return Problem(
        _("Không có “{kind}” nào mang mã {id}.").format(kind=_(kind.label), id=record_id),
        _("Xem mã bằng lệnh records list."),
        code="record.unknown",
    )


def _assert_kept(kind: type[Record]) -> None:
    if kind.keeper is Keeper.BRANCH:
        raise Problem(
            _("“{kind}” do chi hội ghi, Trung ương không ghi thay.").format(kind=_(kind.label)),
            _("Xem những loại mà Trung ương ban hành bằng lệnh records kinds."),
            code="record.kept",
        )
