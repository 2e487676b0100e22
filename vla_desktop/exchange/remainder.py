"""The rows that could not be taken in, as a workbook to be mended and imported again."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from sync.records.base import Record
from sync.texts import N_, _
from vla_desktop.exchange import safety
from vla_desktop.exchange.cells import Cell
from vla_desktop.exchange.separated import read_separated
from vla_desktop.exchange.workbook import read_workbook

REASON = N_("Lý do chưa nhập")
_WIDE, _NARROW = 50, 18


def remainder(path: Path, kind: type[Record], reasons: Mapping[int, str]) -> bytes:
    """A workbook of the lines named, as they stand in the file, each with its reason before it.

    A cell that held a formula or a fault of Excel is left empty; its reason says so.
    Raises `Problem` when the file cannot be read any more.
    """
    content = safety.read_bounded(path)
    if path.suffix.lower() == ".csv":
        contents = read_separated(content, path.name, kind)
    else:
        contents = read_workbook(content, path.name)
    headings = list(contents.headings)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_(kind.label)[:31])
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = _WIDE
    for number in range(2, len(headings) + 2):
        sheet.column_dimensions[get_column_letter(number)].width = _NARROW
    # A file that comes for the second time brings the reasons of the first: new ones replace them.
    old = headings.index(_(REASON)) if _(REASON) in headings else None
    sheet.append(_row(sheet, _(REASON), _without(headings, old), is_bold=True))
    for line, cells in contents.lines:
        if line in reasons:
            sheet.append(_row(sheet, reasons[line], _without(cells, old)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _without(cells: Sequence[Cell | ValueError], column: int | None) -> list[Cell | ValueError]:
    return [cell for number, cell in enumerate(cells) if number != column]


def _row(
    sheet: WriteOnlyWorksheet,
    reason: str,
    cells: Sequence[Cell | ValueError],
    *,
    is_bold: bool = False,
) -> list[SheetCell]:
    row: list[SheetCell] = []
    for value in (reason, *cells):
        cell = WriteOnlyCell(sheet)
        cell.value = None if isinstance(value, ValueError) else value
        if isinstance(value, str):
            # Said outright, or a text that begins with "=" would become a formula.
            cell.data_type, cell.number_format = "s", "@"
        elif isinstance(value, dt.date):
            cell.number_format = "dd/mm/yyyy"
        if is_bold:
            cell.font = Font(bold=True)
        row.append(cell)
    row[0].alignment = Alignment(wrap_text=True, vertical="top")
    return row
