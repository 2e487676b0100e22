"""What a branch's records came to at one place of its ledger, in pages under one signature.

A page is a frame of rows of one kind, column by column, and is named by its own digest; the
*manifest* names the pages in order and is signed by the centre. A row holds, of every field that
was ever written, the last value as it travelled: fields and kinds that a reader does not know are
in it too. One more kind of page holds whole histories, of the records that somebody may still have
to look at. What lies further back is asked for by record (`HistoryRequest`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import msgpack

from sync.canonical import canonical
from sync.changes import Change
from sync.columns import column, ids, wholes
from sync.consignments import changes_from_wire, changes_to_wire
from sync.frames import MOST_CHANGES, BadMessage, list_of, pack, raw, text, unpack, unpacked, whole
from sync.identity import ID_DIGITS
from sync.keys import SIGNATURE_BYTES, SigningKey, verifies
from sync.protocol import Refusal, Sealed, unsealed
from sync.records.types import WireValue
from sync.unfolding import Reader

# Of questions and answers here; that of the exchange may go on without it.
SNAPSHOT_VERSION = 2
SNAPSHOT_PURPOSE = "vla snapshot request 1"
HISTORY_PURPOSE = "vla history request 1"
_MANIFEST_PURPOSE = "vla snapshot 1"
_TOLD_PURPOSE = "vla history 1"

# Two thousand rows of a member take about 130 KB: what the worst line carries between two cuts.
ROWS_A_PAGE = 2000
# Offices keep pages: whoever raises it goes on reading the older ones.
PAGE_VERSION = 2
HISTORIES = ""
PAGE_LEVEL = 12
MOST_PAGES = 20_000
MOST_FIELDS = 400
MOST_ASKED_PAGES = 64
MOST_ASKED_IDS = 1000
DIGEST_BYTES = 32


@dataclass(frozen=True)
class PageFacts:
    """One page: its kind (`HISTORIES` for changes), rows, first record, digest and length."""

    kind: str
    rows: int
    first: str
    digest: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """A snapshot of a scope at `seq`, where the ledger's chain has `digest`."""

    centre: str
    epoch: str
    scope: str
    seq: int
    digest: str
    pages: tuple[PageFacts, ...]

    @property
    def rows(self) -> int:
        """How many records, and changes of histories, the pages hold."""
        return sum(page.rows for page in self.pages)

    def to_bytes(self) -> bytes:
        """What is signed."""
        facts = asdict(self)
        facts["pages"] = [[p.kind, p.rows, p.first, p.digest, p.size] for p in self.pages]
        return canonical(facts).encode()

    def signed(self, key: SigningKey) -> bytes:
        """The centre's signature."""
        return key.sign(_MANIFEST_PURPOSE, self.to_bytes())


def manifest_from(content: bytes, signature: bytes, centre_key: bytes) -> Manifest | None:
    """The manifest in the bytes; None when this centre did not sign it.

    Raises `BadMessage` when it is none, signed or not.
    """
    if not verifies(centre_key, _MANIFEST_PURPOSE, content, signature):
        return None
    try:
        facts: dict[str, Any] = json.loads(content)
        pages = tuple(
            PageFacts(text(kind, 40), whole(rows, ROWS_A_PAGE), text(first, 32),
                      text(digest, 64), whole(size))
            for kind, rows, first, digest, size in list_of(facts["pages"], most=MOST_PAGES)
        )  # fmt: skip
        return Manifest(
            text(facts["centre"]), text(facts["epoch"]), text(facts["scope"], 32),
            whole(facts["seq"]), text(facts["digest"], 64), pages,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as fault:
        raise BadMessage("manifest") from fault


def digest_of(content: bytes) -> str:
    """The name of a page."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Rows:
    """A page of records of one kind: their ids, and for each field a value or None for each."""

    kind: str
    ids: Sequence[str]
    columns: Mapping[str, Sequence[WireValue]]

    def row(self, place: int) -> dict[str, WireValue]:
        """The values of one record that are not None."""
        values = {name: column[place] for name, column in self.columns.items()}
        return {name: value for name, value in values.items() if value is not None}


def rows_page(kind: str, rows: Sequence[tuple[str, Mapping[str, WireValue]]]) -> bytes:
    """Records, as (id, values), as a page."""
    names = sorted({name for _id, values in rows for name in values})
    columns = [[name, column([values.get(name) for _id, values in rows])] for name in names]
    return pack(
        [PAGE_VERSION, kind, len(rows), ids([identity for identity, _values in rows]), columns],
        PAGE_LEVEL,
    )


def rows_from(content: bytes) -> Rows:
    """The records in a page. Raises `BadMessage`."""
    reader = Reader()
    version, kind, count, identities, columns = list_of(unpack(content), 5)
    if version != PAGE_VERSION or whole(count, ROWS_A_PAGE) == 0:
        raise BadMessage("page")
    wires = [list_of(one, 2) for one in list_of(columns, most=MOST_FIELDS)]
    return Rows(
        text(kind, 40), reader.ids(identities, count),
        {text(name, 60): reader.values(wire, count) for name, wire in wires},
    )  # fmt: skip


@dataclass(frozen=True)
class Numbered:
    """A change with its place in the ledger, and the chain's digest there."""

    seq: int
    digest: str
    change: Change


def _numbered_to_wire(changes: Sequence[Numbered]) -> list[Any]:
    if not changes:
        return []
    digests = b"".join(bytes.fromhex(one.digest) for one in changes)
    return [len(changes), wholes([one.seq for one in changes]), digests,
            changes_to_wire([one.change for one in changes])]  # fmt: skip


def _numbered_from(wire: Any) -> list[Numbered]:
    if wire == []:
        return []
    reader = Reader()
    count, places, digests, changes = list_of(wire, 4)
    seqs = reader.whole_numbers(places, whole(count, MOST_CHANGES), 2**31 - 1)
    joined = raw(digests, DIGEST_BYTES * len(seqs)).hex()
    found = changes_from_wire(changes, reader)
    if len(found) != len(seqs):
        raise BadMessage("changes")
    return [
        Numbered(seq, joined[64 * place : 64 * (place + 1)], change)
        for place, (seq, change) in enumerate(zip(seqs, found, strict=True))
    ]


def histories_page(changes: Sequence[Numbered]) -> bytes:
    """Changes as a page."""
    return pack([PAGE_VERSION, _numbered_to_wire(changes)], PAGE_LEVEL)


def histories_from(content: bytes) -> list[Numbered]:
    """The changes in a page. Raises `BadMessage`."""
    version, changes = list_of(unpack(content), 2)
    if version != PAGE_VERSION:
        raise BadMessage("page")
    return _numbered_from(changes)


@dataclass(frozen=True)
class SnapshotRequest:
    """Asks for the newest manifest of a scope or, when `pages` names some, for these pages."""

    device: str
    centre: str
    scope: str
    pages: Sequence[str] = ()

    def to_bytes(self, key: SigningKey) -> bytes:
        """Signed and packed."""
        digests = [bytes.fromhex(page) for page in self.pages]
        payload = msgpack.packb([SNAPSHOT_VERSION, self.device, self.centre, self.scope, digests])
        return pack([payload, key.sign(SNAPSHOT_PURPOSE, payload)])


def snapshot_request_from(body: bytes) -> tuple[SnapshotRequest, Sealed]:
    """The request in the bytes, its signature not yet judged. Raises `BadMessage`, `Refusal`."""
    sealed = unsealed(body)
    version, device, centre, scope, pages = list_of(unpacked(sealed.payload), 5)
    if version != SNAPSHOT_VERSION:
        raise Refusal("version", 409)
    digests = [raw(page, DIGEST_BYTES).hex() for page in list_of(pages, most=MOST_ASKED_PAGES)]
    return SnapshotRequest(text(device, 12), text(centre, 64), text(scope, 32), digests), sealed


def manifest_to_wire(content: bytes, signature: bytes) -> bytes:
    """The answer to a request for a manifest."""
    return pack([SNAPSHOT_VERSION, content, signature])


def manifest_wire_from(body: bytes) -> tuple[bytes, bytes]:
    """The manifest's bytes and the signature. Raises `BadMessage`."""
    version, content, signature = list_of(unpack(body), 3)
    if version != SNAPSHOT_VERSION or not isinstance(content, bytes):
        raise BadMessage("manifest")
    return content, raw(signature, SIGNATURE_BYTES)


def pages_to_wire(contents: Sequence[bytes]) -> bytes:
    """The answer to a request for pages: as many as fit, in the order asked for."""
    return pack([SNAPSHOT_VERSION, list(contents)])


def pages_wire_from(body: bytes) -> list[bytes]:
    """The pages. Raises `BadMessage`."""
    version, contents = list_of(unpack(body), 2)
    some = list_of(contents, most=MOST_ASKED_PAGES)
    if version != SNAPSHOT_VERSION or not some or not all(isinstance(one, bytes) for one in some):
        raise BadMessage("pages")
    return some


@dataclass(frozen=True)
class HistoryRequest:
    """Asks for changes of a scope after one place up to another, in order.

    With `records` only theirs, without every change. `changes` are ids of which the office wants
    to know whether they stand in the ledger up to that place.
    """

    device: str
    centre: str
    scope: str
    after: int
    upto: int
    records: Sequence[str] | None = None
    changes: Sequence[str] = ()

    def to_bytes(self, key: SigningKey) -> bytes:
        """Signed and packed."""
        payload = msgpack.packb(
            [
                SNAPSHOT_VERSION, self.device, self.centre, self.scope, self.after, self.upto,
                None if self.records is None else _ids_to_wire(self.records),
                _ids_to_wire(self.changes),
            ]
        )  # fmt: skip
        return pack([payload, key.sign(HISTORY_PURPOSE, payload)])


def _ids_to_wire(identities: Sequence[str]) -> list[Any]:
    return [len(identities), ids(identities) if identities else None]


def _ids_from(wire: Any) -> list[str]:
    count, identities = list_of(wire, 2)
    return Reader().ids(identities, count) if whole(count, MOST_ASKED_IDS) else []


def history_request_from(body: bytes) -> tuple[HistoryRequest, Sealed]:
    """The request in the bytes, its signature not yet judged. Raises `BadMessage`, `Refusal`."""
    sealed = unsealed(body)
    parts = list_of(unpacked(sealed.payload), 8)
    if parts[0] != SNAPSHOT_VERSION:
        raise Refusal("version", 409)
    request = HistoryRequest(
        text(parts[1], 12), text(parts[2], 64), text(parts[3], 32), whole(parts[4], 2**31 - 1),
        whole(parts[5], 2**31 - 1), None if parts[6] is None else _ids_from(parts[6]),
        _ids_from(parts[7]),
    )  # fmt: skip
    return request, sealed


@dataclass(frozen=True)
class Known:
    """That a change which was asked for stands at `seq`; `mark` is the hash of its text."""

    change: str
    seq: int
    digest: str
    mark: str


def mark_of_text(change: Change) -> str:
    """What tells whether two changes of one name are one change."""
    return hashlib.sha256(change.text().encode()).hexdigest()[:ID_DIGITS]


@dataclass(frozen=True)
class HistoryAnswer:
    """All changes asked for after one place up to `reached`, and the known ones of those named.

    `about` is the digest of the very request; `labels` maps devices to the names of PCs.
    """

    centre: str
    epoch: str
    about: str
    reached: int
    changes: Sequence[Numbered]
    known: Sequence[Known] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self, key: SigningKey) -> bytes:
        """Signed and packed."""
        payload = msgpack.packb(
            [
                SNAPSHOT_VERSION, self.centre, self.epoch, bytes.fromhex(self.about), self.reached,
                _numbered_to_wire(self.changes),
                [
                    [bytes.fromhex(k.change), k.seq, bytes.fromhex(k.digest), bytes.fromhex(k.mark)]
                    for k in self.known
                ],
                dict(self.labels),
            ]
        )  # fmt: skip
        return pack([payload, key.sign(_TOLD_PURPOSE, payload)])


def history_answer_from(body: bytes, centre_key: bytes) -> HistoryAnswer | None:
    """The answer in the bytes; None when this centre did not sign it. Raises `BadMessage`."""
    payload, signature = list_of(unpack(body), 2)
    if not isinstance(payload, bytes):
        raise BadMessage("payload")
    if not verifies(centre_key, _TOLD_PURPOSE, payload, raw(signature, SIGNATURE_BYTES)):
        return None
    parts = list_of(unpacked(payload), 8)
    if parts[0] != SNAPSHOT_VERSION or not isinstance(parts[7], dict):
        raise BadMessage("history")
    return HistoryAnswer(
        text(parts[1], 64), text(parts[2], 64), raw(parts[3], DIGEST_BYTES).hex(), whole(parts[4]),
        _numbered_from(parts[5]),
        [_known_from(one) for one in list_of(parts[6])],
        {text(device, 12): text(label, 120) for device, label in parts[7].items()},
    )  # fmt: skip


def _known_from(wire: Any) -> Known:
    change, seq, digest, mark = list_of(wire, 4)
    return Known(
        raw(change, 16).hex(), whole(seq), raw(digest, DIGEST_BYTES).hex(), raw(mark, 16).hex()
    )


def about(body: bytes) -> str:
    """The digest by which an answer names the request in these bytes. Raises `BadMessage`."""
    return hashlib.sha256(unsealed(body).payload).hexdigest()


def folded(changes: Iterable[Change]) -> dict[str, WireValue]:
    """The last value of every field, in the order of the changes; nothing for None."""
    values: dict[str, WireValue] = {}
    for change in changes:
        values.update(change.values)
    return {name: value for name, value in values.items() if value is not None}
