"""An office that begins with a snapshot is, to all that can be seen, one that read everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from sync.changes import Action, Entry
from sync.client import bootstrap
from sync.client.steps import drive
from sync.client.tables import KeptPage, KeptSnapshot
from sync.progress import Silent
from sync.protocol import Refusal
from sync.records import name_of
from sync.records.library import Library
from sync.records.member import Member
from sync.server import building
from sync.server.centre import Centre
from tests.builders import (
    INVENTED,
    TODAY,
    DirectWire,
    a_library,
    a_member,
    entries,
    exchange,
    join,
)
from tests.snapshots.seen import a_library_of, place, records, seen, the_member
from vla_desktop.demo.branch import SEED, Size, fill
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.store.rows import Query, RecordState
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]


def test_it_has_the_records_lists_and_figures_of_one_that_read_everything(
    begun: Office, reader: Office
) -> None:
    assert place(reader)[0] == 0
    assert place(begun)[0] > 5
    assert records(begun) == records(reader)
    assert seen(begun) == seen(reader)
    member = begun.store.rows(Member, [the_member(begun)])[0]
    assert member.state is RecordState.CONFLICT


def test_every_kind_of_record_comes_as_it_is(
    enrolled: Opening, wire: DirectWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.server.ledger.PAGE_BYTES", 20_000)
    monkeypatch.setattr(building, "ROWS_A_PAGE", 30)
    writer, reader, begun = enrolled("writer"), enrolled("reader"), enrolled("begun")
    fill(writer.store, writer.store.catalogue, Size.SMALL, SEED, Silent(), TODAY)
    exchange(writer, wire)
    exchange(begun, wire)
    monkeypatch.setattr(bootstrap, "AFTER_CHANGES", 10**9)
    exchange(reader, wire)
    assert place(begun)[0] > 300
    assert {name for name, rows in records(begun).items() if rows} == {
        name_of(kind) for kind in INVENTED
    }
    assert records(begun) == records(reader) == records(writer)
    drive(begun.elsewhere.beginnings_of_receipts(), wire, Silent(), begun.world)
    assert seen(begun) == seen(reader)


def test_its_receipt_is_proved_from_the_snapshot_on(begun: Office, wire: DirectWire) -> None:
    assert begun.standing().light is Light.GREEN
    assert begun.verify_receipt(online=False).holds
    begun.store.save(Library, {"note": "sau"}, a_library_of(begun))
    exchange(begun, wire)
    proof = begun.verify_receipt(online=False)
    assert proof.holds
    assert proof.scopes["HN"].seq > place(begun)[0]


def test_a_snapshot_altered_at_rest_proves_nothing(begun: Office) -> None:
    with writing(begun._engine) as session:
        kept = session.scalars(select(KeptSnapshot)).one()
        kept.manifest = kept.manifest.replace(b'"seq":', b'"seq":1')
    assert not begun.verify_receipt(online=False).holds


def test_it_works_on_as_any_other(begun: Office, reader: Office, wire: DirectWire) -> None:
    library = a_library_of(begun)
    begun.store.save(Library, {"name": "Tên mới"}, library)
    begun.store.delete(Library, a_library_of(begun, "Thư viện 4"))
    binned = begun.store.ids(Library, Query(search="Thư viện 1", bin=True))[0]
    begun.store.restore(Library, binned)
    new = begun.store.save(Library, a_library(name="Mới tinh")).id
    actions = [entry.action for entry in entries(begun, seq=None)]
    assert actions == [Action.EDIT, Action.DELETE, Action.RESTORE, Action.CREATE]
    assert begun.store.undo() is not None
    exchange(begun, wire)
    exchange(reader, wire)
    exchange(begun, wire)
    assert records(begun) == records(reader)
    assert begun.store.get(Library, new) is not None
    assert begun.standing().light is Light.GREEN


def test_what_was_typed_before_lies_on_top(
    open_office: Opening, near_centre: Centre, wire: DirectWire, first: Office, reader: Office
) -> None:
    office = open_office("typed")
    mine = office.store.save(Library, a_library(name="Trước khi ghi danh")).id
    office.store.save(Library, {"note": "thêm"}, mine)
    join(office, near_centre)
    exchange(office, wire)
    assert place(office)[0] > 5
    row = office.store.get(Library, mine)
    assert row is not None
    assert (row.title, row.values["note"]) == ("Trước khi ghi danh", "thêm")
    assert office.standing().pending == 0
    exchange(reader, wire)
    assert records(office) == records(reader)


def test_what_is_typed_while_pages_come_is_kept(
    enrolled: Opening, first: Office, near_centre: Centre
) -> None:
    office = enrolled("busy")
    typed: list[str] = []

    class Typing(DirectWire):
        def post(self, path: str, body: bytes) -> bytes:
            if path == "/v1/snapshot":
                typed.append(office.store.save(Library, a_library(name=f"Gõ {len(typed)}")).id)
            return super().post(path, body)

    exchange(office, Typing(near_centre))
    exchange(office, DirectWire(near_centre))
    assert len(typed) > 1
    assert all(office.store.get(Library, one) is not None for one in typed)
    assert office.standing().light is Light.GREEN


def test_a_short_ledger_goes_by_pages(
    enrolled: Opening, first: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "AFTER_CHANGES", 100)
    office = enrolled("small")
    asked: list[str] = []

    class Listening(DirectWire):
        def post(self, path: str, body: bytes) -> bytes:
            asked.append(path)
            return super().post(path, body)

    exchange(office, Listening(near_centre))
    assert set(asked) == {"/v1/sync"}
    assert place(office) == (0, place(first)[1])


def test_a_centre_that_knows_of_no_snapshots_is_read_by_pages(
    enrolled: Opening, first: Office, near_centre: Centre
) -> None:
    class Older(DirectWire):
        def post(self, path: str, body: bytes) -> bytes:
            if path not in ("/v1/sync", "/v1/digest"):
                raise Refusal("not_found", 404)
            return super().post(path, body)

    office = enrolled("patient")
    exchange(office, Older(near_centre))
    assert place(office) == (0, place(first)[1])
    assert records(office) == records(first)


def test_its_pages_are_kept_and_none_of_another_snapshot(begun: Office) -> None:
    with begun._reading() as session:
        standing = session.scalars(select(KeptSnapshot)).one()
        pages = session.scalars(select(KeptPage.digest)).all()
    assert standing.stands
    assert pages
    assert all(page.encode() in standing.manifest for page in pages)


def test_whole_histories_come_with_what_has_to_be_looked_at(begun: Office) -> None:
    member, library = the_member(begun), a_library_of(begun)
    assert [e.action for e in begun.store.history(Member, member)] == ["edit", "edit", "create"]
    assert begun.store.history(Library, library) == []


def test_an_author_who_had_seen_less_than_the_snapshot_is_still_found_out(
    enrolled: Opening, wire: DirectWire, first: Office
) -> None:
    slow, begun, reader = enrolled("slow"), enrolled("begun"), enrolled("reader")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "AFTER_CHANGES", 10**9)
        exchange(slow, wire)
        exchange(reader, wire)
    library = a_library_of(slow)
    first.store.save(Library, {"note": "đã sửa"}, library)
    exchange(first, wire)
    exchange(begun, wire)
    assert place(begun)[0] == place(first)[1]
    slow.store.save(Library, {"note": "chưa thấy"}, library)
    slow.store.save(Member, {"phone": "0100 000 111"}, the_member(slow))
    exchange(slow, wire)
    exchange(begun, wire)
    exchange(reader, wire)
    assert seen(begun) == seen(reader)
    assert _overlaps(begun, library) == _overlaps(reader, library) != []
    assert begun.store.rows(Library, [library])[0].state is RecordState.CONFLICT


def _overlaps(office: Office, record: str) -> list[tuple[str, dict[str, str]]]:
    return [(e.id, e.overlaps) for e in entries(office, record=record) if e.overlaps]


def test_without_looking_behind_that_would_be_missed(
    enrolled: Opening, wire: DirectWire, first: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.client.older.with_base_before", lambda *_: iter(()))
    with pytest.raises(AssertionError):
        test_an_author_who_had_seen_less_than_the_snapshot_is_still_found_out(enrolled, wire, first)


def test_a_member_can_be_written_whose_unit_came_with_the_snapshot(
    begun: Office, reader: Office, wire: DirectWire
) -> None:
    member = begun.store.rows(Member, [the_member(begun)])[0]
    unit = member.values["unit"]
    new = begun.store.save(Member, a_member(unit=unit, card_no="7")).id
    assert exchange(begun, wire).accepted == 1
    exchange(reader, wire)
    assert reader.store.get(Member, new) is not None
    with begun._reading() as session:
        assert session.scalar(select(Entry.seq).where(Entry.record == new)) is not None
