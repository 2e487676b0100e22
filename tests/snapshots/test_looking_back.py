"""Somebody looks at a record whose history lies before this office's beginning."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from sync.knowledge import Knowledge
from sync.progress import Silent
from sync.records.library import Library
from sync.server.embedded import EmbeddedCentre
from tests.builders import a_library, join
from tests.snapshots.seen import a_library_of, records
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.ui.panels.history import EventCard, HistoryTab
from vla_desktop.ui.theme import Mode, apply_theme

Opening = Callable[[str], Office]


@pytest.fixture
def looking(open_office: Opening, centre: EmbeddedCentre) -> Office:
    """An office that began with a snapshot of a centre behind a real socket."""
    writer, begun = open_office("writer"), open_office("looking")
    for office in (writer, begun):
        join(office, centre.centre)
        office.move(centre.url)
    writer.store.save_many(
        (Library, a_library(name=f"Thư viện {n}", note=f"số {n}"), None) for n in range(25)
    )
    writer.synchronise(Silent())
    begun.synchronise(Silent())
    return begun


def test_the_page_says_so_and_fetches_it(looking: Office, qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, Mode.LIGHT)
    tab = HistoryTab(looking.store, Library)
    qtbot.addWidget(tab)
    row = looking.store.get(Library, a_library_of(looking))
    assert row is not None
    tab.show_record(row)
    tab.fill(row)
    assert tab.findChildren(EventCard) == []
    tab.findChildren(QPushButton)[0].click()
    qtbot.waitUntil(lambda: bool(tab.findChildren(EventCard)), timeout=20_000)
    assert not looking.elsewhere.has_more(Library, row.id)
    assert tab.findChildren(QPushButton) == []


def test_without_a_connection_it_says_why(
    looking: Office, centre: EmbeddedCentre, qapp: QApplication, qtbot: QtBot
) -> None:
    apply_theme(qapp, Mode.LIGHT)
    centre.stop()
    tab = HistoryTab(looking.store, Library)
    qtbot.addWidget(tab)
    row = looking.store.get(Library, a_library_of(looking))
    assert row is not None
    tab.show_record(row)
    tab.fill(row)
    tab.findChildren(QPushButton)[0].click()
    qtbot.waitUntil(lambda: tab._said.startswith("Chưa kết nối"), timeout=20_000)
    qtbot.waitUntil(lambda: tab._fetching is None, timeout=20_000)
    centre.start()


def test_what_an_earlier_version_could_not_read_of_it_is_read_after_an_upgrade(
    looking: Office, open_office: Opening
) -> None:
    before = records(looking)
    with writing(looking._engine) as session:
        knowledge = session.get_one(Knowledge, 1)
        known = {name: dict(fields) for name, fields in knowledge.kinds.items()}
        del known["library"]["note"]
        knowledge.kinds = known
        session.execute(update(Library).values(note=""))
    assert records(looking) != before
    looking.close()
    assert records(open_office("looking")) == before
