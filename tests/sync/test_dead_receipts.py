"""A receipt that proves nothing any more never hides another one that still does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from sync.client import giving_back
from sync.client.giving_back import pieces
from sync.client.proof import last_receipt
from sync.records.library import Library
from sync.returns import Proof
from sync.server import ledger
from tests.builders import DirectWire, LostAnswer, a_library, entries, exchange, join
from tests.sync.restoring import Place, names, rounds
from vla_desktop.office import Office

Opening = Callable[[str], Office]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.centre.close()


@pytest.fixture
def opening(open_office: Opening, place: Place) -> Opening:
    def opened(name: str) -> Office:
        office = open_office(name)
        join(office, place.centre)
        return office

    return opened


def places(office: Office, above: int = 0) -> list[int]:
    """The places that the office can prove."""
    with office._reading() as session:
        return [piece.last for piece in pieces(session, {"HN": above})]


def spoil_newest(office: Office, values: Mapping[str, object]) -> None:
    """Alter the newest receipt that the office keeps."""
    with office._writing() as session:
        kept = last_receipt(session)
        for name, value in values.items():
            setattr(kept, name, value)


@pytest.mark.parametrize("fault", ["signature", "centre"])
def test_a_newer_receipt_that_the_centre_would_refuse_is_passed_over(
    fault: str, opening: Opening, place: Place
) -> None:
    """What another PC wrote comes back by the older receipt for the same place."""
    a, b = opening("a"), opening("b")
    place.back_up()
    b.store.save(Library, a_library(name="Của b"))
    exchange(b, place.wire)
    rounds(place, a)
    with a._reading() as session:
        kept = last_receipt(session)
        assert kept is not None
        facts = {**kept.facts, "centre": "another"}
    spoilt = {"signature": bytes(64)} if fault == "signature" else {"facts": facts}
    spoil_newest(a, spoilt)
    place.restore()
    exchange(a, place.wire)
    assert names(a) == ["Của b"]
    assert place.digests() == a.digests()


def test_what_stands_here_again_after_several_restores_is_given_back(
    opening: Opening, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two changes are numbered, numbered otherwise, and numbered as at first again; then their
    author is lost, the line breaks at the wrong time, and the centre forgets them once more.
    """
    a, b, c, d = (opening(name) for name in "abcd")
    empty = place.kept_backup()
    for name in ("Một", "Hai"):
        b.store.save(Library, a_library(name=name))
        rounds(place, b, a, times=1)
    both = place.kept_backup()
    standing = numbered(a)
    assert places(a) == [1, 2]

    place.restore_kept(empty)
    c.store.save(Library, a_library(name="Ba"))
    with monkeypatch.context() as short:
        short.setattr(ledger, "PAGE_BYTES", 1)
        rounds(place, c, a, times=1)
    assert places(a) == [1, 2, 3], "newer receipts for the same places, and for one more"

    place.restore_kept(both)
    exchange(a, place.wire)
    assert numbered(a)[:2] == standing
    assert 3 in places(a)

    place.restore_kept(both)
    d.store.save(Library, a_library(name="Bốn"))
    exchange(d, place.wire)
    with pytest.raises(LostAnswer):
        exchange(a, Breaking(place, a, 2))
    assert numbered(a) == standing
    assert places(a) == [1, 2], "the oldest receipts alone are about what stands here"
    assert places(a, above=1) == [2], "though a newer one does not reach so far"

    place.restore_kept(empty)
    exchange(a, place.wire)
    assert {"Một", "Hai"} <= set(names(a))
    assert numbered(a)[:2] == standing


def test_an_office_that_looks_at_the_newest_receipt_of_a_place_alone_is_seen(
    opening: Opening, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_back, "_proofs", newest_alone)
    with pytest.raises(AssertionError, match="the oldest receipts"):
        test_what_stands_here_again_after_several_restores_is_given_back(
            opening, place, monkeypatch
        )


def newest_alone(session: Session, agreed: Mapping[str, int]) -> Mapping[str, Mapping[Any, Proof]]:
    newest: dict[str, dict[int, Proof]] = {scope: {} for scope in agreed}
    for scope, proofs in every_proof(session, agreed).items():
        for (seq, _digest), proof in proofs.items():
            newest[scope].setdefault(seq, proof)
    return {
        scope: {(seq, p.receipt.positions[scope].digest): p for seq, p in proofs.items()}
        for scope, proofs in newest.items()
    }


every_proof = giving_back._proofs


def numbered(office: Office) -> list[str]:
    """What stands in the ledger here, in its order."""
    standing = [entry for entry in entries(office) if entry.seq is not None]
    return [entry.id for entry in sorted(standing, key=lambda entry: entry.seq or 0)]


class Breaking(DirectWire):
    """A line that breaks as soon as the office stands at a place."""

    def __init__(self, place: Place, office: Office, seq: int) -> None:
        super().__init__(place.centre)
        self._office, self._seq = office, seq

    def post(self, path: str, body: bytes) -> bytes:
        """Until then."""
        if len(numbered(self._office)) == self._seq:
            raise LostAnswer
        return super().post(path, body)
