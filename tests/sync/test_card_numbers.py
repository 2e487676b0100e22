"""Card numbers that two PCs give out without the network are never the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.client.steps import drive
from sync.client.tables import Office as Identity
from sync.client.tables import Pool
from sync.progress import Silent
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server.centre import Centre, new_epoch
from sync.server.embedded import settings_of
from sync.server.provisions import LEAP
from tests.builders import NOW, TODAY, DirectWire, LostAnswer, a_member, a_unit, exchange, join
from vla_desktop.office import Office
from vla_desktop.store import cards
from vla_desktop.store.cards import is_provisional
from vla_desktop.store.store import Query

Opening = Callable[[str], Office]


def refill(office: Office, centre: Centre, drops: int = 0) -> None:
    """What follows an exchange: numbers are fetched, provisional ones replaced."""
    drive(office.elsewhere.cards.refill(office.world, TODAY), DirectWire(centre, drops), Silent(),
          office.world)  # fmt: skip
    office.elsewhere.cards.replace_provisional()


def sync(office: Office, centre: Centre) -> None:
    """As `Office.synchronise` does it."""
    exchange(office, DirectWire(centre))
    refill(office, centre)
    exchange(office, DirectWire(centre))


def people(office: Office, count: int, name: str = "An") -> list[str]:
    """So many members without a card."""
    unit = (office.store.ids(OrganisationUnit, Query()) or [""])[0]
    unit = unit or office.store.save(OrganisationUnit, a_unit()).id
    entries = [(Member, a_member(full_name=f"{name} {n}", unit=unit), None) for n in range(count)]
    return [saved.id for saved in office.store.save_many(entries)]


def numbers(office: Office) -> list[str]:
    """The card numbers in an office that are there."""
    rows = office.store.rows(Member, office.store.ids(Member, Query()))
    return [str(row.values["card_no"]) for row in rows if row.values["card_no"]]


def copied(office: Office, tmp_path: Path, open_office: Opening, name: str = "copy") -> Office:
    """The office's folder once more."""
    office._engine.dispose()  # what stands in the log goes to the file
    shutil.copytree(office.home, tmp_path / name)
    return open_office(name)


@pytest.fixture
def small(tmp_path: Path) -> Centre:
    """A centre that gives four numbers at a time."""
    settings = replace(settings_of(tmp_path / "small.db"), card_block=4)
    return Centre(settings, lambda: NOW)


def test_two_pcs_without_network_give_out_200_each_and_none_twice(
    enrolled: Callable[[str], Office], near_centre: Centre
) -> None:
    offices = enrolled("a"), enrolled("b")
    for office in offices:
        sync(office, near_centre)
        assert office.elsewhere.cards.left() == 200
        assert office.elsewhere.cards.issue_many(people(office, 200, office.home.name)) == 200
    for office in (*offices, *offices):
        sync(office, near_centre)
    for office in offices:
        found = numbers(office)
        assert len(found) == len(set(found)) == 400
        assert not any(map(is_provisional, found))
        assert office.elsewhere.cards.left() == 200, "filled again"


def test_the_same_question_after_a_lost_answer_gives_the_same_block(
    enrolled: Callable[[str], Office], near_centre: Centre
) -> None:
    office = enrolled("a")
    wire = DirectWire(near_centre, drops=1)
    with pytest.raises(LostAnswer):
        drive(office.elsewhere.cards.refill(office.world, TODAY), wire, Silent(), office.world)
    assert office.elsewhere.cards.left() == 0
    refill(office, near_centre)
    other = enrolled("b")
    refill(other, near_centre)
    firsts = [_pools(each)[0].begins for each in (office, other)]
    assert firsts == [1, 201]


def test_the_pool_is_filled_at_a_quarter_and_not_before(
    enrolled: Callable[[str], Office], small: Centre, open_office: Opening
) -> None:
    office = open_office("few")
    join(office, small)
    sync(office, small)
    members = people(office, 4)
    office.elsewhere.cards.issue_many(members[:2])
    sync(office, small)
    assert [pool.ask for pool in _pools(office)] == [1]
    office.elsewhere.cards.issue(members[2])
    sync(office, small)
    assert [pool.ask for pool in _pools(office)] == [1, 2]
    assert office.elsewhere.cards.left() == 5
    small.close()


def test_an_empty_pool_gives_a_marked_number_that_is_replaced_and_remembered(
    enrolled: Callable[[str], Office], near_centre: Centre
) -> None:
    office = enrolled("a")
    member = people(office, 1)[0]
    given = office.elsewhere.cards.issue(member)
    assert is_provisional(given)
    assert len(given) <= 20
    assert office.elsewhere.cards.issue(member) == given
    sync(office, near_centre)
    row = office.store.get(Member, member)
    assert row is not None
    assert row.values["card_no"] == "VLA-000001"
    told = [line.new for event in office.store.history(Member, member) for line in event.lines]
    assert given in told
    assert office.standing().pending == 0


def test_a_copy_gives_out_nothing_of_the_pool_it_was_copied_with(
    enrolled: Callable[[str], Office], near_centre: Centre, tmp_path: Path, open_office: Opening
) -> None:
    office = enrolled("a")
    sync(office, near_centre)
    copy = copied(office, tmp_path, open_office)
    assert _collisions(office, copy, near_centre) == []
    assert not any(map(is_provisional, numbers(copy)))


def test_a_copy_that_nothing_tells_apart_gives_its_numbers_up_when_it_is_found_out(
    enrolled: Callable[[str], Office], near_centre: Centre, tmp_path: Path, open_office: Opening,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(cards, "place_of", lambda _engine: "one and the same disk")
    office = enrolled("a")
    sync(office, near_centre)
    copy = copied(office, tmp_path, open_office)
    assert _collisions(office, copy, near_centre) == []
    # What the other still gives out of the old pool is nobody else's.
    office.elsewhere.cards.issue_many(people(office, 3, "muộn"))
    copy.elsewhere.cards.issue_many(people(copy, 3, "cũng muộn"))
    for each in (office, copy, office, copy):
        sync(each, near_centre)
    found = numbers(office)
    assert len(found) == len(set(found)) == 16


def test_a_pool_shared_by_copies_would_be_caught(
    enrolled: Callable[[str], Office], near_centre: Centre, tmp_path: Path, open_office: Opening,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(cards, "place_of", lambda _engine: "one and the same disk")
    office = enrolled("a")
    sync(office, near_centre)
    copy = copied(office, tmp_path, open_office)
    for each in (office, copy):
        each.store.amends.clear()
    assert _collisions(office, copy, near_centre) != []


def test_a_restored_centre_gives_no_number_again(
    enrolled: Callable[[str], Office], near_centre: Centre, tmp_path: Path
) -> None:
    new_epoch(near_centre.engine)
    early, late = enrolled("a"), enrolled("b")
    refill(early, near_centre)
    refill(late, near_centre)
    lost = _pools(late)[0]
    # What a backup of before the last block does not know.
    with near_centre.engine.connect() as connection:
        connection.exec_driver_sql("DELETE FROM number_block WHERE begins > 200")
        connection.exec_driver_sql("UPDATE number_series SET next = 201")
        connection.exec_driver_sql("COMMIT")
    new_epoch(near_centre.engine)
    new = enrolled("c")
    refill(new, near_centre)
    assert _pools(new)[0].begins == 201 + LEAP
    assert lost.begins == 201


def test_the_names_of_branches_come_along(
    enrolled: Callable[[str], Office], near_centre: Centre, open_office: Opening
) -> None:
    office, other = enrolled("a"), open_office("hue")
    join(other, near_centre, "HUE")
    refill(office, near_centre)
    assert office.elsewhere.cards.branches() == {"HUE": "Chi hội HUE"}


def _pools(office: Office) -> list[Pool]:
    with office._reading() as session:
        return list(session.scalars(select(Pool).order_by(Pool.id)))


def _collisions(office: Office, copy: Office, centre: Centre) -> list[str]:
    """Both give out five without seeing each other, then all is exchanged; what stands twice."""
    for each in (office, copy):
        each.elsewhere.cards.issue_many(people(each, 5, each.home.name))
    for each in (office, copy, office, copy):
        sync(each, centre)
    with office._reading() as one, copy._reading() as other:
        incarnations = {s.get_one(Identity, 1).incarnation for s in (one, other)}
    assert len(incarnations) == 2
    assert sorted(numbers(office)) == sorted(numbers(copy))
    found = numbers(office)
    assert len(found) == 10
    return sorted({number for number in found if found.count(number) > 1})
