"""What a centre that was restored from a backup lost, brought back to it with proof.

Any office that has read a piece of a ledger can prove that it was the centre's: each page came
with a receipt that the centre signed, and the digest in it covers every change of the page. So not
only their authors bring changes back, and where nothing else was written since, everything gets
its old number again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgpack

from sync.changes import Change
from sync.consignments import changes_from_wire, changes_to_wire
from sync.frames import BadMessage, list_of, pack, raw, text, unpack, unpacked, whole
from sync.keys import SIGNATURE_BYTES, SigningKey
from sync.protocol import (
    Refusal,
    Sealed,
    receipt_from_wire,
    receipt_to_wire,
    unsealed,
)
from sync.receipts import Receipt
from sync.unfolding import Reader

# Its own: who brings something back may speak an older wire than the centre.
RETURN_VERSION = 2
RETURN_PURPOSE = "vla return 1"


@dataclass(frozen=True)
class Proof:
    """A receipt with the centre's signature."""

    receipt: Receipt
    signature: bytes

    def to_wire(self) -> list[Any]:
        """As a list of plain values."""
        return [receipt_to_wire(self.receipt), self.signature]


def proof_from(wire: Any) -> Proof:
    """The proof of `Proof.to_wire`. Raises `BadMessage`."""
    receipt, signature = list_of(wire, 2)
    return Proof(receipt_from_wire(receipt), raw(signature, SIGNATURE_BYTES))


@dataclass(frozen=True)
class ReturnRequest:
    """A piece of a scope's ledger: every change after `after` up to the place of `end`.

    The digest at `after` is the centre's own, or that of `start` when it is given.
    """

    device: str
    centre: str
    scope: str
    after: int
    start: Proof | None
    changes: Sequence[Change]
    end: Proof

    def to_bytes(self, key: SigningKey) -> bytes:
        """Signed and packed."""
        payload = msgpack.packb(
            [
                RETURN_VERSION, self.device, self.centre, self.scope, self.after,
                self.start.to_wire() if self.start else [],
                changes_to_wire(self.changes), self.end.to_wire(),
            ]
        )  # fmt: skip
        return pack([payload, key.sign(RETURN_PURPOSE, payload)])


def return_request_from(body: bytes) -> tuple[ReturnRequest, Sealed]:
    """The request in the bytes, its signature not yet judged. Raises `BadMessage`, `Refusal`."""
    sealed = unsealed(body)
    parts = list_of(unpacked(sealed.payload), most=20)
    if len(parts) < 8 or parts[0] != RETURN_VERSION:
        raise Refusal("version", 409)
    _, device, centre, scope, after, start, changes, end = parts[:8]
    request = ReturnRequest(
        text(device, 12), text(centre, 64), text(scope, 32), whole(after),
        proof_from(start) if start else None,
        changes_from_wire(changes, Reader()), proof_from(end),
    )  # fmt: skip
    return request, sealed


def return_answer_to_bytes(taken: int) -> bytes:
    """How many of the changes were not at the centre any more."""
    return pack([RETURN_VERSION, taken])


def return_answer_from(body: bytes) -> int:
    """The number in the bytes. Raises `BadMessage`."""
    version, taken = list_of(unpack(body), 2)
    if version != RETURN_VERSION:
        raise BadMessage("version")
    return whole(taken)
