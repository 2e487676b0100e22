"""The clerk sees what will change, decides on divided communes, writes, and can go back."""

from __future__ import annotations

import datetime as dt

import pytest
from pytestqt.qtbot import QtBot

from sync.records.library import Library
from tests.builders import a_library
from tests.ui.desk import View, a_window
from vla_desktop.office import Office
from vla_desktop.ui.merger.choices import ONE_BY_ONE
from vla_desktop.ui.merger.dialog import DIVIDED, DONE, RECAP, WHAT, MergerDialog
from vla_desktop.ui.pages.settings import SettingsPage

pytestmark = pytest.mark.usefixtures("themed")

MERGED = "00001@2025"


def fill(office: Office) -> tuple[str, str, str]:
    """A library in a merged commune and two in a divided one; returns their ids."""
    catalogue = office.store.catalogue
    today = dt.datetime.now().astimezone().date()
    divided = next(
        one.code for one in catalogue.communes("01@2025")
        if len(catalogue.successors(one.code, today)) > 1
    )  # fmt: skip
    first, second, third = (
        office.store.save(Library, a_library(name=f"Thư viện {at}", commune=commune)).id
        for at, commune in enumerate((MERGED, divided, divided))
    )
    return first, second, third


def opened(qtbot: QtBot, view: View) -> MergerDialog:
    view.inside.pages.show_page("settings")
    page = view.inside.pages.current
    assert isinstance(page, SettingsPage)
    page.merger_button.click()
    dialog = page.findChild(MergerDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.lead.text() != "")
    qtbot.waitUntil(lambda: not dialog.progress.isVisible())
    return dialog


def commune(office: Office, library: str) -> object:
    row = office.store.get(Library, library)
    assert row is not None
    return row.values["commune"]


def test_three_steps_one_write_one_way_back(qtbot: QtBot, office: Office) -> None:
    first, second, third = fill(office)
    held = [commune(office, one) for one in (first, second, third)]
    with a_window(qtbot, office) as view:
        dialog = opened(qtbot, view)
        assert dialog.steps.currentIndex() == WHAT
        assert dialog.table.rowCount() == 2
        dialog.next.click()
        assert dialog.steps.currentIndex() == DIVIDED
        (unit,) = dialog.divided.units
        assert unit.choice.currentText() == "Để sau"
        unit.choice.setCurrentIndex(unit.choice.findData(ONE_BY_ONE))
        assert set(unit.records) == {second, third}
        unit.records[third].setCurrentIndex(1)
        chosen = unit.records[third].currentData()
        dialog.next.click()
        assert dialog.steps.currentIndex() == RECAP
        assert "Sẽ đổi 2 thư viện." in dialog.recap.text()
        assert "Để sau: 1 thư viện." in dialog.recap.text()
        dialog.next.click()
        qtbot.waitUntil(lambda: dialog.steps.currentIndex() == DONE)
        qtbot.waitUntil(lambda: dialog.undo.isEnabled() and dialog.next.isEnabled())
        assert "bằng nhau" in dialog.told.text()
        after = [commune(office, one) for one in (first, second, third)]
        assert after == ["00097", held[1], chosen]
        with qtbot.waitSignal(dialog.finished):
            dialog.undo.click()
        assert [commune(office, one) for one in (first, second, third)] == held


def test_nothing_chosen_changes_no_divided_commune(qtbot: QtBot, office: Office) -> None:
    _first, second, third = fill(office)
    held = [commune(office, one) for one in (second, third)]
    with a_window(qtbot, office) as view:
        dialog = opened(qtbot, view)
        dialog.next.click()
        dialog.next.click()
        dialog.next.click()
        qtbot.waitUntil(lambda: dialog.steps.currentIndex() == DONE)
        qtbot.waitUntil(dialog.next.isEnabled)
        dialog.next.click()
    assert [commune(office, one) for one in (second, third)] == held


def test_without_old_names_there_is_nothing_to_do(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        dialog = opened(qtbot, view)
        assert dialog.lead.text() == "Không còn bản ghi nào mang địa danh cũ."
        assert not dialog.next.isEnabled()
        dialog.reject()
