"""The one way to write: rules, then the record, then the change, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from sync import rules
from sync.changes import ASIDE, ASSOCIATION, DELETED, MOVED_TO, Action, Entry, Setback, mark_of
from sync.identity import counter_of
from sync.problems import Finding, InvalidRecord, Problem, blocking
from sync.records import name_of
from sync.records.base import Keeper, Record, blank, initial
from sync.records.fields import fields, fields_by_name
from sync.records.types import Value, WireValue
from sync.texts import _

MOST_AUTHOR = 120
MOST_SCOPE = 32


@dataclass(frozen=True)
class Pen:
    """Who writes, where, and how new ids are made. `now` is UTC.

    `seen` is how far the scope's ledger was applied here when the writing began, `seen_digest`
    the chain's digest there.
    """

    scope: str
    seen: int
    seen_digest: str
    author: str
    now: dt.datetime
    today: dt.date
    next_id: Callable[[], str]


@dataclass(frozen=True)
class Written:
    """What an edit came to. `entry` is None when nothing had changed."""

    record: str
    entry: Entry | None
    findings: tuple[Finding, ...] = ()


def values_of(record: Record) -> dict[str, Value]:
    """A record's fields as plain values."""
    return {field.name: getattr(record, field.name) for field in fields(type(record))}


def to_wire(kind: type[Record], values: Mapping[str, Value]) -> dict[str, WireValue]:
    """The values as JSON carries them."""
    known = fields_by_name(kind)
    return {name: known[name].type.to_wire(value) for name, value in values.items()}


def create(session: Session, pen: Pen, kind: type[Record], values: Mapping[str, Value]) -> Written:
    """A new record. Fields that are not given start as the form does.

    Raises `InvalidRecord` when a rule forbids it, `Problem` "issued" for what only the centre
    writes, KeyError for an unknown field.
    """
    if kind.keeper is Keeper.CENTRE:
        raise _issued()
    full = initial(kind) | rules.tidied(kind, values)
    record_id = pen.next_id()
    found = _judged(session, pen, kind, full, full, record_id)
    session.add(kind(**full, id=record_id, scope=pen.scope))
    given = {k: v for k, v in full.items() if v != blank(kind)[k]}
    entry = _entry(session, pen, kind, record_id, Action.CREATE, to_wire(kind, given), {})
    return Written(record_id, entry, found)


def edit(
    session: Session, pen: Pen, kind: type[Record], record_id: str, values: Mapping[str, Value]
) -> Written:
    """Change the given fields of a record; the others stay as they are.

    A change that the centre refused is taken back and its fields travel anew with this one.
    Raises `InvalidRecord` when a rule forbids it, LookupError when there is no such record.
    """
    record = _found(session, pen, kind, record_id)
    before = values_of(record)
    changed = {k: v for k, v in rules.tidied(kind, values).items() if v != before[k]}
    full = before | changed
    found = _judged(session, pen, kind, full, changed, record_id)
    refused = _refused(session, record_id)
    if not changed and not refused:
        return Written(record_id, None, found)
    names = set(changed) | _taken_back(refused)
    action = Action.EDIT if _is_created(session, record_id) else Action.CREATE
    if action is Action.CREATE:
        names |= {name for name, value in full.items() if value != blank(kind)[name]}
        refused = _never_numbered(session, record_id)
    foreign = _foreign(kind, refused)
    names -= set(foreign)
    for name, value in changed.items():
        setattr(record, name, value)
    anew = to_wire(kind, {name: full[name] for name in names}) | foreign
    if action is Action.CREATE and record.deleted:
        anew[DELETED] = True
    old = to_wire(kind, {name: before[name] for name in names})
    return Written(record_id, _entry(session, pen, kind, record_id, action, anew, old), found)


def put_right(
    session: Session, pen: Pen, kind: type[Record], record_id: str, values: Mapping[str, Value]
) -> Written:
    """Change fields that the program itself must change, whatever the rules say of the others."""
    record = session.get_one(kind, record_id)
    old = to_wire(kind, {name: getattr(record, name) for name in values})
    for name, value in values.items():
        setattr(record, name, value)
    new = to_wire(kind, values)
    return Written(record_id, _entry(session, pen, kind, record_id, Action.EDIT, new, old))


def set_deleted(
    session: Session, pen: Pen, kind: type[Record], record_id: str, deleted: bool
) -> Written:
    """Move a record to the bin, or bring it back. Raises LookupError when there is none.

    The centre never hears of a record that it refused and that nobody wants any more.
    """
    record = _found(session, pen, kind, record_id)
    if record.deleted == deleted:
        return Written(record_id, None)
    record.deleted = deleted
    action = Action.DELETE if deleted else Action.RESTORE
    values: dict[str, WireValue] = {DELETED: deleted}
    refused = _refused(session, record_id) if deleted else []
    never_arrived = _has_creation(refused)
    if never_arrived:
        _taken_back(refused)
    if not deleted and not _is_created(session, record_id):
        action = Action.CREATE
        given = {k: v for k, v in values_of(record).items() if v != blank(kind)[k]}
        values = to_wire(kind, given) | _foreign(kind, _never_numbered(session, record_id))
    entry = _entry(session, pen, kind, record_id, action, values, {DELETED: not deleted})
    if never_arrived:
        entry.setback = Setback.WITHDRAWN.value
    return Written(record_id, entry)


def move(session: Session, pen: Pen, kind: type[Record], record_id: str, branch: str) -> Written:
    """Hand a record over to another branch; here it stays as it is, to be read only.

    Raises `Problem` "move" when it cannot go, LookupError when there is none.
    """
    record = _found(session, pen, kind, record_id)
    reason = _reason_to_stay(session, pen, record, branch)
    if reason:
        raise Problem(
            _("Chưa chuyển được: {reason}").format(reason=reason),
            _("Không có gì thay đổi; anh/chị xem lại rồi chuyển sau."),
            code="move",
        )
    record.scope = branch
    values: dict[str, WireValue] = {MOVED_TO: branch}
    entry = _entry(session, pen, kind, record_id, Action.MOVE, values, {MOVED_TO: pen.scope})
    return Written(record_id, entry)


def _reason_to_stay(session: Session, pen: Pen, record: Record, branch: str) -> str:
    if not pen.scope:
        return _("máy này chưa ghi danh với Trung ương.")
    if branch in ("", ASSOCIATION, pen.scope) or len(branch) > MOST_SCOPE:
        return _("chi hội nhận phải là một chi hội khác.")
    if record.deleted:
        return _("bản ghi đang ở trong thùng rác.")
    if _refused(session, record.id):
        return _("bản ghi có thay đổi bị từ chối, cần sửa trước.")
    return ""


def _found(session: Session, pen: Pen, kind: type[Record], record_id: str) -> Record:
    """Raises `Problem` "moved" of what is elsewhere now, "issued" of what the centre keeps."""
    record = session.get(kind, record_id)
    if record is None:
        raise LookupError(record_id)
    if record.scope == ASSOCIATION:
        raise _issued()
    if record.scope != pen.scope:
        raise Problem(
            _("Bản ghi này đã chuyển đến chi hội {branch}.").format(branch=record.scope),
            _("Ở đây chỉ còn để xem; chi hội ấy sửa được."),
            code="moved",
        )
    return record


def _issued() -> Problem:
    return Problem(
        _("Mục này do Trung ương ban hành."),
        _("Ở chi hội chỉ xem được; cần sửa thì anh/chị báo Trung ương."),
        code="issued",
    )


def _judged(
    session: Session, pen: Pen, kind: type[Record], full: Mapping[str, Value],
    changed: Mapping[str, Value], record_id: str,
) -> tuple[Finding, ...]:  # fmt: skip
    found = [
        *rules.findings(kind, full, pen.today, record_id),
        *rules.clashes(session, kind, full, record_id),
        *rules.broken_links(session, kind, changed),
    ]
    if blocking(found):
        raise InvalidRecord(found)
    return tuple(found)


def _refused(session: Session, record_id: str) -> list[Entry]:
    """The refused changes of a record, and what was written on top of a refused creation."""
    query = select(Entry).where(
        Entry.record == record_id,
        Entry.seq.is_(None),
        Entry.setback != Setback.WITHDRAWN.value,
    )
    pending = list(session.scalars(query))
    refused = [entry for entry in pending if entry.setback == Setback.REFUSED]
    if any(entry.action == Action.MOVE for entry in refused):
        # A move that the centre did not allow never happened; nothing of it travels anew.
        for entry in refused:
            if entry.action == Action.MOVE:
                entry.setback = Setback.WITHDRAWN.value
        refused = [entry for entry in refused if entry.action != Action.MOVE]
    return pending if _has_creation(refused) else refused


def _has_creation(entries: list[Entry]) -> bool:
    return any(entry.action == Action.CREATE for entry in entries)


def _taken_back(refused: list[Entry]) -> set[str]:
    """Withdraws the changes; returns the names of the fields that were in them."""
    for entry in refused:
        entry.setback = Setback.WITHDRAWN.value
    return {name for entry in refused for name in entry.values} - {DELETED}


def _never_numbered(session: Session, record_id: str) -> list[Entry]:
    """What was written here of a record and has no number, withdrawn or not."""
    query = select(Entry).where(Entry.record == record_id, Entry.seq.is_(None), Entry.digest == "")
    return list(session.scalars(query))


def _foreign(kind: type[Record], entries: list[Entry]) -> dict[str, WireValue]:
    """What a newer version wrote that this one does not know, the latest value of each field."""
    known = fields_by_name(kind)
    in_order = sorted(entries, key=lambda entry: counter_of(entry.id))
    values = {name: value for entry in in_order for name, value in entry.values.items()}
    return {name: v for name, v in values.items() if name not in known and name not in ASIDE}


def _is_created(session: Session, record_id: str) -> bool:
    """Whether the centre has the record, or will hear of its creation.

    A record whose creation is not here at all came with a snapshot.
    """
    lives = or_(
        Entry.seq.is_not(None), Entry.setback != Setback.WITHDRAWN.value, Entry.digest != ""
    )
    creations = (Entry.record == record_id, Entry.action == Action.CREATE.value)
    found = session.scalars(select(case((lives, 1), else_=0)).where(*creations)).all()
    return not found or any(found)


def _entry(
    session: Session, pen: Pen, kind: type[Record], record_id: str, action: Action,
    values: Mapping[str, WireValue], before: Mapping[str, WireValue],
) -> Entry:  # fmt: skip
    entry = Entry(
        id=pen.next_id(),
        scope=pen.scope,
        kind=name_of(kind),
        record=record_id,
        action=action.value,
        values=dict(values),
        before=dict(before),
        base=pen.seen,
        base_digest=mark_of(pen.seen_digest) if pen.seen else "",
        author=pen.author[:MOST_AUTHOR],
        written_at=pen.now.isoformat(timespec="seconds"),
    )
    session.add(entry)
    return entry
