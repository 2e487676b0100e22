"""One honest example of whatever office and centre say to each other, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from sync.changes import Change
from sync.digests import (
    DIGEST_PURPOSE,
    DigestRequest,
    digest_request_from,
    digests_from,
    digests_to_bytes,
)
from sync.identity import Origin
from sync.keys import SigningKey
from sync.protocol import (
    ENROL_PURPOSE,
    SYNC_PURPOSE,
    EnrolAnswer,
    EnrolRequest,
    Page,
    SyncAnswer,
    SyncRequest,
    Verdict,
    enrol_answer_from,
    enrol_request_from,
    sync_answer_from,
    sync_request_from,
)
from sync.provisions import (
    PROVISIONS_PURPOSE,
    Block,
    Provisions,
    ProvisionsRequest,
    provisions_from,
    provisions_request_from,
)
from sync.readmission import (
    READMISSION_PURPOSE,
    ReadmissionRequest,
    readmission_answer_from,
    readmission_answer_to_bytes,
    readmission_request_from,
)
from sync.receipts import Position, Receipt
from sync.returns import (
    RETURN_PURPOSE,
    Proof,
    ReturnRequest,
    return_answer_from,
    return_answer_to_bytes,
    return_request_from,
)
from sync.snapshots import (
    _TOLD_PURPOSE,
    HISTORY_PURPOSE,
    SNAPSHOT_PURPOSE,
    HistoryAnswer,
    HistoryRequest,
    Known,
    Manifest,
    Numbered,
    PageFacts,
    SnapshotRequest,
    histories_from,
    histories_page,
    history_answer_from,
    history_request_from,
    manifest_from,
    manifest_to_wire,
    manifest_wire_from,
    pages_to_wire,
    pages_wire_from,
    rows_from,
    rows_page,
    snapshot_request_from,
)

Reader = Callable[[bytes], object]

KEY = SigningKey(bytes(range(32)))
HERE, THERE = Origin("a" * 12, "b" * 8), Origin("0" * 12, "1" * 8)
# Every sort of column that the encoding knows comes up in these.
CHANGES = [
    Change(
        (HERE, THERE)[n % 3 == 0].id_at(2 * n + 2), "hn", ("library", "member")[n % 5 == 0],
        HERE.id_at(2 * n + 1), ("create", "edit")[n % 7 == 0],
        {"name": f"Ông {'ABCDE'[n % 5]} {'GHIJ'[n % 4]}", "books": n * n, "open": n % 2 == 0,
         "note": None, "born_on": f"19{n + 40}-01-31", "phone": f"0100 {n * 7919:06}",
         "workplace": HERE.id_at(n + 1), "text": "dài hay ngắn " * (n % 3),
         **({"rare": n} if n % 9 == 0 else {})},
        n * 3, "Văn thư", f"2026-05-04T08:{n:02}:00+00:00", "5" * 8,
    )
    for n in range(30)
]  # fmt: skip
CHANGE = CHANGES[0]
RECEIPT = Receipt(
    "centre", "epoch", "a" * 12, "b" * 8, 7, "2026-05-04T08:00:00+00:00", 1, 2, 3,
    {"hn": Position(4, "c" * 64, 9)},
)  # fmt: skip
ANSWER = SyncAnswer(
    [Verdict(CHANGE.id, code="required", field="name", sentence="Cần ghi tên.")],
    [Page("hn", [*CHANGES, HERE.id_at(99), THERE.id_at(7)])], RECEIPT, RECEIPT.signed(KEY),
    {"a" * 12: "Máy 1"},
)  # fmt: skip
ASKED = DigestRequest("a" * 12, "centre", {"hn": 4}, "m" * 16)
WANTED = ProvisionsRequest("a" * 12, "centre", "b" * 8, 3, 400, "d" * 64).to_bytes(KEY)
GIVEN = Provisions(Block(401, 200, "VLA-", 6), {"hn": "Hà Nội", "hue": "Huế"})
PROOF = Proof(RECEIPT, RECEIPT.signed(KEY))
NUMBERED = [Numbered(n + 1, f"{n:064x}", change) for n, change in enumerate(CHANGES)]
MANIFEST = Manifest(
    "centre", "epoch", "hn", 40, "d" * 64,
    (PageFacts("library", 20, HERE.id_at(1), "e" * 64, 900), PageFacts("", 3, "", "f" * 64, 90)),
)  # fmt: skip
ROWS = [(change.record, dict(change.values)) for change in CHANGES]


def _manifest(body: bytes) -> object:
    content, signature = manifest_wire_from(body)
    return manifest_from(content, signature, KEY.public)


MESSAGES: MappingProxyType[str, tuple[Reader, bytes]] = MappingProxyType(
    {
        "sync request": (
            sync_request_from,
            SyncRequest("a" * 12, "b" * 8, 7, "c", {"hn": 3}, CHANGES, "Máy").to_bytes(KEY),
        ),
        "sync answer": (sync_answer_from, ANSWER.to_bytes()),
        "enrol request": (
            enrol_request_from,
            EnrolRequest("A" * 16, KEY.public, "M").to_bytes(KEY),
        ),
        "enrol answer": (
            enrol_answer_from,
            EnrolAnswer("centre", KEY.public, "epoch", "hn", "Hà Nội").to_bytes(),
        ),
        "digest request": (digest_request_from, ASKED.to_bytes(KEY)),
        "digests": (
            lambda body: digests_from(body, ASKED.to_bytes(KEY), KEY.public),
            digests_to_bytes({"hn": "d" * 64}, *digest_request_from(ASKED.to_bytes(KEY)), KEY),
        ),
        "return request": (
            return_request_from,
            ReturnRequest("a" * 12, "centre", "hn", 3, PROOF, CHANGES, PROOF).to_bytes(KEY),
        ),
        "return answer": (return_answer_from, return_answer_to_bytes(7)),
        "readmission request": (
            readmission_request_from,
            ReadmissionRequest(KEY.public, "centre", "hn", "Hà Nội", "M", PROOF).to_bytes(KEY),
        ),
        "readmission answer": (readmission_answer_from, readmission_answer_to_bytes("hn")),
        "provisions request": (provisions_request_from, WANTED),
        "provisions": (
            lambda body: provisions_from(body, WANTED, KEY.public),
            GIVEN.to_bytes(provisions_request_from(WANTED)[1], KEY),
        ),
        "snapshot request": (
            snapshot_request_from,
            SnapshotRequest("a" * 12, "centre", "hn", ["e" * 64, "f" * 64]).to_bytes(KEY),
        ),
        "manifest": (_manifest, manifest_to_wire(MANIFEST.to_bytes(), MANIFEST.signed(KEY))),
        "pages": (pages_wire_from, pages_to_wire([b"one", b"two"])),
        "page of rows": (rows_from, rows_page("library", ROWS)),
        "page of histories": (histories_from, histories_page(NUMBERED)),
        "history request": (
            history_request_from,
            HistoryRequest(
                "a" * 12, "centre", "hn", 3, 30, [c.record for c in CHANGES],
                [c.id for c in CHANGES],
            ).to_bytes(KEY),
        ),
        "history answer": (
            lambda body: history_answer_from(body, KEY.public),
            HistoryAnswer(
                "centre", "epoch", "a" * 64, 30, NUMBERED,
                [Known(CHANGE.id, 1, "b" * 64, "c" * 32)], {"a" * 12: "Máy 1"},
            ).to_bytes(KEY),
        ),
    }
)  # fmt: skip

# What is a payload with a signature, and for which purpose it is signed.
PURPOSES = MappingProxyType(
    {
        "sync request": SYNC_PURPOSE,
        "enrol request": ENROL_PURPOSE,
        "digest request": DIGEST_PURPOSE,
        "return request": RETURN_PURPOSE,
        "readmission request": READMISSION_PURPOSE,
        "provisions request": PROVISIONS_PURPOSE,
        "snapshot request": SNAPSHOT_PURPOSE,
        "history request": HISTORY_PURPOSE,
        "history answer": _TOLD_PURPOSE,
    }
)
