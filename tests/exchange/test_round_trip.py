"""What is exported comes back as it was, in each kind of file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sync.records import KINDS
from sync.records.activity import Activity
from sync.records.base import Record
from sync.records.fields import Field, fields
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import (
    Choice,
    Choices,
    Day,
    Link,
    Number,
    PartialDay,
    PlaceCode,
    Text,
    Value,
)
from tests.builders import SEALED_SAMPLE
from tests.exchange.shelf import Shelf
from vla_desktop.exchange import ENDINGS, Sheet, export_rows, read_file

NASTY = [
    "=1+1", "+84912345678", "-5", "@SUM(A1)", "'=1+1", "''@x", "'quoted'", "＝1+1", "00123",
    "1/2", "1e5", "TRUE", "_x000D_", "_x0041_", "dòng “một”; hai, ba",
    'a "trích" b', "Đường 3/2", "#N/A", "123456789012",
]  # fmt: skip


def filled(field: Field, number: int, link_to: dict[str, str]) -> Value:
    """A value that is hard on files, different for each `number`."""
    field_type = field.type
    if isinstance(field_type, Choices):
        codes = list(field_type.words)
        return ",".join(code for at, code in enumerate(codes) if (at + number) % 3 == 0)
    if isinstance(field_type, Choice):
        return list(field_type.words)[number % len(field_type.words)]
    if isinstance(field_type, Link):
        return link_to.get(field_type.target, "")
    if isinstance(field_type, PlaceCode):
        former, present = ("06@2025", "19") if field_type.level == "province" else ("", "05443")
        return former if number % 2 else present
    if isinstance(field_type, Day):
        return dt.date(1850 + number * 13, 1 + number % 12, 28)
    if isinstance(field_type, PartialDay):
        return ("1975", "1975-03", "1975-03-21", "")[number % 4]
    if field_type.name in ("sealed", "yes_no"):
        return SEALED_SAMPLE * (number % 2) if field_type.name == "sealed" else bool(number % 2)
    if isinstance(field_type, Number):
        return (0, 1, 2026, 1_250_000, None)[number % 5]
    assert isinstance(field_type, Text)
    text = NASTY[number % len(NASTY)]
    return f"{text}\nhai" if field_type.name == "long_text" else text


def full_shelf(shelf: Shelf) -> None:
    link_to: dict[str, str] = {}
    for _ in range(2):  # the second time round, what comes later can be linked to
        for kind in KINDS:
            for number in range(20):
                values = {field.name: filled(field, number, link_to) for field in fields(kind)}
                link_to[str(kind.__tablename__)] = shelf.add(kind, **values)


def returned(shelf: Shelf, path: Path, kind: type[Record]) -> Sheet:
    export_rows(path, kind, shelf.rows(kind), shelf.catalogue)
    return read_file(path, shelf.directory, shelf.catalogue)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__tablename__)
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_field_of_every_kind_comes_back_as_it_was(
    shelf: Shelf, tmp_path: Path, kind: type[Record], ending: str
) -> None:
    full_shelf(shelf)
    sheet = returned(shelf, tmp_path / f"list{ending}", kind)
    assert sheet.kind is kind
    assert sheet.unknown == ()
    assert [entry.problems for entry in sheet.faulty] == []
    assert [entry.id for entry in sheet.entries] == [row.id for row in shelf.rows(kind)]
    for entry, row in zip(sheet.entries, shelf.rows(kind), strict=True):
        assert entry.values == row.values


def test_two_people_of_one_name_stay_two(shelf: Shelf, tmp_path: Path) -> None:
    twins = [shelf.add(OrganisationUnit, name="Phân hội Một") for _ in range(2)]
    for unit in twins:
        shelf.add(Member, full_name="Trần Thị Hà", unit=unit)
    sheet = returned(shelf, tmp_path / "members.xlsx", Member)
    assert [entry.values["unit"] for entry in sheet.entries] == twins


def test_a_province_of_before_the_reform_is_not_taken_for_todays(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.add(OrganisationUnit, name="Chi hội", founding_province="19@2025", province="19")
    [entry] = returned(shelf, tmp_path / "units.csv", OrganisationUnit).entries
    assert (entry.values["founding_province"], entry.values["province"]) == ("19@2025", "19")


def test_dates_are_dates_and_phone_numbers_are_text(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(Member, full_name="=HYPERLINK()", phone="0100200300", joined_on=dt.date(2020, 4, 21))
    path = tmp_path / "members.xlsx"
    export_rows(path, Member, shelf.rows(Member), shelf.catalogue)
    sheet: Any = openpyxl.load_workbook(path).active
    headings = {cell.value: cell.column for cell in sheet[1]}

    def cell(label: str) -> Any:
        return sheet.cell(2, headings[label])

    assert cell("Ngày vào Hội").value == dt.datetime(2020, 4, 21)  # noqa: DTZ001
    assert cell("Ngày vào Hội").number_format == "dd/mm/yyyy"
    assert (cell("Điện thoại").value, cell("Điện thoại").number_format) == ("0100200300", "@")
    assert (cell("Họ và tên").value, cell("Họ và tên").data_type) == ("=HYPERLINK()", "s")


def test_the_heading_stays_in_view_and_codes_are_out_of_sight(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(Member, full_name="Trần Thị Hà")
    path = tmp_path / "members.xlsx"
    export_rows(path, Member, shelf.rows(Member), shelf.catalogue)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.title == "Hội viên"
    assert sheet.freeze_panes == "B2"
    last = sheet.cell(1, sheet.max_column)
    assert last.value == "Mã bản ghi"
    assert sheet.column_dimensions[last.column_letter].hidden
    assert not sheet.column_dimensions["A"].hidden
    assert sheet.column_dimensions["A"].width >= 10


def test_text_with_separators_begins_no_formula(shelf: Shelf, tmp_path: Path) -> None:
    for text in NASTY:
        shelf.add(Library, name=text)
    path = tmp_path / "libraries.csv"
    export_rows(path, Library, shelf.rows(Library), shelf.catalogue)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Tên thư viện;Loại thư viện;")
    assert not any(line.lstrip('"')[0] in "=+-@＝\t\r" for line in lines)


def test_an_empty_list_can_be_read_again(shelf: Shelf, tmp_path: Path) -> None:
    for ending in ENDINGS:
        sheet = returned(shelf, tmp_path / f"empty{ending}", Activity)
        assert (sheet.kind, sheet.entries) == (Activity, [])
