"""A great deletion is asked about before it leaves, and told about when it comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from sync.changes import Setback
from sync.client import batches
from sync.client.holding import Limits
from sync.records.library import Library
from sync.server.centre import Centre
from tests.builders import DirectWire, a_library, entries, exchange
from vla_desktop.office import Light, Office
from vla_desktop.store.store import Query


@pytest.mark.parametrize(
    ("deleted", "among", "is_allowed"),
    [
        (5, 5, True), (6, 8, False), (5, 100, True), (6, 100, False), (12, 240, True),
        (13, 240, False), (20, 5000, True), (21, 5000, False),
    ],
)  # fmt: skip
def test_a_few_pass_and_a_twentieth_or_twenty_are_asked_about(
    deleted: int, among: int, is_allowed: bool
) -> None:
    assert Limits().allow(deleted, among) is is_allowed


def test_limits_are_the_branchs_own() -> None:
    assert not Limits(records=0).allow(1, 1000)
    assert Limits(percent=100, records=1000).allow(700, 700)
    assert not Limits(percent=1, records=1000).allow(11, 1000)


def filled(office: Office, wire: DirectWire, count: int = 30) -> list[str]:
    """So many libraries, which the centre has."""
    saved = office.store.save_many(
        (Library, a_library(name=f"Thư viện {n}"), None) for n in range(count)
    )
    exchange(office, wire)
    return [one.id for one in saved]


def delete(office: Office, records: Sequence[str]) -> None:
    """One by one, as a clerk does."""
    for record in records:
        office.store.delete(Library, record)


def standing_in(office: Office) -> int:
    """How many libraries are not in the bin."""
    return office.store.count(Library, Query())


@pytest.fixture
def wire(near_centre: Centre) -> DirectWire:
    return DirectWire(near_centre)


@pytest.fixture
def office(enrolled: Callable[[str], Office]) -> Office:
    return enrolled("a")


def assert_held_until_agreed(office: Office, other: Office, wire: DirectWire) -> None:
    """Twenty-one deletions of thirty stay, the rest goes; then they go as well."""
    records = filled(office, wire)
    exchange(other, wire)
    office.store.save(Library, {"note": "sửa trước"}, records[0])
    delete(office, records[:21])
    office.store.save(Library, {"note": "còn dùng"}, records[29])
    outcome = exchange(office, wire)
    assert (outcome.sent, outcome.accepted, outcome.held) == (2, 2, 21)
    exchange(other, wire)
    assert standing_in(other) == 30
    standing = office.standing()
    assert (standing.pending, standing.light) == (21, Light.AMBER)
    assert [(one.kind, len(one.records), one.among) for one in standing.held] == [
        ("library", 21, 30)
    ]
    assert office.deletions.send(office.deletions.held()) == 21
    assert office.standing().held == ()
    assert exchange(office, wire).accepted == 21
    assert office.standing().light is Light.GREEN


def test_a_great_deletion_is_held_until_somebody_says_so(
    office: Office, enrolled: Callable[[str], Office], wire: DirectWire
) -> None:
    other = enrolled("b")
    assert_held_until_agreed(office, other, wire)
    exchange(other, wire)
    assert standing_in(other) == 9


def test_a_client_that_holds_nothing_back_would_be_caught(
    office: Office,
    enrolled: Callable[[str], Office],
    wire: DirectWire,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "held_back", lambda _session, _limits: set())
    with pytest.raises(AssertionError):
        assert_held_until_agreed(office, enrolled("b"), wire)


def test_five_deletions_ask_nothing(office: Office, wire: DirectWire) -> None:
    records = filled(office, wire, 8)
    delete(office, records[:5])
    outcome = exchange(office, wire)
    assert (outcome.accepted, outcome.held) == (5, 0)


def test_what_is_taken_back_before_leaves_nothing_to_hold(office: Office, wire: DirectWire) -> None:
    records = filled(office, wire)
    delete(office, records)
    assert len(office.standing().held[0].records) == 30
    for _each in range(25):
        office.store.undo()
    assert office.standing().held == ()
    assert exchange(office, wire).held == 0
    assert standing_in(office) == 25
    assert office.standing().light is Light.GREEN


def test_all_that_is_held_comes_back_by_one_step(office: Office, wire: DirectWire) -> None:
    records = filled(office, wire)
    delete(office, records)
    exchange(office, wire)
    assert office.deletions.restore(office.standing().held) == 30
    assert standing_in(office) == 30
    assert exchange(office, wire).held == 0
    assert office.standing().light is Light.GREEN
    office.store.undo()
    assert len(office.standing().held[0].records) == 30


def test_what_the_centre_never_had_is_deleted_unasked(office: Office, wire: DirectWire) -> None:
    saved = office.store.save_many((Library, a_library(name=f"Nháp {n}"), None) for n in range(30))
    delete(office, [one.id for one in saved])
    assert exchange(office, wire).held == 0
    assert office.standing().pending == 0


def test_what_follows_a_held_deletion_waits_behind_it(office: Office, wire: DirectWire) -> None:
    records = filled(office, wire)
    delete(office, records)
    office.store.restore(Library, records[0])
    office.store.delete(Library, records[0])
    assert exchange(office, wire).held == 32
    assert entries(office, seq=None)[0].setback == Setback.NONE


def test_an_agreement_outlives_the_program_and_a_copy(
    office: Office, enrolled: Callable[[str], Office], wire: DirectWire
) -> None:
    records = filled(office, wire)
    delete(office, records)
    office.deletions.send(office.deletions.held())
    client = office._client()
    client._become_new()
    assert exchange(office, wire).accepted == 30
    assert office.standing().pending == 0


def test_later_deletions_are_asked_about_anew(office: Office, wire: DirectWire) -> None:
    records = filled(office, wire, 60)
    delete(office, records[:10])
    office.deletions.send(office.deletions.held())
    delete(office, records[10:20])
    outcome = exchange(office, wire)
    assert (outcome.accepted, outcome.held) == (10, 10)


def test_the_branch_may_set_its_own_limits(office: Office, wire: DirectWire) -> None:
    records = filled(office, wire)
    generous = replace(office.settings.sync, most_deleted=100, most_deleted_percent=100)
    office.change_settings(replace(office.settings, sync=generous))
    delete(office, records)
    assert exchange(office, wire).accepted == 30


def test_a_file_takes_no_great_deletion_along_either(office: Office, wire: DirectWire) -> None:
    records = filled(office, wire)
    delete(office, records)
    office.store.save(Library, a_library(name="Mới"))
    written = office.export_batch()
    assert (written.changes, written.left, written.held) == (1, 0, 30)
    office.deletions.send(office.deletions.held())
    assert office.export_batch().changes == 31


def assert_told_and_brought_back(office: Office, other: Office, wire: DirectWire) -> None:
    """What another PC deleted is deleted here, told, and comes back everywhere by one step."""
    records = filled(office, wire, 40)
    exchange(other, wire)
    delete(office, records[:30])
    office.deletions.send(office.deletions.held())
    exchange(office, wire)
    exchange(other, wire)
    assert standing_in(other) == 10
    (told,) = other.deletions.arrived()
    assert (told.kind, set(told.records), told.authors) == ("library", set(records[:30]), ("a",))
    assert other.standing().review == 1
    assert office.deletions.arrived() == []
    assert other.deletions.restore([told]) == 30
    assert other.deletions.arrived() == []
    assert exchange(other, wire).accepted == 30
    exchange(office, wire)
    assert standing_in(office) == standing_in(other) == 40


def test_a_great_deletion_by_others_is_told_and_can_be_taken_back(
    office: Office, enrolled: Callable[[str], Office], wire: DirectWire
) -> None:
    assert_told_and_brought_back(office, enrolled("b"), wire)


def test_a_client_that_keeps_it_to_itself_would_be_caught(
    office: Office,
    enrolled: Callable[[str], Office],
    wire: DirectWire,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sync.client import holding

    monkeypatch.setattr(holding, "_has_deletions", lambda _answer: False)
    with pytest.raises(ValueError, match="unpack"):
        assert_told_and_brought_back(office, enrolled("b"), wire)


def test_a_deletion_in_many_pages_is_told_once(
    office: Office, enrolled: Callable[[str], Office], wire: DirectWire
) -> None:
    other = enrolled("b")
    records = filled(office, wire, 40)
    exchange(other, wire)
    delete(office, records[:30])
    office.deletions.send(office.deletions.held())
    exchange(office, wire)
    other._span.page_bytes = 1
    assert exchange(other, wire).requests > 1
    (told,) = other.deletions.arrived()
    assert len(told.records) == 30
    other.deletions.dismiss(told.notice)
    assert other.deletions.arrived() == []
    assert other.standing().review == 0


def test_a_new_pc_is_not_told_of_what_it_never_had(
    office: Office, enrolled: Callable[[str], Office], wire: DirectWire
) -> None:
    records = filled(office, wire, 40)
    delete(office, records[:30])
    office.deletions.send(office.deletions.held())
    exchange(office, wire)
    fresh = enrolled("c")
    exchange(fresh, wire)
    assert standing_in(fresh) == 10
    assert fresh.deletions.arrived() == []
