"""A request that arrives twice is answered twice; whatever only looks like one is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.protocol import Refusal, sync_answer_from
from sync.records.library import Library
from sync.server import accounts
from sync.server.centre import Centre
from sync.server.embedded import EmbeddedCentre, settings_of
from sync.server.tables import Incarnation
from tests.builders import DirectWire, a_library, an_office, entries, exchange, join
from tests.sync.pc import Pc
from vla_desktop.office import Office
from vla_desktop.store.store import Query

NOON = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def echoing(tmp_path: Path, clock: Clock) -> Iterator[EmbeddedCentre]:
    """A centre whose clock the test sets."""
    with EmbeddedCentre(settings_of(tmp_path / "centre.db"), clock) as centre:
        yield centre


@pytest.fixture
def pc(echoing: EmbeddedCentre) -> Pc:
    pc = Pc(echoing.url)
    pc.enrol(echoing.invite("hn"))
    return pc


def test_the_newest_request_is_answered_again_with_the_same(pc: Pc) -> None:
    body = pc.request([pc.library(), pc.library("Hai")]).to_bytes(pc.key)
    first, second = (sync_answer_from(pc.ask("/v1/sync", body)) for _ in range(2))
    assert first == second
    assert first.receipt.accepted == 2
    assert first.receipt.positions["hn"].head == 2
    pc.exchange += 1
    with pytest.raises(Refusal, match="stale_exchange 1"):
        pc.sync(exchange=1)


def test_another_request_of_the_same_number_is_a_copys(pc: Pc) -> None:
    pc.sync(pc.library())
    with pytest.raises(Refusal, match="stale_exchange 1"):
        pc.sync(pc.library("Hai"), exchange=1)


@pytest.mark.parametrize(
    ("later", "is_answered"),
    [
        (dt.timedelta(minutes=2), True),
        (dt.timedelta(minutes=2, seconds=1), False),
        (dt.timedelta(days=400), False),
        (dt.timedelta(seconds=-1), False),
    ],
)
def test_an_echo_comes_soon_or_is_none(
    later: dt.timedelta, is_answered: bool, pc: Pc, clock: Clock
) -> None:
    body = pc.request([pc.library()]).to_bytes(pc.key)
    pc.ask("/v1/sync", body)
    clock.now += later
    if is_answered:
        assert sync_answer_from(pc.ask("/v1/sync", body)).receipt.accepted == 1
        return
    with pytest.raises(Refusal, match="stale_exchange 1"):
        pc.ask("/v1/sync", body)


def test_a_revoked_pc_gets_no_echo(pc: Pc, echoing: EmbeddedCentre, clock: Clock) -> None:
    from sync.server.database import writing

    body = pc.request([pc.library()]).to_bytes(pc.key)
    pc.ask("/v1/sync", body)
    with writing(echoing.centre.engine) as session:
        accounts.revoke(session, pc.device, clock())
    with pytest.raises(Refusal, match="revoked"):
        pc.ask("/v1/sync", body)


class DoublingWire(DirectWire):
    """Says everything twice and brings back the second answer."""

    def post(self, path: str, body: bytes) -> bytes:
        super().post(path, body)
        return super().post(path, body)


@pytest.fixture
def near(tmp_path: Path) -> Iterator[Centre]:
    centre = Centre(settings_of(tmp_path / "near.db"))
    yield centre
    centre.close()


def test_an_office_behind_a_doubling_middlebox_works_as_ever(
    near: Centre, open_office: Callable[[str], Office]
) -> None:
    office = open_office("a")
    join(office, near)
    for _day in range(3):
        saved = office.store.save(Library, a_library())
        office.store.save(Library, {"note": "sửa"}, saved.id)
        assert exchange(office, DoublingWire(near)).accepted == 2
    assert {entry.id[12:20] for entry in entries(office)} == {"00000001"}
    assert office.standing().pending == 0
    assert office.digests()["HN"][0] == 6


@pytest.fixture
def twins(near: Centre, tmp_path: Path, office_template: Path) -> Iterator[tuple[Office, Office]]:
    """An office with work to send, and a copy of its folder."""
    import shutil

    first = an_office(tmp_path / "one", office_template)
    join(first, near)
    first.store.save(Library, a_library(name="Chung"))
    first.close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    pair = tuple(an_office(tmp_path / name, office_template) for name in ("one", "two"))
    yield pair[0], pair[1]
    for office in pair:
        office.close()


def work_on(twins: tuple[Office, Office], near: Centre) -> None:
    """Both send what they share, to the byte; then each its own; then both read."""
    for office in twins:
        assert exchange(office, DirectWire(near)).accepted == 1
    for office, name in zip(twins, ("Của một", "Của hai"), strict=True):
        office.store.save(Library, a_library(name=name))
    for office in (*twins, *twins):
        exchange(office, DirectWire(near))


def names(office: Office) -> list[str]:
    """The libraries of an office."""
    store = office.store
    return sorted(row.title for row in store.rows(Library, store.ids(Library, Query())))


def test_two_copies_that_said_the_same_lose_nothing_when_they_part(
    twins: tuple[Office, Office], near: Centre
) -> None:
    work_on(twins, near)
    for office in twins:
        assert names(office) == ["Chung", "Của hai", "Của một"]
        assert office.standing().pending == 0
    assert twins[0].digests() == twins[1].digests()
    assert len({entry.id[12:20] for entry in entries(twins[1])}) == 2


def test_a_centre_that_looks_at_the_number_alone_would_be_caught(
    pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_number(standing: Incarnation, exchange: int, _hash: str, _now: dt.datetime) -> bool:
        return exchange == standing.exchange

    monkeypatch.setattr(accounts, "_is_echo", by_number)
    pc.sync(pc.library())
    with pytest.raises(pytest.fail.Exception), pytest.raises(Refusal, match="stale_exchange 1"):
        pc.sync(pc.library("Hai"), exchange=1)
