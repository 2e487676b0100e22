"""Frames are bounded before they are read, and say what they said."""

from __future__ import annotations

import functools
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import pytest
import zstandard

from sync.changes import Change
from sync.consignments import changes_from_wire, changes_to_wire
from sync.digests import (
    DIGEST_PURPOSE,
    DigestRequest,
    Unproven,
    digest_request_from,
    digests_from,
    digests_to_bytes,
)
from sync.frames import MOST_CHANGES, MOST_PACKED, BadMessage, pack, unpack
from sync.keys import SigningKey
from sync.protocol import (
    ENROL_PURPOSE,
    SYNC_PURPOSE,
    EnrolAnswer,
    EnrolRequest,
    Refusal,
    SyncRequest,
    enrol_answer_from,
    enrol_request_from,
    sync_answer_from,
    sync_request_from,
)
from sync.unfolding import Reader
from tests.faults.letters import ANSWER, KEY

ROOT = Path(__file__).resolve().parents[2]
CENTRE = SigningKey(bytes(range(1, 33)))
CHANGE = Change(
    "0" * 31 + "1", "hn", "library", "0" * 31 + "2", "create",
    {"name": "Thư viện", "books": 3, "open": True, "note": None}, 4, "Văn thư",
    "2026-05-04T08:00:00+00:00",
)  # fmt: skip
REQUEST = SyncRequest("a" * 12, "b" * 8, 7, "centre", {"hn": 3}, [CHANGE], "Máy 1")


def test_a_request_arrives_as_it_was_sent() -> None:
    read, sealed = sync_request_from(REQUEST.to_bytes(KEY))
    assert read == REQUEST
    sealed.check(KEY.public)


def test_an_answer_arrives_as_it_was_sent() -> None:
    read = sync_answer_from(ANSWER.to_bytes())
    assert read == ANSWER
    assert read.receipt.is_genuine(KEY.public, read.signature)


def test_enrolment_and_digests_arrive_as_they_were_sent() -> None:
    request = EnrolRequest("AAAA", KEY.public, "Máy 1")
    assert enrol_request_from(request.to_bytes(KEY)) == request
    answer = EnrolAnswer("centre", KEY.public, "epoch", "hn", "Hà Nội")
    assert enrol_answer_from(answer.to_bytes()) == answer
    places = DigestRequest("a" * 12, "centre", {"hn": 4}, "mark")
    asked = places.to_bytes(KEY)
    read, sealed = digest_request_from(asked)
    assert read == places
    sealed.check(KEY.public, DIGEST_PURPOSE)
    said = digests_to_bytes({"hn": ""}, read, sealed, CENTRE)
    assert digests_from(said, asked, CENTRE.public) == {"hn": ""}


def test_digests_are_believed_from_the_centre_alone_and_for_one_question() -> None:
    asked, again = (
        DigestRequest("a" * 12, "centre", {"hn": 4}, mark).to_bytes(KEY) for mark in ("1", "2")
    )
    said = digests_to_bytes({"hn": "d" * 64}, *digest_request_from(asked), CENTRE)
    other = digests_to_bytes({"hn": "d" * 64}, *digest_request_from(asked), KEY)
    changed = pack([1, {"hn": "e" * 64}, unpack(said)[2]])
    bare = pack([1, {"hn": "d" * 64}])
    for doubtful, question in ((said, again), (other, asked), (changed, asked), (bare, asked)):
        with pytest.raises(Unproven):
            digests_from(doubtful, question, CENTRE.public)


def test_an_older_office_is_answered_as_it_asked() -> None:
    asked = DigestRequest("a" * 12, "centre", {"hn": 4}).to_bytes(KEY)
    payload = msgpack.unpackb(unpack(asked)[0])
    assert payload == [1, "a" * 12, "centre", {"hn": 4}]
    said = digests_to_bytes({"hn": "d" * 64}, *digest_request_from(asked), CENTRE)
    assert unpack(said) == [1, {"hn": "d" * 64}]


@pytest.mark.parametrize("purpose", [ENROL_PURPOSE, DIGEST_PURPOSE])
def test_a_signature_is_good_for_one_purpose(purpose: str) -> None:
    _, sealed = sync_request_from(REQUEST.to_bytes(KEY))
    sealed.check(KEY.public, SYNC_PURPOSE)
    with pytest.raises(Refusal, match="signature"):
        sealed.check(KEY.public, purpose)


def test_a_changed_payload_loses_its_signature() -> None:
    _, sealed = sync_request_from(REQUEST.to_bytes(KEY))
    for at in range(len(sealed.payload)):
        altered = bytearray(sealed.payload)
        altered[at] ^= 1
        with pytest.raises(Refusal, match="signature"):
            replace(sealed, payload=bytes(altered)).check(KEY.public)


def test_every_message_cut_short_is_unreadable() -> None:
    body = REQUEST.to_bytes(KEY)
    for length in range(len(body)):
        with pytest.raises(BadMessage):
            sync_request_from(body[:length])


def test_a_later_version_is_told_so() -> None:
    payload = msgpack.packb([2, "whatever"])
    with pytest.raises(Refusal, match="version") as refused:
        sync_request_from(pack([payload, KEY.sign(SYNC_PURPOSE, payload)]))
    assert refused.value.status == 409


def test_what_a_later_version_adds_at_the_end_is_passed_over() -> None:
    request = replace(REQUEST, page_bytes=5000)
    sealed = unpack(request.to_bytes(KEY))
    payload = msgpack.packb([*msgpack.unpackb(sealed[0]), "more"])
    assert sync_request_from(pack([payload, bytes(64)]))[0] == request


def test_an_office_that_says_neither_page_nor_epoch_is_understood() -> None:
    request = replace(REQUEST, page_bytes=4096, epoch="ab" * 8)
    parts = msgpack.unpackb(unpack(request.to_bytes(KEY))[0])
    older = pack([msgpack.packb(parts[:8]), bytes(64)])
    assert sync_request_from(older)[0] == replace(request, page_bytes=0, epoch="")


PARTS = (
    "count", "id", "scope", "shapes", "shape", "record", "base", "author", "written_at", "mark",
    "books", "name", "note", "open",
)  # fmt: skip


@pytest.mark.parametrize(
    "part",
    [
        {"id": b"short"}, {"id": None}, {"id": [9, b"short", 0, 1]}, {"id": [9, b"", 0, 1]},
        {"id": [9, bytes(10), 1, 1]}, {"id": [9, bytes(10), 0, 2**48]}, {"count": 0},
        {"count": 5001}, {"count": True}, {"scope": 3}, {"scope": "s" * 33}, {"shapes": []},
        {"shapes": [["library", "create"]]}, {"shapes": [["library", ["create"]]]},
        {"shapes": [["library"]]}, {"shapes": [["library", "edit", "x", "x", "y", "z"]]},
        {"shapes": [["library", "edit", *map(str, range(201))]]}, {"shape": 1}, {"shape": -1},
        {"shapes": [["library", "edit", "a", "b", "c", "x" * 61]]}, {"books": 1.5},
        {"books": [1]}, {"books": {}}, {"books": b"raw"}, {"books": 2**53}, {"name": "y" * 65_537},
        {"base": -1}, {"base": True}, {"base": 2**31}, {"author": "a" * 121}, {"author": "a\0"},
        {"written_at": "w" * 33}, {"mark": "x" * 8}, {"mark": "a"},
    ],
)  # fmt: skip
def test_a_change_with_a_part_out_of_bounds_is_unreadable(part: dict[str, Any]) -> None:
    wire = dict(zip(PARTS, changes_to_wire([CHANGE]), strict=True))
    assert changes_from_wire(list(wire.values()), Reader()) == [CHANGE]
    with pytest.raises(BadMessage):
        changes_from_wire(list((wire | part).values()), Reader())


@pytest.mark.parametrize("most", [5, PARTS.index("mark"), len(PARTS) - 1, len(PARTS) + 1])
def test_changes_with_a_column_too_few_or_too_many_are_unreadable(most: int) -> None:
    with pytest.raises(BadMessage):
        changes_from_wire([*changes_to_wire([CHANGE]), 1][:most], Reader())


def test_too_many_changes_are_unreadable() -> None:
    most = replace(REQUEST, changes=[CHANGE] * MOST_CHANGES)
    assert len(sync_request_from(most.to_bytes(KEY))[0].changes) == MOST_CHANGES
    with pytest.raises(BadMessage):
        sync_request_from(replace(most, changes=[*most.changes, CHANGE]).to_bytes(KEY))


def test_much_of_the_same_text_does_not_look_like_a_bomb() -> None:
    same = [replace(CHANGE, values={"note": "Đã kiểm kê. " * 300}) for _ in range(800)]
    request = replace(REQUEST, changes=same)
    assert sync_request_from(request.to_bytes(KEY))[0] == request


@functools.cache
def zeros(megabytes: int) -> bytes:
    """A frame of so many zero bytes."""
    maker = zstandard.ZstdCompressor(level=1).compressobj()
    million = bytes(1024 * 1024)
    return b"".join(maker.compress(million) for _ in range(megabytes)) + maker.flush()


def crowd(item: bytes, megabytes: int) -> bytes:
    """A frame of one huge list that holds the same small item over and over."""
    count = megabytes * 1024 * 1024 // len(item)
    plain = b"\xdd" + count.to_bytes(4, "big") + item * count
    return zstandard.ZstdCompressor(level=1).compress(plain)


def deep_crowd(item: bytes, megabytes: int) -> bytes:
    """The same in lists of two thousand, so that no single one is too long."""
    inner = b"\xdc" + (2000).to_bytes(2, "big") + item * 2000
    middle = b"\xdc" + (2000).to_bytes(2, "big") + inner * 2000
    plain = (b"\x92" + middle * 2)[: megabytes * 1024 * 1024]
    return zstandard.ZstdCompressor(level=1).compress(plain) + bytes(0)


def padded(body: bytes) -> bytes:
    """Long enough that the ratio raises no suspicion."""
    length = 200 * 1024
    return body + b"\x50\x2a\x4d\x18" + length.to_bytes(4, "little") + bytes(length)


BOMBS = {
    "zeros": zeros(1024),
    "zeros made plausible": padded(zeros(1024)),
    "many frames": zeros(8) * 100,
    "empty lists": padded(crowd(b"\x90", 30)),
    "nothing": padded(crowd(b"\xc0", 30)),
    "empty maps": padded(crowd(b"\x80", 30)),
    "little texts": padded(crowd(b"\xa2ab", 30)),
    "lists in lists": padded(deep_crowd(b"\x90", 8)),
    "texts in lists": padded(deep_crowd(b"\xa2ab", 24)),
    "depth": padded(zstandard.ZstdCompressor().compress(b"\x91" * 10_000_000)),
    "not zstd": b"\x1f\x8b" + bytes(1000),
    "wide window": zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=27)
    ).compressobj().compress(b"x") + b"x",
}  # fmt: skip

MEASURE = """
import resource, sys, time
from sync.frames import BadMessage
from sync.protocol import Refusal, sync_request_from
body = sys.stdin.buffer.read()
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
try:
    sync_request_from(body)
except (BadMessage, Refusal) as no:
    took = time.monotonic() - start
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, took)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="measures by getrusage")
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_put_out_in_bounded_memory_and_time(bomb: bytes) -> None:
    assert len(bomb) < MOST_PACKED
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=bomb, capture_output=True, check=True, cwd=ROOT
    )
    megabytes, seconds = done.stdout.split()
    assert int(megabytes) < 150
    assert float(seconds) < 2
