"""A clock that is wrong harms nothing but what is shown, and is told to be wrong."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.client.wire import HttpWire
from sync.problems import Problem
from sync.progress import Silent
from sync.records.library import Library
from sync.server.centre import Centre
from sync.server.embedded import EmbeddedCentre, settings_of
from tests.builders import DirectWire, a_library, entries, everything, exchange, join
from tests.faults.certificates import an_authority
from tests.faults.meddler import meddler
from tests.strangers import Answer, stranger
from vla_desktop.office import Light, Office
from vla_desktop.ui.words import wording

YEAR = dt.timedelta(days=365)
TODAY = dt.datetime(2026, 5, 4, 8, 0, tzinfo=dt.UTC)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


# What the clock of the PC says, time after time.
CLOCKS = {
    "1970": [at("1970-01-01T00:00:00")],
    "the last second of 32 bits": [at("2038-01-19T03:14:07"), at("2038-01-19T03:14:08")],
    "2099": [at("2099-12-31T23:59:59")],
    "a year back and forth": [TODAY, TODAY - YEAR, TODAY + YEAR],
    "ever backwards": [TODAY - n * dt.timedelta(days=1) for n in range(40)],
}


def set_clock(office: Office, times: list[dt.datetime]) -> None:
    """From now on the office's clock says these, in turn."""
    clock = itertools.cycle(times).__next__
    office._now = clock
    office.store._hand = replace(office.store._hand, now=clock)


@pytest.fixture
def near(tmp_path: Path) -> Iterator[Centre]:
    """A centre whose own clock is right."""
    centre = Centre(settings_of(tmp_path / "near.db"), lambda: TODAY)
    yield centre
    centre.close()


@pytest.mark.parametrize("clock", CLOCKS)
def test_order_and_content_do_not_depend_on_a_clock(
    clock: str, near: Centre, open_office: Callable[[str], Office]
) -> None:
    wrong, right = open_office("sai"), open_office("đúng")
    wire = DirectWire(near)
    for office in (wrong, right):
        join(office, near)
    set_clock(wrong, CLOCKS[clock])
    record = wrong.store.save(Library, a_library(note="lần 0")).id
    for number in range(1, 11):
        for office in (wrong, right, wrong):
            exchange(office, wire)
        writer = (wrong, right)[number % 2]
        writer.store.save(Library, {"note": f"lần {number}"}, record)
    for office in (wrong, right, wrong):
        exchange(office, wire)
        row = office.store.get(Library, record)
        assert row is not None
        assert row.values["note"] == "lần 10"
        assert len(office.store.history(Library, record)) == 11
        assert office.store.review() == []
        assert office.standing().light is Light.GREEN
    assert wrong.digests() == right.digests()
    assert [e.seq for e in entries(right)] == [e.seq for e in entries(wrong)]


def test_a_clock_that_jumps_during_an_exchange_changes_nothing(
    near: Centre, open_office: Callable[[str], Office]
) -> None:
    office = open_office("a")
    join(office, near)
    saved = office.store.save(Library, a_library())
    wire = DirectWire(near)
    wire.meanwhile = lambda: set_clock(office, [TODAY + YEAR, TODAY - YEAR])
    assert exchange(office, wire).accepted == 1
    office.store.save(Library, {"note": "sau"}, saved.id)
    assert exchange(office, wire).accepted == 1
    assert office.standing().light is Light.GREEN


@pytest.mark.parametrize(("off", "is_told"), [(YEAR, True), (-YEAR, True), (YEAR * 0, False)])
def test_a_clock_that_the_centre_does_not_share_is_told_to_be_wrong(
    off: dt.timedelta, is_told: bool, centre: EmbeddedCentre, open_office: Callable[[str], Office]
) -> None:
    office = open_office("a")
    office.enrol(centre.url, centre.invite("HN"))
    set_clock(office, [dt.datetime.now(dt.UTC) + off])
    office.synchronise(Silent())
    standing = office.standing()
    assert standing.light is Light.GREEN
    said = wording(standing, dt.datetime.now(dt.UTC) + off)
    assert ("Đồng hồ máy này sai" in said.advice) is is_told


@pytest.mark.parametrize(("days_left", "first_day"), [(-1, -3), (9, 5)])
def test_a_certificate_out_of_its_time_points_to_the_clock(
    days_left: int,
    first_day: int,
    centre: EmbeddedCentre,
    open_office: Callable[[str], Office],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = open_office("a")
    office.enrol(centre.url, centre.invite("HN"))
    office.store.save(Library, a_library())
    authority = an_authority()
    bundle = tmp_path / "authority.pem"
    bundle.write_bytes(authority.certificate)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    seal = authority.seal(tmp_path, days_left=days_left, first_day=first_day)
    before = everything(office)
    with meddler(centre.url, seal=seal) as url:
        office.move(url)
        with pytest.raises(Problem) as met:
            office.synchronise(Silent())
    assert met.value.code == "sync.clock"
    assert "ngày giờ" in met.value.advice
    office.move(centre.url)
    assert {**everything(office), "office": before["office"]} == before
    office.synchronise(Silent())
    assert office.standing().light is Light.GREEN


def test_a_proxy_that_lets_nobody_through_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with stranger(Answer(407)) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        with HttpWire("http://dongbo.example") as wire, pytest.raises(Problem) as met:
            wire.post("/v1/sync", b"")
    assert met.value.code == "sync.proxy"
    with HttpWire("http://dongbo.example") as wire, pytest.raises(Problem) as met:
        wire.post("/v1/sync", b"")  # nobody listens there any more
    assert met.value.code == "sync.proxy"
