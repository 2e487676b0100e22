"""An office begins with a snapshot of a centre of another version, and gives back to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch

import pytest

from sync import protocol
from sync.problems import Problem
from sync.protocol import Refusal
from sync.records.activity import Activity
from sync.records.library import Library
from sync.server.centre import Centre
from tests.builders import DirectWire, a_library, an_activity, exchange, join
from tests.skew import Earlier, WireFromEarlier
from tests.snapshots.seen import a_library_of, fetch_history, place, records, seen
from tests.sync.restoring import Place, names, rounds
from vla_desktop.office import Office
from vla_desktop.store.rows import Query, RecordState
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]
LATER = protocol.VERSION + 1


OWN = {
    "snapshots": "SNAPSHOT_VERSION", "returns": "RETURN_VERSION",
    "readmission": "READMISSION_VERSION",
}  # fmt: skip


class WireToLater(DirectWire):
    """Carries what this version says to a centre whose wire is one version further."""

    tied: Mapping[str, str] = MappingProxyType({})
    """By module, the versions that would go up together with that of the wire."""

    def post(self, path: str, body: bytes) -> bytes:
        """The centre's answer."""
        with ExitStack() as later:
            for name in ("protocol", *OWN):
                module = import_module(f"sync.{name}")
                for version in {"VERSION", self.tied.get(name, "VERSION")} & vars(module).keys():
                    later.enter_context(patch.object(module, version, LATER))
            heard = (LATER, *protocol.HEARD)
            later.enter_context(patch.object(protocol, "HEARD", heard))
            return super().post(path, body)


class WireWithout(DirectWire):
    """Carries to a centre that has no snapshots in this version's words."""

    def post(self, path: str, body: bytes) -> bytes:
        """The centre's answer."""
        if path == "/v1/snapshot":
            raise Refusal("version", 409)
        return super().post(path, body)


def test_a_snapshot_and_older_history_are_given_whatever_the_centre_s_wire(
    enrolled: Opening, near_centre: Centre, first: Office, reader: Office
) -> None:
    office, wire = enrolled("office"), WireToLater(near_centre)
    exchange(office, wire)
    assert place(office)[0] > 5, "it began with the snapshot"
    assert office.standing().light is Light.GREEN
    fetch_history(office, wire, a_library_of(office))
    assert records(office) == records(reader)
    assert seen(office) == seen(reader)


def test_a_restored_centre_of_a_later_wire_takes_back_what_it_forgot(
    open_office: Opening, tmp_path: Path
) -> None:
    """From a PC, too, that it has never heard of."""
    centre = Place(tmp_path)
    author = open_office("author")
    join(author, centre.centre)
    centre.back_up()
    office = open_office("office")
    join(office, centre.centre)
    author.store.save(Library, a_library(name="Của máy đã mất"))
    rounds(centre, author, office)
    centre.restore()
    exchange(office, WireToLater(centre.centre))
    assert names(office) == ["Của máy đã mất"]
    assert centre.digests() == office.digests()
    assert office.standing().light is Light.GREEN
    centre.centre.close()


@pytest.mark.parametrize("module", ["returns", "readmission"])
def test_a_way_back_that_is_tied_to_the_wire_is_seen(
    module: str, open_office: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WireToLater, "tied", {module: OWN[module]})
    with pytest.raises((AssertionError, Problem)):
        test_a_restored_centre_of_a_later_wire_takes_back_what_it_forgot(open_office, tmp_path)


def test_a_snapshot_that_is_tied_to_the_wire_is_seen(
    enrolled: Opening, near_centre: Centre, first: Office, reader: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(WireToLater, "tied", {"snapshots": OWN["snapshots"]})
    with pytest.raises(AssertionError, match="began with the snapshot"):
        test_a_snapshot_and_older_history_are_given_whatever_the_centre_s_wire(
            enrolled, near_centre, first, reader
        )


def test_where_no_snapshot_is_to_be_had_in_its_words_an_office_reads_page_by_page(
    enrolled: Opening, near_centre: Centre, first: Office, reader: Office
) -> None:
    office = enrolled("office")
    exchange(office, WireWithout(near_centre))
    assert place(office) == (0, place(reader)[1])
    assert office.standing().light is Light.GREEN
    assert records(office) == records(reader)


def test_what_two_wrote_unseen_of_what_it_does_not_know_is_shown_after_its_upgrade(
    enrolled: Opening, near_centre: Centre, first: Office, reopened: Callable[[Office], Office]
) -> None:
    """The snapshot holds the histories of such records whole, also of unknown kinds."""
    wire, second = DirectWire(near_centre), enrolled("second")
    held = first.store.save(Activity, an_activity(name="Việc chung")).id
    library = a_library_of(first)
    for office in (first, second):
        exchange(office, wire)
    for office, text in ((first, "một"), (second, "hai")):
        office.store.save(Activity, {"venue": text}, held)
        office.store.save(Library, {"phone": f"0100 {text}"}, library)
    for office in (first, second, first):
        exchange(office, wire)
    version = Earlier(frozenset({"activity"}), {"library": frozenset({"phone"})})
    with version:
        begun = enrolled("begun")
        older = WireFromEarlier(near_centre, version)
        exchange(begun, older)
        assert place(begun)[0] > 5
        assert begun.standing().light is Light.GREEN
        begun.store.save(Library, {"note": "của máy cũ"}, library)
        exchange(begun, older)
    never_older = enrolled("never older")
    exchange(never_older, wire)
    assert place(never_older)[0] > 5
    upgraded = reopened(begun)
    exchange(upgraded, wire)
    assert records(upgraded) == records(never_older)
    assert seen(upgraded) == seen(never_older)
    for kind, record in ((Activity, held), (Library, library)):
        assert upgraded.store.rows(kind, [record])[0].state is RecordState.CONFLICT
    assert upgraded.store.ids(Activity, Query(search="chung")) == [held]
