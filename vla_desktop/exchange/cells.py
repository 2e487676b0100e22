"""From a value to a cell and back. Nothing is guessed: what cannot be read becomes a sentence."""

from __future__ import annotations

import datetime as dt
import re

from sync.records.fields import Field
from sync.records.types import (
    Choice,
    Choices,
    Day,
    FieldType,
    Link,
    Number,
    PartialDay,
    PlaceCode,
    Value,
    YesNo,
)
from sync.texts import _
from sync.vietnamese import clean

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

# Before this day the calendars of Excel and of everybody else differ.
_EXCEL_FROM = dt.date(1900, 3, 1)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT_LIMIT = 32_767


def is_text(field: Field | None) -> bool:
    """Whether the column holds text: phone, card and personal numbers keep their noughts."""
    return field is None or not isinstance(field.type, Number | Day)


def to_cell(field: Field, value: Value) -> Cell:
    """What stands in the cell. References are the caller's to name."""
    if field.type.is_empty(value):
        return None
    if isinstance(field.type, Choices):
        return "; ".join(Choice.show(field.type, code) for code in str(value).split(","))
    if isinstance(value, dt.date):
        return value if value >= _EXCEL_FROM else field.type.show(value)
    if isinstance(field.type, Number):
        return value
    return _ILLEGAL.sub("", field.type.show(value))[:_TEXT_LIMIT]


def from_cell(field: Field, cell: Cell) -> Value:
    """The value of a cell. Raises ValueError(sentence) when it cannot be told."""
    if cell is None:
        return field.type.empty
    if isinstance(cell, str):
        return _from_text(field.type, cell)
    if isinstance(cell, dt.datetime | dt.date):
        return _from_day(field.type, cell)
    if isinstance(cell, bool):
        return _from_truth(field.type, cell)
    if isinstance(cell, int | float):
        return _from_number(field.type, cell)
    raise ValueError(_("Ô này ghi giờ, phần mềm không đọc được."))


def check_letters(text: str) -> None:
    """Raises ValueError(sentence) for letters that no person types and a database may refuse."""
    if _ILLEGAL.search(text):
        raise ValueError(_("Ô này có ký tự lạ không nhìn thấy được; gõ lại giúp."))


def _from_text(field_type: FieldType, text: str) -> Value:
    check_letters(text)
    if isinstance(field_type, Choices):
        return _from_list(field_type, text)
    return field_type.tidy(field_type.read(text))


def _from_list(field_type: Choices, text: str) -> Value:
    parts = [part for part in re.split(r"[;\n]", text) if clean(part)]
    try:
        codes = {str(Choice.read(field_type, part)) for part in parts}
    except ValueError:
        return field_type.read(text)
    return ",".join(code for code in field_type.words if code in codes)


def _from_day(field_type: FieldType, cell: dt.datetime | dt.date) -> Value:
    if isinstance(cell, dt.datetime):
        if cell.time() != dt.time():
            raise ValueError(_("Ô này có cả giờ; chỉ ghi ngày."))
        cell = cell.date()
    if isinstance(field_type, Day):
        return cell
    if isinstance(field_type, PartialDay):
        return cell.isoformat()
    raise ValueError(_("Excel đã đổi ô này thành ngày tháng; định dạng ô là Text rồi ghi lại."))


def _from_truth(field_type: FieldType, cell: bool) -> Value:
    if isinstance(field_type, YesNo):
        return cell
    raise ValueError(_("Ô này ghi đúng/sai; xem lại giúp."))


def _from_number(field_type: FieldType, cell: float) -> Value:
    if not float(cell).is_integer():
        raise ValueError(_("Ô này có số lẻ; chỉ ghi số nguyên."))
    number = int(cell)
    if isinstance(field_type, Number):
        return number
    if isinstance(field_type, Day | Link | PlaceCode):
        raise ValueError(_("Ô này là một con số; xem lại giúp."))
    if abs(number) >= 10**15:
        # Excel keeps fifteen digits of a number and forgets the rest.
        raise ValueError(_("Excel đã làm tròn số này; định dạng ô là Text rồi ghi lại."))
    return _from_text(field_type, str(number))
