"""Lists as text with separators, for programs that read nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence

from sync.problems import Problem
from sync.records.base import Record
from sync.texts import _
from vla_desktop.exchange import safety
from vla_desktop.exchange.cells import Cell
from vla_desktop.exchange.columns import Column, kind_of, recognised
from vla_desktop.exchange.headings import LOOKED_AT, foreign_headings, header_row
from vla_desktop.exchange.table import Line
from vla_desktop.exchange.workbook import Contents

# Where the comma divides decimals, as in Vietnam, Excel opens lists divided by semicolons.
SEPARATOR = ";"
_SEPARATORS = (SEPARATOR, ",", "\t")
_ACTS = "=+\\-@\t\r＝＋－＠"
_NEEDS_QUOTE = re.compile(f"'*[{_ACTS}]")
_IS_QUOTED = re.compile(f"''*[{_ACTS}]")
_MOST_CELL_LETTERS = 200_000


def separated_of(order: Sequence[Column], table: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it. No cell can begin a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=SEPARATOR)
    writer.writerow([_quoted(column.heading) for column in order])
    writer.writerows([_plain(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.date):
        return cell.strftime("%d/%m/%Y")
    return _quoted(cell) if isinstance(cell, str) else str(cell)


def _quoted(text: str) -> str:
    return f"'{text}" if _NEEDS_QUOTE.match(text) else text


def _unquoted(text: str) -> str:
    return text[1:] if _IS_QUOTED.match(text) else text


def read_separated(content: bytes, name: str, kind: type[Record] | None) -> Contents:
    """The table in the text; the separator is the one that makes its headings known."""
    text = _decoded(content, name)
    tables = [_table(text, separator, name, kind) for separator in _SEPARATORS]
    best = max(tables, key=lambda table: _known(kind, table))
    if not best:
        return Contents(kind, [], [])
    headings = best[0][1]
    lines: list[Line] = [(line, [_unquoted(cell) for cell in row]) for line, row in best[1:]]
    return Contents(kind or kind_of(headings), headings, lines)


def _decoded(content: bytes, name: str) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Problem(
            _("Tệp {name} không dùng bảng mã Unicode.").format(name=name),
            _("Anh/chị mở bằng Excel, chọn Lưu thành → CSV UTF-8 (hoặc .xlsx) rồi nhập lại."),
            code="exchange.encoding",
        ) from None
    if "\x00" in text:
        raise safety.unreadable(name)
    return text


def _table(
    text: str, separator: str, name: str, kind: type[Record] | None
) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    table: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if len(table) >= safety.MOST_ROWS or len(row) > safety.MOST_COLUMNS:
                raise safety.too_big()
            table.append((reader.line_num, row))
    except csv.Error as fault:
        raise safety.unreadable(name) from fault
    return table[header_row(kind, [row for _line, row in table[:LOOKED_AT]]) :]


def _known(kind: type[Record] | None, table: list[tuple[int, list[str]]]) -> int:
    headings = table[0][1] if table else []
    kind = kind or kind_of(headings)
    if kind is None:
        return 0
    try:
        foreign = foreign_headings().get(kind)
        return sum(column is not None for column in recognised(kind, headings, foreign))
    except ValueError:
        return len(headings)
