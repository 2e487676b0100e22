"""Names that no two offices can ever give twice, made without asking anybody.

An id is 128 bits, written as 32 hexadecimal digits: 48 bits of the device (from its public key),
32 bits of its incarnation (drawn anew whenever an office is restored or copied) and a counter of
48 bits that only grows. Records and changes draw from the same counter.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

DEVICE_DIGITS = 12
INCARNATION_DIGITS = 8
COUNTER_DIGITS = 12
ID_DIGITS = 32


@dataclass(frozen=True)
class Origin:
    """Where ids are made: a device in one of its incarnations, both in hexadecimal."""

    device: str
    incarnation: str

    def __post_init__(self) -> None:
        if len(self.device) != DEVICE_DIGITS or len(self.incarnation) != INCARNATION_DIGITS:
            raise ValueError("device takes 12 hexadecimal digits, incarnation 8")

    def id_at(self, counter: int) -> str:
        """The id that this origin gives at `counter`."""
        return f"{self.device}{self.incarnation}{counter:012x}"


def device_of(public_key: bytes) -> str:
    """The device's name for life: the first 48 bits of the hash of its Ed25519 public key."""
    return hashlib.sha256(b"vla device" + public_key).hexdigest()[:DEVICE_DIGITS]


def origin_of(identity: str) -> Origin:
    """Who gave this id."""
    return Origin(identity[:DEVICE_DIGITS], identity[DEVICE_DIGITS : DEVICE_DIGITS + 8])


def counter_of(identity: str) -> int:
    """The counter inside an id."""
    return int(identity[-12:], 16)


def is_id(text: str) -> bool:
    """Whether the text has the shape of an id."""
    return len(text) == ID_DIGITS and all(letter in "0123456789abcdef" for letter in text)
