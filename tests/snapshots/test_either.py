"""On both databases of a centre, with their policies, an office begins with a snapshot."""

from __future__ import annotations

from collections.abc import Callable

from sync.progress import Silent
from sync.records.library import Library
from sync.server.embedded import EmbeddedCentre
from tests.builders import a_library, join
from tests.snapshots.seen import a_library_of, place, records
from vla_desktop.office import Office

Opening = Callable[[str], Office]


def test_it_begins_looks_back_and_goes_on(
    open_office: Opening, either_centre: EmbeddedCentre
) -> None:
    writer, begun = open_office("writer"), open_office("begun")
    for office in (writer, begun):
        join(office, either_centre.centre)
        office.move(either_centre.url)
    writer.store.save_many((Library, a_library(name=f"Thư viện {n}"), None) for n in range(25))
    writer.synchronise(Silent())
    begun.synchronise(Silent())
    assert place(begun) == (25, 25)
    assert records(begun) == records(writer)
    library = a_library_of(begun)
    assert begun.elsewhere.has_more(Library, library)
    begun.elsewhere.fetch(Library, library)
    assert not begun.elsewhere.has_more(Library, library)
    assert [event.action for event in begun.store.history(Library, library)] == ["create"]
    begun.store.save(Library, {"note": "sau"}, library)
    begun.synchronise(Silent())
    writer.synchronise(Silent())
    assert records(begun) == records(writer)
    assert begun.verify_receipt(online=True).holds
