"""The next request goes before the last answer is kept, and nothing is lost or doubled by it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.changes import Action, Entry, Setback
from sync.client import exchange as machine
from sync.client.aside import in_a_thread
from sync.client.batches import Outbox, Span
from sync.client.obstacles import obstacle
from sync.client.steps import Answered, Failed, World
from sync.progress import Cancelled, Silent
from sync.records.library import Library
from sync.server.centre import Centre
from tests.builders import DirectWire, a_library, entries, everything, exchange
from tests.sync.test_adaptive import RoughWire, many
from vla_desktop.office import Office
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]
BATCH = 20


class Watched(DirectWire):
    """Notes at every request how far the office's ledger reaches."""

    def __init__(self, centre: Centre, office: Office) -> None:
        super().__init__(centre)
        self._office = office
        self.kept: list[int] = []

    def post(self, path: str, body: bytes) -> bytes:
        """As `DirectWire`."""
        self.kept.append(self._office.digests().get("HN", (0, ""))[0])
        return super().post(path, body)


def in_small_batches(office: Office, count: int) -> Office:
    """So many libraries are pending; the span of the exchange is short and stays so."""
    many(office, count)
    office._span = Span(changes=BATCH, change_bytes=2**40)
    office._span.answered = lambda *_, **__: None  # type: ignore[method-assign]
    return office


def test_a_request_goes_before_the_last_answer_is_kept(
    enrolled: Opening, near_centre: Centre
) -> None:
    office = in_small_batches(enrolled("a"), 5 * BATCH)
    wire = Watched(near_centre, office)
    outcome = exchange(office, wire)
    assert (outcome.sent, outcome.accepted) == (5 * BATCH, 5 * BATCH)
    assert wire.kept == [0, 0, BATCH, 2 * BATCH, 3 * BATCH]
    assert office.standing().light is Light.GREEN


def test_pages_are_asked_for_before_the_last_one_is_kept(
    enrolled: Opening, near_centre: Centre
) -> None:
    a, b = enrolled("a"), enrolled("b")
    many(a, 120)
    exchange(a, DirectWire(near_centre))
    b._span.page_bytes = 4096
    wire = Watched(near_centre, b)
    exchange(b, wire)
    assert wire.kept[:2] == [0, 0]
    assert wire.kept[2] > 0
    assert b.digests() == a.digests()


@pytest.mark.parametrize("is_planted", [False, True])
def test_what_others_wrote_is_kept_before_anything_of_ours_follows(
    enrolled: Opening, near_centre: Centre, is_planted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_planted:
        monkeypatch.setattr(machine, "lets_go_ahead", lambda *_, **__: True)
    a, b = enrolled("a"), enrolled("b")
    many(a, 10)
    exchange(a, DirectWire(near_centre))
    in_small_batches(b, 3 * BATCH)
    wire = Watched(near_centre, b)
    exchange(b, wire)
    assert wire.kept[:2] == [0, 0 if is_planted else 10 + BATCH]


def edits_of_an_orphan_that_are_sent(office: Office, centre: Centre) -> int:
    """Three edits of a record whose creation the centre will not see; each a batch of its own."""
    record = office.store.save(Library, a_library()).id
    for number in range(3):
        office.store.save(Library, {"name": f"Sửa lần {number}"}, record)
    with office._writing() as session:
        query = select(Entry).where(Entry.record == record, Entry.action == Action.CREATE.value)
        session.scalars(query).one().setback = Setback.REFUSED.value
    office._span = Span(changes=1)
    wire = RoughWire(centre)
    exchange(office, wire)
    return sum(wire.sizes)


def test_what_was_made_ready_does_not_overtake_what_waits(
    enrolled: Opening, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert edits_of_an_orphan_that_are_sent(enrolled("a"), near_centre) == 1
    monkeypatch.setattr(Outbox, "forget", lambda _self: None)
    assert edits_of_an_orphan_that_are_sent(enrolled("b"), near_centre) == 2, "planted"


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_failure_while_an_answer_is_kept_costs_nothing(
    enrolled: Opening, near_centre: Centre, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = in_small_batches(enrolled("a"), 4 * BATCH)
    real, calls = office.store.exchanged, iter(range(1, 100))

    def failing(session: Session, touched: set[tuple[str, str]]) -> None:
        if next(calls) == at:
            raise OSError("no room")
        real(session, touched)

    monkeypatch.setattr(office.store, "exchanged", failing)
    with pytest.raises(OSError, match="no room"):
        exchange(office, DirectWire(near_centre))
    assert len(entries(office, seq=None)) == (5 - at) * BATCH
    exchange(office, DirectWire(near_centre))
    assert [entry.seq for entry in entries(office)] == list(range(1, 4 * BATCH + 1))
    assert office.standing().light is Light.GREEN


@pytest.mark.parametrize("at", [1, 2, 3, 4])
@pytest.mark.parametrize("is_done", [True, False])
def test_a_cut_of_what_went_ahead_is_made_good(
    enrolled: Opening, near_centre: Centre, at: int, is_done: bool
) -> None:
    office = in_small_batches(enrolled("a"), 4 * BATCH)
    calls = iter(range(1, 100))

    def broken(_body: bytes) -> Exception | None:
        return obstacle("offline") if next(calls) == at else None

    wire = RoughWire(near_centre, **{"down" if is_done else "up": broken})
    outcome = exchange(office, wire)
    assert outcome.sent == outcome.accepted == 4 * BATCH
    assert [entry.seq for entry in entries(office)] == list(range(1, 4 * BATCH + 1))
    other = enrolled("b")
    exchange(other, DirectWire(near_centre))
    assert everything(other)["library"] == everything(office)["library"]


def test_two_threads_come_to_the_same(enrolled: Opening, near_centre: Centre) -> None:
    office = in_small_batches(enrolled("a"), 6 * BATCH)
    world = office.world
    office.world = World(world.sleep, world.clock, world.chance, in_a_thread)
    asked: set[str] = set()

    class Wire(DirectWire):
        def post(self, path: str, body: bytes) -> bytes:
            asked.add(threading.current_thread().name)
            return super().post(path, body)

    outcome = exchange(office, Wire(near_centre))
    assert outcome.accepted == 6 * BATCH
    assert "asking" in asked
    assert office.standing().light is Light.GREEN


def test_whoever_stops_leaves_nothing_on_its_way(enrolled: Opening, near_centre: Centre) -> None:
    office = in_small_batches(enrolled("a"), 6 * BATCH)
    world = office.world
    office.world = World(world.sleep, world.clock, world.chance, in_a_thread)

    class Impatient(Silent):
        def report(self, done: int, total: int, what: str) -> None:
            if done >= 2 * BATCH:
                raise Cancelled

    with pytest.raises(Cancelled):
        office._client().run(DirectWire(near_centre), Impatient())
    assert "asking" not in {thread.name for thread in threading.enumerate()}
    exchange(office, DirectWire(near_centre))
    assert [entry.seq for entry in entries(office)] == list(range(1, 6 * BATCH + 1))


def test_a_fault_of_the_program_comes_out_of_the_thread() -> None:
    def faulty() -> Answered | Failed:
        raise ZeroDivisionError

    heard = in_a_thread(faulty)
    with pytest.raises(ZeroDivisionError):
        heard()
