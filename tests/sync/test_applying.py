"""Changes become records alike at both ends, and overlaps are found from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.applying import apply, find_overlaps, settle
from sync.changes import Change, Entry, entry_values
from sync.identity import Origin
from sync.migrations import SHARED, upgrade
from sync.records.library import Library
from sync.records.types import WireValue
from sync.server.database import open_engine, writing

MINE, THEIRS = Origin("a" * 12, "00000001"), Origin("b" * 12, "00000001")
RECORD = MINE.id_at(1)


@pytest.fixture
def session(database_url: str, tmp_path: Path) -> Iterator[Session]:
    engine = open_engine(database_url)
    upgrade(engine, SHARED)
    with writing(engine) as session:
        yield session
    engine.dispose()


def a_change(number: int, values: Mapping[str, WireValue], **other: Any) -> Change:
    facts: dict[str, Any] = {
        "id": MINE.id_at(100 + number), "scope": "HN", "kind": "library", "record": RECORD,
        "action": "edit", "values": values, "base": 0, "author": "", "written_at": "",
    }  # fmt: skip
    return Change(**facts | other)


def library(session: Session, record: str = RECORD) -> Library:
    session.expire_all()
    return session.get_one(Library, record)


def test_the_last_in_the_ledger_stands(session: Session) -> None:
    applied = apply(
        session,
        [a_change(1, {"name": "Một", "note": "n"}), a_change(2, {"name": "Hai"})],
    )
    assert (library(session).name, library(session).note) == ("Hai", "n")
    assert applied.touched == {("library", RECORD)}
    assert applied.before[MINE.id_at(102)] == {"name": "Một"}
    assert library(session).scope == "HN"


def test_a_field_that_waits_here_keeps_its_value(session: Session) -> None:
    apply(session, [a_change(1, {"name": "Một", "note": "n"})])
    apply(session, [a_change(2, {"name": "Hai", "note": "m"})], {RECORD: {"name"}})
    assert (library(session).name, library(session).note) == ("Một", "m")


def test_what_this_version_does_not_know_is_left_in_the_change(session: Session) -> None:
    later = {"name": "Một", "of_a_later_version": "x", "opened_on": "khi nào đó", "status": "mới"}
    applied = apply(session, [a_change(1, later), a_change(2, {"x": 1}, kind="later_kind")])
    assert (library(session).name, library(session).opened_on) == ("Một", None)
    assert library(session).status == "mới"
    assert applied.touched == {("library", RECORD)}


def test_bin_and_back(session: Session) -> None:
    apply(session, [a_change(1, {"name": "Một"}), a_change(2, {"deleted": True})])
    assert library(session).deleted is True
    applied = apply(session, [a_change(3, {"deleted": False})])
    assert library(session).deleted is False
    assert applied.before[MINE.id_at(103)] == {"deleted": True}


def test_many_records_at_once(session: Session) -> None:
    changes = [
        a_change(n, {"name": f"{n}", "note": "n" if n % 2 else ""}, record=MINE.id_at(5000 + n))
        for n in range(1200)
    ]
    apply(session, changes)
    apply(session, [Change(**{**_facts(c), "values": {"name": "x"}}) for c in changes[::3]])
    names = {(row.name, row.note) for row in session.execute(select(Library.name, Library.note))}
    assert len(names) == 802
    assert {name for name, _note in names if not name.isdigit()} == {"x"}


def _facts(change: Change) -> dict[str, Any]:
    return {name: getattr(change, name) for name in Change.__slots__}


def kept(session: Session, *changes: Change) -> list[tuple[int, Change]]:
    """Enters the changes into the ledger in this order."""
    numbered = list(enumerate(changes, start=1))
    for seq, change in numbered:
        session.add(Entry(**entry_values(change, seq=seq)))
    session.flush()
    return numbered


def by(origin: Origin, number: int, base: int, **values: WireValue) -> Change:
    return a_change(number, values, id=origin.id_at(number), base=base)


def test_overlaps_name_the_field_and_the_change_that_was_not_seen(session: Session) -> None:
    numbered = kept(
        session,
        by(MINE, 1, 0, name="Một", note="n"),
        by(MINE, 2, 1, name="Hai"),
        by(THEIRS, 3, 1, name="Ba", phone="0100"),
    )
    assert find_overlaps(session, numbered) == {THEIRS.id_at(3): {"name": MINE.id_at(2)}}


def test_a_copy_of_an_office_has_not_seen_what_the_other_wrote(session: Session) -> None:
    copy = Origin(MINE.device, "00000002")
    numbered = kept(session, by(MINE, 1, 0, name="Một"), by(copy, 1, 0, name="Hai"))
    assert find_overlaps(session, numbered) == {copy.id_at(1): {"name": MINE.id_at(1)}}


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (by(THEIRS, 3, 2, name="Ba"), "it had been seen"),
        (by(THEIRS, 3, 0, name="Hai"), "both wrote the same"),
        (by(THEIRS, 3, 0, phone="0100"), "another field"),
        (by(MINE, 3, 0, name="Ba"), "the same computer"),
        (a_change(3, {"name": "Ba"}, id=THEIRS.id_at(3), record=THEIRS.id_at(9)), "another record"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_overlap_where(second: Change, why: str, session: Session) -> None:
    numbered = kept(session, by(MINE, 1, 0, note="n"), by(MINE, 2, 1, name="Hai"), second)
    assert find_overlaps(session, numbered) == {}


def overlapping(session: Session) -> Entry:
    numbered = kept(session, by(MINE, 1, 0, name="Một"), by(THEIRS, 2, 0, name="Hai"))
    entry = session.get_one(Entry, THEIRS.id_at(2))
    entry.overlaps = find_overlaps(session, numbered)[entry.id]
    session.flush()
    return entry


@pytest.mark.parametrize(
    ("setback", "base", "values", "is_settled"),
    [
        ("", 2, {"name": "Ba"}, True),
        ("waiting", 2, {"name": "Ba"}, True),
        ("refused", 2, {"name": "Ba"}, False),
        ("withdrawn", 2, {"name": "Ba"}, False),
        ("", 1, {"name": "Ba"}, False),
        ("", 2, {"note": "Ba"}, False),
    ],
)
def test_a_conflict_is_settled_by_whoever_saw_both_values(
    setback: str, base: int, values: dict[str, WireValue], is_settled: bool, session: Session
) -> None:
    entry = overlapping(session)
    settle(session, [RECORD])
    assert entry.settled is False
    later = by(MINE, 9, base, **values)
    session.add(Entry(**entry_values(later, setback=setback)))
    settle(session, [RECORD])
    assert entry.settled is is_settled
