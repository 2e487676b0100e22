"""Nothing but the centre's own snapshot of this very branch ever gets into an office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from sync import snapshots as wire_format
from sync.client import bootstrap, older
from sync.client.tables import KeptPage
from sync.client.tables import Office as Identity
from sync.frames import BadMessage, pack
from sync.keys import SigningKey
from sync.problems import Problem
from sync.protocol import VERSION, Refusal
from sync.records.library import Library
from sync.server.centre import Centre
from sync.snapshots import (
    HistoryAnswer,
    HistoryRequest,
    Manifest,
    SnapshotRequest,
    digest_of,
    histories_from,
    history_answer_from,
    manifest_from,
    manifest_to_wire,
    manifest_wire_from,
    pages_to_wire,
    pages_wire_from,
    rows_from,
    rows_page,
)
from tests.builders import DirectWire, everything, exchange, join
from tests.snapshots.seen import a_library_of, fetch_history, place, records
from vla_desktop.office import Office
from vla_desktop.store.rows import Query

Opening = Callable[[str], Office]
Altering = Callable[[Centre, bytes], bytes]

STRANGER = SigningKey(bytes(32))


class Meddler(DirectWire):
    """Alters what comes from one address, whenever it is a manifest, pages or a history."""

    def __init__(self, centre: Centre, path: str, altering: Altering) -> None:
        super().__init__(centre)
        self._path, self._altering = path, altering

    def post(self, path: str, body: bytes) -> bytes:
        answer = super().post(path, body)
        return self._altering(self.centre, answer) if path == self._path else answer


def manifests(altering: Callable[[Manifest], Manifest], key: SigningKey | None = None) -> Altering:
    """Alters manifests; with a key signs them anew, else the old signature stays."""

    def alter(centre: Centre, answer: bytes) -> bytes:
        try:
            content, signature = manifest_wire_from(answer)
        except BadMessage:
            return answer
        manifest = manifest_from(content, signature, centre.identity.key.public)
        assert manifest is not None
        other = altering(manifest)
        return manifest_to_wire(other.to_bytes(), other.signed(key) if key else signature)

    return alter


def pages(altering: Callable[[bytes], bytes]) -> Altering:
    """Alters the content of every page."""

    def alter(_centre: Centre, answer: bytes) -> bytes:
        try:
            return pages_to_wire([altering(content) for content in pages_wire_from(answer)])
        except BadMessage:
            return answer

    return alter


def forged(content: bytes) -> bytes:
    """The same page with other names of libraries."""
    try:
        rows = rows_from(content)
    except BadMessage:
        return content
    if "name" not in rows.columns:
        return content
    values = [rows.row(n) | {"name": "Thư viện giả"} for n in range(len(rows.ids))]
    return rows_page(rows.kind, list(zip(rows.ids, values, strict=True)))


def further(manifest: Manifest) -> Manifest:
    return replace(manifest, seq=manifest.seq + 1)


@pytest.mark.parametrize(
    ("altering", "code"),
    [
        (manifests(further), "unproven"),
        (manifests(lambda m: replace(m, digest="0" * 64)), "unproven"),
        (manifests(lambda m: replace(m, pages=m.pages[1:])), "unproven"),
        (manifests(lambda m: m, STRANGER), "unproven"),
        (pages(forged), "unproven"),
        (pages(lambda content: content[:-1]), "unproven"),
        (pages(lambda content: content + b"\0"), "unproven"),
        (lambda _centre, _answer: pack([VERSION, "?", 1, 2]), "message"),
        (lambda _centre, _answer: b"", "message"),
    ],
    ids=range(9),
)
def test_a_snapshot_altered_on_its_way_changes_nothing(
    altering: Altering, code: str, enrolled: Opening, first: Office, near_centre: Centre
) -> None:
    office = enrolled("a")
    with pytest.raises(Problem) as found:
        exchange(office, Meddler(near_centre, "/v1/snapshot", altering))
    assert found.value.code == f"sync.{code}"
    assert place(office)[0] == 0
    assert not office.store.ids(Library, Query(search="giả"))
    exchange(office, DirectWire(near_centre))
    assert records(office) == records(first)
    assert office.verify_receipt(online=False).holds


@pytest.mark.parametrize(
    "altering",
    [
        lambda m: replace(m, scope="HP"),
        lambda m: replace(m, centre="f" * 16),
        lambda m: replace(m, epoch="f" * 16),
    ],
    ids=["scope", "centre", "epoch"],
)
def test_a_genuine_snapshot_of_something_else_is_not_taken(
    altering: Callable[[Manifest], Manifest], enrolled: Opening, first: Office, near_centre: Centre
) -> None:
    office = enrolled("a")
    signing = manifests(altering, near_centre.identity.key)
    with pytest.raises(Problem):
        exchange(office, Meddler(near_centre, "/v1/snapshot", signing))
    assert place(office)[0] == 0


def test_a_digest_that_the_ledger_does_not_lead_to_stops_everything(
    enrolled: Opening, first: Office, near_centre: Centre
) -> None:
    """A centre that signed a snapshot of another history is found out by the first page after."""
    office = enrolled("a")
    lying = manifests(lambda m: replace(m, digest="0" * 64), near_centre.identity.key)
    with pytest.raises(Problem) as found:
        exchange(office, Meddler(near_centre, "/v1/snapshot", lying))
    assert found.value.code == "sync.digest"


def test_without_the_digests_a_forged_page_would_be_believed(
    enrolled: Opening, first: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: dict[bytes, str] = {}
    real = digest_of

    def as_asked(content: bytes) -> str:
        return names.get(content, real(content))

    def forge(content: bytes) -> bytes:
        other = forged(content)
        names[other] = real(content)
        return other

    monkeypatch.setattr(bootstrap, "digest_of", as_asked)
    monkeypatch.setattr("sync.client.beginnings.digest_of", as_asked)
    office = enrolled("a")
    exchange(office, Meddler(near_centre, "/v1/snapshot", pages(forge)))
    assert office.store.ids(Library, Query(search="giả"))


def test_without_the_signature_a_strangers_manifest_would_be_believed(
    enrolled: Opening, first: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_format, "verifies", lambda *_: True)
    office = enrolled("a")
    shorter = manifests(lambda m: replace(m, pages=m.pages[:1]), STRANGER)
    exchange(office, Meddler(near_centre, "/v1/snapshot", shorter))
    assert records(office) != records(first)


def histories(altering: Callable[[HistoryAnswer], HistoryAnswer], key: SigningKey) -> Altering:
    """Alters histories and signs them anew."""

    def alter(centre: Centre, answer: bytes) -> bytes:
        told = history_answer_from(answer, centre.identity.key.public)
        assert told is not None
        return altering(told).to_bytes(key)

    return alter


def with_another_value(answer: HistoryAnswer) -> HistoryAnswer:
    changes = [
        replace(one, change=replace(one.change, values={**one.change.values, "name": "Giả"}))
        for one in answer.changes
    ]
    return replace(answer, changes=changes)


@pytest.mark.parametrize(
    ("altering", "is_signed", "code"),
    [
        (lambda answer: answer, False, "unproven"),
        (lambda answer: replace(answer, about="0" * 64), True, "unproven"),
        (lambda answer: replace(answer, epoch="f"), True, "epoch"),
        (lambda answer: replace(answer, reached=0), True, "message"),
        (with_another_value, True, "digest"),
        (lambda answer: replace(answer, changes=()), True, "digest"),
    ],
    ids=["stranger", "another question", "epoch", "short", "value", "nothing"],
)
def test_a_history_that_is_not_the_centres_or_not_the_records_is_not_kept(
    altering: Callable[[HistoryAnswer], HistoryAnswer], is_signed: bool, code: str,
    begun: Office, near_centre: Centre,
) -> None:  # fmt: skip
    before = everything(begun)
    key = near_centre.identity.key if is_signed else STRANGER
    wire = Meddler(near_centre, "/v1/history", histories(altering, key))
    with pytest.raises(Problem) as found:
        fetch_history(begun, wire, a_library_of(begun))
    assert found.value.code == f"sync.{code}"
    assert everything(begun) == before


def test_without_the_fold_a_false_history_would_be_kept(
    begun: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(older, "_assert_folding", lambda *_: None)
    lying = histories(with_another_value, near_centre.identity.key)
    wire = Meddler(near_centre, "/v1/history", lying)
    library = a_library_of(begun)
    fetch_history(begun, wire, library)
    assert begun.store.history(Library, library)


def test_what_a_stranger_sends_is_read_within_bounds(near_centre: Centre, first: Office) -> None:
    content = rows_page("library", [("0" * 31 + str(n), {"name": f"{n}"}) for n in range(9)])
    for at in range(len(content)):
        for other in (content[:at], content[:at] + bytes([content[at] ^ 5]) + content[at + 1 :]):
            for reader in (rows_from, histories_from, pages_wire_from, manifest_wire_from):
                try:
                    reader(other)
                except BadMessage:
                    continue


@pytest.mark.parametrize("path", ["/v1/snapshot", "/v1/history"])
def test_another_branch_gets_none_of_it(
    path: str, open_office: Opening, near_centre: Centre, first: Office, begun: Office
) -> None:
    stranger = open_office("stranger")
    join(stranger, near_centre, "HP")
    with stranger._reading() as session:
        own = session.get_one(Identity, 1)
    asked: SnapshotRequest | HistoryRequest = (
        SnapshotRequest(own.device, own.centre, "HN")
        if path == "/v1/snapshot"
        else HistoryRequest(own.device, own.centre, "HN", 0, 5, [a_library_of(first)])
    )
    wire = DirectWire(near_centre)
    with pytest.raises(Refusal) as no:
        wire.post(path, asked.to_bytes(own.key))
    assert no.value.code == "scope"
    with begun._reading() as session:
        page = session.scalars(select(KeptPage.digest)).first() or ""
    there = SnapshotRequest(own.device, own.centre, "HP", [page])
    with pytest.raises(Refusal) as gone:
        wire.post("/v1/snapshot", there.to_bytes(own.key))
    assert gone.value.code == "gone"
    with pytest.raises(Refusal) as unsigned:
        wire.post(path, asked.to_bytes(STRANGER))
    assert unsigned.value.code == "signature"
