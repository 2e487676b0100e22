"""What was damaged here is mended from the centre; what the centre denies is kept as evidence."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from sync.canonical import first_digest, next_digest
from sync.changes import Entry, Ledger
from sync.client import bootstrap
from sync.client.repair import Mended, Repair, run_mending
from sync.client.steps import Wire, drive
from sync.client.tables import KeptReceipt
from sync.problems import Problem
from sync.progress import Silent
from sync.records.library import Library
from sync.records.member import Member
from sync.server.centre import Centre
from sync.server.database import writing as centre_writing
from tests.builders import DirectWire, a_library, entries, everything, exchange
from tests.snapshots.seen import a_library_of, records, seen, the_member
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]
Damaging = Callable[[Session], object]


def repair_of(office: Office) -> Repair:
    return Repair(
        office._reading, office._writing, office.store.exchanged, office.world, lambda: "q"
    )


def mended(office: Office, wire: Wire) -> Mended:
    return drive(repair_of(office).steps(), wire, Silent(), office.world)


def at(seq: int) -> tuple[object, ...]:
    return (Entry.scope == "HN", Entry.seq == seq)


def altered(session: Session) -> None:
    entry = session.scalars(select(Entry).where(*at(3))).one()  # type: ignore[arg-type]
    entry.values = {**entry.values, "name": "Bị sửa"}


def lost(session: Session) -> None:
    session.execute(delete(Entry).where(*at(4)))  # type: ignore[arg-type]


def lost_at_the_end(session: Session) -> None:
    last = session.get_one(Ledger, "HN").seq
    session.execute(delete(Entry).where(*at(last)))  # type: ignore[arg-type]


def digest_lost(session: Session) -> None:
    session.execute(update(Entry).where(*at(5)).values(digest="0" * 64))  # type: ignore[arg-type]


def number_lost(session: Session) -> None:
    session.execute(update(Entry).where(*at(6)).values(seq=None, digest=""))  # type: ignore[arg-type]


def numbers_swapped(session: Session) -> None:
    for old, new in ((3, 900), (5, 3), (900, 5)):
        session.execute(update(Entry).where(*at(old)).values(seq=new))  # type: ignore[arg-type]


def one_too_many(session: Session) -> None:
    session.execute(
        update(Entry).where(*at(2)).values(seq=session.get_one(Ledger, "HN").seq + 5)  # type: ignore[arg-type]
    )


def ledger_elsewhere(session: Session) -> None:
    session.get_one(Ledger, "HN").digest = "0" * 64


def ledger_ahead(session: Session) -> None:
    session.get_one(Ledger, "HN").seq += 7


def ledger_behind(session: Session) -> None:
    session.get_one(Ledger, "HN").seq -= 2


def row_altered(session: Session) -> None:
    session.execute(update(Member).values(note="Bị sửa", born_on=""))


def row_lost(session: Session) -> None:
    session.execute(delete(Library).where(Library.name == "Thư viện 2"))


def ghost(session: Session) -> None:
    session.add(Library(id="e" * 32, scope="HN", name="Ma"))


EVERY_DAMAGE = pytest.mark.parametrize(
    "damaging",
    [
        altered, lost, lost_at_the_end, digest_lost, number_lost, numbers_swapped, one_too_many,
        ledger_elsewhere, ledger_ahead, ledger_behind, row_altered, row_lost, ghost,
    ],
)  # fmt: skip


@EVERY_DAMAGE
def test_what_was_damaged_is_as_it_was(damaging: Damaging, first: Office, wire: DirectWire) -> None:
    unsent = first.store.save(Library, a_library(name="Chưa gửi")).id
    first.store.save(Member, {"note": "đang chờ gửi"}, the_member(first))
    before, looks = everything(first), seen(first)
    with writing(first._engine) as session:
        damaging(session)
    assert everything(first) != before
    assert mended(first, wire).is_any
    for name in ("library", "member", "ledger"):
        assert everything(first)[name] == before[name]
    assert seen(first) == looks
    assert first.verify_receipt(online=False).holds
    assert not mended(first, wire).is_any
    exchange(first, wire)
    assert first.standing().light is Light.GREEN
    assert first.store.get(Library, unsent) is not None


@pytest.mark.parametrize(
    "damaging", [lost_at_the_end, ledger_elsewhere, row_altered, row_lost, ghost]
)
def test_an_office_that_began_with_a_snapshot_is_mended_too(
    damaging: Damaging, begun: Office, reader: Office, wire: DirectWire
) -> None:
    begun.store.save(Library, {"note": "sau"}, a_library_of(begun))
    exchange(begun, wire)
    exchange(reader, wire)
    begun.store.save(Library, {"note": "chưa gửi"}, a_library_of(begun, "Thư viện 7"))
    before = records(begun)
    with writing(begun._engine) as session:
        damaging(session)
    assert mended(begun, wire).is_any
    assert records(begun) == before
    exchange(begun, wire)
    exchange(reader, wire)
    assert records(begun) == records(reader)
    assert begun.verify_receipt(online=False).holds


def test_nothing_is_done_where_nothing_is_amiss(
    first: Office, begun: Office, wire: DirectWire
) -> None:
    for office in (first, begun):
        before = everything(office)
        assert not mended(office, wire).is_any
        assert everything(office) == before


def test_a_synchronisation_mends_what_stops_it(
    first: Office, reader: Office, wire: DirectWire
) -> None:
    reader.store.save(Library, {"note": "tiếp"}, a_library_of(reader))
    exchange(reader, wire)
    with writing(first._engine) as session:
        ledger_elsewhere(session)
    with pytest.raises(Problem):
        exchange(first, wire)
    run_mending(first._client(), repair_of(first), wire, Silent(), first.world)
    exchange(first, wire)
    assert records(first) == records(reader)
    assert first.standing().light is Light.GREEN


def rewrite(centre: Centre, seq: int) -> None:
    """The centre alters a change, and its chain from there on, under the same epoch."""
    with centre_writing(centre.engine, "HN") as session:
        digest = first_digest("HN")
        query = select(Entry).where(Entry.scope == "HN").order_by(Entry.seq)
        for entry in session.scalars(query).all():
            if entry.seq == seq:
                entry.values = {**entry.values, "name": "Trung ương sửa"}
            digest = next_digest(digest, entry.change().text())
            entry.digest = digest
        session.get_one(Ledger, "HN").digest = digest


def test_a_centre_that_denies_what_it_signed_is_told_apart(
    first: Office, near_centre: Centre, wire: DirectWire
) -> None:
    first.store.save(Library, a_library(name="Chưa gửi"))
    rewrite(near_centre, 3)
    before = {name: rows for name, rows in everything(first).items() if name != "receipt"}
    with pytest.raises(Problem) as no:
        mended(first, wire)
    assert no.value.code == "sync.contradiction"
    after = everything(first)
    assert {name: after[name] for name in before} == before
    with first._reading() as session:
        notes = [kept.note for kept in session.scalars(select(KeptReceipt)) if kept.note]
    evidence = json.loads(notes[0])
    assert evidence["seq"] > 2
    assert evidence["denied"] != ""
    assert first.standing().pending == 1, "the note is in nobody's way"
    assert bytes.fromhex(evidence["said"])


def test_without_holding_it_against_the_receipts_the_office_would_believe(
    first: Office, near_centre: Centre, wire: DirectWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.client.repair._signed", lambda *_: iter(()))
    rewrite(near_centre, 3)
    mended(first, wire)
    assert any(entry.values.get("name") == "Trung ương sửa" for entry in entries(first))


def test_a_centre_that_lost_its_end_is_told_apart(
    first: Office, near_centre: Centre, wire: DirectWire
) -> None:
    with centre_writing(near_centre.engine, "HN") as session:
        ledger = session.get_one(Ledger, "HN")
        session.execute(delete(Entry).where(Entry.seq > ledger.seq - 2))
        ledger.seq -= 2
    before = records(first)
    with pytest.raises(Problem) as no:
        mended(first, wire)
    assert no.value.code == "sync.contradiction"
    assert records(first) == before


def test_a_repair_that_breaks_off_leaves_everything_as_it_was(
    first: Office, wire: DirectWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(first._engine) as session:
        altered(session)
        row_altered(session)
    before = everything(first)
    with monkeypatch.context() as patch:
        patch.setattr("sync.client.repair.find_anew", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            mended(first, wire)
    after = everything(first)
    assert {n: after[n] for n in before if n != "snapshot_page"} == {
        n: before[n] for n in before if n != "snapshot_page"
    }
    assert mended(first, wire).is_any
    assert bootstrap.AFTER_CHANGES == 5
