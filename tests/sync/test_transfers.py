"""A member who goes to another branch is asked for, agreed to, and is one person afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from sync.indicators import figures
from sync.indicators.life import life_on
from sync.meetings import Place
from sync.problems import Problem
from sync.records.dues_payment import DuesPayment
from sync.records.dues_rate import DuesRate
from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.records.organisation_unit import OrganisationUnit
from sync.records.transfer_request import TransferRequest
from sync.records.types import Value
from sync.server import moving
from sync.server.centre import Centre
from sync.server.database import reading
from sync.server.isolation import EVERYWHERE, enter
from sync.server.settings import Settings
from tests.builders import NOW, TODAY, a_unit, join
from tests.sync.meeting_desk import Desk
from tests.sync.test_meetings import found_branches
from vla_desktop.office import Office
from vla_desktop.store.store import Hand, Query

DEADLINE = TODAY + dt.timedelta(days=30)


@pytest.fixture
def two(database_url: str, open_office: Callable[[str], Office]) -> Iterator[tuple[Desk, Desk]]:
    """An office of HN and one of HUE, at a centre on SQLite and on PostgreSQL."""
    centre = Centre(Settings(database=database_url), lambda: NOW)
    found_branches(centre, "DN")
    desks = []
    for branch in ("HN", "HUE"):
        office = open_office(branch.lower())
        join(office, centre, branch)
        desks.append(Desk(office, centre, office.store.save(OrganisationUnit, a_unit()).id))
        desks[-1].sync()
    yield desks[0], desks[1]
    centre.close()


def sync(desk: Desk) -> None:
    """One exchange, and what follows it."""
    desk.sync()
    if desk.office.elsewhere.desk.complete_agreed():
        desk.sync()


def press(desk: Desk, sort: str, which: int = 0) -> None:
    [item] = [item for item in desk.office.store.review() if item.sort == sort]
    desk.office.store.press(item, item.presses[which])


def sorts(desk: Desk) -> set[str]:
    return {item.sort for item in desk.office.store.review()} - {"left"}


def asked(here: Desk, deadline: dt.date = DEADLINE) -> str:
    """A member of HN who has paid, and whom HUE is asked to take over."""
    member = here.person("Nguyễn An")
    paid: dict[str, Value] = {"member": member, "year": 2026, "paid_vnd": 50_000, "paid_on": TODAY}
    here.office.store.save(DuesPayment, paid)
    here.office.elsewhere.desk.ask_transfer(member, "HUE", "Đổi nơi công tác", deadline)
    return member


def carried_out(here: Desk, there: Desk) -> None:
    """The one that was asked agrees, and all that follows of it."""
    sync(here)
    sync(there)
    press(there, "transfer", 0)
    for desk in (there, here, there):
        sync(desk)


def test_what_was_agreed_moves_one_person_with_one_history(two: tuple[Desk, Desk]) -> None:
    here, there = two
    member = asked(here)
    sync(here)
    sync(there)
    assert sorts(there) == {"transfer"}
    press(there, "transfer", 0)
    assert here.place(member) is Place.HERE, "HN has not heard yet"
    for desk in (there, here, there):
        sync(desk)

    assert here.place(member) is Place.ELSEWHERE
    assert there.place(member) is Place.HERE
    assert sorts(here) == sorts(there) == set()
    events = there.office.store.rows(
        MemberEvent, there.office.store.ids(MemberEvent, Query(filters={"member": member}))
    )
    assert {row.values["type"] for row in events} == {"admitted", "transferred_in"}
    with there.office._reading() as session:
        for day, status in (
            (dt.date(2019, 1, 1), ""), (dt.date(2021, 1, 1), "active"), (TODAY, "active")
        ):  # fmt: skip
            assert life_on(session, member, day).status == status
    assert here.office.store.ids(DuesPayment, Query()) != []
    assert there.office.store.ids(DuesPayment, Query()) == []


def test_dues_are_counted_once(two: tuple[Desk, Desk]) -> None:
    here, there = two
    asked(here)
    carried_out(here, there)
    collected = [_figure(desk.office, "F0.collected") for desk in (here, there)]
    with reading(here.centre.engine) as session:
        enter(session, EVERYWHERE)
        told = {one.code: one.value for one in figures(session, TODAY)}
    assert (*collected, told["F0.collected"]) == (50_000, 0, 50_000)


@pytest.mark.parametrize(("rate_vnd", "in_full"), [(50_000, 1), (60_000, 0)])
def test_a_year_paid_in_full_is_not_asked_for_by_the_new_branch(
    two: tuple[Desk, Desk], rate_vnd: int, in_full: int
) -> None:
    here, there = two
    rate: dict[str, Value] = {
        "year": 2026, "membership": "official", "subject": "person", "amount_vnd": rate_vnd,
    }  # fmt: skip
    for desk in (here, there):
        desk.office.store.save(DuesRate, rate)
    asked(here)
    carried_out(here, there)
    with there.office._reading() as session:
        found = {figure.code: figure for figure in figures(session, TODAY)}
    assert (found["F0"].numerator, found["F0"].denominator) == (in_full, 1)


def test_a_refusal_ends_it_and_both_know(two: tuple[Desk, Desk]) -> None:
    here, there = two
    member = asked(here)
    sync(here)
    sync(there)
    press(there, "transfer", 1)
    sync(there)
    sync(here)
    assert here.place(member) is Place.HERE
    assert sorts(here) == {"transfer_refused"}
    press(here, "transfer_refused")
    assert sorts(here) == sorts(there) == set()
    here.office.elsewhere.desk.ask_transfer(member, "HUE", "Lần nữa", DEADLINE)


def test_after_the_deadline_the_old_branch_may_go_on_alone(two: tuple[Desk, Desk]) -> None:
    here, there = two
    member = asked(here, TODAY)
    sync(here)
    assert sorts(here) == set()
    here.office.store._hand = _later(here.office, days=1)
    assert sorts(here) == {"transfer_due"}
    press(here, "transfer_due")
    sync(here)
    sync(there)
    assert (here.place(member), there.place(member)) == (Place.ELSEWHERE, Place.HERE)
    press(there, "transfer", 0)
    for desk in (there, here, there, here):
        sync(desk)
    assert there.place(member) is Place.HERE
    assert sorts(here) == sorts(there) == set()


def test_nobody_is_asked_for_twice_at_once(two: tuple[Desk, Desk]) -> None:
    here, _there = two
    member = asked(here)
    with pytest.raises(Problem):
        here.office.elsewhere.desk.ask_transfer(member, "DN", "Khác", DEADLINE)
    assert here.office.store.count(TransferRequest, Query(moved=True)) == 1


def test_a_history_that_stayed_behind_would_be_caught(
    two: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = two
    member = asked(here)
    sync(here)
    sync(there)
    press(there, "transfer", 0)
    monkeypatch.setattr(
        moving, "_left_behind", lambda _s, _k, values, _b: {"member": ""} if "member" in values
        else {},
    )  # fmt: skip
    for desk in (there, here, there):
        sync(desk)
    with there.office._reading() as session:
        assert session.get_one(Member, member).scope == "HUE"
        assert life_on(session, member, TODAY).last is None


def _figure(office: Office, code: str) -> int:
    return next(int(one.value or 0) for one in office.figures(TODAY) if one.code == code)


def _later(office: Office, days: int) -> Hand:
    return replace(office.store._hand, now=lambda: NOW + dt.timedelta(days=days))
