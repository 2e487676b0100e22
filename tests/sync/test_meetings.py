"""Every pair of deeds at two offices that did not see each other comes out as the table says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sync import applying
from sync.meetings import DEED_WORDS, MEETINGS, PRESS_WORDS, PRESSES, Deed, Press, undefined
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server.centre import Centre
from sync.server.settings import Settings
from tests.builders import NOW, a_unit, entries, join
from tests.sync.meeting_desk import Desk
from vla_desktop.office import Office

Pair = tuple[Deed, Deed]
TOLD = [pair for pair, outcome in MEETINGS.items() if outcome.told]


@pytest.fixture
def either_pair(
    database_url: str, open_office: Callable[[str], Office]
) -> Iterator[tuple[Desk, Desk]]:
    """Two offices of one branch, at a centre on SQLite and on PostgreSQL."""
    centre = Centre(Settings(database=database_url), lambda: NOW)
    yield desks_of(centre, open_office)
    centre.close()


@pytest.fixture
def desks(near_centre: Centre, open_office: Callable[[str], Office]) -> tuple[Desk, Desk]:
    """Two offices of one branch."""
    return desks_of(near_centre, open_office)


def desks_of(centre: Centre, open_office: Callable[[str], Office]) -> tuple[Desk, Desk]:
    here, there = open_office("một"), open_office("hai")
    for office in (here, there):
        join(office, centre)
    unit = here.store.save(OrganisationUnit, a_unit()).id
    found_branches(centre, "HUE", "DN")
    first, second = Desk(here, centre, unit), Desk(there, centre, unit, "DN")
    rounds(first, second)
    return first, second


def found_branches(centre: Centre, *codes: str) -> None:
    """Branches to move to."""
    for code in codes:
        centre.invite(code, f"Chi hội {code}")


def rounds(*desks: Desk) -> None:
    """Each synchronises in its turn."""
    for desk in desks:
        desk.sync()


def meet(pair: Pair, name: str, first: Desk, second: Desk) -> str:
    """Each does its deed unseen; the first comes first in the ledger. Gives the record's id."""
    if Deed.DUPLICATE in pair:
        record = _typed_twice(pair, name, first, second)
    else:
        record = first.person(name)
        if Deed.RESTORE in pair:
            first.office.store.delete(Member, record)
        rounds(first, second)
        first.do(pair[0], record)
        second.do(pair[1], record)
    rounds(first, second, first)
    return record


def _typed_twice(pair: Pair, name: str, first: Desk, second: Desk) -> str:
    """One typed the member in and did something to it; the other typed the member in again."""
    owner, other = (first, second) if pair[1] is Deed.DUPLICATE else (second, first)
    deed = pair[0] if owner is first else pair[1]
    record = owner.person(name)
    if deed is not Deed.DUPLICATE:
        owner.do(deed, record)
    other.person(name)
    return record


def differences(pair: Pair, first: Desk, second: Desk) -> list[str]:
    """What comes out otherwise than the table says."""
    name, outcome = " ".join(pair), MEETINGS[pair]
    record = meet(pair, name, first, second)
    told = [outcome.told] if outcome.told else []
    wanted = [(outcome.place, [] if outcome.is_second else told), (outcome.place, told)]
    seen = [(desk.place(record), desk.sorts(name)) for desk in (first, second)]
    found = [f"{name}: {seen} and not {wanted}"] if seen != wanted else []
    same = first.office.digests() == second.office.digests()
    return found if same else [*found, f"{name}: two ledgers"]


def test_the_table_has_every_pair_in_both_orders_and_words_for_all() -> None:
    assert undefined() == []
    assert len(MEETINGS) == len(Deed) ** 2
    assert set(DEED_WORDS) == set(Deed)
    assert set(PRESS_WORDS) == {*Press} == {one for some in PRESSES.values() for one in some}
    assert all(outcome.there in {"", *PRESSES} for outcome in MEETINGS.values())
    assert all(bool(outcome.told) == bool(outcome.press) for outcome in MEETINGS.values())
    assert {outcome.told for outcome in MEETINGS.values()} <= {"", "conflict", *PRESSES}


def test_every_meeting_comes_out_as_the_table_says(either_pair: tuple[Desk, Desk]) -> None:
    assert [found for pair in MEETINGS for found in differences(pair, *either_pair)] == []


@pytest.mark.parametrize("which", [0, -1])
def test_one_press_ends_each_and_the_history_keeps_everything(
    desks: tuple[Desk, Desk], which: int
) -> None:
    first, second = desks
    for pair in TOLD:
        name = " ".join(pair)
        record = meet(pair, name, first, second)
        kept = {entry.id for entry in entries(first.office)}
        first.press(name, which)
        assert first.sorts(name) == [], name
        rounds(first, second)
        second.press(name, which)
        rounds(second, first)

        assert first.sorts(name) == second.sorts(name) == [], name
        assert first.place(record) == second.place(record)
        for desk in desks:
            assert kept <= {entry.id for entry in entries(desk.office)}
            told = {event.seq for event in desk.office.store.history(Member, record)}
            assert told == {entry.seq for entry in entries(desk.office, record=record)}
    assert first.office.digests() == second.office.digests()


def test_what_was_edited_in_the_bin_comes_back_whole(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    record = meet((Deed.DELETE, Deed.EDIT), "An", first, second)
    first.press("An", 0)
    for desk in desks:
        desk.sync()
        row = desk.office.store.get(Member, record)
        assert row is not None
        assert (row.deleted, row.values["note"]) == (False, "của hai")
        assert desk.sorts("An") == []


def test_whoever_saw_the_other_before_is_not_told(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    record = first.person("Bình")
    rounds(first, second)
    for desk, deed in ((first, Deed.EDIT), (second, Deed.DELETE), (first, Deed.EDIT)):
        desk.sync()
        desk.do(deed, record)
        desk.sync()
    second.person("Bình")
    rounds(second, first)
    assert first.sorts("Bình") == second.sorts("Bình") == []


def test_an_office_that_typed_none_of_it_is_not_troubled(
    desks: tuple[Desk, Desk], open_office: Callable[[str], Office]
) -> None:
    first, second = desks
    third = Desk(open_office("ba"), first.centre, first.unit)
    join(third.office, first.centre)
    for pair in TOLD:
        meet(pair, "Cúc " + " ".join(pair), first, second)
    third.sync()
    assert third.sorts("Cúc") == []
    only_second = sum(MEETINGS[pair].is_second for pair in TOLD)
    assert len(first.sorts("Cúc")) == len(TOLD) - only_second


def test_a_silent_merge_into_the_bin_would_be_caught(
    desks: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    odds = applying._at_odds
    monkeypatch.setattr(
        applying, "_at_odds", lambda one, other: [n for n in odds(one, other) if n != "binned"]
    )
    assert differences((Deed.DELETE, Deed.EDIT), *desks) != []
