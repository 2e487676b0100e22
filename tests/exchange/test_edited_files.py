"""What clerks do to a list in Excel, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sync.problems import InvalidRecord, Problem
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from tests.exchange.shelf import Shelf
from vla_desktop.exchange import Entry, Sheet, export_rows, read_file

Fill = Callable[..., Sheet]


@pytest.fixture
def edited(shelf: Shelf, tmp_path: Path) -> Fill:
    """Exports the members, changes cells by heading and row, and reads the file again."""

    def edit(*changes: Mapping[str, Any], headings: Mapping[str, str] | None = None) -> Sheet:
        path = tmp_path / "members.xlsx"
        export_rows(path, Member, shelf.rows(Member), shelf.catalogue)
        book = openpyxl.load_workbook(path)
        sheet: Any = book.active
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row, change in enumerate(changes, start=2):
            for heading, value in change.items():
                sheet.cell(row, columns[heading]).value = value
        for old, new in (headings or {}).items():
            sheet.cell(1, columns[old]).value = new
        book.save(path)
        return read_file(path, shelf.directory, shelf.catalogue)

    return edit


@pytest.fixture
def member(shelf: Shelf) -> str:
    unit = shelf.add(OrganisationUnit, name="Phân hội Đại học")
    return shelf.add(Member, full_name="Trần Thị Hà", unit=unit, born_on="1975", commune="05443")


def only(sheet: Sheet) -> Entry:
    [entry] = sheet.entries
    return entry


def test_a_changed_name_updates_the_same_person(edited: Fill, member: str) -> None:
    entry = only(edited({"Họ và tên": " Trần  Thị Hà Giang "}))
    assert (entry.id, entry.values["full_name"]) == (member, "Trần Thị Hà Giang")


def test_a_row_without_id_is_a_new_record(edited: Fill, member: str) -> None:
    sheet = edited({}, {"Họ và tên": "Lê Văn Bình", "Chi hội, phân hội": "phan hoi dai hoc"})
    old, new = sheet.entries
    assert (old.id, new.id, new.line) == (member, None, 3)
    assert new.values["unit"] == old.values["unit"]


def test_a_copied_row_is_not_allowed_to_overwrite_its_original(edited: Fill, member: str) -> None:
    copied = {"Họ và tên": "Lê Văn Bình", "Mã bản ghi": member}
    first, second = edited({}, copied).entries
    assert (first.id, first.problems) == (member, {})
    assert second.id is None
    assert "Dòng 2" in second.problems[""]


def test_an_id_of_another_office_is_told_apart(edited: Fill, member: str) -> None:
    entry = only(edited({"Mã bản ghi": "c" * 32}))
    assert (entry.id, entry.foreign_id, entry.problems) == (None, "c" * 32, {})


def test_a_reference_changed_by_name_is_found_again(
    edited: Fill, shelf: Shelf, member: str
) -> None:
    other = shelf.add(OrganisationUnit, name="Phân hội Trường học")
    place = "phuong gia sang, thai nguyen"
    entry = only(edited({"Chi hội, phân hội": "phân hội trường học", "Xã, phường": place}))
    assert entry.problems == {}
    assert entry.values["unit"] == other
    assert shelf.catalogue.label(str(entry.values["commune"])) == "Phường Gia Sàng, Thái Nguyên"


def test_an_emptied_reference_is_emptied(edited: Fill, member: str) -> None:
    assert only(edited({"Chi hội, phân hội": None})).values["unit"] == ""


def test_a_name_that_two_bear_is_not_guessed(edited: Fill, shelf: Shelf, member: str) -> None:
    for _ in range(2):
        shelf.add(OrganisationUnit, name="Phân hội Hai")
    entry = only(edited({"Chi hội, phân hội": "phan hoi hai"}))
    assert "unit" not in entry.values
    assert entry.problems == {"unit": "Có 2 mục tên “phan hoi hai”; chọn trong phần mềm."}


def test_marks_tell_two_apart(edited: Fill, shelf: Shelf, member: str) -> None:
    wanted = shelf.add(OrganisationUnit, name="Phân hội Hạ")
    shelf.add(OrganisationUnit, name="Phân hội Hà")
    assert only(edited({"Chi hội, phân hội": "phân hội hạ"})).values["unit"] == wanted


def test_a_link_to_what_is_not_here_stays_as_it_is(edited: Fill, shelf: Shelf) -> None:
    unit = shelf.add(OrganisationUnit, name="Phân hội")
    shelf.add(Member, full_name="Trần Thị Hà", unit=unit)
    del shelf.kept["organisation_unit"][unit]
    entry = only(edited({"Chi hội, phân hội": "(không tìm thấy)"}))
    assert (entry.values["unit"], entry.problems) == (unit, {})


def test_a_place_may_be_named_without_its_province_when_there_is_one(
    edited: Fill, member: str
) -> None:
    assert only(edited({"Xã, phường": "Phường Gia Sàng"})).values["commune"] == "05467"
    assert "commune" in only(edited({"Xã, phường": "Xã Tân Tiến"})).problems


def test_nothing_is_linked_to_what_lies_in_the_bin(edited: Fill, shelf: Shelf, member: str) -> None:
    shelf.binned.add(shelf.add(OrganisationUnit, name="Phân hội Cũ"))
    entry = only(edited({"Chi hội, phân hội": "Phân hội Cũ"}))
    assert "unit" in entry.problems


@pytest.mark.parametrize(
    ("heading", "field", "cell", "value"),
    [
        ("Ngày sinh", "born_on", 1975, "1975"),
        ("Ngày sinh", "born_on", dt.datetime(1975, 3, 21), "1975-03-21"),  # noqa: DTZ001
        ("Ngày sinh", "born_on", "3/1975", "1975-03"),
        ("Ngày vào Hội", "joined_on", "21-4-2020", dt.date(2020, 4, 21)),
        ("Ngày vào Hội", "joined_on", dt.date(2020, 4, 21), dt.date(2020, 4, 21)),
        ("Điện thoại", "phone", 912345678, "912345678"),
        ("Số thẻ", "card_no", 12.0, "12"),
        ("Giới tính", "gender", "nữ", "female"),
        ("Đã đồng ý để Hội xử lý dữ liệu cá nhân", "consented", "x", True),
        ("Đã đồng ý để Hội xử lý dữ liệu cá nhân", "consented", False, False),
        ("Họ và tên", "full_name", "Trần\nThị  Hà", "Trần Thị Hà"),
        ("Ghi chú", "note", "một_x000D_\nhai", "một\nhai"),
    ],
)
def test_cells_are_read_as_meant(
    edited: Fill, member: str, heading: str, field: str, cell: object, value: object
) -> None:
    entry = only(edited({heading: cell}))
    assert entry.problems == {}
    assert entry.values[field] == value


@pytest.mark.parametrize(
    ("heading", "field", "cell"),
    [
        ("Họ và tên", "full_name", '="Trần"&"Hà"'),
        ("Họ và tên", "full_name", "#REF!"),
        ("Địa chỉ", "address", dt.datetime(2026, 3, 12)),  # noqa: DTZ001
        ("Ngày vào Hội", "joined_on", True),
        ("Ngày vào Hội", "joined_on", "31/02/2020"),
        ("Ngày vào Hội", "joined_on", dt.datetime(2020, 4, 21, 8, 30)),  # noqa: DTZ001
        ("Ngày sinh", "born_on", 27474),
        ("Ngày sinh", "born_on", 1975.5),
        ("Số định danh cá nhân", "identity_no", 1234567890123456789),
        ("Giới tính", "gender", "F"),
        ("Ghi chú", "note", "một_x0000_hai"),
        ("Ghi chú", "note", "một_xD800_hai"),
        ("Xã, phường", "commune", "Xã Không Có, Thái Nguyên"),
        ("Xã, phường", "commune", 5443),
        ("Điện thoại", "phone", True),
    ],
)
def test_what_cannot_be_told_is_said_beside_its_field(
    edited: Fill, member: str, heading: str, field: str, cell: object
) -> None:
    entry = only(edited({heading: cell}))
    assert set(entry.problems) == {field}
    assert field not in entry.values
    assert entry.id == member
    with pytest.raises(InvalidRecord) as raised:
        entry.raise_problems()
    assert raised.value.by_field == entry.problems


def test_blank_rows_are_passed_over_and_lines_keep_their_numbers(edited: Fill, member: str) -> None:
    sheet = edited({}, {"Họ và tên": "  "}, {}, {"Họ và tên": "Lê Văn Bình"})
    assert [entry.line for entry in sheet.entries] == [2, 5]


def test_headings_are_known_without_marks_and_strangers_are_named(
    edited: Fill, member: str
) -> None:
    sheet = edited({}, headings={"Họ và tên": "HO VA TEN", "Ghi chú": "Sở thích"})
    assert only(sheet).values["full_name"] == "Trần Thị Hà"
    assert sheet.unknown == ("Sở thích",)
    assert "note" not in only(sheet).values


def test_a_sheet_put_before_ours_does_not_hide_it(
    shelf: Shelf, tmp_path: Path, member: str
) -> None:
    path = tmp_path / "members.xlsx"
    export_rows(path, Member, shelf.rows(Member), shelf.catalogue)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Ghi chép", 0).append(["linh tinh"])
    book.save(path)
    assert only(read_file(path, shelf.directory, shelf.catalogue)).id == member


def test_two_columns_of_one_name_are_refused(edited: Fill, member: str) -> None:
    with pytest.raises(Problem, match="hai cột") as refused:
        edited({}, headings={"Ghi chú": "Họ và tên"})
    assert refused.value.code == "exchange.columns"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_list_typed_by_hand_is_recognised_by_its_headings(
    shelf: Shelf, tmp_path: Path, separator: str
) -> None:
    path = tmp_path / "typed.csv"
    rows = [
        ("Tên thư viện", "Loại thư viện", "Cấp học", "Xã, phường"),
        ("Thư viện THCS Gia Sàng", "education", "THCS", "Phường Gia Sàng, Thái Nguyên"),
    ]
    text = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    path.write_text(text, "utf-8")
    sheet = read_file(path, shelf.directory, shelf.catalogue)
    assert sheet.kind is Library
    assert only(sheet).problems == {}
    assert only(sheet).values["education"] == "lower_secondary"


def test_a_list_saved_as_unicode_text_by_excel_is_read(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "typed.csv"
    path.write_text("Tên tổ chức\tLoại tổ chức\r\nPhân hội\tPhân hội\r\n", "utf-16")
    sheet = read_file(path, shelf.directory, shelf.catalogue)
    assert (sheet.kind, only(sheet).values["type"]) == (OrganisationUnit, "sub_branch")
