"""A list into the window: nothing is written unseen, and nothing twice."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sync.places import Catalogue
from sync.progress import Silent
from sync.records.fields import fields_by_name
from sync.records.library import Library
from sync.records.member import Member
from sync.vietnamese import fold
from tests.ui.desk import View, a_window, found_unit, write_something
from tests.ui.invented import members
from vla_desktop import paths
from vla_desktop.exchange import directory_of, export_rows, read_file
from vla_desktop.exchange.columns import columns
from vla_desktop.exchange.headings import foreign_headings
from vla_desktop.exchange.plan import Chosen, Mark, Planned, RowRefused, plan, write
from vla_desktop.exchange.remainder import remainder
from vla_desktop.office import Office
from vla_desktop.store.store import Query, Store
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.panels.import_dialog import ImportDialog
from vla_desktop.ui.panels.import_rows import ImportRowsModel

pytestmark = pytest.mark.usefixtures("themed")
FIELDS = fields_by_name(Library)
HEADINGS = [FIELDS[name].label for name in ("name", "type", "commune", "phone")]
TYPE = FIELDS["type"].type.show("public")
COMMUNE = Catalogue.load(paths.resources() / "catalogues").label("00004")


def a_file(path: Path, *rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Thư viện"
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def a_library(name: str, phone: str = "") -> list[object]:
    return [name, TYPE, COMMUNE, phone]


def planned(store: Store, path: Path) -> list[Planned]:
    directory = directory_of(store)
    return plan(read_file(path, directory, store.catalogue), store, directory, Silent())


def marks(rows: list[Planned]) -> list[Mark]:
    return [row.mark for row in rows]


def names(office: Office) -> list[str]:
    store = office.store
    return sorted(row.title for row in store.rows(Library, store.ids(Library, Query())))


def test_each_row_says_what_it_would_do(office: Office, tmp_path: Path) -> None:
    write_something(office, "Thư viện đã có")
    path = a_file(
        tmp_path / "a.xlsx", a_library("Thư viện mới"), a_library("Thư viện đã có"),
        a_library("Thư viện mới"), ["", TYPE, COMMUNE], ["Nơi nào", "lạ", COMMUNE],
    )  # fmt: skip
    rows = planned(office.store, path)
    assert marks(rows) == [Mark.NEW, Mark.LIKELY, Mark.LIKELY, Mark.ERROR, Mark.ERROR]
    assert "Giống dòng 2" in rows[2].reasons[0]
    assert rows[3].reasons
    assert names(office) == ["Thư viện đã có"], "nothing is written by looking"


def test_a_list_of_an_office_is_read_below_its_titles(office: Office, tmp_path: Path) -> None:
    """Titles above, other words over the columns, a number before each line, one line too many."""
    found_unit(office)
    write_something(office, "Thư viện tỉnh")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Hội viên"
    sheet.append(["CHI HỘI THƯ VIỆN"])
    sheet.append(["DANH SÁCH HỘI VIÊN NĂM 2026"])
    sheet.append([])
    sheet.append(["STT", "Họ tên", "Năm sinh", "Giới", "Đơn vị công tác", "SĐT", "Chức vụ"])
    sheet.append([1, "Nguyễn Thị Hòa", 1980, "Nữ", "thu vien tinh", "0100 123 456", "Thủ thư"])
    sheet.append(["", "Tổng cộng: 1"])
    book.save(tmp_path / "a.xlsx")
    sheet_read = read_file(tmp_path / "a.xlsx", directory_of(office.store), office.store.catalogue)
    first = sheet_read.entries[0]
    assert (first.line, first.problems) == (5, {})
    assert first.values["full_name"] == "Nguyễn Thị Hòa"
    assert (first.values["born_on"], first.values["gender"]) == ("1980", "female")
    assert office.store.title("library", str(first.values["workplace"])) == "Thư viện tỉnh"
    assert sheet_read.unknown == ("STT",)
    assert Mark.NEW not in marks(planned(office.store, tmp_path / "a.xlsx"))[1:]
    book.save(tmp_path / "a.xlsx")
    lines = "CHI HỘI\n\nHọ tên;Năm sinh;SĐT\nLê Văn Ân;1975;0100 123 457\n"
    (tmp_path / "a.csv").write_text(lines, "utf-8")
    listed = read_file(
        tmp_path / "a.csv", directory_of(office.store), office.store.catalogue, Member
    )
    assert [entry.values["full_name"] for entry in listed.entries] == ["Lê Văn Ân"]


def test_no_word_of_others_stands_over_two_columns() -> None:
    for kind, words in foreign_headings().items():
        names = set(fields_by_name(kind))
        assert set(words.values()) <= names
        own = {word: c.key for c in columns(kind) for word in c.known_as}
        assert {
            word: own[word] for word in words if own.get(word, words[word]) != words[word]
        } == {}
    lists = tomllib.loads((paths.resources() / "headings" / "lists.toml").read_text("utf-8"))
    for named in lists.values():
        folded = [fold(word) for some in named.values() for word in some]
        assert len(folded) == len(set(folded))


def test_a_member_who_is_here_already_is_pointed_out(office: Office, tmp_path: Path) -> None:
    members(office.store, ["Trần Văn Đức"], found_unit(office))
    path, store = tmp_path / "a.json", office.store
    export_rows(path, Member, store.rows(Member, store.ids(Member, Query())), store.catalogue)
    path.write_text(path.read_text("utf-8").replace(store.ids(Member, Query())[0], ""), "utf-8")
    (row,) = planned(store, path)
    assert row.mark is Mark.LIKELY
    assert "Trần Văn Đức" in row.reasons[0]


def edited(office: Office, path: Path, **cells: str) -> Path:
    """The list of libraries as a file, with cells of its first row changed."""
    store = office.store
    export_rows(path, Library, store.rows(Library, store.ids(Library, Query())), store.catalogue)
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    for cell, value in cells.items():
        book.active[cell] = value
    book.save(path)
    return path


def test_an_empty_cell_takes_nothing_away_unless_it_is_ticked(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    library = write_something(office, "Thư viện huyện")
    office.store.save(Library, {"note": "giữ lại"}, library)
    path = edited(office, tmp_path / "a.xlsx", A2="Thư viện huyện mới")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    (note,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "giữ lại")
    note.value = None
    book.save(path)
    rows = planned(office.store, path)
    assert marks(rows) == [Mark.UPDATE]
    model = ImportRowsModel()
    model.show_rows(rows)
    write(office.store, Library, model.chosen(), Silent())
    row = office.store.get(Library, library)
    assert row is not None
    assert (row.title, row.values["note"]) == ("Thư viện huyện mới", "giữ lại")
    model.take(0, "note", taken=True)
    write(office.store, Library, model.chosen(), Silent())
    row = office.store.get(Library, library)
    assert row is not None
    assert row.values["note"] == ""


def test_what_lies_in_the_bin_is_not_edited_by_a_file(office: Office, tmp_path: Path) -> None:
    """It would stay in the bin, and nobody would see what became of the file."""
    library = write_something(office, "Thư viện huyện")
    path = edited(office, tmp_path / "a.xlsx", A2="Thư viện huyện mới")
    office.store.delete(Library, library)
    (row,) = planned(office.store, path)
    assert row.mark is Mark.ERROR
    assert "thùng rác" in row.reasons[0]


def test_all_rows_are_written_or_none(office: Office, tmp_path: Path) -> None:
    """The second spoils it; an import that wrote row after row would leave the first behind."""
    path = a_file(tmp_path / "a.xlsx", a_library("Thư viện một"), a_library("Thư viện hai"))
    good, bad = planned(office.store, path)
    broken = Planned(bad.entry, bad.mark, bad.title, bad.differences)
    broken.entry.values["name"] = ""
    with pytest.raises(RowRefused) as refused:
        write(office.store, Library, [Chosen(good), Chosen(broken)], Silent())
    assert refused.value.line == 3
    assert names(office) == []


def opened(qtbot: QtBot, view: View, path: Path) -> ImportDialog:
    view.inside.go(Destination("library"))
    page = view.inside.pages.findChild(RecordsPage)
    assert isinstance(page, RecordsPage)
    qtbot.waitUntil(page.isVisible)
    page.files.take_in(path)
    dialog = page.files.dialog
    assert isinstance(dialog, ImportDialog)
    qtbot.waitUntil(lambda: dialog._task is None)
    return dialog


def test_the_window_writes_what_is_ticked_and_takes_it_back(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "a.xlsx", *(a_library(f"Thư viện {name}") for name in "abc"))
    with a_window(qtbot, office) as view:
        dialog = opened(qtbot, view, path)
        dialog.table.setCurrentIndex(dialog.model.index(1, 0))
        QTest.keyClick(dialog.table, Qt.Key.Key_Space)
        assert "2" in dialog.save.text()
        assert dialog.cells.rowCount() == 3
        QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(dialog.undo.isVisible)
        assert names(office) == ["Thư viện a", "Thư viện c"]
        qtbot.waitUntil(lambda: dialog._task is None)
        QTest.mouseClick(dialog.undo, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not dialog.undo.isVisible())
        qtbot.waitUntil(lambda: dialog._task is None)
        dialog.reject()
    assert names(office) == []


def test_a_file_that_cannot_be_read_is_said_and_nothing_can_be_written(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    with a_window(qtbot, office) as view:
        dialog = opened(qtbot, view, path)
        assert dialog.said.isVisible()
        assert not dialog.save.isEnabled()
        dialog.reject()


def test_rows_that_are_wrong_go_out_with_their_reason_and_come_back_mended(
    office: Office, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path / "a.xlsx", a_library("Thư viện đúng"), ["=1+1", "lạ", COMMUNE],
        ["Thư viện sai", "lạ", COMMUNE],
    )  # fmt: skip
    model = ImportRowsModel()
    model.show_rows(planned(office.store, path))
    back = tmp_path / "b.xlsx"
    for _again in range(2):
        back.write_bytes(remainder(path, Library, model.refused()))
        sheet = openpyxl.load_workbook(back).active
        assert sheet is not None
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert rows[0] == ["Lý do chưa nhập", *HEADINGS]
        assert len(rows) == 3
        assert "Loại" in str(rows[2][0])
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        path = back
        model.show_rows(planned(office.store, back))
    book = openpyxl.load_workbook(back)
    assert book.active is not None
    book.active["C3"] = TYPE
    book.save(back)
    assert marks(planned(office.store, back)) == [Mark.ERROR, Mark.NEW]
