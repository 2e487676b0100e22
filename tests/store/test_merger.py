"""Records of former provinces and communes go to those of today: all in one step, none lost."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.problems import Problem
from sync.progress import Cancelled, Silent
from sync.records import KINDS
from sync.records.base import Record
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server.embedded import EmbeddedCentre, settings_of
from tests.builders import a_library, a_member, a_unit
from vla_desktop.office import Office
from vla_desktop.store import rehoming, undoing
from vla_desktop.store.database import reading
from vla_desktop.store.rehoming import Choices, Line

TODAY = dt.date(2026, 11, 20)
HA_GIANG, TUYEN_QUANG = "02@2025", "08"
MERGED = "00001@2025"


@pytest.fixture
def office(open_office: Callable[[str], Office]) -> Office:
    return open_office("office")


@pytest.fixture
def branch(office: Office) -> Office:
    """A branch of before: its unit, three libraries, forty members, in merged and divided units."""
    store = office.store
    divided = next(
        unit.code
        for unit in store.catalogue.communes("01@2025")
        if len(store.catalogue.successors(unit.code, TODAY)) > 1
    )
    unit = store.save(OrganisationUnit, a_unit(province=HA_GIANG, provincial=True)).id
    libraries = [
        store.save(Library, a_library(name=f"Thư viện {code}", commune=code)).id
        for code in (MERGED, divided, "00004")
    ]
    entries = [
        (Member, a_member(unit=unit, workplace=libraries[at % 3], full_name=f"Lê Văn {at}",
                          commune=(MERGED, divided)[at % 2]), None)
        for at in range(40)
    ]  # fmt: skip
    store.save_many(entries)
    return office


def divided_lines(office: Office) -> list[Line]:
    return [line for line in office.merger.lines(TODAY) if line.is_divided]


def digest(office: Office) -> str:
    """Of every field of every record."""
    found = hashlib.sha256()
    with reading(office._engine) as session:
        for kind in KINDS:
            for row in session.execute(select(kind.__table__).order_by(kind.id)):
                found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def places(office: Office, kind: type[Record], name: str) -> set[object]:
    with reading(office._engine) as session:
        return set(session.scalars(select(getattr(kind, name))))


def test_all_but_the_divided_are_rehomed_and_the_totals_are_equal(branch: Office) -> None:
    outcome = branch.merger.write(TODAY, Choices(), Silent())
    assert outcome.changed == {"organisation_unit": 1, "library": 1, "member": 20}
    assert outcome.left == {"library": 1, "member": 20}
    assert outcome.before == outcome.after
    assert outcome.after["organisation_unit", TUYEN_QUANG] == 1
    assert places(branch, OrganisationUnit, "province") == {TUYEN_QUANG}
    assert places(branch, OrganisationUnit, "founding_province") == {HA_GIANG}
    assert "Phúc Xá" in str(places(branch, Library, "old_address"))
    assert {line.old for line in branch.merger.lines(TODAY)} == {
        line.old for line in divided_lines(branch)
    }


def silent_conversions(office: Office) -> list[str]:
    """Records of divided units that went somewhere although nobody said where."""
    asked = {record for line in divided_lines(office) for record in line.records}
    assert asked
    office.merger.write(TODAY, Choices(), Silent())
    return sorted(
        asked - {record for line in office.merger.lines(TODAY) for record in line.records}
    )


def test_a_divided_unit_is_never_converted_silently(branch: Office) -> None:
    assert silent_conversions(branch) == []


def test_a_fault_that_takes_the_first_heir_would_be_seen(
    branch: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hasty(_choices: Choices, line: Line, _record: str) -> str:
        return line.heirs[0]

    monkeypatch.setattr(Choices, "chosen", hasty)
    assert silent_conversions(branch)


def test_the_clerk_decides_for_a_unit_and_for_single_records(branch: Office) -> None:
    line = next(line for line in divided_lines(branch) if line.kind is Member)
    first, second = line.heirs[:2]
    exception = line.records[0]
    choices = Choices({line.old: first}, {exception: second})
    branch.merger.write(TODAY, choices, Silent())
    communes = {row.id: row.values["commune"] for row in branch.store.rows(Member, line.records)}
    assert communes.pop(exception) == second
    assert set(communes.values()) == {first}
    assert branch.merger.lines(TODAY) == []
    assert branch.merger.to_do(TODAY) == []


def test_what_is_no_heir_is_never_taken(branch: Office) -> None:
    line = divided_lines(branch)[0]
    outcome = branch.merger.write(TODAY, Choices({line.old: "00070", "x": "y"}), Silent())
    assert "member" in outcome.left


@pytest.mark.parametrize("least", [1, 10**6])
def test_undo_brings_back_the_exact_records(
    branch: Office, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    monkeypatch.setattr(undoing, "LEAST", least)
    before = digest(branch)
    branch.merger.write(TODAY, Choices(), Silent())
    assert digest(branch) != before
    assert branch.store.undo() == "Đã hoàn tác 22 mục."
    assert digest(branch) == before
    branch.merger.write(TODAY, Choices(), Silent())
    assert branch.store.undo()
    assert digest(branch) == before


def test_undo_keeps_what_was_edited_since(branch: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "LEAST", 1)
    line = next(line for line in branch.merger.lines(TODAY) if line.old == MERGED)
    branch.merger.write(TODAY, Choices(), Silent())
    with branch.store.written(is_undo=True) as desk:
        record = desk.session.get_one(line.kind, line.records[0])
        setattr(record, line.field, "00070")
    sentence = branch.store.undo()
    assert sentence is not None
    assert "giữ nguyên" in sentence
    row = branch.store.get(line.kind, line.records[0])
    assert row is not None
    assert row.values[line.field] == "00070"


def test_a_stop_leaves_nothing_half_done(branch: Office) -> None:
    class Impatient:
        def report(self, done: int, _total: int, _what: str) -> None:
            if done:
                raise Cancelled

    before, pending = digest(branch), branch.standing().pending
    with pytest.raises(Cancelled):
        branch.merger.write(TODAY, Choices(), Impatient())
    assert (digest(branch), branch.standing().pending) == (before, pending)


def test_a_record_counted_elsewhere_afterwards_stops_it_all(
    branch: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(_catalogue: object, line: Line, _new: str, _row: object) -> dict[str, str]:
        return {line.field: "96"}

    monkeypatch.setattr(rehoming, "values", wrong)
    before = digest(branch)
    with pytest.raises(Problem) as caught:
        branch.merger.write(TODAY, Choices(), Silent())
    assert caught.value.code == "merger.totals"
    assert digest(branch) == before


def test_it_goes_to_the_centre_like_any_edit(branch: Office, tmp_path: Path) -> None:
    with EmbeddedCentre(settings_of(tmp_path / "centre.db")) as centre:
        branch.enrol(centre.url, centre.invite("HAGIANG", "Chi hội Hà Giang"))
        branch.synchronise(Silent())
        branch.merger.write(TODAY, Choices(), Silent())
        outcome = branch.synchronise(Silent())
        assert (outcome.accepted, outcome.rejected) == (22, 0)
        assert branch.store.undo()
        outcome = branch.synchronise(Silent())
        assert (outcome.accepted, outcome.rejected) == (22, 0)
        assert branch.verify_receipt(online=True).holds


def test_a_record_in_the_bin_is_left_alone(branch: Office) -> None:
    line = next(line for line in branch.merger.lines(TODAY) if line.kind is Member)
    branch.store.delete(Member, line.records[0])
    after = next(one for one in branch.merger.lines(TODAY) if one.old == line.old
                 and one.kind is Member)  # fmt: skip
    assert set(line.records) - set(after.records) == {line.records[0]}
