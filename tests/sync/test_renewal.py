"""New names for what a copied office has not brought to the centre, and only for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.changes import Change, Entry, Setback
from sync.client.renewal import Renewal
from sync.client.tables import Office as Identity
from sync.records.library import Library
from tests.builders import a_library
from vla_desktop.office import Office
from vla_desktop.store.database import writing

NEW = "0badcafe"


@pytest.fixture
def renewed(open_office: Callable[[str], Office]) -> Iterator[tuple[Session, Renewal, str]]:
    """An office with one unsent library, which has just become another incarnation."""
    office = open_office("copy")
    library = office.store.save(Library, a_library()).id
    with writing(office._engine) as session:
        identity = session.get_one(Identity, 1)
        identity.incarnation = NEW
        yield session, Renewal(session, identity), library


def creation(session: Session) -> Entry:
    return session.scalars(select(Entry).where(Entry.action == "create")).one()


def test_what_was_never_sent_takes_a_new_name(renewed: tuple[Session, Renewal, str]) -> None:
    session, renewal, library = renewed
    renewal.everything()

    entry = creation(session)
    assert entry.id[12:20] == entry.record[12:20] == NEW
    assert session.scalars(select(Library.id)).all() == [entry.record] != [library]


def test_a_kind_of_a_newer_version_is_renamed_in_its_changes(
    renewed: tuple[Session, Renewal, str],
) -> None:
    session, renewal, _library = renewed
    creation(session).kind = "kind_of_tomorrow"
    renewal.everything()

    entry = creation(session)
    assert entry.id[12:20] == entry.record[12:20] == NEW


def test_a_record_whose_mended_creation_was_numbered_keeps_its_name(
    renewed: tuple[Session, Renewal, str],
) -> None:
    session, renewal, library = renewed
    creation(session).setback = Setback.WITHDRAWN.value
    renewal.everything()

    assert session.scalars(select(Library.id)).all() == [library]


def test_a_namesake_of_another_kind_makes_ours_step_aside(
    renewed: tuple[Session, Renewal, str],
) -> None:
    session, renewal, library = renewed
    renewal.make_way(
        Change("a" * 32, "HN", "member", library, "create", {}, 0, "", "2026-01-01T00:00:00+00:00")
    )

    assert creation(session).record[12:20] == NEW
    assert session.get(Library, library) is None


def test_our_own_change_coming_back_moves_nothing(renewed: tuple[Session, Renewal, str]) -> None:
    session, renewal, library = renewed
    renewal.make_way(creation(session).change())

    assert creation(session).record == library
