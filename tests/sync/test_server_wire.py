"""What strangers, proxies and broken programs send, and how little it troubles the centre."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import msgpack
import pytest
import requests
import zstandard
from starlette.routing import Route

from sync import __version__
from sync.frames import MOST_PACKED
from sync.protocol import CONTENT_TYPE
from sync.server.app import SMALL_BODY_BYTES, application_of
from sync.server.embedded import EmbeddedCentre, settings_of
from sync.server.refusals import REFUSALS
from tests.sync.pc import Pc, refusal_of

POSTS = {"/v1/sync": MOST_PACKED, "/v1/enrol": SMALL_BODY_BYTES, "/v1/digest": SMALL_BODY_BYTES}


@pytest.fixture
def pc(centre: EmbeddedCentre) -> Pc:
    pc = Pc(centre.url)
    pc.enrol(centre.invite("hn"))
    return pc


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body",
    [b"", b"GET / HTTP/1.0", b"\x28\xb5\x2f\xfd", b"<html>", bytes(1000)],
)
def test_what_is_no_message_is_refused(pc: Pc, path: str, body: bytes) -> None:
    answer = pc.post(path, body)
    assert (answer.status_code, refusal_of(answer)) == (400, "message")


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("value", [None, 1, [], {}, [1, 2], [b"", bytes(64)], [b"\x90", bytes(64)]])
def test_a_frame_around_something_else_is_refused(pc: Pc, path: str, value: object) -> None:
    answer = pc.post(path, zstandard.compress(msgpack.packb(value)))
    assert answer.status_code in (400, 409)
    assert refusal_of(answer) in ("message", "version")


def test_a_request_cut_short_is_refused(pc: Pc) -> None:
    body = pc.request([pc.library()]).to_bytes(pc.key)
    for length in range(0, len(body), 17):
        assert refusal_of(pc.post("/v1/sync", body[:length])) == "message"
    assert pc.post("/v1/sync", body).status_code == 200


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_is_too_large_is_refused_by_its_length(pc: Pc, path: str) -> None:
    host, port = pc.url.removeprefix("http://").split(":")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {CONTENT_TYPE}\r\n"
        f"Content-Length: {POSTS[path] + 1}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(head.encode())
        # Not one byte of the body was sent, and the answer is there.
        assert line.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("path", POSTS)
def test_a_body_without_a_length_is_counted_as_it_comes(pc: Pc, path: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(POSTS[path] // 65536 + 1):
            yield bytes(65536)

    headers = {"Content-Type": CONTENT_TYPE}
    answer = requests.post(pc.url + path, data=endless(), headers=headers, timeout=20)
    assert (answer.status_code, refusal_of(answer)) == (413, "too_large")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_another_content_type_is_refused(pc: Pc, content_type: str) -> None:
    answer = pc.post("/v1/sync", b"{}", Content_Type=content_type)
    assert (answer.status_code, refusal_of(answer)) == (415, "content_type")


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "identity, gzip"])
def test_a_body_that_was_encoded_once_more_is_refused(pc: Pc, encoding: str) -> None:
    body = pc.request().to_bytes(pc.key)
    answer = pc.post("/v1/sync", body, Content_Encoding=encoding)
    assert (answer.status_code, refusal_of(answer)) == (415, "content_encoding")


def test_a_bomb_is_refused_and_the_next_request_served(pc: Pc) -> None:
    maker = zstandard.ZstdCompressor(level=1).compressobj()
    bomb = b"".join(maker.compress(bytes(1 << 20)) for _ in range(200)) + maker.flush()
    assert refusal_of(pc.post("/v1/sync", bomb)) == "message"
    assert pc.sync(pc.library()).receipt.accepted == 1


def test_unknown_addresses_and_methods_get_answers_of_the_same_form(pc: Pc) -> None:
    answer = requests.get(pc.url + "/v2/sync", timeout=20)
    assert (answer.status_code, refusal_of(answer)) == (404, "not_found")
    answer = requests.get(pc.url + "/v1/sync", timeout=20)
    assert (answer.status_code, refusal_of(answer)) == (405, "method")
    assert answer.headers["allow"] == "POST"


def test_a_fault_of_ours_says_nothing_and_its_log_quotes_nobody(
    pc: Pc, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from sync.server import ledger

    words = ["Bí", "Mật"]  # the log may quote our source, never what is in its values

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(" ".join(words))

    monkeypatch.setattr(ledger, "take", broken)
    answer = pc.post("/v1/sync", pc.request([pc.library("Thư viện Kín")]).to_bytes(pc.key))
    assert (answer.status_code, answer.json()) == (500, {"code": "fault", "detail": ""})
    assert "/v1/sync failed: RuntimeError" in caplog.text
    assert "in broken" in caplog.text
    assert "Bí Mật" not in caplog.text
    assert "Kín" not in caplog.text
    caplog.clear()


def test_a_database_that_stays_locked_is_busy_and_loses_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from dataclasses import replace

    from sync.server.database import writing

    settings = replace(settings_of(tmp_path / "busy.db"), busy_timeout_s=0.2)
    with EmbeddedCentre(settings) as centre:
        pc = Pc(centre.url)
        pc.enrol(centre.invite("hn"))
        library = pc.library()
        with writing(centre.centre.engine) as session:
            session.connection()
            answer = pc.post("/v1/sync", pc.request([library]).to_bytes(pc.key))
        assert (answer.status_code, refusal_of(answer)) == (503, "busy")
        assert answer.headers["retry-after"] == "5"
        assert [record.levelno for record in caplog.records] == [logging.ERROR]
        caplog.clear()
        assert pc.sync(library).receipt.accepted == 1


def test_health_says_who_and_when(centre: EmbeddedCentre) -> None:
    answer = requests.get(centre.url + "/health", timeout=20)
    assert answer.status_code == 200
    said = answer.json()
    assert said["centre"] == centre.centre.identity.id
    assert said["version"] == __version__
    assert said["time"].endswith("+00:00")
    assert set(said) == {"name", "centre", "version", "time"}


def test_the_front_page_says_what_this_is(centre: EmbeddedCentre) -> None:
    answer = requests.get(centre.url, timeout=20)
    assert answer.headers["content-type"].startswith("text/html")
    assert "máy chủ đồng bộ" in answer.text


def test_openapi_lists_exactly_the_addresses_that_exist(centre: EmbeddedCentre) -> None:
    document = requests.get(centre.url + "/openapi.json", timeout=20).json()
    described = {
        (path, method.upper()) for path, item in document["paths"].items() for method in item
    }
    standing = {
        (route.path, method)
        for route in application_of(centre.centre).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert described == standing
    assert document["openapi"] == "3.1.0"


def test_openapi_tells_every_refusal_of_an_exchange(centre: EmbeddedCentre) -> None:
    document = requests.get(centre.url + "/openapi.json", timeout=20).json()
    told = "".join(
        response["description"]
        for item in document["paths"].values()
        for response in item.get("post", {"responses": {}})["responses"].values()
    )
    untold = {code for code in REFUSALS if f"`{code}`" not in told}
    assert untold == {"not_found", "method"}
    assert set(document["components"]["schemas"]["Refusal"]["properties"]["code"]["enum"]) == set(
        REFUSALS
    )
