"""A list as a table of headings and cells, whatever file it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sync import identity
from sync.places import Catalogue
from sync.problems import Problem
from sync.records import name_of
from sync.records.base import Record
from sync.records.fields import Field
from sync.records.types import Link, PlaceCode, Value
from sync.texts import _
from sync.vietnamese import clean
from vla_desktop.exchange import cells
from vla_desktop.exchange.cells import Cell
from vla_desktop.exchange.columns import Column, recognised
from vla_desktop.exchange.headings import foreign_headings
from vla_desktop.exchange.references import References
from vla_desktop.exchange.sheet import Directory, Entry, Row, Sheet

Line = tuple[int, Sequence[Cell | ValueError]]


def written(
    order: Sequence[Column], rows: Iterable[Row], catalogue: Catalogue
) -> Iterator[list[Cell]]:
    """The cells of each row, in the order of the columns."""
    for row in rows:
        yield [_cell(column, row, catalogue) for column in order]


def _cell(column: Column, row: Row, catalogue: Catalogue) -> Cell:
    if column.field is None:
        return row.id
    value = row.values[column.field.name]
    if column.is_code or not value:
        return cells.to_cell(column.field, value)
    if isinstance(column.field.type, Link):
        return row.shown[column.field.name] or str(value)
    if isinstance(column.field.type, PlaceCode):
        return catalogue.label(str(value))
    return cells.to_cell(column.field, value)


class TableReader:
    """Reads the lines of a table into entries."""

    def __init__(
        self,
        kind: type[Record],
        headings: Sequence[str],
        directory: Directory,
        catalogue: Catalogue,
    ) -> None:
        self._kind = kind
        self._directory = directory
        self._references = References(directory, catalogue)
        try:
            self._columns = recognised(kind, headings, foreign_headings().get(kind))
        except ValueError as twice:
            raise Problem(
                _("Có hai cột cùng tên “{heading}”.").format(heading=twice),
                _("Anh/chị xóa hoặc đổi tên một cột rồi nhập lại."),
                code="exchange.columns",
            ) from None
        self._unknown = tuple(
            heading
            for heading, column in zip(headings, self._columns, strict=True)
            if column is None and clean(heading)
        )
        self._keys = {column.key for column in self._columns if column is not None}
        if not self._keys - {""}:
            raise Problem(
                _("Tệp không có dòng nào ghi tên các cột của “{kind}”.").format(kind=_(kind.label)),
                _("Anh/chị xuất một tệp mẫu từ phần mềm rồi điền theo."),
                code="exchange.columns",
            )

    def read(self, lines: Iterable[Line]) -> Sheet:
        """The sheet; lines without a single filled cell are passed over."""
        first_line: dict[str, int] = {}
        entries = [
            self._entry(line, cells_of, first_line)
            for line, cells_of in lines
            if any(isinstance(cell, ValueError) or not _is_blank(cell) for cell in cells_of)
        ]
        return Sheet(self._kind, entries, self._unknown)

    def _entry(
        self, line: int, cells_of: Sequence[Cell | ValueError], first_line: dict[str, int]
    ) -> Entry:
        filled = {
            column.key: cell
            for column, cell in zip(self._columns, cells_of, strict=False)
            if column is not None
        }
        problems: dict[str, str] = {}
        record_id, foreign_id = self._id(line, filled.get(""), problems, first_line)
        values: dict[str, Value] = {}
        for field in self._fields():
            try:
                values[field.name] = self._value(field, filled)
            except ValueError as fault:
                problems[field.name] = str(fault)
        return Entry(line, record_id, values, problems, foreign_id)

    def _fields(self) -> list[Field]:
        return list(
            {column.field.name: column.field for column in self._columns if column and column.field}
            .values()
        )  # fmt: skip

    def _value(self, field: Field, filled: Mapping[str, Cell | ValueError]) -> Value:
        if isinstance(field.type, Link | PlaceCode):
            name = _text(filled.get(field.name)) if field.name in self._keys else None
            return self._references.read(field, name, _text(filled.get(f"{field.name}:code")))
        cell = filled.get(field.name)
        if isinstance(cell, ValueError):
            raise cell
        return cells.from_cell(field, cell)

    def _id(
        self,
        line: int,
        cell: Cell | ValueError,
        problems: dict[str, str],
        first_line: dict[str, int],
    ) -> tuple[str | None, str]:
        try:
            found = _text(cell).lower()
        except ValueError as fault:
            problems[""] = str(fault)
            return None, ""
        if not found:
            return None, ""
        if not identity.is_id(found):
            problems[""] = _("Mã bản ghi không đúng dạng; để trống nếu là dòng mới.")
            return None, ""
        if found in first_line:
            problems[""] = _(
                "Dòng {line} đã có mã bản ghi này; xóa mã nếu đây là một dòng mới."
            ).format(line=first_line[found])
            return None, ""
        first_line[found] = line
        if not self._directory.holds(name_of(self._kind), found):
            return None, found
        return found, ""


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not clean(cell))


def _text(cell: Cell | ValueError) -> str:
    if isinstance(cell, ValueError):
        raise cell
    if cell is None:
        return ""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    raise ValueError(_("Ô này không phải là chữ; xem lại giúp."))
