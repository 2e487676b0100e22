"""Random histories of three offices, and what must hold when everybody has synchronised."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from sync.applying import find_overlaps
from sync.canonical import first_digest, next_digest
from sync.changes import BINNED, DELETED, Change, Entry, mark_of
from sync.client.tables import Office as Identity
from sync.records import BY_NAME, KINDS, name_of
from sync.records.base import Record
from sync.records.fields import fields
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server.centre import Centre
from sync.server.database import reading as centre_reading
from sync.server.isolation import EVERYWHERE
from tests.builders import (
    DirectWire,
    LostAnswer,
    a_library,
    a_member,
    a_unit,
    entries,
    exchange,
)
from vla_desktop.office import Office
from vla_desktop.store.rows import Query
from vla_desktop.store.standing import Light

STEPS = 60


@dataclass
class History:
    """One history: who does what is drawn from a seed, so that it can be told again."""

    seed: int
    centre: Centre
    offices: list[Office]
    random: random.Random = field(init=False)
    told: list[str] = field(default_factory=list)
    typed: tuple[type[Record], str, dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def run(self, steps: int = STEPS) -> None:
        """Take the steps, then let every office synchronise until nothing is left."""
        first = self.offices[0]
        first.store.save(OrganisationUnit, a_unit())
        first.store.save(Library, a_library())
        for office in self.offices:
            exchange(office, DirectWire(self.centre))
        for step in range(steps):
            office = self.random.choice(self.offices)
            deed = self.random.choices(
                [self.edit, self.create, self.bin, self.undo, self.sync, self.lose, self.type_on],
                weights=[30, 12, 8, 6, 10, 5, 6],
            )[0]
            self.told.append(f"{step}: {office.home.name} {deed.__name__}")
            deed(office)
        for _round in range(2):
            for office in self.offices:
                exchange(office, DirectWire(self.centre))

    def edit(self, office: Office) -> None:
        """Change one to three fields of something."""
        found = self._any(office)
        if found is None:
            return
        kind, record = found
        values: dict[str, Any] = {
            "note": f"{self.random.randrange(4)}",
            "phone": f"0100 {self.random.randrange(4)}",
            "address": f"Số {self.random.randrange(4)}",
        }
        if kind is Member:
            values["workplace"] = self._of(office, Library) or ""
            values["full_name"] = f"Nguyễn Văn {self.random.choice('ABC')}"
        elif kind is Library:
            values["name"] = f"Thư viện {self.random.choice('ABC')}"
        else:
            values = {"note": values["note"], "name": f"Chi hội {self.random.choice('ABC')}"}
        chosen = self.random.sample(sorted(values), min(len(values), self.random.randint(1, 3)))
        row = office.store.get(kind, record)
        assert row is not None
        # What stands there already is no change, and may be overwritten by somebody's.
        news = {name: values[name] for name in chosen if values[name] != row.values[name]}
        self.typed = kind, record, news
        office.store.save(kind, {name: values[name] for name in chosen}, record)
        self.assert_typed_is_seen(office)

    def assert_typed_is_seen(self, office: Office) -> None:
        """Whoever typed last in this office sees what was typed."""
        if self.typed is None:
            return
        kind, record, wanted = self.typed
        row = office.store.get(kind, record)
        assert row is not None
        assert {name: row.values[name] for name in wanted} == wanted, "own value not seen"

    def create(self, office: Office) -> None:
        """Add a library, or a member who works in one."""
        unit = self._of(office, OrganisationUnit)
        if unit and self.random.random() < 0.6:
            workplace = self._of(office, Library) or ""
            office.store.save(Member, a_member(unit=unit, workplace=workplace))
        else:
            office.store.save(Library, a_library(name=f"Thư viện {self.random.randrange(99)}"))

    def bin(self, office: Office) -> None:
        """Delete something, or bring it back."""
        found = self._any(office)
        if found is None:
            return
        row = office.store.get(*found)
        assert row is not None
        (office.store.restore if row.deleted else office.store.delete)(*found)

    def undo(self, office: Office) -> None:
        """Take back the last save of this office."""
        office.store.undo()

    def sync(self, office: Office) -> None:
        """Synchronise."""
        exchange(office, DirectWire(self.centre))

    def type_on(self, office: Office) -> None:
        """Synchronise, and edit while the request is on its way."""
        self.typed = None
        wire = DirectWire(self.centre)
        wire.meanwhile = lambda: self.edit(office)
        exchange(office, wire)
        self.assert_typed_is_seen(office)

    def lose(self, office: Office) -> None:
        """Synchronise, and lose the answer on its way."""
        try:
            exchange(office, DirectWire(self.centre, drops=1))
        except LostAnswer:
            return

    def _any(self, office: Office) -> tuple[type[Record], str] | None:
        kind = self.random.choice([Member, Member, Library, OrganisationUnit])
        record = self._of(office, kind)
        return (kind, record) if record else None

    def _of(self, office: Office, kind: type[Record]) -> str | None:
        ids = office.store.ids(kind, Query()) + office.store.ids(kind, Query(bin=True))
        return self.random.choice(sorted(ids)) if ids else None


def assert_converged(history: History) -> None:
    """Everybody has the same, nothing is lost, nothing doubled, and overlaps are listed."""
    offices, centre = history.offices, history.centre
    rows = [rows_of_centre(centre)] + [rows_of(office) for office in offices]
    assert all(one == rows[0] for one in rows[1:]), "the records differ"
    ledgers = [ledger_of_centre(centre)] + [ledger_of(office) for office in offices]
    assert [seq for seq, *_ in ledgers[0]] == list(range(1, len(ledgers[0]) + 1)), "gaps"
    assert all(one == ledgers[0] for one in ledgers[1:]), "the ledgers differ"
    ids = [identity for _seq, identity, *_ in ledgers[0]]
    assert len(ids) == len(set(ids)), "a change is in the ledger twice"
    for office in offices:
        assert entries(office, seq=None) == [], "something has not arrived"
        assert office.verify_receipt(online=False).holds
        assert office.standing().light is Light.GREEN
    assert rows[0] == replayed(offices[0]), "the records are not what the ledger says"
    assert_overlaps_are_listed(history)


def assert_overlaps_are_listed(history: History) -> None:
    """Every edit that somebody overwrote unseen is marked at every end, and at its author's."""
    first = history.offices[0]
    numbered = [(entry.seq or 0, entry.change()) for entry in entries(first)]
    expected = overlaps_by_hand(numbered)
    with first._reading() as session:
        assert find_overlaps(session, sorted(numbered, key=lambda pair: pair[0])) == expected
    for office in history.offices:
        marked = {entry.id: entry.overlaps for entry in entries(office) if entry.overlaps}
        assert marked == expected, "overlapping edits are not marked alike"
        own = _device(office)
        mine: dict[tuple[str, str], str] = {}
        for entry in sorted(entries(office), key=lambda entry: entry.seq or 0):
            # What was binned is another sort of item. Of a field, the last pair is shown.
            for name in set(entry.overlaps) - set(entry.closed) - {BINNED}:
                pair = (entry.id, entry.overlaps[name])
                if not entry.settled and any(one.startswith(own) for one in pair):
                    mine[entry.record, name] = entry.id
        listed = {
            (item.id, item.field): item.change_id
            for item in office.store.review()
            if item.sort == "conflict"
        }
        assert listed == mine, "an overlapping edit is not listed"


def _device(office: Office) -> str:
    with office._reading() as session:
        return session.get_one(Identity, 1).device


def overlaps_by_hand(numbered: list[tuple[int, Change]]) -> dict[str, dict[str, str]]:
    """The same answer as `find_overlaps`, by looking at every pair."""
    found: dict[str, dict[str, str]] = {}
    bases = bases_by_hand(numbered)
    for seq, change in numbered:
        for other_seq, other in sorted(numbered, key=lambda pair: pair[0]):
            unseen = bases[change.id] < other_seq < seq and other.id[:12] != change.id[:12]
            if unseen and other.record == change.record:
                for name in set(change.values) & set(other.values):
                    if change.values[name] != other.values[name]:
                        found.setdefault(change.id, {})[name] = other.id
                bins = [one.values.get(DELETED) is True for one in (change, other)]
                says = [DELETED in one.values for one in (change, other)]
                if (bins[0] and not says[1]) or (bins[1] and not says[0]):
                    found.setdefault(change.id, {})[BINNED] = other.id
    return found


def bases_by_hand(numbered: list[tuple[int, Change]]) -> dict[str, int]:
    """How far each author had seen, where the chain still says what it said to him."""
    marks, digest = {0: ""}, first_digest(numbered[0][1].scope) if numbered else ""
    bases: dict[str, int] = {}
    for seq, change in sorted(numbered, key=lambda pair: pair[0]):
        digest = next_digest(digest, change.text())
        marks[seq] = mark_of(digest)
        known = change.base < seq and change.base_digest in ("", marks[change.base])
        earlier = [base for one, base in bases.items() if one[:20] == change.id[:20]]
        bases[change.id] = change.base if known else max(earlier, default=0)
    return bases


def replayed(office: Office) -> dict[str, dict[str, dict[str, Any]]]:
    """The records as the ledger alone makes them, by the plainest reading."""
    wire: dict[str, dict[str, dict[str, Any]]] = {name_of(kind): {} for kind in KINDS}
    for entry in sorted(entries(office), key=lambda entry: entry.seq or 0):
        wire[entry.kind].setdefault(entry.record, {}).update(entry.values)
    return {
        name: {record: _whole(BY_NAME[name], values) for record, values in records.items()}
        for name, records in wire.items()
    }


def _whole(kind: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {DELETED: bool(values.get(DELETED, False))}
    for one in fields(kind):
        given = one.name in values
        row[one.name] = one.type.from_wire(values[one.name]) if given else one.type.empty
    return row


def rows_of(office: Office) -> dict[str, dict[str, dict[str, Any]]]:
    """Every typed table of an office, by record."""
    with office._reading() as session:
        return _rows(session.execute)


def rows_of_centre(centre: Centre) -> dict[str, dict[str, dict[str, Any]]]:
    """Every typed table of the centre, by record."""
    with centre_reading(centre.engine, EVERYWHERE) as session:
        return _rows(session.execute)


def _rows(execute: Callable[[Any], Any]) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for kind in KINDS:
        table = found[name_of(kind)] = {}
        for row in execute(select(kind.__table__)).mappings():
            plain = {name: value for name, value in row.items() if name not in ("id", "scope")}
            assert row["scope"] == "HN"
            table[row["id"]] = plain
    return found


def ledger_of(office: Office) -> list[tuple[Any, ...]]:
    """The numbered changes of an office."""
    return sorted((e.seq or 0, e.id, e.change().text(), e.digest) for e in entries(office))


def ledger_of_centre(centre: Centre) -> list[tuple[Any, ...]]:
    """The numbered changes of the centre."""
    with centre_reading(centre.engine, EVERYWHERE) as session:
        found = session.scalars(select(Entry)).all()
        return sorted((e.seq or 0, e.id, e.change().text(), e.digest) for e in found)
