"""Asking the centre for the digests of its ledgers, and its signed word on them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgpack

from sync.canonical import canonical
from sync.frames import BadMessage, list_of, pack, raw, text, unpack, unpacked, whole
from sync.keys import SIGNATURE_BYTES, SigningKey, verifies
from sync.protocol import Refusal, Sealed, unsealed

VERSION = 1
DIGEST_PURPOSE = "vla digest 1"
DIGESTS_PURPOSE = "vla digests 1"


@dataclass(frozen=True)
class DigestRequest:
    """Asks the centre for its digests at given places, to check a receipt against them.

    `mark` tells this question from every other, so that no older answer fits it. Without one it is
    the question of an older version, whose answer bears no signature.
    """

    device: str
    centre: str
    places: Mapping[str, int]
    mark: str = ""

    def to_bytes(self, key: SigningKey) -> bytes:
        """Signed and packed."""
        parts = [VERSION, self.device, self.centre, dict(self.places)]
        payload = msgpack.packb(parts + [self.mark] * bool(self.mark))
        return pack([payload, key.sign(DIGEST_PURPOSE, payload)])


def digest_request_from(body: bytes) -> tuple[DigestRequest, Sealed]:
    """The request in the bytes, its signature not yet judged. Raises `BadMessage`, `Refusal`."""
    sealed = unsealed(body)
    parts = list_of(unpacked(sealed.payload), most=20)
    if len(parts) < 4:
        raise BadMessage("list")
    version, device, centre, places, *more = parts
    if version != VERSION:
        raise Refusal("version", 409)
    if not isinstance(places, dict) or len(places) > 20:
        raise BadMessage("places")
    request = DigestRequest(
        text(device, 12), text(centre, 64),
        {text(scope, 32): whole(seq) for scope, seq in places.items()},
        text(more[0], 40) if more else "",
    )  # fmt: skip
    return request, sealed


class Unproven(BadMessage):
    """It may be the centre's word, but does not bear its signature on this very question."""


def digests_to_bytes(
    digests: Mapping[str, str], request: DigestRequest, sealed: Sealed, key: SigningKey
) -> bytes:
    """The centre's digests by scope, "" where its ledger does not reach, signed for this request.

    Older versions ask without a mark and know no signature.
    """
    if not request.mark:
        return pack([VERSION, dict(digests)])
    signature = key.sign(DIGESTS_PURPOSE, _told(digests, sealed.payload))
    return pack([VERSION, dict(digests), signature])


def digests_from(body: bytes, asked: bytes, centre_key: bytes) -> dict[str, str]:
    """The digests in the bytes, which answer the request `asked`.

    Raises `BadMessage`, which is `Unproven` without the centre's signature for that request.
    """
    parts = list_of(unpack(body), most=20)
    if len(parts) < 2 or parts[0] != VERSION or not isinstance(parts[1], dict):
        raise BadMessage("digests")
    digests = {text(scope, 32): text(digest, 64) for scope, digest in parts[1].items()}
    signature = raw(parts[2], SIGNATURE_BYTES) if len(parts) > 2 else b""
    told = _told(digests, unsealed(asked).payload)
    if not verifies(centre_key, DIGESTS_PURPOSE, told, signature):
        raise Unproven("digests")
    return digests


def _told(digests: Mapping[str, str], payload: bytes) -> bytes:
    """What the centre signs: which question was asked, and what it said to it."""
    return hashlib.sha256(payload).digest() + canonical(dict(digests)).encode()
