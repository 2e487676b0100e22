"""Choosing between two values that were typed without knowing of each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from sync.changes import Entry
from sync.progress import Silent
from sync.records.library import Library
from sync.server.embedded import EmbeddedCentre
from tests.builders import a_library
from vla_desktop.office import Office
from vla_desktop.store.conflicts import Choice
from vla_desktop.store.review import ReviewItem
from vla_desktop.store.rows import open_conflict


@pytest.fixture
def offices(
    open_office: Callable[[str], Office], centre: EmbeddedCentre
) -> tuple[Office, Office, str]:
    """Two offices that changed the address and the note of one library unseen; ours came later."""
    here, there = open_office("here"), open_office("there")
    for office in (here, there):
        office.enrol(centre.url, centre.invite("HN"))
    values = a_library(name="Thư viện Ba Đình", address="số cũ")
    library = here.store.save(Library, values).id
    here.synchronise(Silent())
    there.synchronise(Silent())
    there.store.save(Library, {"address": "số 2", "note": "nơi kia"}, library)
    here.store.save(Library, {"address": "số 3", "note": "nơi này"}, library)
    there.synchronise(Silent())
    here.synchronise(Silent())
    return here, there, library


def conflicts(office: Office) -> dict[str, ReviewItem]:
    return {item.field: item for item in office.store.review() if item.sort == "conflict"}


def test_the_desk_shows_three_values_with_their_writers(
    offices: tuple[Office, Office, str],
) -> None:
    here, _there, _library = offices
    told = conflicts(here)["address"].conflict
    assert told is not None
    assert (told.before.value, told.mine.value, told.theirs.value) == ("số cũ", "số 3", "số 2")
    assert (told.before.stands, told.mine.stands, told.theirs.stands) == (False, True, False)
    assert "/" in told.theirs.by, "when it was written"


@pytest.mark.parametrize(
    ("choice", "address"),
    [(Choice.MINE, "số 3"), (Choice.THEIRS, "số 2"), (Choice.BEFORE, "số cũ")],
)
def test_what_was_chosen_stands_everywhere_and_both_values_stay_in_the_history(
    offices: tuple[Office, Office, str], choice: Choice, address: str
) -> None:
    here, there, library = offices
    here.store.choose(conflicts(here)["address"].change_id, "address", choice)

    assert set(conflicts(here)) == {"note"}, "each field is chosen by itself"
    for office in (here, there):
        office.synchronise(Silent())
    for office in (here, there):
        record = office.store.get(Library, library)
        assert record is not None
        assert record.values["address"] == address
        written = {line.new for event in office.store.history(Library, library)
                   for line in event.lines}  # fmt: skip
        assert {"số cũ", "số 2", "số 3"} <= written
    assert here.digests() == there.digests()


def test_the_other_side_hears_of_a_choice_between_the_two(
    offices: tuple[Office, Office, str],
) -> None:
    here, there, _library = offices
    there.synchronise(Silent())
    assert set(conflicts(there)) == {"address", "note"}, "listed where either side was typed"

    for name in ("address", "note"):
        here.store.choose(conflicts(here)[name].change_id, name, Choice.THEIRS)
    for office in (here, there):
        office.synchronise(Silent())

    assert conflicts(here) == conflicts(there) == {}


def test_a_choice_can_be_taken_back(offices: tuple[Office, Office, str]) -> None:
    here, _there, library = offices
    here.store.choose(conflicts(here)["address"].change_id, "address", Choice.THEIRS)
    assert here.store.undo() is not None
    record = here.store.get(Library, library)
    assert record is not None
    assert record.values["address"] == "số 3"


def test_open_conflicts_are_found_by_their_index(open_office: Callable[[str], Office]) -> None:
    query = select(Entry).where(*open_conflict()).order_by(Entry.seq)
    with open_office("a")._reading() as session:
        words = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {words}").all()
    assert "ix_change_open_overlaps" in str(plan[0])
