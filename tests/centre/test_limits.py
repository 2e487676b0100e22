"""Whoever asks too often is told when to come back, and loses nothing by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from sync.client.steps import World
from sync.protocol import CONTENT_TYPE
from sync.records.library import Library
from sync.server.embedded import EmbeddedCentre, settings_of
from sync.server.limits import Limit, network_of
from sync.server.settings import Settings, from_environment
from tests.builders import a_library, entries
from tests.sync.pc import Pc, refusal_of
from vla_desktop.office import Office

FAR = {"X_Forwarded_For": "203.0.113.7"}


def limited(path: Path, **limits: int) -> Settings:
    return Settings(database=settings_of(path).database, port=0, **limits)  # type: ignore[arg-type]


class Clock:
    """Stands until it is pushed."""

    def __init__(self) -> None:
        self.at = dt.datetime(2026, 5, 4, 8, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.at


def test_a_burst_passes_then_one_after_the_other() -> None:
    limit = Limit(per_minute=30, burst=3)
    assert [limit.wait_s("a", 100.0) for _ in range(4)] == [0, 0, 0, 2]
    assert limit.wait_s("b", 100.0) == 0
    assert [limit.wait_s("a", 102.0), limit.wait_s("a", 102.0)] == [0, 2]
    assert [limit.wait_s("a", 9999.0) for _ in range(4)] == [0, 0, 0, 2]


def test_a_clock_that_goes_backwards_gives_nothing_and_locks_nobody_out() -> None:
    limit = Limit(per_minute=60, burst=1)
    assert limit.wait_s("a", 1_000_000.0) == 0
    assert limit.wait_s("a", 5.0) == 1
    assert limit.wait_s("a", 6.0) == 0


def test_what_is_dear_waits_longer_and_never_for_ever() -> None:
    limit = Limit(per_minute=60, burst=10)
    assert limit.wait_s("a", 0.0, cost=20) == 0
    assert limit.wait_s("a", 0.0, cost=20) == 10
    assert limit.wait_s("a", 10.0, cost=20) == 0


def test_no_limit_remembers_nobody_and_a_limit_not_more_than_it_may() -> None:
    free, limit = Limit(0, 0), Limit(60, 2, most_names=50)
    for number in range(1000):
        assert free.wait_s(str(number), 0.0) == 0
        assert limit.wait_s(str(number), 0.0) == 0
    assert (len(free), len(limit)) == (0, 50)


def test_an_address_is_its_subscribers_and_this_machine_is_nobody() -> None:
    assert network_of("203.0.113.7") == "203.0.113.7"
    assert (
        network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    )
    assert network_of("::ffff:203.0.113.7") == "203.0.113.7"
    assert [network_of(host) for host in ("127.0.0.1", "::1", None, "testclient")] == [""] * 4


def test_a_device_that_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    clock = Clock()
    settings = limited(tmp_path / "centre.db", device_per_minute=6, device_burst=2)
    with EmbeddedCentre(settings, clock) as centre:
        pc, other = Pc(centre.url), Pc(centre.url)
        for one in (pc, other):
            one.enrol(centre.invite("hn"))
        first = [pc.library(), pc.library()]
        for change in first:
            pc.sync(change)
        late = pc.library()
        answer = pc.post("/v1/sync", pc.request([late]).to_bytes(pc.key))
        assert (answer.status_code, refusal_of(answer)) == (429, "too_often")
        assert answer.headers["Retry-After"] == "10"
        answer = pc.post("/v1/digest", b"")
        assert answer.status_code == 400
        assert len(other.sync().pages[0].items) == 2  # nobody else is held up
        clock.at += dt.timedelta(seconds=10)
        assert pc.sync(late).receipt.accepted == 1


def test_nobody_is_slowed_by_others_who_use_his_name(tmp_path: Path) -> None:
    settings = limited(tmp_path / "centre.db", device_per_minute=6, device_burst=2)
    with EmbeddedCentre(settings, Clock()) as centre:
        pc, forger = Pc(centre.url), Pc(centre.url)
        pc.enrol(centre.invite("hn"))
        forger.home, forger.device = pc.home, pc.device
        for _ in range(5):
            answer = forger.post("/v1/sync", forger.request().to_bytes(forger.key))
            assert refusal_of(answer) == "signature"
        assert pc.sync(pc.library()).receipt.accepted == 1


def test_an_address_is_counted_before_anybody_is_known(tmp_path: Path) -> None:
    settings = limited(tmp_path / "centre.db", address_per_minute=60, address_burst=30)
    with EmbeddedCentre(settings) as centre:
        pc = Pc(centre.url)
        answers = [pc.post("/v1/sync", b"noise", **FAR) for _ in range(31)]
        assert {answer.status_code for answer in answers[:30]} == {400}
        assert refusal_of(answers[30]) == "too_often"
        assert int(answers[30].headers["Retry-After"]) == 1
        long = pc.post("/v1/sync", b"x" * 1_000_000, **FAR)
        assert long.status_code == 429  # heard although much was being sent
        assert pc.post("/v1/sync", b"noise", X_Forwarded_For="203.0.113.8").status_code == 400
        assert pc.post("/v1/sync", b"noise").status_code == 400  # this machine is not counted


def test_guessing_codes_and_sending_files_is_dearer(tmp_path: Path) -> None:
    settings = limited(tmp_path / "centre.db", address_per_minute=60, address_burst=40)
    with EmbeddedCentre(settings) as centre:
        pc = Pc(centre.url)
        told = [pc.post("/v1/enrol", b"noise", **FAR).status_code for _ in range(3)]
        assert told == [400, 400, 429]
        headers = {"X-Forwarded-For": "203.0.113.9", "Content-Type": CONTENT_TYPE}
        told = [
            requests.post(centre.url + "/batch", b"noise", headers=headers, timeout=60).status_code
            for _ in range(3)
        ]
        assert told[2] == 429
        assert told[0] != 429


def test_an_office_waits_as_long_as_it_is_told_and_loses_nothing(
    tmp_path: Path, open_office: Callable[[str], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.progress import Silent

    clock, waited = Clock(), list[float]()

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock.at += dt.timedelta(seconds=seconds)

    monkeypatch.setattr(Office, "world", World(sleep, lambda: 0.0, lambda: 0.5))
    settings = limited(tmp_path / "centre.db", device_per_minute=6, device_burst=1)
    with EmbeddedCentre(settings, clock) as centre:
        office = open_office("a")
        office.enrol(centre.url, centre.invite("HN"))
        for name in ("Một", "Hai", "Ba"):
            office.store.save(Library, a_library(name=name))
            office.synchronise(Silent())
        assert sum(waited) >= 20
        assert office.standing().pending == 0
        assert {entry.seq for entry in entries(office)} == {1, 2, 3}


def test_the_limits_stand_in_the_environment() -> None:
    words = {"VLA_DEVICE_PER_MINUTE": "7", "VLA_ADDRESS_BURST": "9", "VLA_TRUSTED_PROXIES": "::1"}
    settings = from_environment(words)
    assert (settings.device_per_minute, settings.address_burst) == (7, 9)
    assert settings.trusted_proxies == "::1"
