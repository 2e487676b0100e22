"""Nobody but the centre can make an office believe that its work arrived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.changes import Change, Entry
from sync.client.tables import KeptReceipt
from sync.keys import SigningKey
from sync.problems import Problem
from sync.protocol import Page, SyncAnswer, Verdict, sync_answer_from
from sync.records.library import Library
from sync.server.centre import Centre
from sync.server.embedded import settings_of
from tests.builders import DirectWire, a_library, everything, exchange
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]
Altering = Callable[[SyncAnswer], SyncAnswer]

STRANGER = SigningKey(bytes(32))


class ManInTheMiddle(DirectWire):
    """Alters every answer on its way."""

    def __init__(self, centre: Centre, altering: Altering) -> None:
        super().__init__(centre)
        self._altering = altering

    def post(self, path: str, body: bytes) -> bytes:
        return self._altering(sync_answer_from(super().post(path, body))).to_bytes()


def flipped(answer: SyncAnswer) -> SyncAnswer:
    signature = answer.signature
    return replace(answer, signature=bytes([signature[0] ^ 1]) + signature[1:])


def receipt_with(**facts: Any) -> Altering:
    return lambda answer: replace(answer, receipt=replace(answer.receipt, **facts))


def signed_by_a_stranger(answer: SyncAnswer) -> SyncAnswer:
    return replace(answer, signature=answer.receipt.signed(STRANGER))


def pages_with(altering: Callable[[list[Change | str]], list[Change | str]]) -> Altering:
    return lambda answer: replace(
        answer, pages=[Page(page.scope, altering(list(page.items))) for page in answer.pages]
    )


def renamed(items: list[Change | str]) -> list[Change | str]:
    return [
        replace(item, values={**item.values, "name": "Thư viện giả"})
        if isinstance(item, Change) and "name" in item.values
        else item
        for item in items
    ]


@pytest.fixture
def office(enrolled: Opening, near_centre: Centre) -> Office:
    """An office with something to send, and something of others to receive."""
    other = enrolled("other")
    for name in ("Một", "Hai"):
        other.store.save(Library, a_library(name=name))
    exchange(other, DirectWire(near_centre))
    office = enrolled("a")
    office.store.save(Library, a_library(name="Ba"))
    return office


@pytest.mark.parametrize(
    ("altering", "code"),
    [
        (flipped, "receipt"),
        (signed_by_a_stranger, "receipt"),
        (receipt_with(accepted=2), "receipt"),
        (receipt_with(number=99), "receipt"),
        (receipt_with(at="2030-01-01T00:00:00+00:00"), "receipt"),
        (pages_with(renamed), "digest"),
        (pages_with(lambda items: items[1:]), "digest"),
        (pages_with(lambda items: items[::-1]), "digest"),
        (pages_with(lambda items: [*items, *items]), "digest"),
        (lambda answer: replace(answer, pages=[]), "digest"),
    ],
    ids=range(10),
)
def test_an_answer_altered_on_its_way_changes_nothing(
    altering: Altering, code: str, office: Office, near_centre: Centre
) -> None:
    before = everything(office)
    with pytest.raises(Problem) as found:
        exchange(office, ManInTheMiddle(near_centre, altering))
    assert found.value.code == f"sync.{code}"
    assert everything(office) == before
    exchange(office, DirectWire(near_centre))
    assert [len(everything(office)[name]) for name in ("library", "change")] == [3, 3]
    assert office.standing().light is Light.GREEN


def test_a_verdict_on_somebody_elses_change_is_ignored(office: Office, near_centre: Centre) -> None:
    verdict = Verdict("f" * 32, code="required", field="name", sentence="Không")
    exchange(office, ManInTheMiddle(near_centre, lambda a: replace(a, setbacks=[verdict])))
    assert office.standing().light is Light.GREEN


def test_another_centre_is_not_believed(office: Office, tmp_path: Path) -> None:
    before = everything(office)
    other = Centre(settings_of(tmp_path / "other.db"))
    with pytest.raises(Problem) as refused:
        exchange(office, DirectWire(other))
    other.close()
    assert refused.value.code == "sync.unknown_device"
    assert everything(office) == before


def test_the_same_centre_with_another_key_is_not_believed(
    office: Office, near_centre: Centre
) -> None:
    near_centre.identity = replace(near_centre.identity, key=STRANGER)
    before = everything(office)
    with pytest.raises(Problem) as refused:
        exchange(office, DirectWire(near_centre))
    assert refused.value.code == "sync.receipt"
    assert everything(office) == before


def test_a_new_epoch_is_believed_only_under_the_centres_own_key(
    office: Office, near_centre: Centre
) -> None:
    ours = near_centre.identity
    before = everything(office)
    near_centre.identity = replace(ours, epoch="f" * 16, key=STRANGER)
    with pytest.raises(Problem) as refused:
        exchange(office, DirectWire(near_centre))
    assert refused.value.code == "sync.receipt"
    assert everything(office) == before
    near_centre.identity = replace(ours, epoch="f" * 16)
    receipt = exchange(office, DirectWire(near_centre)).receipt
    assert receipt is not None
    assert receipt.epoch == "f" * 16
    assert office.standing().light is Light.GREEN


def test_a_receipt_altered_at_rest_turns_no_light_green(
    office: Office, near_centre: Centre
) -> None:
    exchange(office, DirectWire(near_centre))
    assert office.standing().light is Light.GREEN
    with writing(office._engine) as session:
        kept = session.query(KeptReceipt).one()
        kept.facts = {**kept.facts, "accepted": 7}
    assert office.standing().receipt is None
    assert office.standing().light is Light.GREY
    assert not office.verify_receipt(online=False).holds


def test_a_ledger_altered_at_rest_is_found(office: Office, near_centre: Centre) -> None:
    exchange(office, DirectWire(near_centre))
    assert office.verify_receipt(online=False).holds
    with writing(office._engine) as session:
        entry = session.query(Entry).filter_by(seq=1).one()
        entry.values = {**entry.values, "name": "Khác"}
    proof = office.verify_receipt(online=False)
    assert proof.is_genuine
    assert not proof.holds
