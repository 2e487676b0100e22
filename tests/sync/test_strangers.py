"""Whatever answers instead of the centre changes nothing and is called by its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import sync.client.wire as wire_module
from sync.client.obstacles import Busy
from sync.client.wire import HttpWire, address
from sync.frames import MOST_PACKED, pack
from sync.problems import Problem
from sync.progress import Silent
from sync.protocol import CONTENT_TYPE
from sync.records.library import Library
from sync.server.centre import Centre
from tests.builders import DirectWire, a_library, everything, exchange
from tests.strangers import Answer, stranger
from vla_desktop.office import Office

OURS = {"Content-Type": CONTENT_TYPE}
JSON = {"Content-Type": "application/json"}

ANSWERS = {
    "captive portal": (Answer(), "alien"),
    "redirect": (Answer(302, b"", {"Location": "http://login.example/"}), "alien"),
    "no content": (Answer(204, b"", {}), "alien"),
    "html not found": (Answer(404), "alien"),
    "html forbidden": (Answer(403), "alien"),
    "proxy wants a password": (Answer(407), "proxy"),
    "request timed out": (Answer(408), "alien"),
    "too large": (Answer(413), "too_large"),
    "too many": (Answer(429), "busy"),
    "too many, absurd": (Answer(429, b"", {"Retry-After": "\xb2"}), "busy"),
    "fault": (Answer(500), "fault"),
    "fault in our words": (Answer(500, b'{"code": "fault", "detail": ""}', JSON), "fault"),
    "bad gateway": (Answer(502), "fault"),
    "unavailable": (Answer(503, b'{"code": "busy"}', {**JSON, "Retry-After": "7"}), "busy"),
    "gateway timeout": (Answer(504), "fault"),
    "somebody's json": (Answer(200, b'{"centre": "?"}', JSON), "alien"),
    "somebody's refusal": (Answer(400, b'{"code": 7}', JSON), "refused"),
    "a list": (Answer(400, b"[1]", JSON), "alien"),
    "empty in our type": (Answer(200, b"", OURS), "message"),
    "nonsense in our type": (Answer(200, b"\x00" * 99, OURS), "message"),
    "cut frame": (Answer(200, pack([1, [], []])[:-3], OURS), "message"),
    "other version": (Answer(200, pack([9] * 6), OURS), "message"),
    "no receipt": (Answer(200, pack([1, [], [], {}, bytes(64), {}]), OURS), "message"),
    "ends too soon": (Answer(200, b"x", {**OURS, "Content-Length": "99"}), "offline"),
    "endless": (Answer(200, bytes(MOST_PACKED + 1), OURS), "alien"),
    "encoded": (Answer(200, b"not gzip", {**OURS, "Content-Encoding": "gzip"}), "alien"),
    "revoked": (Answer(403, b'{"code": "revoked"}', JSON), "revoked"),
    "unknown device": (Answer(401, b'{"code": "unknown_device"}', JSON), "unknown_device"),
    "newer": (Answer(409, b'{"code": "version"}', JSON), "version"),
}


@pytest.fixture
def office(enrolled: Callable[[str], Office]) -> Office:
    """An enrolled office with one change to send."""
    office = enrolled("a")
    office.store.save(Library, a_library())
    return office


def test_no_stranger_changes_anything(office: Office, near_centre: Centre) -> None:
    before = everything(office)
    found = {}
    for name, (answer, _code) in ANSWERS.items():
        with stranger(answer) as url:
            office.move(url)
            with pytest.raises(Problem) as met:
                office.synchronise(Silent())
        found[name] = met.value.code.removeprefix("sync.")
        assert met.value.what
        assert met.value.advice
    assert found == {name: code for name, (_answer, code) in ANSWERS.items()}
    office.move("https://trung-uong.example")
    assert everything(office) == before
    assert exchange(office, DirectWire(near_centre)).accepted == 1


@pytest.mark.parametrize(
    "answer",
    [Answer(hangs=True), Answer(200, b"x", {**OURS, "Content-Length": "99"}, stalls=True)],
    ids=["says nothing", "stops half-way"],
)
def test_silence_is_given_up(
    answer: Answer, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_module, "READ_TIMEOUT_S", 0.2)
    before = everything(office)
    with stranger(answer) as url:
        office.move(url)
        with pytest.raises(Problem) as met:
            office.synchronise(Silent())
    assert met.value.code == "sync.timeout"
    office.move("https://trung-uong.example")
    assert everything(office) == before


@pytest.mark.parametrize(
    ("asked", "waits_s"),
    [("7", 7.0), ("999999", 3600.0), ("", None), ("-1", None), ("mai", None), ("²", None)],
)
def test_the_wish_to_come_back_later_is_read(asked: str, waits_s: float | None) -> None:
    answer = Answer(503, b"", {"Retry-After": asked})
    with stranger(answer) as url, HttpWire(url) as wire, pytest.raises(Busy) as busy:
        wire.post("/v1/sync", b"")
    assert busy.value.retry_after_s == waits_s


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "trung-uong",
        "ftp://a.example",
        "https://",
        "http://[",
        "https://a.example?b",
        "http://a:b",
    ],
)
def test_what_is_no_address_is_said_before_anything_is_sent(typed: str) -> None:
    with pytest.raises(Problem) as said:
        address(typed)
    assert said.value.code == "sync.address"


@pytest.mark.parametrize("typed", ["http://a..b", "http://.a", f"http://{'a' * 70}.example"])
def test_an_address_that_cannot_be_is_said_when_it_is_tried(typed: str) -> None:
    with HttpWire(typed) as wire, pytest.raises(Problem) as said:
        wire.post("/v1/sync", b"")
    assert said.value.code in ("sync.address", "sync.offline")
