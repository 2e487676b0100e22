"""Two values that were typed without knowing of each other: seeing both, and choosing."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import editing
from sync.applying import close
from sync.changes import DELETED, Device, Entry
from sync.editing import Pen, Written
from sync.identity import DEVICE_DIGITS
from sync.places import Catalogue
from sync.records import BY_NAME
from sync.records.base import Record
from sync.records.fields import fields_by_name
from sync.records.types import WireValue
from sync.texts import N_, _
from vla_desktop.store.history import moment, shown
from vla_desktop.store.newer import is_readable
from vla_desktop.store.rows import open_conflict, titles_of

_MARK, _BINNED, _LISTED = N_("Nơi để bản ghi"), N_("Thùng rác"), N_("Danh sách")
_NEWER = N_("Phần của phiên bản mới hơn")


class Choice(enum.Enum):
    """Which of the values of a conflict."""

    BEFORE = "before"
    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Side:
    """A value as people read it, "" for nothing, and who wrote it, when and where."""

    value: str
    by: str
    stands: bool


@dataclass(frozen=True)
class Conflict:
    """A field that two computers changed unseen; one of the three values stands just now."""

    label: str
    before: Side
    mine: Side
    theirs: Side


class Pair:
    """The two changes of a conflict, in the order of the ledger, as this `device` sees them."""

    def __init__(self, session: Session, later: Entry, name: str, device: str) -> None:
        self._session, self._later, self._name = session, later, name
        earlier = session.get_one(Entry, later.overlaps[name])
        is_later_mine = later.id[:DEVICE_DIGITS] == device
        self.is_mine = is_later_mine or earlier.id[:DEVICE_DIGITS] == device
        self.mine, self.theirs = (later, earlier) if is_later_mine else (earlier, later)
        self.kind: type[Record] = BY_NAME[later.kind]

    def wire(self, choice: Choice) -> WireValue:
        """A value as it travels. The one before is what whoever typed here had seen."""
        if choice is Choice.BEFORE:
            return self.mine.before.get(self._name)
        entry = self.mine if choice is Choice.MINE else self.theirs
        return entry.values[self._name]

    def standing(self) -> WireValue:
        """What the record holds just now; of what only a newer version can read, the later one."""
        if not is_readable(self.kind, self._name, self._later.values[self._name]):
            return self._later.values[self._name]
        record = self._session.get_one(self.kind, self._later.record)
        field = fields_by_name(self.kind).get(self._name)
        value = getattr(record, self._name)
        return field.type.to_wire(value) if field else bool(value)

    def told(self, catalogue: Catalogue) -> Conflict:
        """In words."""
        field = fields_by_name(self.kind).get(self._name)
        wires = {choice: self.wire(choice) for choice in Choice}
        titles = titles_of(self._session, {str(wire) for wire in wires.values()})
        standing = self.standing()

        def side(choice: Choice, by: str) -> Side:
            if self._name == DELETED:
                words = _(_BINNED if wires[choice] else _LISTED)
            else:
                words = shown(self.kind, self._name, wires[choice], titles, catalogue)
            return Side(words, by, wires[choice] == standing)

        return Conflict(
            _(field.label) if field else _(_MARK if self._name == DELETED else _NEWER),
            side(Choice.BEFORE, ""),
            side(Choice.MINE, self._by(self.mine)),
            side(Choice.THEIRS, self._by(self.theirs)),
        )

    def _by(self, entry: Entry) -> str:
        device = self._session.get(Device, entry.id[:DEVICE_DIGITS])
        at = moment(entry.written_at).astimezone().strftime("%d/%m/%Y %H:%M")
        parts = (entry.author, device.label if device else "", at)
        return " · ".join(part for part in parts if part)


def choose(
    session: Session, pen: Pen, later: Entry, name: str, choice: Choice, device: str
) -> Written | None:
    """Let one value stand. None when it stood already: the conflict is then closed here alone.

    Raises `InvalidRecord` when a rule forbids the value by now.
    """
    pair = Pair(session, later, name, device)
    wire = pair.wire(choice)
    if wire == pair.standing() or not is_readable(pair.kind, name, wire):
        _close_all(session, later.record, name)
        return None
    if name == DELETED:
        return editing.set_deleted(session, pen, pair.kind, later.record, bool(wire))
    value = fields_by_name(pair.kind)[name].type.from_wire(wire)
    return editing.edit(session, pen, pair.kind, later.record, {name: value})


def _close_all(session: Session, record: str, name: str) -> None:
    """The same field may have been changed several times, each time unseen."""
    entries = select(Entry).where(Entry.record == record, *open_conflict())
    for entry in session.scalars(entries):
        close(entry, [name])
