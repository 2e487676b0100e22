"""When an office was copied or restored: new names for what the centre has not numbered.

Two copies of one office draw the same ids for different things. Whichever the centre meets second
takes a new incarnation, reads the ledger to its end, and gives what is its own a new name. The
counter inside an id stays, and with it the order in which things were written.

What both copies hold unsent gets two names in this way. It is one change all the same, known as
`twins` by its counter and by what it says, neither of which a renewal alters. The centre numbers
one of them, and every copy that still holds it takes over the name under which it came.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from sync.changes import Action, Change, Entry, Setback, are_twins
from sync.client.tables import Office
from sync.identity import COUNTER_DIGITS, ID_DIGITS, counter_of
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
            # What a centre had numbered before it was restored keeps the name it had there.
            if entry.setback == Setback.WITHDRAWN or entry.digest:
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
        twin = self._twin(came)
        if twin is not None:
            self._take_over(twin, came)
            return
        if entry is not None and entry.seq is None:
            self.change(entry)
        if came.action == Action.CREATE:
            self._give_up(came)

    def change(self, entry: Entry) -> None:
        """A change takes a new name."""
        self._name(entry, self._renamed(entry.id))

    def record(self, kind_name: str, old: str) -> None:
        """A record takes a new name, with all that belongs to it and all that points to it."""
        self._name_record(kind_name, old, self._renamed(old))

    def belated(self, created: Entry) -> None:
        """The centre has a creation that was taken back here: what replaced it becomes an edit.

        A record is created once, so that the other creation has come nowhere.
        """
        for entry in self._creations(created):
            if entry.setback != Setback.WITHDRAWN:
                entry.action = Action.EDIT.value

    def _take_over(self, own: Entry, came: Change) -> None:
        """Another copy has sent what this one holds too; from now on it bears one name."""
        if own.record != came.record:
            self._name_record(own.kind, own.record, came.record)
        own.values, own.action = dict(came.values), came.action
        self.touched.add((own.kind, came.record))
        self._name(own, came.id)

    def _give_up(self, came: Change) -> None:
        """The name of a record, when another change creates it."""
        found = self._creations(came)
        lives = [own for own in found if own.setback != Setback.WITHDRAWN]
        if lives:
            self.record(lives[0].kind, lives[0].record)
            return
        # What was taken back for good left its record behind; the name means another one now.
        for kind_name in {own.kind for own in found if own.kind in BY_NAME}:
            kind = BY_NAME[kind_name]
            self._session.execute(delete(kind).where(kind.id == came.record))
            self.touched.add((kind_name, came.record))

    def _name(self, entry: Entry, new: str) -> None:
        self._session.flush()
        self._session.execute(update(Entry).where(Entry.id == entry.id).values(id=new))
        self._session.expire_all()

    def _name_record(self, kind_name: str, old: str, new: str) -> None:
        self._session.flush()
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

    def _creations(self, came: Change | Entry) -> list[Entry]:
        """Our own creations of records, of whatever kind, under the same name."""
        query = select(Entry).where(
            Entry.record == came.record,
            Entry.action == Action.CREATE.value,
            Entry.seq.is_(None),
            Entry.digest == "",
            Entry.id != came.id,
        )
        return list(self._session.scalars(query.order_by(Entry.id)))

    def _twin(self, came: Change) -> Entry | None:
        same = func.substr(Entry.id, ID_DIGITS - COUNTER_DIGITS + 1) == came.id[-COUNTER_DIGITS:]
        query = select(Entry).where(Entry.seq.is_(None), same)
        found = self._session.scalars(query).all()
        return next((own for own in found if are_twins(own.change(), came)), None)

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
