"""An upgraded centre reads what it had kept unread, while others may still be at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from sync.catching_up import catch_up
from sync.changes import Change
from sync.identity import Origin
from sync.problems import Problem
from sync.records.activity import Activity
from sync.records.library import Library
from sync.server import ledger, upgrading
from sync.server.centre import Centre
from sync.server.database import reading, writing
from sync.server.isolation import EVERYWHERE
from sync.server.settings import Settings
from sync.server.upgrading import assert_up_to_date, bring_up_to_date
from tests.builders import DirectWire, a_library, an_activity, exchange, join
from tests.skew import Earlier, WireToEarlier
from vla_desktop.office import Office

MINE, THEIRS = Origin("a" * 12, "00000001"), Origin("b" * 12, "00000001")


def before() -> Earlier:
    """A version that knew no activities, nor that libraries have telephones."""
    return Earlier(frozenset({"activity"}), {"library": frozenset({"phone"})})


@pytest.fixture
def older(database_url: str) -> Iterator[Centre]:
    """A centre of an earlier version; whoever calls it must be of that version too."""
    with before():
        centre = Centre(Settings(database=database_url))
    yield centre
    centre.close()


@pytest.fixture
def upgraded(older: Centre) -> Iterator[Callable[[], Centre]]:
    """Starts a centre of this version beside the older one, on the same database."""
    started: list[Centre] = []

    def starting() -> Centre:
        started.append(Centre(older.settings))
        return started[-1]

    yield starting
    for centre in started:
        centre.close()


def rows(centre: Centre, kind: Any) -> list[tuple[Any, ...]]:
    with reading(centre.engine, EVERYWHERE) as session:
        return [tuple(row) for row in session.execute(select(kind.__table__).order_by("id"))]


def rows_here(office: Office, kind: Any) -> list[tuple[Any, ...]]:
    with office._reading() as session:
        return [tuple(row) for row in session.execute(select(kind.__table__).order_by("id"))]


def a_busy_office(open_office: Callable[[str], Office], older: Centre) -> Office:
    """An office of this version whose work an older centre has taken in."""
    office = open_office("a")
    join(office, older)
    library = office.store.save(Library, a_library(phone="0100 1")).id
    activity = office.store.save(Activity, an_activity()).id
    exchange(office, WireToEarlier(older, before()))
    office.store.save(Library, {"phone": "0100 2"}, library)
    office.store.save(Activity, {"venue": "Hội trường"}, activity)
    office.store.delete(Activity, activity)
    exchange(office, WireToEarlier(older, before()))
    assert rows(older, Activity) == []
    return office


def test_an_upgraded_centre_has_what_its_offices_have(
    open_office: Callable[[str], Office], older: Centre, upgraded: Callable[[], Centre]
) -> None:
    office = a_busy_office(open_office, older)
    centre = upgraded()
    for kind in (Library, Activity):
        assert rows(centre, kind) == rows_here(office, kind)


def test_several_processes_that_start_at_once_catch_up_once(
    open_office: Callable[[str], Office], older: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = a_busy_office(open_office, older)
    came: list[object] = []
    monkeypatch.setattr(upgrading, "catch_up", lambda session: came.append(catch_up(session)))
    threads = [Thread(target=bring_up_to_date, args=(older.engine,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([learnt for learnt in came if learnt]) == 1
    assert rows(older, Activity) == rows_here(office, Activity)


def test_a_process_of_an_earlier_version_leaves_the_work_to_the_upgraded_one(
    open_office: Callable[[str], Office], older: Centre, upgraded: Callable[[], Centre],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    office = a_busy_office(open_office, older)
    centre = upgraded()
    fresh = office.store.save(Library, a_library(phone="0100 3")).id
    with pytest.raises(Problem) as busy:
        exchange(office, WireToEarlier(older, before()))
    assert busy.value.code == "sync.busy"
    assert "start this process anew" in caplog.text
    caplog.clear()
    exchange(office, DirectWire(centre))
    assert fresh in {row[0] for row in rows(centre, Library)}
    assert rows(centre, Library) == rows_here(office, Library)


def test_what_an_earlier_version_is_just_numbering_is_waited_for(older: Centre) -> None:
    change = a_change(MINE, "library", **a_library(phone="0100 4"))
    with writing(older.engine, "HN") as session:
        with before():
            assert_up_to_date(session)
            ledger.take(session, "HN", MINE.device, [change])
        upgrade = Thread(target=bring_up_to_date, args=(older.engine,))
        upgrade.start()
        upgrade.join(0.5)
        assert upgrade.is_alive()
    upgrade.join()
    with reading(older.engine, EVERYWHERE) as session:
        assert session.get_one(Library, change.record).phone == "0100 4"


def test_without_that_lock_its_work_would_stay_unread(
    older: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    if older.engine.dialect.name == "sqlite":
        pytest.skip("one transaction writes at a time")
    monkeypatch.setattr(upgrading, "_lock", lambda *_: None)
    with pytest.raises(AssertionError):
        test_what_an_earlier_version_is_just_numbering_is_waited_for(older)


@pytest.mark.parametrize("first", ["HN", "AG"])
def test_nobody_takes_the_record_of_another_branch_while_its_kind_is_unknown(
    older: Centre, upgraded: Callable[[], Centre], first: str
) -> None:
    mine = a_change(MINE, "activity", scope="HN", name="Của HN")
    theirs = a_change(THEIRS, "activity", scope="AG", record=mine.record, name="Của AG")
    order = [mine, theirs] if first == "HN" else [theirs, mine]
    for change in order:
        with before(), writing(older.engine, change.scope) as session:
            ledger.take(session, change.scope, change.id[:12], [change])
    with reading(upgraded().engine, EVERYWHERE) as session:
        activity = session.get_one(Activity, mine.record)
        assert (activity.scope, activity.name) == ("HN", "Của HN")


def a_change(origin: Origin, kind: str, **other: Any) -> Change:
    scope, record = other.pop("scope", "HN"), other.pop("record", origin.id_at(1))
    return Change(origin.id_at(2), scope, kind, record, "create", other, 0, "", "")
