"""Lists as Excel workbooks."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sync.records import BY_NAME, name_of
from sync.records.base import Record
from sync.records.types import Day, LongText, Number, Year
from sync.texts import _
from vla_desktop.exchange import cells, safety
from vla_desktop.exchange.cells import Cell
from vla_desktop.exchange.columns import Column, kind_labelled
from vla_desktop.exchange.headings import LOOKED_AT, header_row
from vla_desktop.exchange.table import Line

KEYWORD = "vla-desktop"
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, OSError, EOFError,
    SyntaxError, KeyError, IndexError, ValueError, TypeError, AttributeError, OverflowError,
)  # fmt: skip
# How a workbook writes letters that XML cannot bear: "_x000D_".
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LIKE_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TEXT_FORMAT = "@"
_DAY_FORMAT = "dd/mm/yyyy"
_NUMBER_FORMAT = "#,##0"
_HEADING_FONT = Font(bold=True)
_HEADING_FILL = PatternFill("solid", fgColor="E7EEF6")
_NARROWEST, _WIDEST = 10, 60


@dataclass(frozen=True)
class Contents:
    """What a workbook says: `kind` is None when it does not say what it lists."""

    kind: type[Record] | None
    headings: list[str]
    lines: list[Line]


def workbook_of(
    kind: type[Record], order: Sequence[Column], table: Iterable[Sequence[Cell]]
) -> bytes:
    """A workbook with one sheet: headings of the columns, then the rows of the table."""
    book = openpyxl.Workbook(write_only=True)
    book.properties.keywords = f"{KEYWORD} {name_of(kind)}"
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", _(kind.label))[:31])
    rows = list(table)
    sheet.freeze_panes = "B2"
    _set_up_print(sheet)
    for number, column in enumerate(order, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = _width(column, [row[number - 1] for row in rows[:500]])
        dimension.hidden = column.is_hidden
    sheet.append([_heading(sheet, column) for column in order])
    for row in rows:
        sheet.append([_cell(sheet, *pair) for pair in zip(order, row, strict=True)])
    # The arrows of a filter belong to the columns that people see.
    seen = sum(not column.is_hidden for column in order)
    sheet.auto_filter.ref = f"A1:{get_column_letter(seen)}{len(rows) + 1}"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _set_up_print(sheet: Any) -> None:
    """On paper: A4 across, as wide as the page, the headings on every sheet.

    `Any` because the published types do not know what such a sheet has.
    """
    sheet.page_setup.paperSize = int(Worksheet.PAPERSIZE_A4)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _heading(sheet: WriteOnlyWorksheet, column: Column) -> SheetCell:
    cell = _cell(sheet, Column(None), column.heading)
    cell.font, cell.fill = _HEADING_FONT, _HEADING_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _cell(sheet: WriteOnlyWorksheet, column: Column, value: Cell) -> SheetCell:
    cell = WriteOnlyCell(sheet)
    cell.value = _LIKE_ESCAPED.sub("_x005F_", value) if isinstance(value, str) else value
    if isinstance(value, str):
        # Said outright, or a text that begins with "=" would become a formula.
        cell.data_type = "s"
    cell.number_format = _format(column, value)
    if column.field is not None and isinstance(column.field.type, LongText):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _format(column: Column, value: Cell) -> str:
    field_type = column.field.type if column.field else None
    if cells.is_text(column.field) or column.is_code or isinstance(value, str):
        return _TEXT_FORMAT
    if isinstance(field_type, Day):
        return _DAY_FORMAT
    return "0" if isinstance(field_type, Year) else _NUMBER_FORMAT


def _width(column: Column, values: Sequence[Cell]) -> int:
    if column.field is not None and isinstance(column.field.type, Day | Number):
        longest = 10
    else:
        longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    return min(max(longest + 2, len(column.heading) // 2 + 2, _NARROWEST), _WIDEST)


def read_workbook(content: bytes, name: str) -> Contents:
    """The sheet that is named like a kind, or else the first in view.

    Raises Problem for a file that is unsafe, too big or no workbook.
    """
    safety.check_workbook(content, name)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        visible = [each for each in book.worksheets if each.sheet_state == "visible"]
        ours = [each for each in visible if kind_labelled(each.title)]
        sheet = (ours or visible)[0]
        kind = _kind(book, sheet.title)
        lines = list(_lines(sheet, kind))
    except _UNREADABLE as fault:
        raise safety.unreadable(name) from fault
    headings = [cell if isinstance(cell, str) else "" for cell in lines[0][1]] if lines else []
    return Contents(kind, headings, lines[1:])


def _kind(book: openpyxl.Workbook, title: str) -> type[Record] | None:
    program, _space, name = (book.properties.keywords or "").partition(" ")
    return BY_NAME.get(name) if program == KEYWORD else kind_labelled(title)


def _lines(sheet: Any, kind: type[Record] | None) -> Iterator[Line]:
    """The row of headings and those below, as wide as it.

    `Any` because the published types know no such sheet.
    """
    # What the sheet says of its own size may be wrong, and would then cut it short.
    sheet.reset_dimensions()
    top = [[cell.value for cell in row] for row in islice(sheet.iter_rows(), LOOKED_AT)]
    begins = header_row(kind, top)
    first = top[begins] if top else []
    width = max((at for at, value in enumerate(first, start=1) if value is not None), default=0)
    if width > safety.MOST_COLUMNS:
        raise safety.too_big()
    for number, row in enumerate(sheet.iter_rows(begins + 1, max_col=width or 1), begins + 1):
        if number > safety.MOST_ROWS:
            raise safety.too_big()
        yield number, [_value(cell.data_type, cell.value) for cell in row]


def _value(data_type: str, value: object) -> Cell | ValueError:
    if data_type == "f":
        return ValueError(_("Ô này là công thức; chép và dán giá trị rồi nhập lại."))
    if data_type == "e":
        return ValueError(_("Ô này báo lỗi {error} trong Excel.").format(error=value))
    if isinstance(value, str):
        return _ESCAPED.sub(lambda letter: chr(int(letter[1], 16)), value)
    if value is None or isinstance(value, bool | int | float | dt.date | dt.time):
        return value
    if isinstance(value, dt.timedelta):
        return value
    return ValueError(_("Phần mềm không đọc được ô này."))
