"""What a snapshot holds and a version cannot read is there after its upgrade, as if read whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync.catching_up import nothing_earlier
from sync.client.obstacles import obstacle
from sync.records.activity import Activity
from sync.records.library import Library
from sync.server.centre import Centre
from tests.builders import DirectWire, an_activity, exchange
from tests.skew import Earlier, WireFromEarlier
from tests.snapshots.seen import place, records, seen
from vla_desktop.office import Office
from vla_desktop.store.rows import Query

Opening = Callable[[str], Office]


def grown_up(
    enrolled: Opening, centre: Centre, first: Office, reopened: Callable[[Office], Office]
) -> tuple[Office, Office]:
    """An office of this version, and one that was of an earlier one when it began."""
    libraries = first.store.ids(Library, Query())
    for number, library in enumerate(libraries):
        first.store.save(Library, {"phone": f"0100 {number}"}, library)
    held = [first.store.save(Activity, an_activity(name=f"Việc {n}")).id for n in range(6)]
    exchange(first, DirectWire(centre))
    version = Earlier(frozenset({"activity"}), {"library": frozenset({"phone"})})
    with version:
        begun = enrolled("begun")
        wire = WireFromEarlier(centre, version)
        exchange(begun, wire)
        begun.store.save(Library, {"note": "của máy cũ"}, libraries[0])
        assert begun.store.newer_records() == len(held)
        assert begun.store.has_newer_parts(Library, libraries[2])
    assert place(begun)[0] > 5
    first.store.save(Library, {"phone": "0100 99"}, libraries[1])
    first.store.save(Activity, {"venue": "Hội trường"}, held[0])
    exchange(first, DirectWire(centre))
    with version:
        exchange(begun, wire)
    exchange(first, DirectWire(centre))
    return first, reopened(begun)


def test_after_its_upgrade_it_has_what_a_newer_office_has(
    enrolled: Opening, near_centre: Centre, first: Office, reopened: Callable[[Office], Office]
) -> None:
    newer, upgraded = grown_up(enrolled, near_centre, first, reopened)
    assert records(upgraded) == records(newer)
    assert shown(upgraded) == shown(newer)
    assert upgraded.store.newer_records() == 0
    assert upgraded.store.ids(Activity, Query(search="việc")) == newer.store.ids(
        Activity, Query(search="việc")
    )


def shown(office: Office) -> list[object]:
    """The lists, but for who has looked at which conflict."""
    return [[row[:3] for row in rows] for rows in seen(office)["lists"]]


def test_a_damaged_page_is_asked_for_again_and_keeps_nobody_out(
    enrolled: Opening, near_centre: Centre, first: Office, reopened: Callable[[Office], Office],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def opened_with_a_damaged_page(office: Office) -> Office:
        with monkeypatch.context() as damaged:
            damaged.setattr("sync.client.learning.page_of", damaged_page)
            return reopened(office)

    newer, upgraded = grown_up(enrolled, near_centre, first, opened_with_a_damaged_page)
    assert records(upgraded) != records(newer)
    assert records(reopened(upgraded)) == records(newer)


def damaged_page(*_: object) -> bytes:
    raise obstacle("digest")


def test_an_upgrade_that_forgets_the_snapshot_is_seen(
    enrolled: Opening, near_centre: Centre, first: Office, reopened: Callable[[Office], Office],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("vla_desktop.store.store.told_by_snapshots", nothing_earlier)
    newer, upgraded = grown_up(enrolled, near_centre, first, reopened)
    assert records(upgraded) != records(newer)
