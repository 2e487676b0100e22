"""A list out of the window: as it stands there, to a place that may be taken."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sync.progress import Cancelled
from sync.records.library import Library
from sync.records.member import Member
from sync.texts import _
from tests.ui.desk import View, a_window, found_unit, write_something
from tests.ui.invented import members
from vla_desktop import files
from vla_desktop.exchange import directory_of, free_name, read_file, safety
from vla_desktop.office import Office
from vla_desktop.store.store import Query
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.panels.export_dialog import ExportDialog, _rows

pytestmark = pytest.mark.usefixtures("themed")
NAMES = ["Trần Văn Ân", "Lê Thị Bình", "Phạm Văn Bình"]


def asked(qtbot: QtBot, view: View, kind: str, query: Query | None = None) -> ExportDialog:
    """The dialog over a list, opened by its key."""
    view.inside.go(Destination(kind, query))
    page = view.inside.pages.findChild(RecordsPage)
    assert isinstance(page, RecordsPage)
    qtbot.waitUntil(page.isVisible)
    QTest.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(page.files.dialog, ExportDialog)
    return page.files.dialog


def written(qtbot: QtBot, dialog: ExportDialog, path: Path) -> list[list[object]]:
    """The headings and rows in the file."""
    dialog.write(path)
    qtbot.waitUntil(dialog.open_file.isVisible)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_file_holds_what_the_list_shows_in_its_order(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    members(office.store, NAMES, found_unit(office))
    with a_window(qtbot, office) as view:
        dialog = asked(qtbot, view, "member", Query(search="binh"))
        assert dialog.proposed_name == "hoi-vien.xlsx"
        dialog.in_view.setChecked(True)
        headings, *rows = written(qtbot, dialog, tmp_path / "a.xlsx")
        dialog.reject()
    assert [row[0] for row in rows] == ["Lê Thị Bình", "Phạm Văn Bình"]
    shown = [_(field.label) for field in dialog._shown]
    assert headings[: len(shown)] == shown


def test_what_was_edited_outside_is_all_that_comes_back(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    members(office.store, NAMES, found_unit(office))
    path = tmp_path / "a.xlsx"
    with a_window(qtbot, office) as view:
        dialog = asked(qtbot, view, "member")
        dialog.in_view.setChecked(True)
        written(qtbot, dialog, path)
        dialog.reject()
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    book.active["A2"] = "Trần Văn Ẩn"
    book.save(path)
    sheet = read_file(path, directory_of(office.store), office.store.catalogue)
    ids = [entry.id or "" for entry in sheet.entries]
    now = {row.id: row.values for row in office.store.rows(Member, ids)}
    edited = {
        (name, value)
        for entry in sheet.entries
        for name, value in entry.values.items()
        if now[entry.id or ""][name] != value
    }
    assert len(sheet.entries) == len(NAMES)
    assert edited == {("full_name", "Trần Văn Ẩn")}


def test_on_paper_every_sheet_bears_the_headings(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    write_something(office)
    path = tmp_path / "a.xlsx"
    with a_window(qtbot, office) as view:
        dialog = asked(qtbot, view, "library")
        written(qtbot, dialog, path)
        dialog.reject()
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    fit = sheet.sheet_properties.pageSetUpPr
    assert fit is not None
    assert fit.fitToPage
    assert sheet.freeze_panes == "B2"


def test_a_file_that_is_open_elsewhere_gets_another_name_by_one_press(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_something(office)
    taken = tmp_path / "a.xlsx"
    taken.write_bytes(b"open")
    put = files.write_whole

    def held(path: Path, content: bytes) -> None:
        if path == taken:
            raise PermissionError(13, "held")
        put(path, content)

    monkeypatch.setattr(safety, "write_whole", held)
    with a_window(qtbot, office) as view:
        dialog = asked(qtbot, view, "library")
        dialog.write(taken)
        qtbot.waitUntil(dialog.elsewhere.isVisible)
        assert "a (2).xlsx" in dialog.elsewhere.text()
        assert "Excel" in dialog.said.text()
        QTest.mouseClick(dialog.elsewhere, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(dialog.open_file.isVisible)
        dialog.reject()
    assert taken.read_bytes() == b"open"
    assert (tmp_path / "a (2).xlsx").exists()
    assert free_name(taken).name == "a (3).xlsx"


def test_an_empty_list_says_so_and_opens_nothing(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        view.inside.go(Destination("library"))
        page = view.inside.pages.findChild(RecordsPage)
        assert isinstance(page, RecordsPage)
        QTest.mouseClick(page.files.out, Qt.MouseButton.LeftButton)
        assert page.files.dialog is None
        assert view.window.messages.isVisible()


def test_whoever_cancels_leaves_no_file(office: Office) -> None:
    write_something(office)

    class Unwanted:
        def report(self, done: int, total: int, what: str) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(_rows(office.store, Library, office.store.ids(Library, Query()), Unwanted()))


def test_the_document_for_programmers_has_no_choice_of_columns(
    qtbot: QtBot, office: Office
) -> None:
    write_something(office)
    with a_window(qtbot, office) as view:
        dialog = asked(qtbot, view, "library")
        dialog.in_view.setChecked(True)
        dialog.file.setCurrentIndex(2)
        assert not dialog.in_view.isEnabled()
        assert dialog.whole.isChecked()
        dialog.reject()
