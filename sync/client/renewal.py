"""When an office was copied or restored: new names for what the centre has not numbered.

Two copies of one office draw the same ids for different things. Whichever the centre meets second
takes a new incarnation, reads the ledger to its end, and gives what is its own a new name. The
counter inside an id stays, and with it the order in which things were written.
"""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from sync.changes import Action, Change, Entry, Setback
from sync.client.tables import Office
from sync.identity import counter_of
from sync.records import BY_NAME, KINDS
from sync.records.fields import fields
from sync.records.types import Link


class Copied(Exception):
    """Another copy of this office speaks to the centre under the same incarnation."""


class Renewal:
    """Names things anew in the caller's transaction. `touched` has what it renamed, both names."""

    def __init__(self, session: Session, office: Office) -> None:
        self._session, self._office = session, office
        self.touched: set[tuple[str, str]] = set()

    def everything(self) -> None:
        """Every change without a number, and every record that it creates.

        What was withdrawn is not sent: a creation that was mended may have been numbered under
        the record's name since, and then the record keeps it.
        """
        for entry in self._pending():
            if entry.setback == Setback.WITHDRAWN:
                continue
            if entry.action == Action.CREATE and not self._is_new(entry.record):
                self.record(entry.kind, entry.record)
            if not self._is_new(entry.id):
                self.change(entry)

    def make_way(self, came: Change) -> None:
        """What stands here under the names of a change that came from the centre steps aside.

        Raises `Copied` when it has a name of this very incarnation.
        """
        entry = self._session.get(Entry, came.id)
        if entry is not None and entry.change().text() == came.text():
            return  # our own: whatever else was written of its record belongs to it
        if entry is not None and entry.seq is None:
            self.change(entry)
        if came.action == Action.CREATE:
            own = self._creation(came)
            if own is not None:
                self.record(own.kind, own.record)

    def change(self, entry: Entry) -> None:
        """A change takes a new name."""
        self._session.flush()
        new = self._renamed(entry.id)
        self._session.execute(update(Entry).where(Entry.id == entry.id).values(id=new))
        self._session.expire_all()

    def record(self, kind_name: str, old: str) -> None:
        """A record takes a new name, with all that belongs to it and all that points to it."""
        self._session.flush()
        new = self._renamed(old)
        kind = BY_NAME.get(kind_name)
        if kind is not None:  # a newer version's kind stands in its changes alone
            self._session.execute(update(kind).where(kind.id == old).values(id=new))
        for other in KINDS:
            for field in fields(other):
                if isinstance(field.type, Link) and field.type.target == kind_name:
                    at = getattr(other, field.name)
                    ids = self._session.scalars(select(other.id).where(at == old)).all()
                    self._session.execute(update(other).where(at == old).values({field.name: new}))
                    self.touched |= {(str(other.__tablename__), identity) for identity in ids}
        self._in_changes(kind_name, old, new)
        self.touched |= {(kind_name, old), (kind_name, new)}
        self._session.expire_all()

    def _in_changes(self, kind_name: str, old: str, new: str) -> None:
        for entry in self._pending():
            if entry.kind == kind_name and entry.record == old:
                entry.record = new
            kind = BY_NAME.get(entry.kind)
            for field in fields(kind) if kind else ():
                if isinstance(field.type, Link) and field.type.target == kind_name:
                    if entry.values.get(field.name) == old:
                        entry.values = {**entry.values, field.name: new}
                    if entry.before.get(field.name) == old:
                        entry.before = {**entry.before, field.name: new}
        self._session.flush()

    def _pending(self) -> list[Entry]:
        # What a centre has numbered once is known by its name to others, and keeps it.
        query = select(Entry).where(Entry.seq.is_(None), Entry.digest == "")
        query = query.order_by(func.substr(Entry.id, 21))
        return list(self._session.scalars(query))

    def _creation(self, came: Change) -> Entry | None:
        """Our own creation of another record, of whatever kind, under the same name."""
        query = select(Entry).where(
            Entry.record == came.record,
            Entry.action == Action.CREATE.value,
            Entry.setback != Setback.WITHDRAWN.value,
            Entry.seq.is_(None),
            Entry.digest == "",
            Entry.id != came.id,
        )
        return self._session.scalars(query.limit(1)).first()

    def _is_new(self, identity: str) -> bool:
        return identity == self._office.origin.id_at(counter_of(identity))

    def _renamed(self, identity: str) -> str:
        if self._is_new(identity):
            raise Copied
        return self._office.origin.id_at(counter_of(identity))


def is_renewal_due(session: Session, office: Office) -> bool:
    """Whether something without a number still bears a name of an earlier incarnation."""
    earlier = ~Entry.id.startswith(office.device + office.incarnation, autoescape=True)
    lives = Entry.setback != Setback.WITHDRAWN.value
    fresh = (Entry.seq.is_(None), Entry.digest == "")
    query = select(Entry.id).where(*fresh, lives, earlier).limit(1)
    return session.scalar(query) is not None
