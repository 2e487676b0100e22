"""What a list gives its room to."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from tests.ui.desk import a_window, write_something
from vla_desktop.office import Office
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.theme import theme

pytestmark = pytest.mark.usefixtures("themed")
LONG = "Thư viện Trường Trung học phổ thông chuyên Nguyễn Du"


@pytest.mark.parametrize("at", [0, 12])
def test_long_names_are_read_whole_on_a_small_screen(qtbot: QtBot, office: Office, at: int) -> None:
    """Wherever it stands on the first screen; without it columns further right would take it."""
    for number in range(20):
        write_something(office, LONG if number == at else f"Thư viện xã {number:02}")
    with a_window(qtbot, office) as view:
        view.inside.go(Destination("library"))
        page = view.inside.pages.findChild(RecordsPage)
        assert isinstance(page, RecordsPage)
        qtbot.waitUntil(lambda: page.table.records.rowCount() == 20)
        needed = QFontMetrics(theme().font("body", strong=True)).horizontalAdvance(LONG)
        assert page.table.columnWidth(0) > needed
        assert not page.table.isColumnHidden(page.table.records.state_column)
