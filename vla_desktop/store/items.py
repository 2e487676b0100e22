"""One line of the desk, and what a press on it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import editing
from sync.applying import close
from sync.changes import BINNED, Entry, Setback
from sync.editing import Pen, Written
from sync.meetings import Press
from sync.records import BY_NAME
from sync.records.base import Record
from vla_desktop.store.conflicts import Conflict
from vla_desktop.store.rows import open_conflict
from vla_desktop.store.tables import Dismissal


@dataclass(frozen=True)
class ReviewItem:
    """One thing to look at. `sort` is one of those that the review page names.

    `field` is where the form should open, "" for the record as a whole. `mine` and `theirs` are
    the two values of a conflict as people read them, `conflict` is the whole of it; `change_id` is
    the change it is about. `presses` are the buttons besides opening the form; `other` is the
    record that they act on where that is not the one that the line is about, as (kind, id).
    """

    kind: str
    id: str
    title: str
    sort: str
    field: str
    sentence: str
    mine: str = ""
    theirs: str = ""
    change_id: str = ""
    conflict: Conflict | None = None
    presses: tuple[Press, ...] = ()
    other: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """By what the line is remembered when it is left as it is."""
        other = self.other[1] if self.other else self.change_id
        return ":".join((self.sort, self.field, *sorted((self.id, other))))


def without_dismissed(session: Session, items: Sequence[ReviewItem]) -> Iterator[ReviewItem]:
    """The lines that nobody has left as they are."""
    left = set(session.scalars(select(Dismissal.key))) if items else set()
    return (item for item in items if item.key not in left)


def press(
    session: Session, pen: Pen, item: ReviewItem, pressed: Press
) -> tuple[type[Record], Written] | None:
    """Do what a button of the line says. None when nothing was written for others to see."""
    kind_name, record = item.other or (item.kind, item.id)
    kind = BY_NAME[kind_name]
    if pressed is Press.RESTORE:
        return kind, editing.set_deleted(session, pen, kind, record, False)
    if pressed is Press.BIN:
        return kind, editing.set_deleted(session, pen, kind, record, True)
    if pressed is Press.WITHDRAW:
        session.get_one(Entry, item.change_id).setback = Setback.WITHDRAWN.value
    elif pressed in (Press.KEEP_BINNED, Press.KNOWN):
        entries = select(Entry).where(Entry.record == item.id, *open_conflict())
        for entry in session.scalars(entries):
            close(entry, [BINNED])
    else:
        session.merge(Dismissal(key=item.key))
    return None
