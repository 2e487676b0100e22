"""PCs that a restored centre never heard of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from sync.client.proof import last_receipt
from sync.client.tables import Office as Identity
from sync.keys import SigningKey
from sync.protocol import Refusal
from sync.readmission import ReadmissionRequest
from sync.records.library import Library
from sync.returns import Proof
from sync.server import accounts
from sync.server.database import reading, writing
from sync.server.tables import Enrolment, Incarnation
from tests.builders import (
    NOW,
    a_library,
    exchange,
    join,
)
from tests.sync.restoring import Place, names, rounds
from vla_desktop.office import Office
from vla_desktop.store.standing import Light


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.centre.close()


def key_of(session: Session) -> SigningKey:
    return session.get_one(Identity, 1).key


def test_a_pc_that_joined_after_the_backup_comes_back_by_itself(
    open_office: Callable[[str], Office], place: Place
) -> None:
    a, b = open_office("a"), open_office("b")
    join(a, place.centre)
    rounds(place, a)
    place.back_up()
    join(b, place.centre)
    b.store.save(Library, a_library(name="Của b"))
    rounds(place, b, a)
    place.restore()
    b.store.save(Library, a_library(name="Mới"))
    exchange(b, place.wire)
    assert b.standing().light is Light.GREEN
    rounds(place, a)
    assert names(a) == names(b) == ["Của b", "Mới"]


def test_a_branch_that_was_made_after_the_backup_comes_back(
    open_office: Callable[[str], Office], place: Place
) -> None:
    a = open_office("a")
    place.back_up()
    join(a, place.centre)
    a.store.save(Library, a_library(name="Một"))
    rounds(place, a)
    place.restore()
    exchange(a, place.wire)
    assert a.standing().light is Light.GREEN
    with reading(place.centre.engine) as session:
        assert [(one.code, one.name) for one in accounts.branches(session)] == [
            (a.standing().branch, a.standing().branch_name)
        ]


@pytest.mark.parametrize("fault", ["another's", "this epoch's", "another branch", "unsigned"])
def test_nobody_is_readmitted_on_a_receipt_that_proves_nothing(
    fault: str, open_office: Callable[[str], Office], place: Place
) -> None:
    a, b = open_office("a"), open_office("b")
    join(a, place.centre)
    join(b, place.centre)
    rounds(place, a, b)
    with a._reading() as session:
        kept = last_receipt(session)
    with b._reading() as session:
        own, key = last_receipt(session), key_of(session)
    assert kept is not None
    assert own is not None
    proof = Proof(own.receipt, own.signature)
    request = ReadmissionRequest(
        key.public, place.centre.identity.id, b.standing().branch, "", "", proof
    )
    request = {
        "another's": replace(request, proof=Proof(kept.receipt, kept.signature)),
        "this epoch's": request,
        "another branch": replace(request, branch="HUE"),
        "unsigned": replace(request, proof=replace(proof, signature=bytes(64))),
    }[fault]
    if fault != "this epoch's":
        place.centre.identity = replace(place.centre.identity, epoch="f" * 16)
    with writing(place.centre.engine) as session:
        session.execute(delete(Incarnation).where(Incarnation.device == own.receipt.device))
        session.execute(delete(Enrolment).where(Enrolment.device == own.receipt.device))
    with pytest.raises(Refusal, match="proof"):
        place.centre.readmit(request.to_bytes(key))


def test_a_revoked_pc_is_not_readmitted(open_office: Callable[[str], Office], place: Place) -> None:
    a = open_office("a")
    join(a, place.centre)
    rounds(place, a)
    with writing(place.centre.engine) as session:
        (enrolment,) = accounts.devices(session)
        accounts.revoke(session, enrolment.device, NOW)
    place.centre.identity = replace(place.centre.identity, epoch="f" * 16)
    with a._reading() as session:
        kept, key = last_receipt(session), key_of(session)
    assert kept is not None
    request = ReadmissionRequest(
        key.public, place.centre.identity.id, a.standing().branch, "", "",
        Proof(kept.receipt, kept.signature),
    )  # fmt: skip
    with pytest.raises(Refusal, match="revoked"):
        place.centre.readmit(request.to_bytes(key))
