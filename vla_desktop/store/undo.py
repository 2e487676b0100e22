"""Taking back saves. Nothing is erased: the way back is a change like any other."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync import editing
from sync.changes import DELETED, Action, Entry
from sync.editing import Pen, Written
from sync.problems import InvalidRecord, Problem
from sync.records import BY_NAME
from sync.records.base import Record
from sync.records.fields import fields_by_name
from sync.records.types import Value
from sync.texts import N_, _
from vla_desktop.store.rows import titles_of

DEPTH = 50

# A change's id and when it was written: where an office was copied, another change may come to
# stand under the id, and ours under a new one.
Mark = tuple[str, str]

_WORDS = {
    Action.CREATE: N_("thêm {kind} “{title}”"),
    Action.EDIT: N_("sửa {kind} “{title}”"),
    Action.DELETE: N_("xóa {kind} “{title}”"),
    Action.RESTORE: N_("khôi phục {kind} “{title}”"),
}


class UndoStack:
    """The changes of each save of this sitting, the last one on top."""

    def __init__(self) -> None:
        self._saves: list[list[Mark]] = []

    def push(self, changes: list[Mark]) -> None:
        """Remember a save."""
        self._saves = [*self._saves, list(changes)][-DEPTH:]

    def last(self) -> list[Mark]:
        """The changes of the last save; empty when there is none."""
        return self._saves[-1] if self._saves else []

    def drop(self) -> None:
        """Forget the last save."""
        self._saves = self._saves[:-1]

    def sentence(self, session: Session) -> str | None:
        """What the last save did."""
        if not self._saves:
            return None
        entry = found(session, self._saves[-1][-1])
        if entry is None:
            return None
        title = titles_of(session, [entry.record]).get(entry.record, "")
        label = _(BY_NAME[entry.kind].label).lower()
        words = _(_WORDS[Action(entry.action)]).format(kind=label, title=title)
        if len(self._saves[-1]) == 1:
            return words
        return _("{words} và {more} mục khác").format(words=words, more=len(self._saves[-1]) - 1)


def found(session: Session, mark: Mark) -> Entry | None:
    """The change that was meant; None when it has been given another name."""
    entry = session.get(Entry, mark[0])
    return entry if entry is not None and entry.written_at == mark[1] else None


@dataclass
class Undone:
    """How an undo went."""

    records: int = 0
    kept_fields: int = 0

    def sentence(self) -> str:
        """For the message bar."""
        words = _("Đã hoàn tác {records} mục.").format(records=self.records)
        if self.kept_fields:
            more = _("{fields} ô đã có người sửa sau đó nên giữ nguyên.")
            words += " " + more.format(fields=self.kept_fields)
        return words


def no_way_back(invalid: InvalidRecord) -> Problem:
    """Why the former values may not stand any more."""
    reason = next(iter(invalid.by_field.values()))
    return Problem(
        _("Không hoàn tác được: {reason}").format(reason=reason),
        _("Anh/chị mở bản ghi và sửa trực tiếp."),
        code="undo",
    )


def take_back(
    session: Session, pen: Pen, entry: Entry, undone: Undone
) -> tuple[type[Record], Written]:
    """Write the opposite of a change, for the fields that still hold what it wrote.

    Raises `InvalidRecord` when a rule forbids it.
    """
    kind = BY_NAME[entry.kind]
    undone.records += 1
    return kind, _taken_back(session, pen, kind, entry, undone)


def _taken_back(
    session: Session, pen: Pen, kind: type[Record], entry: Entry, undone: Undone
) -> Written:
    if DELETED in entry.before:
        was_deleted = bool(entry.before[DELETED])
        return editing.set_deleted(session, pen, kind, entry.record, was_deleted)
    # A creation with something before it mended a record that the centre had refused.
    if entry.action == Action.CREATE and not entry.before:
        return editing.set_deleted(session, pen, kind, entry.record, True)
    known = fields_by_name(kind)
    record = session.get_one(kind, entry.record)
    values: dict[str, Value] = {}
    for name, wire in entry.values.items():
        if name == DELETED or name not in known:
            continue
        if known[name].type.to_wire(getattr(record, name)) == wire:
            values[name] = known[name].type.from_wire(entry.before.get(name))
        else:
            undone.kept_fields += 1
    return editing.edit(session, pen, kind, entry.record, values)
