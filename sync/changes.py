"""What was written, by whom, in which order: outbox, audit trail and ledger in one table.

A change is *pending* while it has no `seq`. The centre numbers it; then it is history. Every end's
records are its ledger in order, with its own pending changes on top.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Index,
    Integer,
    String,
    Text,
    and_,
    false,
    literal_column,
    type_coerce,
)
from sqlalchemy.orm import Mapped, mapped_column

from sync.canonical import CanonicalJson, canonical, first_digest, quoted
from sync.identity import DEVICE_DIGITS, counter_of, is_id
from sync.records.base import Shared
from sync.records.types import WireValue

ASSOCIATION = "association"
DELETED = "deleted"
MARK_DIGITS = 8
# Among the overlaps of a change: one of the two put the record into the bin, the other wrote on it.
BINNED = "binned"
# In a move, where to; in an arrival, where from, and the titles of what stayed behind, by field.
MOVED_TO, CAME_FROM, LEFT_BEHIND = "moved_to", "came_from", "left_behind"
# No fields of a record, but what is told beside them.
ASIDE = frozenset({DELETED, BINNED, MOVED_TO, CAME_FROM, LEFT_BEHIND})


class Action(enum.StrEnum):
    """What a change does to its record. Deleting and restoring set the field `deleted`.

    A move names the branch that the record goes to; the centre writes its arrival there.
    """

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    RESTORE = "restore"
    MOVE = "move"
    ARRIVE = "arrive"


class Setback(enum.StrEnum):
    """Why a change has no number yet although the centre saw it; "" when it has not."""

    NONE = ""
    WAITING = "waiting"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Change:
    """One edit as it travels; never altered after it was written.

    `values` are the new values of the changed fields, as JSON carries them. `base` is the place
    in the scope's ledger that the author had seen, and `base_digest` how the chain's digest there
    begins (`mark_of`): by it every end can tell whether the place still means what it meant, since
    a centre that was restored from a backup may have numbered other things up to it. "" when
    nothing had been seen, and in changes of before it was noted. `written_at` is the clock of the
    author's PC, for display only.
    """

    id: str
    scope: str
    kind: str
    record: str
    action: str
    values: Mapping[str, WireValue]
    base: int
    author: str
    written_at: str
    base_digest: str = ""

    def text(self) -> str:
        """The canonical form, which the ledger's chain is made of."""
        return self.text_around(canonical(dict(self.values)))

    def text_around(self, values: str) -> str:
        """The same, when the values are in canonical form already."""
        return canonical_text(
            self.id, self.scope, self.kind, self.record, self.action, values, self.base,
            self.author, self.written_at, self.base_digest,
        )  # fmt: skip


def canonical_text(
    identity: str, scope: str, kind: str, record: str, action: str, values: str, base: int,
    author: str, written_at: str, base_digest: str,
) -> str:  # fmt: skip
    """The canonical form of a change, whose `values` are in canonical form already."""
    mark = f",{quoted(base_digest)}" if base_digest else ""
    return (
        f"[{2 if mark else 1},{quoted(identity)},{quoted(scope)},{quoted(kind)},{quoted(record)},"
        f"{quoted(action)},{values},{base:d},{quoted(author)},{quoted(written_at)}{mark}]"
    )


def are_twins(one: Change, other: Change) -> bool:
    """Whether they are one edit under two names, which two copies of an office gave to it.

    Links are left out: where they point to may have been renamed too. So may a new record, but
    whoever finds its creation gives it the name it has there before any later change of it.
    """
    is_same = one.action == Action.CREATE or one.record == other.record
    return is_same and _core(one) == _core(other)


def _core(change: Change) -> tuple[object, ...]:
    said = {k: v for k, v in change.values.items() if not (isinstance(v, str) and is_id(v))}
    return (
        change.id[:DEVICE_DIGITS], counter_of(change.id), change.scope, change.kind,
        change.action, change.author, change.written_at, said,
    )  # fmt: skip


class Entry(Shared):
    """A change as it is kept, with its place in the ledger.

    `before` holds what the changed fields held until then, as this end saw it; `overlaps` names,
    for each field that somebody else changed unseen, that other change, until the field is among
    the `closed`; when all are, the entry is `settled`. `reason` says in words what a setback is
    about. None of these travels.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_scope_seq", "scope", "seq"),
        Index("ix_change_record_seq", "record", "seq"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    scope: Mapped[str] = mapped_column(String(32), default="", server_default="")
    seq: Mapped[int | None] = mapped_column(Integer())
    kind: Mapped[str] = mapped_column(String(40), default="", server_default="")
    record: Mapped[str] = mapped_column(String(32), default="", server_default="")
    action: Mapped[str] = mapped_column(String(16), default="", server_default="")
    values: Mapped[dict[str, WireValue]] = mapped_column(CanonicalJson(), server_default="{}")
    base: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    author: Mapped[str] = mapped_column(String(120), default="", server_default="")
    written_at: Mapped[str] = mapped_column(String(32), default="", server_default="")
    base_digest: Mapped[str] = mapped_column(String(MARK_DIGITS), default="", server_default="")
    digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    before: Mapped[dict[str, WireValue]] = mapped_column(
        CanonicalJson(), default=dict, server_default="{}"
    )
    overlaps: Mapped[dict[str, str]] = mapped_column(
        CanonicalJson(), default=dict, server_default="{}"
    )
    setback: Mapped[str] = mapped_column(String(16), default="", server_default="")
    reason: Mapped[str] = mapped_column(Text(), default="", server_default="")
    closed: Mapped[list[str]] = mapped_column(CanonicalJson(), default=list, server_default="[]")
    settled: Mapped[bool] = mapped_column(Boolean(), default=False, server_default=false())

    def change(self) -> Change:
        """The fact itself."""
        return Change(
            self.id, self.scope, self.kind, self.record, self.action,
            self.values, self.base, self.author, self.written_at, self.base_digest,
        )  # fmt: skip


Index("ix_change_pending", Entry.record, sqlite_where=Entry.seq.is_(None),
      postgresql_where=Entry.seq.is_(None))  # fmt: skip

# An entry with overlaps that nobody has settled. The words are literal, for the index to be found.
OPEN_OVERLAPS: Final = and_(
    type_coerce(Entry.overlaps, Text) != literal_column("'{}'"), Entry.settled.is_(False)
)
Index("ix_change_open_overlaps", Entry.record, sqlite_where=OPEN_OVERLAPS,
      postgresql_where=OPEN_OVERLAPS)  # fmt: skip


def mark_of(digest: str) -> str:
    """What a change keeps of the digest at its `base`."""
    return digest[:MARK_DIGITS]


def folded(told: Iterable[Mapping[str, WireValue]]) -> dict[str, WireValue]:
    """What a ledger says of one record in the end, from the values of its changes in order.

    What was told after the record had gone is about its stub, and left out until it comes back.
    """
    state: dict[str, WireValue] = {}
    for values in told:
        if CAME_FROM in values:
            state.pop(MOVED_TO, None)
        if MOVED_TO not in state:
            state.update(values)
    return state


class Ledger(Shared):
    """How far a scope's ledger reaches at this end, and the digest there.

    `begins` is where it begins: 0, or the place of the snapshot with which this office began.
    """

    __tablename__ = "ledger"

    scope: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    begins: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")


class Device(Shared):
    """A computer that writes, by the name its office gave it."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    scope: Mapped[str] = mapped_column(String(32), default="", server_default="")
    label: Mapped[str] = mapped_column(String(120), default="", server_default="")


def unwritten_ledger(scope: str) -> Ledger:
    """A ledger with nothing in it."""
    return Ledger(scope=scope, seq=0, digest=first_digest(scope), begins=0)


def entry_values(change: Change, **place: Any) -> dict[str, Any]:
    """The columns of an `Entry` for a change, for bulk inserts."""
    return {
        "id": change.id, "scope": change.scope, "kind": change.kind, "record": change.record,
        "action": change.action, "values": dict(change.values), "base": change.base,
        "author": change.author, "written_at": change.written_at,
        "base_digest": change.base_digest,
        "seq": None, "digest": "", "before": {}, "overlaps": {}, "setback": "", "reason": "",
        "closed": [], "settled": False,
    } | place  # fmt: skip
