"""The wire: what office and centre say to each other, as bytes within bounds.

A message is a zstd frame around a msgpack list; every length is bounded before it is read. The
same bytes can travel by HTTP or in a file. What an office says is signed with its device's key;
what the centre proves is signed in the receipt. A refusal is a small JSON document with a stable
code, so that any proxy's log can be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgpack

from sync import first_wire
from sync.changes import Change
from sync.columns import instant_of, seconds_of
from sync.consignments import (
    changes_from_wire,
    changes_to_wire,
    items_from_wire,
    items_to_wire,
)
from sync.frames import (
    BadMessage,
    brief,
    in_full,
    list_of,
    pack,
    raw,
    text,
    unpack,
    unpacked,
    whole,
)
from sync.keys import PUBLIC_KEY_BYTES, SIGNATURE_BYTES, SigningKey, verifies
from sync.receipts import Receipt, receipt_from
from sync.unfolding import Reader

# Of the exchange. A new one is spoken beside the two before it; what older offices send is taken
# for ever. Enrolling has a version of its own, as asking for digests has.
VERSION = 2
SPOKEN = (2,)
HEARD = (2, first_wire.VERSION)
LEAST_SERVED = max(1, VERSION - 2)
ENROL_VERSION = 1
CONTENT_TYPE = "application/vnd.vla.sync"
OFFER_BYTES = PUBLIC_KEY_BYTES + SIGNATURE_BYTES

SYNC_PURPOSE = "vla sync 1"
ENROL_PURPOSE = "vla enrol 1"

LEAST_PAGE_BYTES = 4 * 1024
# What a change waits for that only a newer centre can judge; no record bears this name.
AWAITS_UPGRADE = "upgrade"


class Refusal(Exception):
    """The centre says no. `code` is stable; `detail` is for programmers."""

    def __init__(self, code: str, status: int = 400, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.status, self.detail = code, status, detail

    def to_bytes(self) -> bytes:
        """As JSON."""
        return json.dumps({"code": self.code, "detail": self.detail}).encode()


@dataclass(frozen=True)
class SyncRequest:
    """One exchange, as the office asks for it.

    `exchange` grows with every request of an incarnation, so that a recorded request is worth
    nothing and a copied or restored office is recognised. `cursors` is how far each scope's
    ledger was applied here. `changes` come in the order they were written. `page_bytes` is how
    much canonical text the office wants back at once; 0 leaves it to the centre. `epoch` is the
    one that the office knows; in another the centre takes no changes. "" for files, which are
    taken in any. `schema` is the newest migration that the office knows, 0 when it does not say;
    `version` that of the wire.
    """

    device: str
    incarnation: str
    exchange: int
    centre: str
    cursors: Mapping[str, int]
    changes: Sequence[Change] = ()
    label: str = ""
    page_bytes: int = 0
    epoch: str = ""
    schema: int = 0
    version: int = VERSION

    def to_bytes(self, key: SigningKey, carried: Sequence[Any] | None = None) -> bytes:
        """Signed and packed; `carried` are the changes on the wire, where somebody has them."""
        wire = changes_to_wire(self.changes) if carried is None else carried
        parts = [
            self.version, brief(self.device), brief(self.incarnation), self.exchange,
            brief(self.centre), dict(self.cursors), wire, self.label,
        ]  # fmt: skip
        payload = msgpack.packb([*parts, self.page_bytes, brief(self.epoch), self.schema])
        return pack([payload, key.sign(SYNC_PURPOSE, payload)])


@dataclass(frozen=True)
class Sealed:
    """A request before anybody looked whose signature it bears."""

    payload: bytes
    signature: bytes

    def check(self, public_key: bytes, purpose: str = SYNC_PURPOSE) -> None:
        """Raises `Refusal` when the device did not sign it."""
        if not verifies(public_key, purpose, self.payload, self.signature):
            raise Refusal("signature", 401)


def sync_request_from(body: bytes) -> tuple[SyncRequest, Sealed]:
    """The request in the bytes, its signature not yet judged. Raises `BadMessage`, `Refusal`."""
    sealed = unsealed(body)
    parts = list_of(unpacked(sealed.payload), most=20)
    if len(parts) < 8 or parts[0] not in HEARD:
        raise Refusal("version", 409, f"this centre hears {' '.join(map(str, HEARD))}")
    version, device, incarnation, exchange, centre, cursors, changes, label = parts[:8]
    if not isinstance(cursors, dict) or len(cursors) > 20:
        raise BadMessage("cursors")
    request = SyncRequest(
        in_full(device, 12), in_full(incarnation, 8), whole(exchange), in_full(centre, 64),
        {text(scope, 32): whole(seq) for scope, seq in cursors.items()},
        first_wire.changes_from_wire(changes) if version == first_wire.VERSION
        else changes_from_wire(changes, Reader()),
        text(label, 120), whole(parts[8]) if len(parts) > 8 else 0,
        in_full(parts[9], 64) if len(parts) > 9 else "",
        whole(parts[10]) if len(parts) > 10 else 0, version,
    )  # fmt: skip
    return request, sealed


def versions_in(refusal: Refusal) -> list[int]:
    """Which versions a centre hears that did not hear ours; empty when it does not say."""
    return [int(number) for number in re.findall(r"[0-9]+", refusal.detail)]


def unsealed(body: bytes) -> Sealed:
    """What is signed and by what, neither read nor judged. Raises `BadMessage`."""
    payload, signature = list_of(unpack(body), 2)
    if not isinstance(payload, bytes):
        raise BadMessage("payload")
    return Sealed(payload, raw(signature, SIGNATURE_BYTES))


@dataclass(frozen=True)
class Verdict:
    """The centre's word on one change.

    `seq` when it was accepted; `waiting_for` the id of the record it needs first; else it was
    refused, with a stable `code`, the field it is about and a sentence for the clerk.
    """

    change: str
    seq: int | None = None
    waiting_for: str = ""
    code: str = ""
    field: str = ""
    sentence: str = ""

    def to_wire(self, *, short: bool = True) -> list[Any]:
        """As a list of plain values."""
        return [
            bytes.fromhex(self.change), self.seq,
            brief(self.waiting_for) if short else self.waiting_for,
            self.code, self.field, self.sentence,
        ]  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A piece of a scope's ledger after the office's cursor, in order.

    An item is a whole change, or the id of one that the office wrote itself and still has.
    """

    scope: str
    items: Sequence[Change | str]


@dataclass(frozen=True)
class SyncAnswer:
    """What the centre says to a `SyncRequest`. Accepted changes appear in the pages.

    `sealing` is the key for files, see `files.offer_of`; empty when the request carried nothing.
    """

    setbacks: Sequence[Verdict]
    pages: Sequence[Page]
    receipt: Receipt
    signature: bytes
    labels: Mapping[str, str] = field(default_factory=dict)
    sealing: bytes = b""

    def to_bytes(self, version: int = VERSION) -> bytes:
        """Packed, in the version of the request; the receipt inside bears the signature."""
        is_first = version == first_wire.VERSION
        setbacks = [verdict.to_wire(short=not is_first) for verdict in self.setbacks]
        sealing = [self.sealing] if self.sealing else []
        if is_first:
            pages = [[page.scope, first_wire.items_to_wire(page.items)] for page in self.pages]
            facts, labels = self.receipt.facts(), dict(self.labels)
            return pack([version, setbacks, pages, facts, self.signature, labels, *sealing])
        pages = [[page.scope, *items_to_wire(page.items)] for page in self.pages]
        return pack(
            [
                version, setbacks, pages, receipt_to_wire(self.receipt), self.signature,
                {brief(device): label for device, label in self.labels.items()}, *sealing,
            ]
        )  # fmt: skip


def receipt_to_wire(receipt: Receipt) -> list[Any]:
    """A receipt as a list of plain values."""
    seconds = seconds_of(receipt.at)
    return [
        brief(receipt.centre), brief(receipt.epoch), brief(receipt.device),
        brief(receipt.incarnation), receipt.number, receipt.at if seconds is None else seconds,
        receipt.accepted, receipt.waiting, receipt.rejected,
        {
            scope: [place.seq, brief(place.digest), place.head - place.seq]
            for scope, place in receipt.positions.items()
        },
    ]  # fmt: skip


def receipt_from_wire(wire: Any) -> Receipt:
    """The receipt of `receipt_to_wire`. Raises `BadMessage`."""
    centre, epoch, device, incarnation, number, at, *counts, places = list_of(wire, 10)
    if not isinstance(places, dict) or len(places) > 20:
        raise BadMessage("positions")
    positions = {}
    for scope, place in places.items():
        seq, digest, behind = list_of(place, 3)
        positions[text(scope, 32)] = {
            "seq": whole(seq), "digest": in_full(digest, 64), "head": whole(seq) + _gap(behind),
        }  # fmt: skip
    accepted, waiting, rejected = map(whole, counts)
    try:
        return receipt_from(
            {
                "centre": in_full(centre), "epoch": in_full(epoch), "device": in_full(device),
                "incarnation": in_full(incarnation), "number": whole(number),
                "at": at if isinstance(at, str) else instant_of(whole(at)),
                "accepted": accepted, "waiting": waiting, "rejected": rejected,
                "positions": positions,
            }
        )  # fmt: skip
    except (TypeError, ValueError, OverflowError) as fault:
        raise BadMessage("receipt") from fault


def _gap(behind: Any) -> int:
    """How far the head lies beyond the page; before it when a restored centre is behind."""
    if isinstance(behind, bool) or not isinstance(behind, int) or abs(behind) >= 2**53:
        raise BadMessage("number")
    return behind


def sync_answer_from(body: bytes) -> SyncAnswer:
    """The answer in the bytes. Raises `BadMessage`."""
    parts = list_of(unpack(body), most=20)
    if len(parts) < 6 or parts[0] not in SPOKEN:
        raise BadMessage("version")
    _, setbacks, pages, facts, signature, labels = parts[:6]
    if not isinstance(labels, dict):
        raise BadMessage("labels")
    reader = Reader()
    return SyncAnswer(
        [_verdict_from(verdict) for verdict in list_of(setbacks)],
        [_page_from(page, reader) for page in list_of(pages, most=20)],
        receipt_from_wire(facts), raw(signature, SIGNATURE_BYTES),
        {in_full(device, 12): text(label, 120) for device, label in labels.items()},
        raw(parts[6], OFFER_BYTES) if len(parts) > 6 else b"",
    )  # fmt: skip


def _verdict_from(wire: Any) -> Verdict:
    change, seq, waiting_for, code, name, sentence = list_of(wire, 6)
    return Verdict(
        raw(change, 16).hex(), None if seq is None else whole(seq), in_full(waiting_for, 32),
        text(code, 40), text(name, 60), text(sentence, 500),
    )  # fmt: skip


def _page_from(wire: Any, reader: Reader) -> Page:
    scope, *items = list_of(wire, 5)
    return Page(text(scope, 32), items_from_wire(items, reader))


@dataclass(frozen=True)
class EnrolRequest:
    """A new PC shows its one-time code and proves that it holds its key."""

    code: str
    public_key: bytes
    label: str

    def to_bytes(self, key: SigningKey) -> bytes:
        """Signed and packed."""
        payload = msgpack.packb([ENROL_VERSION, self.code, self.public_key, self.label])
        return pack([payload, key.sign(ENROL_PURPOSE, payload)])


def enrol_request_from(body: bytes) -> EnrolRequest:
    """The request, its proof of the key checked. Raises `BadMessage`, `Refusal`."""
    sealed = unsealed(body)
    version, code, public_key, label = list_of(unpacked(sealed.payload), 4)
    if version != ENROL_VERSION:
        raise Refusal("version", 409)
    request = EnrolRequest(text(code, 40), raw(public_key, PUBLIC_KEY_BYTES), text(label, 120))
    sealed.check(request.public_key, ENROL_PURPOSE)
    return request


@dataclass(frozen=True)
class EnrolAnswer:
    """Who the centre is, and which branch the PC belongs to from now on.

    `sealing` is the key for files, see `files.offer_of`; an older centre has none.
    """

    centre: str
    centre_key: bytes
    epoch: str
    branch: str
    branch_name: str
    sealing: bytes = b""

    def to_bytes(self) -> bytes:
        """Packed. Trust in it comes from TLS and the code, once; the key is kept from then on."""
        return pack(
            [
                ENROL_VERSION, self.centre, self.centre_key, self.epoch, self.branch,
                self.branch_name, *([self.sealing] if self.sealing else []),
            ]
        )  # fmt: skip


def enrol_answer_from(body: bytes) -> EnrolAnswer:
    """The answer in the bytes. Raises `BadMessage`."""
    parts = list_of(unpack(body), most=20)
    if len(parts) < 6 or parts[0] != ENROL_VERSION:
        raise BadMessage("version")
    _, centre, key, epoch, branch, name = parts[:6]
    return EnrolAnswer(
        text(centre, 64), raw(key, PUBLIC_KEY_BYTES), text(epoch, 64), text(branch, 32),
        text(name), raw(parts[6], OFFER_BYTES) if len(parts) > 6 else b"",
    )  # fmt: skip
