"""What only a newer version can show is said to be there, and nothing harms it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sync.changes import Entry
from sync.client.tables import Office as Identity
from sync.records.fields import fields_by_name
from sync.records.library import Library
from tests.builders import NOW, TODAY, a_library, entries
from vla_desktop.office import Office
from vla_desktop.store.conflicts import Choice
from vla_desktop.store.database import writing

Open = Callable[[str], Office]


def write(office: Office, kind: str, record: str, action: str, **values: Any) -> str:
    """A newer version wrote this elsewhere, and it came here; gives the change's id."""
    with writing(office._engine) as session:
        identity = session.get_one(Identity, 1)
        numbered = session.query(Entry).filter(Entry.seq.is_not(None)).count()
        entry = Entry(
            id="c" * 20 + identity.next_id()[20:], scope="HN", kind=kind,
            record=record or identity.next_id(), action=action, values=values, seq=numbered + 1,
            author="người khác", written_at=NOW.isoformat(),
        )  # fmt: skip
        session.add(entry)
        return entry.id


def test_a_record_says_that_it_has_parts_of_a_newer_version(open_office: Open) -> None:
    office = open_office("a")
    library = office.store.save(Library, a_library()).id
    assert not office.store.has_newer_parts(Library, library)
    write(office, "library", library, "edit", colour="xanh")
    assert office.store.has_newer_parts(Library, library)
    write(office, "library", library, "edit", colour="")
    assert not office.store.has_newer_parts(Library, library)
    write(office, "library", library, "edit", opened_on="khi nào đó")
    assert office.store.has_newer_parts(Library, library)


def test_history_says_that_there_is_something_and_not_what(open_office: Open) -> None:
    office = open_office("a")
    library = office.store.save(Library, a_library()).id
    write(office, "library", library, "edit", identity_no="001099000001", opened_on="khi nào đó")
    told = [(line.label, line.new) for line in office.store.history(Library, library)[-1].lines]
    day = fields_by_name(Library)["opened_on"].label
    assert told == [(day, "•••"), ("Phần của phiên bản mới hơn", "•••")]


def test_a_kind_of_a_newer_version_is_counted_by_itself_and_in_no_figure(
    open_office: Open,
) -> None:
    office = open_office("a")
    office.store.save(Library, a_library())
    before = office.figures(TODAY), office.to_do(TODAY)
    room = write(office, "reading_room", "", "create", seats=40)
    write(office, "reading_room", entries(office, id=room)[0].record, "edit", seats=41)
    assert office.store.newer_records() == 1
    assert (office.figures(TODAY), office.to_do(TODAY)) == before
    assert [item.kind for item in office.store.review()] == []


def test_edit_undo_and_the_bin_leave_the_newer_parts_where_they_are(open_office: Open) -> None:
    office = open_office("a")
    library = office.store.save(Library, a_library()).id
    newer = write(office, "library", library, "edit", colour="xanh", opened_on="khi nào đó")
    office.store.save(Library, {"name": "Hai"}, library)
    office.store.undo()
    office.store.delete(Library, library)
    office.store.restore(Library, library)
    assert office.store.has_newer_parts(Library, library)
    (kept,) = entries(office, id=newer)
    assert kept.values == {"colour": "xanh", "opened_on": "khi nào đó"}
    written_since = [entry.values for entry in entries(office) if entry.seq is None]
    assert not any({"colour", "opened_on"} & set(values) for values in written_since)


def test_a_conflict_of_newer_parts_is_listed_and_can_be_left(open_office: Open) -> None:
    office = open_office("a")
    library = office.store.save(Library, a_library()).id
    with writing(office._engine) as session:
        mine = session.query(Entry).one()
        mine.values = {**mine.values, "colour": "đỏ", "opened_on": "1975-04-30"}
        mine.seq = 1
    theirs = write(office, "library", library, "edit", colour="xanh", opened_on="khi nào đó")
    with writing(office._engine) as session:
        entry = session.get_one(Entry, theirs)
        entry.overlaps = {"colour": mine.id, "opened_on": mine.id}
    found = [item for item in office.store.review() if item.sort == "conflict"]
    assert {item.field for item in found} == {"colour", "opened_on"}
    for item in found:
        office.store.choose(theirs, item.field, Choice.THEIRS)
    assert [item for item in office.store.review() if item.sort == "conflict"] == []
