"""What only a newer version can show is announced on the form and on the Sync page."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from sync.changes import Entry
from sync.client.tables import Office as Identity
from tests.ui.desk import a_window, write_something
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.pages.sync import SyncPage
from vla_desktop.ui.recordform import RecordForm
from vla_desktop.ui.widgets.rows import ActionRow

pytestmark = pytest.mark.usefixtures("themed")


def write(office: Office, kind: str, record: str, action: str, **values: Any) -> None:
    """A newer version wrote this on this PC."""
    with writing(office._engine) as session:
        identity = session.get_one(Identity, 1)
        session.add(
            Entry(
                id=identity.next_id(), scope=identity.branch, kind=kind,
                record=record or identity.next_id(), action=action, values=values,
                author="Văn thư", written_at="2026-05-04T08:00:00+00:00",
            )
        )  # fmt: skip


def test_a_form_says_quietly_that_a_part_cannot_be_shown(qtbot: QtBot, office: Office) -> None:
    plain, richer = write_something(office, "Thư viện Một"), write_something(office, "Thư viện Hai")
    write(office, "library", richer, "edit", colour="xanh")
    with a_window(qtbot, office) as view:
        for record, is_told in ((plain, False), (richer, True)):
            view.inside.go(Destination("library", id=record))
            page = view.inside.pages.current
            assert isinstance(page, RecordsPage)
            form = page.findChild(RecordForm)
            assert form is not None
            assert form.newer.isVisible() is is_told
            assert "phiên bản mới hơn" in form.newer.text()


def test_records_of_an_unknown_kind_are_counted_and_lead_nowhere(
    qtbot: QtBot, office: Office
) -> None:
    write_something(office)
    with a_window(qtbot, office) as view:
        view.inside.pages.show_page("sync")
        page = view.inside.pages.current
        assert isinstance(page, SyncPage)
        assert not page.newer.isVisible()
        write(office, "reading_room", "", "create", seats=40)
        page.read()
        assert page.newer.isVisible()
        assert page.newer.text().startswith("Có 1 bản ghi thuộc loại")
        for row in page.pending.findChildren(ActionRow):
            if "phiên bản mới hơn" in row.accessibleName() + row.accessibleDescription():
                row.pressed.emit()
                assert view.inside.pages.current is page
