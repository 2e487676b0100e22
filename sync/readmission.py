"""How a PC that joined after the backup comes back to a restored centre, which never heard of it.

It shows a receipt that the centre itself had signed for it, and proves that it holds the key which
its name is made of.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgpack

from sync.frames import BadMessage, list_of, pack, raw, text, unpack, unpacked
from sync.keys import PUBLIC_KEY_BYTES, SigningKey
from sync.protocol import Refusal, unsealed
from sync.returns import Proof, proof_from

READMISSION_VERSION = 2
READMISSION_PURPOSE = "vla readmission 1"


@dataclass(frozen=True)
class ReadmissionRequest:
    """A PC asks to be known again, as one of `branch`."""

    public_key: bytes
    centre: str
    branch: str
    branch_name: str
    label: str
    proof: Proof

    def to_bytes(self, key: SigningKey) -> bytes:
        """Signed and packed."""
        payload = msgpack.packb(
            [
                READMISSION_VERSION, self.public_key, self.centre, self.branch, self.branch_name,
                self.label, self.proof.to_wire(),
            ]
        )  # fmt: skip
        return pack([payload, key.sign(READMISSION_PURPOSE, payload)])


def readmission_request_from(body: bytes) -> ReadmissionRequest:
    """The request, its proof of the key checked. Raises `BadMessage`, `Refusal`."""
    sealed = unsealed(body)
    parts = list_of(unpacked(sealed.payload), most=20)
    if len(parts) < 7 or parts[0] != READMISSION_VERSION:
        raise Refusal("version", 409)
    _, public_key, centre, branch, name, label, proof = parts[:7]
    request = ReadmissionRequest(
        raw(public_key, PUBLIC_KEY_BYTES), text(centre, 64), text(branch, 32), text(name),
        text(label, 120), proof_from(proof),
    )  # fmt: skip
    sealed.check(request.public_key, READMISSION_PURPOSE)
    return request


def readmission_answer_to_bytes(branch: str) -> bytes:
    """Known again."""
    return pack([READMISSION_VERSION, branch])


def readmission_answer_from(body: bytes) -> str:
    """The branch that the PC belongs to. Raises `BadMessage`."""
    version, branch = list_of(unpack(body), 2)
    if version != READMISSION_VERSION:
        raise BadMessage("version")
    return text(branch, 32)
