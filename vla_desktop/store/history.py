"""What happened to a record: who, what, old, new, when, on which computer."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.changes import ASIDE, CAME_FROM, LEFT_BEHIND, MOVED_TO, Device, Entry, Setback
from sync.identity import DEVICE_DIGITS, counter_of
from sync.places import Catalogue
from sync.records.base import Record
from sync.records.fields import fields_by_name
from sync.records.types import Link, Value, WireValue
from sync.texts import _
from vla_desktop.store.newer import is_readable
from vla_desktop.store.rows import RecordState, show, titles_of

UNSHOWN = "•••"


@dataclass(frozen=True)
class Line:
    """One field of an event, as people read it; "" for nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Event:
    """One change of a record. `at` is UTC by the clock of the computer that wrote it.

    `seq` is None while the centre has not numbered it; `is_withdrawn` when it never will.
    """

    action: str
    lines: tuple[Line, ...]
    author: str
    computer: str
    at: dt.datetime
    state: RecordState
    seq: int | None
    is_withdrawn: bool = False


def history(
    session: Session, catalogue: Catalogue, kind: type[Record], record_id: str,
    own: tuple[str, str],
) -> list[Event]:  # fmt: skip
    """The events of a record, newest first. `own` is this device and the name of this PC."""
    entries = list(session.scalars(select(Entry).where(Entry.record == record_id)))
    entries.sort(key=lambda e: (e.seq is None, e.seq or counter_of(e.id)), reverse=True)
    computers = {device.id: device.label for device in session.scalars(select(Device))}
    computers |= dict([own]) if own[1] else {}
    titles = titles_of(session, _linked(kind, entries))
    events = []
    for entry in entries:
        device = entry.id[:DEVICE_DIGITS]
        events.append(
            Event(
                entry.action, _lines(kind, entry, titles, catalogue), entry.author,
                computers.get(device) or _("máy {code}").format(code=device[:4]),
                moment(entry.written_at), _state(entry), entry.seq,
                entry.setback == Setback.WITHDRAWN,
            )
        )  # fmt: skip
    return events


def moment(text: str) -> dt.datetime:
    """The instant in a change; the beginning of time when it is not one."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return dt.datetime.fromtimestamp(0, dt.UTC)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _state(entry: Entry) -> RecordState:
    if entry.seq is not None:
        is_open = bool(entry.overlaps) and not entry.settled
        return RecordState.CONFLICT if is_open else RecordState.CONFIRMED
    if entry.setback == Setback.REFUSED:
        return RecordState.REFUSED
    return RecordState.WAITING if entry.setback == Setback.WAITING else RecordState.UNSENT


def _linked(kind: type[Record], entries: list[Entry]) -> set[str]:
    names = [n for n, field in fields_by_name(kind).items() if isinstance(field.type, Link)]
    sides = [side for entry in entries for side in (entry.values, entry.before)]
    return {str(side[name]) for side in sides for name in names if side.get(name)}


def _lines(
    kind: type[Record], entry: Entry, titles: Mapping[str, str], catalogue: Catalogue
) -> tuple[Line, ...]:
    lines = []
    known = fields_by_name(kind)
    for name in (name for name in known if name in entry.values):
        old, new = (
            shown(kind, name, side.get(name), titles, catalogue)
            for side in (entry.before, entry.values)
        )
        lines.append(Line(_(known[name].label), old, new))
    if entry.values.keys() - known.keys() - ASIDE:
        lines.append(Line(_("Phần của phiên bản mới hơn"), "", UNSHOWN))
    return (*lines, *_aside(kind, entry))


def _aside(kind: type[Record], entry: Entry) -> Iterator[Line]:
    """Where a record went or came from, and what had to stay behind."""
    for name, label in ((MOVED_TO, _("Đến chi hội")), (CAME_FROM, _("Từ chi hội"))):
        if name in entry.values:
            yield Line(label, "", str(entry.values[name]))
    known = fields_by_name(kind)
    for name, title in left_behind(entry).items():
        label = _(known[name].label) if name in known else name
        yield Line(_("{label} ở chi hội cũ").format(label=label), title, "")


def left_behind(entry: Entry) -> Mapping[str, str]:
    """By field, the titles of what an arrival could not bring along."""
    try:
        found = json.loads(str(entry.values.get(LEFT_BEHIND) or "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def shown(
    kind: type[Record], name: str, wire: WireValue, titles: Mapping[str, str],
    catalogue: Catalogue,
) -> str:  # fmt: skip
    """A value of a change as people read it; dots for what only a newer version can read.

    Who does not know a field cannot tell either whether it may be read over shoulders.
    """
    if wire is None:
        return ""
    if not is_readable(kind, name, wire):
        return UNSHOWN
    field = fields_by_name(kind)[name]
    value: Value = field.type.from_wire(wire)
    words = show(field, value, titles, catalogue)
    # History is read over shoulders and printed: the last digits are enough to tell two apart.
    return f"••• {words[-3:]}" if field.sensitive and words else words
