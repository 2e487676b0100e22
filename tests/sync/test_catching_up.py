"""After an upgrade an office has what it would have, had it been of this version all along."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from sync import catching_up
from sync.applying import Applied, apply
from sync.catching_up import _entries, catch_up
from sync.changes import Change, Entry, entry_values
from sync.client.tables import Office as Identity
from sync.indicators import figures
from sync.knowledge import Lesson
from sync.problems import Problem
from sync.records import KINDS, name_of
from sync.records.activity import Activity
from sync.records.library import Library
from sync.records.types import Day
from sync.server.centre import Centre
from tests.builders import (
    NOW,
    TODAY,
    DirectWire,
    a_library,
    an_activity,
    entries,
    exchange,
)
from tests.skew import Earlier, WireFromEarlier
from tests.snapshots.seen import records
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.store.store import Query

HIDDEN = {"library": frozenset({"phone", "note"})}
Open = Callable[[str], Office]
Rows = list[tuple[Any, ...]]


def before() -> Earlier:
    """A version that knew no activities, and of libraries neither phone nor note."""
    return Earlier(frozenset({"activity"}), HIDDEN)


def lists(office: Office) -> dict[str, list[tuple[str, str]]]:
    store = office.store
    return {
        name_of(kind): [(row.id, row.title) for row in store.rows(kind, store.ids(kind, Query()))]
        for kind in KINDS
    }


def histories(office: Office) -> dict[str, Mapping[str, Any]]:
    """What each change had before it; what was blank and what was not yet there are one."""
    return {
        e.id: {name: value for name, value in e.before.items() if value not in ("", None, False)}
        for e in entries(office)
    }


def told(office: Office) -> dict[str, Any]:
    with office._reading() as session:
        numbers = figures(session, TODAY)
    return {"records": records(office), "lists": lists(office), "figures": numbers,
            "histories": histories(office)}  # fmt: skip


def spoken(office: Office, centre: Centre, version: Earlier | None = None) -> None:
    exchange(office, WireFromEarlier(centre, version) if version else DirectWire(centre))


def note(office: Office, kind: str, record: str, action: str, **values: Any) -> str:
    """A later version, on this PC, wrote what this one does not know; gives the record's id."""
    with writing(office._engine) as session:
        identity = session.get_one(Identity, 1)
        entry = Entry(
            id=identity.next_id(), scope=identity.branch, kind=kind,
            record=record or identity.next_id(), action=action, values=values, base=0,
            author="a", written_at=NOW.isoformat(),
        )  # fmt: skip
        session.add(entry)
        return entry.record


def scenario(enrolled: Open, near_centre: Centre, seed: int) -> tuple[Office, Office]:
    """An office of this version and one of an earlier, after one history."""
    chance = random.Random(seed)
    newer = enrolled("newer")
    with before() as version:
        older = enrolled("older")
        older.store.save(Library, a_library(name="Của máy cũ"))
        spoken(older, near_centre, version)
    libraries = [newer.store.save(Library, a_library(name=f"Một {n}", phone="1")).id
                 for n in range(3)]  # fmt: skip
    activities = [newer.store.save(Activity, an_activity(name=f"Việc {n}")).id for n in range(2)]
    for step in range(10):
        library, text = chance.choice(libraries), str(step)
        deed = chance.randrange(6)
        if deed == 0:
            newer.store.save(Library, {"phone": text, "note": text}, library)
        elif deed == 1:
            newer.store.save(Activity, {"venue": text}, chance.choice(activities))
        elif deed == 2:
            newer.store.delete(Activity, activities[0])
        elif deed == 3:
            newer.store.restore(Activity, activities[0])
        elif deed == 4:
            spoken(newer, near_centre)
            with before() as version:
                spoken(older, near_centre, version)
                if older.store.get(Library, library):
                    older.store.save(Library, {"name": f"Cũ {text}"}, library)
        else:
            spoken(newer, near_centre)
    for _ in range(2):
        with before() as version:
            spoken(older, near_centre, version)
        spoken(newer, near_centre)
    return newer, older


@pytest.mark.parametrize("seed", range(4))
def test_an_upgraded_office_is_as_if_it_had_never_been_older(
    enrolled: Open, near_centre: Centre, reopened: Callable[[Office], Office], seed: int
) -> None:
    newer, older = scenario(enrolled, near_centre, seed)
    assert told(newer) != told(older)
    assert told(reopened(older)) == told(newer)


def test_what_waits_here_stands_above_the_ledger(
    enrolled: Open, near_centre: Centre, reopened: Callable[[Office], Office]
) -> None:
    newer = enrolled("newer")
    library = newer.store.save(Library, a_library(phone="1")).id
    spoken(newer, near_centre)
    with before() as version:
        older = enrolled("older")
        spoken(older, near_centre, version)
        note(older, "library", library, "edit", phone="của máy này")
        mine = note(older, "activity", "", "create", name="Việc", type="training")
    newer.store.save(Library, {"phone": "2", "note": "n"}, library)
    spoken(newer, near_centre)
    with before() as version:
        exchange_only_downwards(older, near_centre, version)
    again = reopened(older)
    row = again.store.get(Library, library)
    assert row
    assert (row.values["phone"], row.values["note"]) == ("của máy này", "n")
    assert again.store.ids(Activity, Query(search="việc")) == [mine]


def exchange_only_downwards(office: Office, centre: Centre, version: Earlier) -> None:
    """Takes in what is new while what waits here goes on waiting."""
    with writing(office._engine) as session:
        mine = session.scalars(select(Entry).where(Entry.seq.is_(None))).all()
        for entry in mine:
            entry.setback = "refused"
    spoken(office, centre, version)
    with writing(office._engine) as session:
        for entry in session.scalars(select(Entry).where(Entry.seq.is_(None))):
            entry.setback = ""


def test_a_value_is_read_as_soon_as_its_type_can(
    enrolled: Open, near_centre: Centre, reopened: Callable[[Office], Office]
) -> None:
    newer = enrolled("newer")
    library = newer.store.save(Library, a_library(opened_on=dt.date(1975, 4, 30))).id
    spoken(newer, near_centre)

    def refuses(*_: object) -> None:
        raise ValueError

    with patch.object(Day, "from_wire", refuses):
        older = enrolled("older")
        spoken(older, near_centre)
        assert shown_on(older, library) == ""
    assert shown_on(reopened(older), library) == ""
    with patch.object(Day, "edition", 2):
        assert shown_on(reopened(older), library) == "30/04/1975"


def shown_on(office: Office, library: str) -> str:
    row = office.store.get(Library, library)
    assert row is not None
    return row.shown["opened_on"]


def test_an_office_that_learnt_a_later_edition_is_not_opened_by_this_version(
    enrolled: Open, reopened: Callable[[Office], Office]
) -> None:
    with patch.object(Day, "edition", 2):
        office = enrolled("a")
    with pytest.raises(Problem, match="phiên bản mới hơn") as refused:
        reopened(office)
    assert refused.value.code == "database.newer"


def test_a_cut_at_any_statement_of_catching_up_loses_nothing(
    enrolled: Open, near_centre: Centre, reopened: Callable[[Office], Office]
) -> None:
    newer, older = scenario(enrolled, near_centre, 1)
    former = records(older)
    cuts = 0
    while True:
        try:
            with cut_after(cuts):
                again = reopened(older)
            break
        except Cut:
            cuts += 1
            with before():
                assert records(older) == former
    assert cuts > 20
    assert told(again) == told(newer)


class Cut(BaseException):
    """The power failed."""


@contextmanager
def cut_after(statements: int) -> Iterator[None]:
    left = [statements]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Cut

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def test_opening_again_asks_for_nothing(
    enrolled: Open, near_centre: Centre, reopened: Callable[[Office], Office],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _, older = scenario(enrolled, near_centre, 2)
    again = reopened(older)
    monkeypatch.setattr(catching_up, "_learnt", None)
    reopened(again)


def in_order_of_names(session: Session, changes: Sequence[Change], kept: Any = None) -> Applied:
    return apply(session, sorted(changes, key=lambda change: change.id[20:])[::-1], kept)


def without_strangers(change: Change, **place: Any) -> dict[str, Any]:
    values = {name: value for name, value in change.values.items() if name not in ("phone", "note")}
    return entry_values(change, **place) | {"values": values}


def without_what_waits(lesson: Lesson) -> Any:
    return _entries(lesson).where(Entry.seq.is_not(None))


def what_waits_first(lesson: Lesson) -> Any:
    return _entries(lesson).order_by(None).order_by(Entry.seq.is_not(None), Entry.seq)


def without_news(session: Session, _earlier: object) -> list[tuple[Lesson, set[str]]]:
    catch_up(session)
    return []


MUTANTS_OF_HISTORIES = {
    "an applier that drops unknown fields":
        ("sync.client.intake.entry_values", without_strangers),
    "a catch-up that lets older values stand over newer ones":
        ("sync.catching_up.apply", in_order_of_names),
    "a catch-up that forgets the lists": ("vla_desktop.store.store.catch_up", without_news),
}  # fmt: skip
MUTANTS_OF_WHAT_WAITS = {
    "a catch-up that skips what waits": ("sync.catching_up._entries", without_what_waits),
    "a catch-up that puts the ledger on top": ("sync.catching_up._entries", what_waits_first),
}


@pytest.mark.parametrize("name", MUTANTS_OF_HISTORIES)
def test_histories_show_a_planted_fault(
    enrolled: Open, near_centre: Centre, reopened: Callable[[Office], Office], name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(*MUTANTS_OF_HISTORIES[name])
    with pytest.raises((AssertionError, Problem)):
        test_an_upgraded_office_is_as_if_it_had_never_been_older(
            enrolled, near_centre, reopened, seed=1
        )


@pytest.mark.parametrize("name", MUTANTS_OF_WHAT_WAITS)
def test_what_waits_shows_a_planted_fault(
    enrolled: Open, near_centre: Centre, reopened: Callable[[Office], Office], name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(*MUTANTS_OF_WHAT_WAITS[name])
    with pytest.raises(AssertionError):
        test_what_waits_here_stands_above_the_ledger(enrolled, near_centre, reopened)
