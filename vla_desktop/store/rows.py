"""Records as lists and forms show them: values, words, names of what they point to, state."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from sync.applying import standing_rows
from sync.bulk import CHUNK
from sync.changes import ASSOCIATION, OPEN_OVERLAPS, Entry, Setback
from sync.places import Catalogue
from sync.records import name_of
from sync.records.base import Record
from sync.records.dues_payment import DuesPayment
from sync.records.fields import Field, fields, fields_by_name
from sync.records.types import Link, PlaceCode, Sealed, Value
from sync.texts import N_, _
from vla_desktop.store import receipt_numbers
from vla_desktop.store.tables import Listing


class RecordState(enum.Enum):
    """How far a record is on its way to the centre."""

    UNSENT = "unsent"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CONFLICT = "conflict"

    @property
    def word(self) -> str:
        """The state as a clerk reads it."""
        return _(_STATE_WORDS[self.value])


_STATE_WORDS: Mapping[str, str] = {
    "unsent": N_("Chưa gửi"),
    "waiting": N_("Đang chờ"),
    "confirmed": N_("Đã được Trung ương lưu"),
    "refused": N_("Bị từ chối"),
    "conflict": N_("Mâu thuẫn"),
}


_WEIGHT = (
    RecordState.CONFIRMED,
    RecordState.UNSENT,
    RecordState.WAITING,
    RecordState.CONFLICT,
    RecordState.REFUSED,
)


@dataclass(frozen=True)
class Row:
    """A record to look at. `shown` has every field as people read it.

    `moved_to` is the branch that it went to: here it can be read only; "" for what is here. So can
    what `is_issued` by the centre.
    `mark` is a number that nobody typed, "" for kinds that have none.
    """

    id: str
    kind: str
    values: Mapping[str, Value]
    shown: Mapping[str, str]
    title: str
    deleted: bool
    state: RecordState
    moved_to: str = ""
    mark: str = ""
    is_issued: bool = False

    @property
    def is_read_only(self) -> bool:
        """Whether nothing of it can be altered as it stands."""
        return self.deleted or self.is_issued or bool(self.moved_to)


@dataclass(frozen=True)
class Query:
    """Which records of a kind, and in which order.

    `order` is a field's name, "" for the order of the titles. A filter of None asks for records
    where the field is empty. `ids` narrows to these records, None does not. `moved` asks
    for what went to other branches, and for nothing else.
    """

    search: str = ""
    order: str = ""
    descending: bool = False
    filters: Mapping[str, Value] = field(default_factory=dict)
    bin: bool = False
    moved: bool = False
    state: RecordState | None = None
    ids: frozenset[str] | None = None


def read_rows(
    session: Session, catalogue: Catalogue, kind: type[Record], ids: Sequence[str]
) -> list[Row]:
    """The rows with these ids, in this order; ids that lead nowhere are left out."""
    found = standing_rows(session, kind, ids)
    titles, gone = _listed(session, {*found, *_linked_ids(kind, found.values())})
    states = states_of(session, list(found))
    names = [f.name for f in fields(kind)]
    marked = receipt_numbers.marks(session, found) if kind is DuesPayment else {}
    rows = []
    for identity in ids:
        if identity in found:
            values = {name: found[identity][name] for name in names}
            rows.append(
                Row(
                    id=identity,
                    kind=name_of(kind),
                    values=values,
                    shown=Shown(kind, values, titles, catalogue, marked.get(identity, "")),
                    title=titles.get(identity, ""),
                    deleted=bool(found[identity]["deleted"]),
                    state=states.get(identity, RecordState.CONFIRMED),
                    moved_to=gone.get(identity, ""),
                    mark=marked.get(identity, ""),
                    is_issued=found[identity]["scope"] == ASSOCIATION,
                )
            )
    return rows


class Shown(Mapping[str, str]):
    """Values as people read them, put into words when somebody looks: a list shows few of them."""

    def __init__(
        self, kind: type[Record], values: Mapping[str, Value], titles: Mapping[str, str],
        catalogue: Catalogue, mark: str = "",
    ) -> None:  # fmt: skip
        self._kind, self._values, self._mark = kind, values, mark
        self._titles, self._catalogue = titles, catalogue

    def __getitem__(self, name: str) -> str:
        facts = fields_by_name(self._kind)[name]
        if self._mark and name == DuesPayment.receipt_no.key:
            typed = str(self._values[name] or "")
            both = _("{mark} (giấy: {typed})").format(mark=self._mark, typed=typed)
            return both if typed else self._mark
        return show(facts, self._values[name], self._titles, self._catalogue)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def show(field_: Field, value: Value, titles: Mapping[str, str], catalogue: Catalogue) -> str:
    """A value as people read it, with names for links and places."""
    if isinstance(field_.type, Link):
        return titles.get(str(value), _("(không tìm thấy)")) if value else ""
    if isinstance(field_.type, PlaceCode):
        return catalogue.label(str(value)) if value else ""
    if isinstance(field_.type, Sealed):
        return _("(đã niêm phong)") if value else ""
    if field_.type.is_empty(value):
        return ""
    return field_.type.show(value)


def _linked_ids(kind: type[Record], rows: Iterable[Mapping[str, Value]]) -> set[str]:
    names = [f.name for f in fields(kind) if isinstance(f.type, Link)]
    return {str(row[name]) for row in rows for name in names if row[name]}


def titles_of(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """What names these records."""
    return _listed(session, ids)[0]


def _listed(session: Session, ids: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What names these records, and where those went that are not here any more."""
    wanted = sorted(ids)
    titles, gone = dict[str, str](), dict[str, str]()
    for start in range(0, len(wanted), CHUNK):
        query = select(Listing.record, Listing.title, Listing.moved_to).where(
            Listing.record.in_(wanted[start : start + CHUNK])
        )
        for record, title, moved_to in session.execute(query):
            titles[record] = title
            if moved_to:
                gone[record] = moved_to
    return titles, gone


def is_pending(setback: Setback) -> ColumnElement[bool]:
    """Whether the record of a listing has a pending change with this setback."""
    return exists().where(
        Entry.record == Listing.record, Entry.seq.is_(None), Entry.setback == setback.value
    )


def is_conflicting() -> ColumnElement[bool]:
    """Whether the record of a listing has a conflict that nobody has looked at."""
    return exists().where(Entry.record == Listing.record, *open_conflict())


def open_conflict() -> tuple[ColumnElement[bool], ...]:
    """The condition for an entry whose overlaps nobody has settled."""
    return (OPEN_OVERLAPS,)


def state_condition(state: RecordState) -> ColumnElement[bool]:
    """The condition on a listing for a state; the states exclude each other."""
    refused, waiting = is_pending(Setback.REFUSED), is_pending(Setback.WAITING)
    unsent, conflict = is_pending(Setback.NONE), is_conflicting()
    return {
        RecordState.REFUSED: refused,
        RecordState.CONFLICT: conflict & ~refused,
        RecordState.WAITING: waiting & ~refused & ~conflict,
        RecordState.UNSENT: unsent & ~waiting & ~refused & ~conflict,
        RecordState.CONFIRMED: ~unsent & ~waiting & ~refused & ~conflict,
    }[state]


def states_of(session: Session, ids: Sequence[str]) -> dict[str, RecordState]:
    """The states of records; those that are not named are confirmed."""
    by_setback = {
        Setback.NONE.value: RecordState.UNSENT,
        Setback.WAITING.value: RecordState.WAITING,
        Setback.REFUSED.value: RecordState.REFUSED,
    }
    states: dict[str, RecordState] = {}
    for start in range(0, len(ids), CHUNK):
        wanted = Entry.record.in_(ids[start : start + CHUNK])
        pending = select(Entry.record, Entry.setback).where(wanted, Entry.seq.is_(None))
        conflicts = select(Entry.record).where(wanted, *open_conflict())
        found = [
            (row.record, by_setback[row.setback])
            for row in session.execute(pending.distinct())
            if row.setback in by_setback
        ]
        found += [(record, RecordState.CONFLICT) for record in session.scalars(conflicts)]
        for record, state in found:
            standing = states.get(record, RecordState.CONFIRMED)
            states[record] = max(standing, state, key=_WEIGHT.index)
    return states
