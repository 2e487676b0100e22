"""An office of the first version of the wire, as it was: frozen, and it shares no code with ours.

It makes requests and reads answers as the program did when `wire-1.json` was recorded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import msgpack
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

Post = Callable[[str, bytes], bytes]
MOST_ROUNDS = 50


def packed(message: Any) -> bytes:
    """A frame."""
    return zstandard.ZstdCompressor(level=3).compress(msgpack.packb(message))


def unpacked(body: bytes) -> Any:
    """What is in a frame."""
    return msgpack.unpackb(zstandard.ZstdDecompressor().stream_reader(body).read())


def text_of(change: list[Any]) -> bytes:
    """The canonical form of a change as it travels."""
    identity, scope, kind, record, action, values, base, author, written_at = change
    facts = [1, identity.hex(), scope, kind, record.hex(), action, values, base, author, written_at]
    return said(facts)


def said(value: Any) -> bytes:
    """Canonical JSON."""
    words = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return words.encode()


class FirstOffice:
    """Its key is one byte, repeated. `ledger` has what it was given, in order."""

    def __init__(self, seed: int, centre: str, centre_key: bytes, label: str) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self.key.public_key().public_bytes_raw()
        self.device = hashlib.sha256(b"vla device" + self.public).hexdigest()[:12]
        self.centre, self.label = centre, label
        self.centre_key = Ed25519PublicKey.from_public_bytes(centre_key)
        self.exchange = self.counter = 0
        self.cursors: dict[str, int] = {}
        self.digests: dict[str, str] = {}
        self.ledger: list[list[Any]] = []
        self.pending: dict[bytes, list[Any]] = {}

    def next_id(self) -> bytes:
        """An id as it made them."""
        self.counter += 1
        return bytes.fromhex(f"{self.device}00000001{self.counter:012x}")

    def write(
        self, kind: str, values: Mapping[str, Any], record: bytes = b"", action: str = "create"
    ) -> bytes:
        """A clerk saves; gives the record's id."""
        identity, record = self.next_id(), record or self.next_id()
        self.pending[identity] = [
            identity, "HN", kind, record, action, dict(values), self.cursors.get("HN", 0),
            "Văn thư", "2026-05-04T08:00:00+00:00",
        ]  # fmt: skip
        return record

    def request(self, changes: list[list[Any]], page_bytes: int = 0) -> bytes:
        """The next request."""
        self.exchange += 1
        parts = [1, self.device, "00000001", self.exchange, self.centre, dict(self.cursors),
                 changes, self.label]  # fmt: skip
        payload = msgpack.packb(parts + [page_bytes] * bool(page_bytes))
        return packed([payload, self.key.sign(b"vla sync 1\0" + payload)])

    def synchronise(self, post: Post, batch: int = 1000) -> None:
        """As its program did: batch after batch, then page after page. Raises what `post` does."""
        queue = list(self.pending.values())
        for _round in range(MOST_ROUNDS):
            some, queue = queue[:batch], queue[batch:]
            left = self.take_in(post("/v1/sync", self.request(some)))
            if not left and not queue:
                return
        raise AssertionError("it would ask for ever")

    def take_in(self, body: bytes) -> int:
        """Keeps an answer, its chain checked; says how much is left."""
        version, _setbacks, pages, facts, signature, _labels, *_ = unpacked(body)
        assert version == 1
        self.centre_key.verify(signature, b"vla receipt 1\0" + said(facts))
        found = dict(pages)
        for scope, place in facts["positions"].items():
            digest = self.digests.get(scope) or first_digest(scope)
            for item in found.get(scope, ()):
                change = self.pending[item] if isinstance(item, bytes) else item
                digest = hashlib.sha256(bytes.fromhex(digest) + text_of(change)).hexdigest()
                self.pending.pop(change[0], None)
                self.ledger.append(change)
            assert digest == place["digest"]
            self.cursors[scope], self.digests[scope] = place["seq"], digest
        return sum(place["head"] - place["seq"] for place in facts["positions"].values())


def first_digest(scope: str) -> str:
    """Where a chain begins."""
    return hashlib.sha256(b"vla ledger\0" + scope.encode()).hexdigest()
