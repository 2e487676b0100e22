"""The centre's signed word on what it holds. The only thing that may turn the light green."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sync.canonical import canonical
from sync.keys import SigningKey, verifies

PURPOSE = "vla receipt 1"


@dataclass(frozen=True)
class Position:
    """A place in the ledger of a scope: everything up to `seq` hashes to `digest`.

    `head` is how far the centre was when it signed; `seq` is behind it while pages are left.
    """

    seq: int
    digest: str
    head: int


@dataclass(frozen=True)
class Receipt:
    """What one exchange came to. `sent` is always accepted + waiting + rejected.

    `number` counts the exchanges of one incarnation of one device; `at` is the centre's clock.
    """

    centre: str
    epoch: str
    device: str
    incarnation: str
    number: int
    at: str
    accepted: int
    waiting: int
    rejected: int
    positions: Mapping[str, Position]

    @property
    def sent(self) -> int:
        """Changes that the request carried."""
        return self.accepted + self.waiting + self.rejected

    @property
    def title(self) -> str:
        """The number as people quote it: computer, sitting, exchange."""
        return f"{self.device[:4]}-{self.incarnation[:4]}-{self.number:06}".upper()

    @property
    def signed_at(self) -> dt.datetime:
        """The centre's time, UTC."""
        return dt.datetime.fromisoformat(self.at)

    def facts(self) -> dict[str, Any]:
        """The receipt as plain values."""
        return asdict(self)

    def text(self) -> str:
        """What is signed."""
        return canonical(self.facts())

    def signed(self, key: SigningKey) -> bytes:
        """The centre's signature."""
        return key.sign(PURPOSE, self.text().encode())

    def is_genuine(self, centre_key: bytes, signature: bytes) -> bool:
        """Whether the centre with this public key signed it."""
        return verifies(centre_key, PURPOSE, self.text().encode(), signature)


def receipt_from(facts: Mapping[str, Any]) -> Receipt:
    """The receipt of `Receipt.facts`. Raises TypeError, ValueError or KeyError when it is none."""
    positions = {
        _text(scope): Position(_number(p["seq"]), _text(p["digest"]), _number(p["head"]))
        for scope, p in facts["positions"].items()
    }
    receipt = Receipt(
        centre=_text(facts["centre"]),
        epoch=_text(facts["epoch"]),
        device=_text(facts["device"]),
        incarnation=_text(facts["incarnation"]),
        number=_number(facts["number"]),
        at=_text(facts["at"]),
        accepted=_number(facts["accepted"]),
        waiting=_number(facts["waiting"]),
        rejected=_number(facts["rejected"]),
        positions=positions,
    )
    if receipt.signed_at.tzinfo is None:
        raise ValueError("an instant without its zone")
    return receipt


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("number")
    return value
