"""What an office takes along to work alone: blocks of card numbers, and the names of branches."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgpack

from sync.canonical import canonical
from sync.frames import BadMessage, in_full, list_of, pack, raw, text, unpack, unpacked, whole
from sync.keys import SIGNATURE_BYTES, SigningKey, verifies
from sync.protocol import Refusal, Sealed, unsealed

VERSION = 1
PROVISIONS_PURPOSE = "vla provisions 1"
PROVIDED_PURPOSE = "vla provided 1"
MOST_NUMBER = 2**40
MOST_BRANCHES = 1000
MOST_DIGITS = 12


@dataclass(frozen=True)
class Block:
    """`count` numbers from `begins` on, and how they are written."""

    begins: int
    count: int
    prefix: str
    digits: int

    def written(self, number: int) -> str:
        """A number as it stands on a card."""
        return f"{self.prefix}{number:0{self.digits}d}"


@dataclass(frozen=True)
class ProvisionsRequest:
    """Asks for the block number `ask` of this incarnation, 0 for none, and for branches' names.

    The same `ask` gets the same block for ever, in case an answer was lost. `highest` is the
    greatest number that the office was ever given: a centre restored from a backup gives none up
    to it again. `known` is the digest of the names that the office has, see `digest_of`.
    """

    device: str
    centre: str
    incarnation: str
    ask: int
    highest: int
    known: str

    def to_bytes(self, key: SigningKey) -> bytes:
        """Signed and packed."""
        payload = msgpack.packb(
            [
                VERSION, self.device, self.centre, self.incarnation, self.ask, self.highest,
                self.known,
            ]
        )  # fmt: skip
        return pack([payload, key.sign(PROVISIONS_PURPOSE, payload)])


def provisions_request_from(body: bytes) -> tuple[ProvisionsRequest, Sealed]:
    """The request in the bytes, its signature not yet judged. Raises `BadMessage`, `Refusal`."""
    sealed = unsealed(body)
    parts = list_of(unpacked(sealed.payload), most=20)
    if len(parts) < 7 or parts[0] != VERSION:
        raise Refusal("version", 409)
    _, device, centre, incarnation, ask, highest, known = parts[:7]
    request = ProvisionsRequest(
        in_full(device, 12), in_full(centre, 64), in_full(incarnation, 8), whole(ask, 10**6),
        whole(highest, MOST_NUMBER), text(known, 64),
    )  # fmt: skip
    return request, sealed


@dataclass(frozen=True)
class Provisions:
    """What the office is given. `branches` are names by code, None when it knows them already."""

    block: Block | None
    branches: Mapping[str, str] | None

    def to_bytes(self, sealed: Sealed, key: SigningKey) -> bytes:
        """Signed for this very request, and packed."""
        facts = self._facts()
        return pack([VERSION, *facts, key.sign(PROVIDED_PURPOSE, _told(facts, sealed.payload))])

    def _facts(self) -> list[object]:
        one, names = self.block, self.branches
        block = [one.begins, one.count, one.prefix, one.digits] if one else None
        return [block, None if names is None else [list(pair) for pair in sorted(names.items())]]


def provisions_from(body: bytes, asked: bytes, centre_key: bytes) -> Provisions:
    """What the bytes give, in answer to the request `asked`. Raises `BadMessage`."""
    parts = list_of(unpack(body), most=20)
    if len(parts) < 4 or parts[0] != VERSION:
        raise BadMessage("provisions")
    _, block, branches, signature = parts[:4]
    told = _told([block, branches], unsealed(asked).payload)
    if not verifies(centre_key, PROVIDED_PURPOSE, told, raw(signature, SIGNATURE_BYTES)):
        raise BadMessage("signature")
    names = None if branches is None else dict(map(_pair, list_of(branches, most=MOST_BRANCHES)))
    return Provisions(None if block is None else _block(block), names)


def digest_of(branches: Mapping[str, str]) -> str:
    """By what the centre knows whether an office has the names of today."""
    return hashlib.sha256(canonical(dict(branches)).encode()).hexdigest()


def _pair(wire: object) -> tuple[str, str]:
    code, name = list_of(wire, 2)
    return text(code, 32), text(name)


def _block(wire: object) -> Block:
    begins, count, prefix, digits = list_of(wire, 4)
    return Block(
        whole(begins, MOST_NUMBER),
        whole(count, 10**6),
        text(prefix, 12),
        whole(digits, MOST_DIGITS),
    )


def _told(facts: list[object], payload: bytes) -> bytes:
    """What the centre signs: which question was asked, and what it gives."""
    try:
        return hashlib.sha256(payload).digest() + canonical({"given": facts}).encode()
    except (TypeError, ValueError) as fault:
        raise BadMessage("provisions") from fault
