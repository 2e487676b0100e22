"""Real messages with bits turned, ends cut off and pieces swapped trouble neither end."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgpack
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sync.digests import DigestRequest
from sync.frames import BadMessage, pack, unpack
from sync.protocol import CONTENT_TYPE, SYNC_PURPOSE, EnrolRequest, Refusal
from sync.records.base import Shared
from sync.server.database import reading
from sync.server.embedded import EmbeddedCentre, settings_of
from sync.server.tables import Own
from sync.snapshots import _MANIFEST_PURPOSE as MANIFEST_PURPOSE
from sync.snapshots import manifest_from
from tests.faults.letters import KEY, MANIFEST, MESSAGES, PURPOSES, Reader
from tests.sync.pc import Pc

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 2**63, 1.5, "", "\0", "x" * 70_000, b"", bytes(16), [], {}, [[[]]], {"": 0}]
) | st.integers() | st.text(max_size=9) | st.binary(max_size=40)  # fmt: skip


def bits_turned(body: bytes, places: list[int]) -> bytes:
    """The bytes with these bits the other way round."""
    altered = bytearray(body)
    for place in places:
        at = place // 8 % len(altered)
        altered[at] ^= 1 << place % 8
    return bytes(altered)


@st.composite
def mangled_bytes(draw: st.DrawFn, body: bytes) -> bytes:
    """Bytes that were honest once."""
    bit = st.integers(0, len(body) * 8 - 1)
    other = draw(st.sampled_from([message for _reader, message in MESSAGES.values()]))
    cut, joint = draw(st.integers(0, len(body))), draw(st.integers(0, len(other)))
    return draw(
        st.one_of(
            st.lists(bit, min_size=1, max_size=8).map(partial(bits_turned, body)),
            st.just(body[:cut]),
            st.just(body[:cut] + other[joint:]),
            st.binary(max_size=20).map(lambda extra: body[:cut] + extra + body[cut:]),
        )
    )


@st.composite
def mangled_value(draw: st.DrawFn, value: Any) -> Any:
    """A plain value with something odd at one place in it."""
    if draw(st.integers(0, 3)) and isinstance(value, list) and value:
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], draw(mangled_value(value[at])), *value[at + 1 :]]
    if draw(st.integers(0, 3)) and isinstance(value, dict) and value:
        at = draw(st.sampled_from(sorted(value, key=str)))
        return {**value, at: draw(mangled_value(value[at]))}
    return draw(ODD)


def resealed(value: Any, purpose: str) -> bytes:
    """A request around this payload, signed as if nothing were wrong with it."""
    payload = msgpack.packb(value)
    return pack([payload, KEY.sign(purpose, payload)])


@st.composite
def mangled(draw: st.DrawFn, name: str) -> bytes:
    """The message with a fault in its bytes, in its plain bytes, or in its meaning."""
    _reader, body = MESSAGES[name]
    plain = unpack(body)
    depth = draw(st.integers(0, 3))
    if depth == 0:
        return draw(mangled_bytes(body))
    if depth == 1:
        return compressed(draw(mangled_bytes(msgpack.packb(plain))))
    if depth == 2 or name not in PURPOSES:
        return packed(draw(mangled_value(plain)))
    inner = draw(mangled_value(msgpack.unpackb(plain[0], strict_map_key=False)))
    return resealed_or_not(inner, PURPOSES[name])


def compressed(plain: bytes) -> bytes:
    """A frame around bytes that may be no value."""
    import zstandard

    return zstandard.ZstdCompressor(level=1).compress(plain)


def packed(value: Any) -> bytes:
    """A frame around a value, if msgpack can write it."""
    try:
        return pack(value)
    except (OverflowError, ValueError):
        return pack(None)


def resealed_or_not(value: Any, purpose: str) -> bytes:
    """The same for a signed payload."""
    try:
        return resealed(value, purpose)
    except (OverflowError, ValueError):
        return pack(None)


def is_put_up_with(reader: Reader, body: bytes) -> bool:
    """Whether the reader takes the bytes or says no in one of its two ways."""
    try:
        reader(body)
    except (BadMessage, Refusal):
        return True
    except Exception:  # noqa: BLE001  whatever else it raises is what we look for
        return False
    return True


@pytest.mark.parametrize("name", MESSAGES)
@settings(max_examples=1000, deadline=None, derandomize=True, database=None)
@given(chance=st.data())
def test_what_cannot_be_read_is_said_in_two_ways_only(name: str, chance: st.DataObject) -> None:
    assert is_put_up_with(MESSAGES[name][0], chance.draw(mangled(name)))


def test_a_reader_that_trusts_what_it_reads_would_be_caught() -> None:
    @settings(max_examples=1000, deadline=None, derandomize=True, database=None)
    @given(body=mangled("digests"))
    def trusting(body: bytes) -> None:
        assert is_put_up_with(lambda body: dict(unpack(body)[1]), body)

    with pytest.raises(AssertionError):
        trusting()


@pytest.fixture(scope="module")
def pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedCentre, Pc]]:
    """A centre with a branch, a PC and something in the ledger."""
    with EmbeddedCentre(settings_of(tmp_path_factory.mktemp("fuzz") / "centre.db")) as centre:
        pc = Pc(centre.url)
        pc.enrol(centre.invite("hn"))
        pc.sync(pc.library())
        yield centre, pc


def standing(centre: EmbeddedCentre) -> list[object]:
    """All that stands at the centre, but for the tries of codes and when PCs were last seen."""
    found: list[object] = []
    with reading(centre.centre.engine) as session:
        for metadata in (Shared.metadata, Own.metadata):
            for table in metadata.sorted_tables:
                columns = [c for c in table.columns if c.name not in ("tries", "last_seen_at")]
                found += [tuple(row) for row in session.execute(select(*columns))]
    return found


PATHS = {"sync request": "/v1/sync", "enrol request": "/v1/enrol", "digest request": "/v1/digest"}


@pytest.mark.parametrize("name", PATHS)
def test_nothing_unsigned_changes_the_centre(
    name: str, pc: tuple[EmbeddedCentre, Pc], tmp_path: Path
) -> None:
    centre, known = pc
    honest = msgpack.unpackb(unpack(genuine(name, known))[0])
    before = standing(centre)
    with requests.Session() as session:

        @settings(max_examples=250, deadline=None, derandomize=True, database=None)
        @given(body=mangled(name) | mangled_value(honest).map(
            lambda value: resealed_or_not(value, PURPOSES[name])
        ))  # fmt: skip
        def sent(body: bytes) -> None:
            headers = {"Content-Type": CONTENT_TYPE}
            answer = session.post(centre.url + PATHS[name], data=body, headers=headers, timeout=20)
            assert answer.status_code in (400, 401, 403, 409)
            assert standing(centre) == before

        sent()


def genuine(name: str, pc: Pc) -> bytes:
    """A request of a PC that the centre knows, which it has not had yet."""
    if name == "sync request":
        return pc.request([pc.library("Hai")]).to_bytes(pc.key)
    if name == "enrol request":
        return EnrolRequest(secrets.token_hex(8).upper(), pc.key.public, "M").to_bytes(pc.key)
    return DigestRequest(pc.device, pc.us.centre, {"hn": 1}).to_bytes(pc.key)


@settings(max_examples=250, deadline=None, derandomize=True, database=None)
@given(chance=st.data())
def test_a_mad_pc_of_ours_is_answered_in_order(
    pc: tuple[EmbeddedCentre, Pc], chance: st.DataObject
) -> None:
    centre, mad = pc
    request = replace(mad.request([mad.library()]), label="")
    payload = msgpack.unpackb(unpack(request.to_bytes(mad.key))[0])
    try:
        inner = msgpack.packb(chance.draw(mangled_value(payload)))
    except (OverflowError, ValueError):
        return
    body = pack([inner, mad.key.sign(SYNC_PURPOSE, inner)])
    answer = mad.post("/v1/sync", body)
    assert answer.status_code in (200, 400, 401, 403, 409)
    assert centre.centre.is_well()


@settings(max_examples=1000, deadline=None, derandomize=True, database=None)
@given(chance=st.data())
def test_a_signed_manifest_of_any_shape_is_none_or_one(chance: st.DataObject) -> None:
    """The centre's key on nonsense: whoever reads it says no in the one way."""
    honest = json.loads(MANIFEST.to_bytes())
    try:
        content = json.dumps(chance.draw(mangled_value(honest))).encode()
    except TypeError:
        return
    signature = KEY.sign(MANIFEST_PURPOSE, content)
    assert is_put_up_with(lambda body: manifest_from(body, signature, KEY.public), content)
