"""A centre that was restored from a backup gets back what its offices hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from sync.changes import Setback
from sync.client import giving_back, intake
from sync.client.halving import Search
from sync.client.obstacles import obstacle
from sync.client.tables import KeptReceipt
from sync.problems import Problem
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.returns import ReturnRequest, return_answer_from
from tests.builders import (
    LostAnswer,
    a_library,
    a_member,
    a_unit,
    an_office,
    entries,
    everything,
    exchange,
    join,
)
from tests.histories import History, assert_converged
from tests.sync.restoring import Place, ShortWire, names, rounds
from vla_desktop.office import Office
from vla_desktop.store.standing import Light

SEEDS = range(1, 9)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.centre.close()


@pytest.fixture
def opening(open_office: Callable[[str], Office], place: Place) -> Callable[[str], Office]:
    def opened(name: str) -> Office:
        office = open_office(name)
        join(office, place.centre)
        return office

    return opened


def test_a_restored_centre_is_given_everything_back_with_its_old_numbers(
    opening: Callable[[str], Office], place: Place
) -> None:
    three = a, b, c = [opening(name) for name in "abc"]
    unit = a.store.save(OrganisationUnit, a_unit()).id
    first = a.store.save(Library, a_library(name="Trước")).id
    rounds(place, *three)
    place.back_up()
    later = b.store.save(Library, a_library(name="Sau")).id
    rounds(place, *three)
    a.store.save(Member, a_member(unit=unit, workplace=later))
    c.store.save(Library, {"note": "của c"}, later)
    b.store.delete(Library, first)
    rounds(place, *three)
    numbered = a.digests()
    place.restore()
    assert a.standing().light is Light.GREEN, "nobody can know yet"
    exchange(a, place.wire)
    assert a.standing().light is Light.GREEN
    assert place.digests() == numbered, "one PC alone brought everything, in its old order"
    rounds(place, b, c)
    for office in three:
        assert office.standing().light is Light.GREEN
        assert office.verify_receipt(online=False).holds
        assert office.store.review() == []
        assert office.digests() == numbered
        assert names(office) == ["Sau"]
        row = office.store.get(Library, later)
        assert row is not None
        assert row.values["note"] == "của c"


def test_what_a_lost_pc_had_written_is_brought_back_by_another(
    opening: Callable[[str], Office], place: Place
) -> None:
    a, b = opening("a"), opening("b")
    rounds(place, a, b)
    place.back_up()
    b.store.save(Library, a_library(name="Của b"))
    rounds(place, b, a)
    place.restore()
    exchange(a, place.wire)
    assert names(a) == ["Của b"]
    assert a.standing().light is Light.GREEN
    assert place.digests() == a.digests()


def test_what_was_written_meanwhile_comes_after_what_was_there_before(
    opening: Callable[[str], Office], place: Place
) -> None:
    """Nothing new is numbered before the office gave back what it could."""
    a = opening("a")
    place.back_up()
    a.store.save(Library, a_library(name="Trước"))
    rounds(place, a)
    old = entries(a)[0]
    place.restore()
    a.store.save(Library, a_library(name="Sau"))
    exchange(a, place.wire)
    standing = [(entry.seq, entry.id) for entry in entries(a)]
    assert standing[0] == (1, old.id)
    assert len(standing) == 2
    assert names(a) == ["Sau", "Trước"]


def test_where_others_wrote_first_everything_comes_back_under_new_numbers(
    opening: Callable[[str], Office], place: Place
) -> None:
    """The one who speaks first had read less, and writes on before the rest comes back."""
    a, b = opening("a"), opening("b")
    unit = a.store.save(OrganisationUnit, a_unit()).id
    rounds(place, a, b)
    place.back_up()
    library = a.store.save(Library, a_library(name="Của a")).id
    a.store.save(Member, a_member(unit=unit, workplace=library))
    exchange(a, place.wire)
    place.restore()
    b.store.save(Library, a_library(name="Của b"))
    rounds(place, b, a, b)
    assert names(a) == names(b) == ["Của a", "Của b"]
    assert a.digests() == b.digests() == place.digests()
    for office in (a, b):
        assert office.standing().light is Light.GREEN
        assert all(entry.seq for entry in entries(office))


def test_a_conflict_that_a_restore_makes_is_listed(
    opening: Callable[[str], Office], place: Place
) -> None:
    a, b = opening("a"), opening("b")
    library = a.store.save(Library, a_library(name="Chung")).id
    rounds(place, a, b)
    place.back_up()
    a.store.save(Library, {"note": "của a"}, library)
    exchange(a, place.wire)
    place.restore()
    b.store.save(Library, {"note": "của b"}, library)
    rounds(place, b, a, b)
    for office in (a, b):
        (item,) = office.store.review()
        assert {item.mine, item.theirs} == {"của a", "của b"}


def test_a_centre_that_takes_nothing_back_still_gets_each_ones_own(
    opening: Callable[[str], Office], place: Place
) -> None:
    """An older centre, or receipts that were lost: own work travels again, others' waits."""
    a, b = opening("a"), opening("b")
    rounds(place, a, b)
    place.back_up()
    library = b.store.save(Library, a_library(name="Của b")).id
    rounds(place, b, a)
    a.store.save(Library, a_library(name="Của a"))
    rounds(place, a)
    place.restore()
    with a._writing() as session:
        session.execute(delete(KeptReceipt))
    exchange(a, place.wire)
    assert names(a) == ["Của a"]
    aside = next(entry for entry in entries(a) if entry.record == library)
    assert (aside.seq, aside.setback) == (None, Setback.WITHDRAWN)
    assert a.standing().light is Light.GREEN, "all that was typed here is there"
    rounds(place, b, a)
    assert names(a) == ["Của a", "Của b"]


@pytest.mark.parametrize("fault", ["a change altered", "a change left out", "another's receipt"])
def test_a_piece_that_the_centre_never_signed_for_is_not_taken(
    fault: str, opening: Callable[[str], Office], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = opening("a")
    place.back_up()
    a.store.save(Library, a_library(name="Một"))
    a.store.save(Library, a_library(name="Hai"))
    rounds(place, a)
    place.restore()
    forge: dict[str, Callable[[ReturnRequest], ReturnRequest]] = {
        "a change altered": lambda r: replace(
            r, changes=[replace(c, values={**c.values, "name": "Ba"}) for c in r.changes]
        ),
        "a change left out": lambda r: replace(r, changes=r.changes[1:]),
        "another's receipt": lambda r: replace(r, end=replace(r.end, signature=bytes(64))),
    }
    honest = ReturnRequest.to_bytes
    monkeypatch.setattr(ReturnRequest, "to_bytes", lambda r, key: honest(forge[fault](r), key))
    taken: list[int] = []

    def counted(body: bytes) -> int:
        taken.append(return_answer_from(body))
        return taken[-1]

    monkeypatch.setattr(giving_back, "return_answer_from", counted)
    exchange(a, place.wire)
    assert taken == []
    assert names(a) == ["Hai", "Một"]
    assert a.standing().light is Light.GREEN, "its own work went the ordinary way"


def test_nothing_turns_green_by_a_receipt_of_the_old_epoch(
    opening: Callable[[str], Office], place: Place
) -> None:
    a = opening("a")
    rounds(place, a)
    place.back_up()
    a.store.save(Library, a_library())
    rounds(place, a)
    place.restore()
    wire = ShortWire(place.centre, answers=1)
    with pytest.raises(LostAnswer):
        exchange(a, wire)
    assert a.standing().light is Light.AMBER
    rounds(place, a)
    assert a.standing().light is Light.GREEN
    with a._reading() as session:
        kept = [kept.receipt.epoch for kept in session.scalars(select(KeptReceipt))]
    assert len(set(kept)) == 2, "receipts of both epochs are kept"


def test_what_the_centre_took_in_the_meantime_is_not_doubled(
    opening: Callable[[str], Office], place: Place
) -> None:
    """The restored centre numbers something of the office before it tells of its new epoch."""
    a, b = opening("a"), opening("b")
    place.back_up()
    for n in range(5):
        a.store.save(Library, a_library(name=f"{n}"))
    rounds(place, a, b)
    place.restore()
    a.store.save(Library, a_library(name="5"))
    b.store.save(Library, a_library(name="6"))
    rounds(place, b, a)
    for office in (a, b):
        assert names(office) == [f"{n}" for n in range(7)]
        assert sorted(entry.seq or 0 for entry in entries(office)) == list(range(1, 8))


def test_an_office_that_became_another_incarnation_keeps_its_old_names(
    opening: Callable[[str], Office], place: Place
) -> None:
    a = opening("a")
    place.back_up()
    a.store.save(Library, a_library(name="Cũ"))
    rounds(place, a)
    old = entries(a)[0].id
    a._client()._become_new()
    a.store.save(Library, a_library(name="Mới"))
    rounds(place, a)
    place.restore()
    rounds(place, a)
    assert names(a) == ["Cũ", "Mới"]
    assert old in {entry.id for entry in entries(a)}
    assert len(entries(a)) == 2


def test_a_restored_centre_that_says_nothing_is_found_out(
    opening: Callable[[str], Office], place: Place
) -> None:
    a = opening("a")
    a.store.save(Library, a_library())
    rounds(place, a)
    place.back_up()
    a.store.save(Library, a_library(name="Hai"))
    rounds(place, a)
    place.restore(says_so=False)
    before = everything(a)
    with pytest.raises(Problem) as met:
        exchange(a, place.wire)
    assert met.value.code == "sync.digest"
    assert everything(a) == before


@pytest.mark.parametrize("agreed", [0, 1, 2, 7, 63, 64, 99, 100])
def test_the_place_of_parting_is_found_by_halves(agreed: int) -> None:
    search, asked = Search({"HN": 100, "association": 0}), 0
    while places := search.places():
        asked += 1
        search.learn(places, {scope: place <= agreed for scope, place in places.items()})
    assert search.agreed == {"HN": agreed, "association": 0}
    assert asked <= 8
    assert asked == 1 or agreed < 100


@pytest.mark.parametrize("seed", SEEDS)
def test_no_history_loses_a_record_by_a_restore(
    seed: int, place: Place, tmp_path: Path, office_template: Path
) -> None:
    three = [an_office(tmp_path / name, office_template) for name in "abc"]
    try:
        for office in three:
            join(office, place.centre)
        history = History(seed, place.centre, three)
        history.run(30)
        place.back_up()
        history.run(30)
        written = {entry.id for office in three for entry in entries(office)}
        history.centre = place.restore()
        history.run(30)
        assert_converged(history)
        standing = {entry.id for entry in entries(three[0])}
        assert written - standing == set()
    finally:
        for office in three:
            office.close()


@pytest.mark.parametrize("is_mended", [True, False])
def test_a_copied_office_that_comes_first_stops_nobody(
    opening: Callable[[str], Office],
    open_office: Callable[[str], Office],
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    is_mended: bool,
) -> None:
    """Centre and office are put back to copies; the names of what is lost are given once more."""
    a, b = opening("a"), opening("b")
    library = a.store.save(Library, a_library(name="Chung")).id
    rounds(place, a, b)
    place.back_up()
    a.close()
    shutil.copytree(a.home, a.home.parent / "copy")
    a = open_office("a")
    a.store.save(Library, {"note": "trước"}, library)
    rounds(place, a, b)
    place.restore()
    copy = open_office("copy")
    copy.store.save(Library, {"address": "sau"}, library)
    exchange(copy, place.wire)
    if not is_mended:
        monkeypatch.setattr(intake, "give_way", _stopped)
        with pytest.raises(Problem, match="chưa khớp"):
            exchange(b, place.wire)
        return
    rounds(place, b, copy)
    for office in (b, copy):
        assert office.standing().light is Light.GREEN
        row = office.store.get(Library, library)
        assert row is not None
        assert (row.values["note"], row.values["address"]) == ("", "sau")
    assert b.digests() == copy.digests() == place.digests()
    (aside,) = [e for e in entries(b) if e.setback == Setback.WITHDRAWN]
    assert aside.values == {"note": "trước"}, "it stays in the history"


def _stopped(*_given: object) -> None:
    raise obstacle("digest")
