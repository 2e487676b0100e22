"""How the exchange fits itself to the link: sizes, second tries, waiting, and deadlines."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

import sync.client.wire as wire_module
from sync.changes import Setback
from sync.client.batches import FIRST_CHANGES, MOST_CHANGES, Batch, Span
from sync.client.obstacles import Busy, obstacle
from sync.client.patience import MOST_ASKED_S, MOST_TRIES, Unreached, wait_s
from sync.client.steps import World
from sync.client.wire import HttpWire
from sync.problems import Problem
from sync.progress import Cancelled
from sync.protocol import CONTENT_TYPE, Refusal, sync_answer_from, sync_request_from
from sync.records.library import Library
from sync.server import ledger
from sync.server.centre import Centre
from tests.builders import DirectWire, a_library, entries, exchange, poison
from tests.strangers import Answer, stranger
from vla_desktop.office import Office
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]

OFFLINE, TIMEOUT = obstacle("offline"), obstacle("timeout")


class RoughWire(DirectWire):
    """A line over which not everything comes: it is asked before and after the centre works."""

    def __init__(
        self,
        centre: Centre,
        up: Callable[[bytes], Exception | None] = lambda _body: None,
        down: Callable[[bytes], Exception | None] = lambda _answer: None,
    ) -> None:
        super().__init__(centre)
        self._up, self._down = up, down
        self.sizes: list[int] = []
        self.pages: list[int] = []

    def post(self, path: str, body: bytes) -> bytes:
        """As `DirectWire`, when nothing comes between."""
        self.sizes.append(len(sync_request_from(body)[0].changes))
        for broken in [self._up(body)]:
            if broken:
                raise broken
        answer = super().post(path, body)
        self.pages.append(sum(len(page.items) for page in sync_answer_from(answer).pages))
        for broken in [self._down(answer)]:
            if broken:
                raise broken
        return answer


class Watcher:
    """Keeps what it is told; stops the work when `until` says so."""

    def __init__(self, until: Callable[[], bool] = lambda: False) -> None:
        self.told: list[tuple[int, int]] = []
        self._until = until

    def report(self, done: int, total: int, what: str) -> None:
        """Remember."""
        self.told.append((done, total))
        if self._until():
            raise Cancelled


def in_turn(*faults: Exception | None) -> Callable[[bytes], Exception | None]:
    """One fault after another, then none."""
    left = iter(faults)
    return lambda _body: next(left, None)


def noise(letters: int, seed: int = 1) -> str:
    """Text that no compression makes shorter."""
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=letters))


def many(office: Office, count: int) -> None:
    office.store.save_many((Library, a_library(name=f"{n}"), None) for n in range(count))


def test_a_batch_that_is_cut_is_halved_and_grows_again(
    enrolled: Opening, near_centre: Centre
) -> None:
    a = enrolled("a")
    many(a, 1200)
    wire = RoughWire(near_centre, in_turn(OFFLINE, TIMEOUT))
    outcome = exchange(a, wire)
    # The second of 250 was made ready while the first was on its way.
    assert wire.sizes == pytest.approx([1000, 500, 250, 250, 500, 200], abs=5)
    assert (outcome.sent, outcome.accepted) == (1200, 1200)
    assert a.standing().light is Light.GREEN


def test_a_cut_costs_no_more_than_the_batch_on_its_way(
    enrolled: Opening, near_centre: Centre
) -> None:
    """The second batch arrives and its answer is lost; the first is not sent again."""
    a, b = enrolled("a"), enrolled("b")
    many(a, 1500)
    wire = RoughWire(near_centre, down=in_turn(None, OFFLINE))
    outcome = exchange(a, wire)
    assert wire.sizes == [1000, 500, 250], "the half that is sent again brings word of both"
    assert (outcome.sent, outcome.accepted, outcome.received) == (1500, 1500, 0)
    assert exchange(b, DirectWire(near_centre)).received == 1500
    assert a.digests() == b.digests()


def test_sizes_shrink_until_a_narrow_gate_lets_them_through(
    enrolled: Opening, near_centre: Centre
) -> None:
    a = enrolled("a")
    for n in range(40):
        a.store.save(Library, a_library(name=f"{n}", note=noise(3000, n)))
    gate = 30_000
    wire = RoughWire(
        near_centre, lambda body: Refusal("too_large", 413) if len(body) > gate else None
    )
    assert exchange(a, wire).accepted == 40
    assert max(wire.sizes[-4:]) < 20
    wire = RoughWire(near_centre)
    many(a, 30)
    exchange(a, wire)
    assert len(wire.sizes) > 1, "what the gate bore is remembered"


@pytest.mark.parametrize(
    "no", [Refusal("too_large", 413), obstacle("too_large")], ids=["centre", "proxy"]
)
def test_a_change_that_is_too_large_alone_is_set_aside_and_the_rest_goes_on(
    no: Exception, enrolled: Opening, near_centre: Centre
) -> None:
    a, b = enrolled("a"), enrolled("b")
    many(a, 3)
    big = a.store.save(Library, a_library(name="Dài", note=noise(3900))).id
    poison(a, big, {"address": noise(3000, 2)})
    many(a, 3)
    wire = RoughWire(near_centre, lambda body: no if len(body) > 4200 else None)
    outcome = exchange(a, wire)
    assert (outcome.sent, outcome.accepted, outcome.rejected) == (7, 6, 1)
    (item,) = a.store.review()
    assert (item.sort, item.id) == ("refused", big)
    assert item.sentence == "Thay đổi này dài quá mức Trung ương nhận."
    assert a.standing().light is Light.RED
    a.store.save(Library, {"note": "ngắn"}, big)
    exchange(a, wire)
    assert a.standing().light is Light.GREEN
    assert exchange(b, DirectWire(near_centre)).received == 7


def test_whoever_refuses_everything_as_too_large_sets_nothing_aside(
    enrolled: Opening, near_centre: Centre
) -> None:
    a = enrolled("a")
    many(a, 5)
    with pytest.raises(Problem) as met:
        exchange(a, RoughWire(near_centre, lambda _body: obstacle("too_large")))
    assert met.value.code == "sync.too_large"
    assert [entry.setback for entry in entries(a)] == [Setback.NONE] * 5


def test_pages_are_as_long_as_the_office_asks(
    enrolled: Opening, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = enrolled("a"), enrolled("b")
    many(a, 400)
    exchange(a, DirectWire(near_centre))
    b._span = Span(page_bytes=20_000)
    wire = RoughWire(near_centre)
    assert exchange(b, wire).received == 400
    assert 80 < wire.pages[0] < 100
    assert wire.pages[1] / wire.pages[0] == pytest.approx(2, abs=0.1)
    assert a.digests() == b.digests()


def test_pages_shrink_when_answers_are_cut(enrolled: Opening, near_centre: Centre) -> None:
    a, b = enrolled("a"), enrolled("b")
    many(a, 400)
    exchange(a, DirectWire(near_centre))
    wire = RoughWire(near_centre, down=lambda answer: TIMEOUT if len(answer) > 3000 else None)
    for _run in range(4):
        try:
            exchange(b, wire)
        except Problem:
            continue
    assert b.digests() == a.digests()
    assert wire.pages[0] == 400


def test_the_centre_keeps_its_bounds_whatever_is_asked(
    enrolled: Opening, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAGE_BYTES", 9000)
    a, b = enrolled("a"), enrolled("b")
    many(a, 60)
    exchange(a, DirectWire(near_centre))
    for wanted, least, most in ((1, 15, 25), (2**40, 40, 50)):
        b._span = Span(page_bytes=wanted)
        flight = b._client()._compose(Batch())
        answer = sync_answer_from(near_centre.sync(flight.body))
        assert least < len(answer.pages[0].items) < most
        assert sync_request_from(flight.body)[0] == flight.request


def test_what_is_told_of_the_progress_never_runs_backwards(
    enrolled: Opening, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = enrolled("a"), enrolled("b")
    many(a, 700)
    exchange(a, DirectWire(near_centre))
    many(b, 2500)
    b._span = Span(changes=600, page_bytes=30_000)
    wire = RoughWire(
        near_centre,
        in_turn(OFFLINE, None, OFFLINE),
        in_turn(None, TIMEOUT, None, OFFLINE, OFFLINE),
    )
    watcher = Watcher()
    b._client().run(wire, watcher)
    for one, other in zip(watcher.told, watcher.told[1:], strict=False):
        assert one[0] <= other[0]
        assert one[1] <= other[1]
    assert all(done <= total for done, total in watcher.told)
    assert watcher.told[-1][0] == watcher.told[-1][1] >= 3200
    assert len({done for done, _total in watcher.told}) > 5


def test_a_span_grows_only_by_what_was_full_and_quick() -> None:
    span = Span()
    span.answered(0.1, batch_was_full=False, page_was_full=False)
    assert span == Span()
    span.answered(6, batch_was_full=True, page_was_full=True)
    assert span == Span()
    span.answered(0.1, batch_was_full=True, page_was_full=False)
    assert (span.changes, span.page_bytes) == (2 * FIRST_CHANGES, Span().page_bytes)
    span.answered(0.1, batch_was_full=True, page_was_full=True)
    assert span.changes == MOST_CHANGES
    span.answered(30, batch_was_full=True, page_was_full=True)
    assert span.changes == MOST_CHANGES // 2


# Second tries


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Pass."""
        self.now += seconds
        self.slept.append(seconds)

    def world(self, chance: float = 0.5) -> World:
        """As the driver takes it."""
        return World(self.sleep, lambda: self.now, lambda: chance)


@pytest.mark.parametrize(
    "fault", [OFFLINE, TIMEOUT, obstacle("fault"), Busy(None), Refusal("fault", 500)], ids=repr
)
def test_passing_trouble_is_tried_again_and_then_told(
    fault: Exception, enrolled: Opening, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(Office, "world", clock.world())
    a = enrolled("a")
    many(a, 3)
    wire = RoughWire(near_centre, in_turn(*[fault] * MOST_TRIES))
    with pytest.raises(Problem):
        exchange(a, wire)
    assert len(wire.sizes) == MOST_TRIES
    assert clock.now == 1 + 2 + 4
    assert a.standing().pending == 3
    wire = RoughWire(near_centre, in_turn(*[fault] * (MOST_TRIES - 1)))
    assert exchange(a, wire).accepted == 3


@pytest.mark.parametrize("code", ["alien", "tls", "proxy", "revoked", "signature", "version"])
def test_what_does_not_pass_is_told_at_once(
    code: str, enrolled: Opening, near_centre: Centre
) -> None:
    wire = RoughWire(near_centre, lambda _body: obstacle(code))
    with pytest.raises(Problem) as met:
        exchange(enrolled("a"), wire)
    assert (met.value.code, len(wire.sizes)) == (f"sync.{code}", 1)


def test_a_pc_without_network_is_told_at_once_but_not_in_the_midst_of_the_work(
    enrolled: Opening, near_centre: Centre
) -> None:
    a = enrolled("a")
    many(a, 1500)
    wire = RoughWire(near_centre, lambda _body: Unreached("offline"))
    with pytest.raises(Problem):
        exchange(a, wire)
    assert len(wire.sizes) == 1
    wire = RoughWire(near_centre, in_turn(None, Unreached("offline"), Unreached("timeout")))
    assert exchange(a, wire).accepted == 1500


def test_the_centres_wish_to_be_left_alone_for_a_while_is_granted(
    enrolled: Opening, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(Office, "world", clock.world(chance=0.0))
    exchange(enrolled("a"), RoughWire(near_centre, in_turn(Busy(7.0), Busy(30.0))))
    assert clock.now == 7 + 0.5 + 30 + 1
    assert max(clock.slept) <= 1, "whoever wants to stop is heard every second"
    wire = RoughWire(near_centre, in_turn(Busy(MOST_ASKED_S + 1)))
    with pytest.raises(Busy) as busy:
        exchange(enrolled("b"), wire)
    assert busy.value.retry_after_s == MOST_ASKED_S + 1


def test_whoever_stops_while_it_waits_need_not_wait(
    enrolled: Opening, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(Office, "world", clock.world())
    a = enrolled("a")
    many(a, 2)
    wire = RoughWire(near_centre, in_turn(Busy(50.0)))
    with pytest.raises(Cancelled):
        a._client().run(wire, Watcher(until=lambda: clock.now >= 3))
    assert clock.now == 3
    assert exchange(a, DirectWire(near_centre)).accepted == 2


def test_waits_grow_are_spread_and_have_a_ceiling() -> None:
    def waits(chance: float) -> list[float]:
        found = [wait_s(OFFLINE, tries, chance, was_reached=True) for tries in range(1, MOST_TRIES)]
        return [wait for wait in found if wait is not None]

    assert waits(0.0) == [0.5, 1, 2]
    assert waits(1.0) == [1.5, 3, 6]
    assert wait_s(OFFLINE, MOST_TRIES, 0.5, was_reached=True) is None


# Real sockets


@pytest.mark.parametrize("headers", [{"Content-Length": "4000"}, {"Transfer-Encoding": "chunked"}])
def test_an_answer_that_drips_is_given_up_at_its_deadline(
    headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No single byte keeps anybody waiting long, and all of them would take a minute."""
    monkeypatch.setattr(wire_module, "READ_TIMEOUT_S", 5.0)
    monkeypatch.setattr(wire_module, "DEADLINE_S", 0.3)
    answer = Answer(200, b"x" * 4000, {"Content-Type": CONTENT_TYPE, **headers}, drips_s=0.02)
    with stranger(answer) as url, HttpWire(url) as wire:
        began = time.monotonic()
        with pytest.raises(Problem) as met:
            wire.post("/v1/sync", b"")
        took_s = time.monotonic() - began
    assert met.value.code == "sync.timeout"
    assert took_s < 3


def test_nobody_at_the_door_is_another_thing_than_a_cut() -> None:
    with stranger(Answer()) as url:
        pass
    with HttpWire(url) as wire, pytest.raises(Unreached):
        wire.post("/v1/sync", b"")
    cut = Answer(200, b"x", {"Content-Type": CONTENT_TYPE, "Content-Length": "99"})
    with stranger(cut) as url, HttpWire(url) as wire, pytest.raises(Problem) as met:
        wire.post("/v1/sync", b"")
    assert not isinstance(met.value, Unreached)


def test_an_answer_in_chunks_is_read_whole() -> None:
    body = noise(300_000).encode()
    answer = Answer(200, body, {"Content-Type": CONTENT_TYPE, "Transfer-Encoding": "chunked"})
    with stranger(answer) as url, HttpWire(url) as wire:
        assert wire.post("/v1/sync", b"") == body
    plain = replace(answer, headers={"Content-Type": CONTENT_TYPE})
    with stranger(plain) as url, HttpWire(url) as wire:
        assert wire.post("/v1/sync", b"") == body
