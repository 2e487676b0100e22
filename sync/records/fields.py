"""The vocabulary in which record kinds are declared. One line declares a field.

Each function returns SQLAlchemy's own `mapped_column`, with the facts beside it in
`info["field"]`; `fields(kind)` gives the facts back in the order of the paper form. Facts only:
which widget shows a type is the window's business.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Integer, String, Text, false
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

from sync.records import types
from sync.records.types import Value, Words

Check = Callable[[Any], str | None]

# As far as a typed number is read; well within what the wire and the databases carry.
MOST_VND = 10**15 - 1


@dataclasses.dataclass(frozen=True)
class Field:
    """What is known of a field.

    `check` and `warn` return a sentence when the value is wrong, or doubtful; they are not asked
    about empty values. `section` heads this field and those after it. `titled` fields together
    name the record. A list begins with the newest when it has a `newest_first` field. `initial`
    is what a new record starts with. A place `as_it_was` tells of a past day and stays when
    provinces merge.
    """

    type: types.FieldType
    label: str
    name: str = ""
    required: bool = False
    listed: bool = False
    titled: bool = False
    searched: bool = False
    filtered: bool = False
    newest_first: bool = False
    unique: bool = False
    sensitive: bool = False
    max_length: int | None = None
    help: str = ""
    section: str = ""
    initial: Value = None
    as_it_was: bool = False
    check: Check | None = None
    warn: Check | None = None


def _column(column_type: Any, field: Field, **options: Any) -> MappedColumn[Any]:
    if not field.type.empty and field.type.empty is not None:
        server_default = false() if field.type.empty is False else ""
        options |= {"default": field.type.empty, "server_default": server_default}
    else:
        options |= {"default": None, "nullable": True}
    return mapped_column(column_type, info={"field": field}, **options)


def short_text(label: str, *, max_length: int = 200, **facts: Any) -> MappedColumn[str]:
    """A line of text."""
    field = Field(types.Text(), label, max_length=max_length, **facts)
    return _column(String(max_length), field)


def long_text(label: str, *, max_length: int = 4000, **facts: Any) -> MappedColumn[str]:
    """Text of several lines."""
    return _column(Text(), Field(types.LongText(), label, max_length=max_length, **facts))


def sealed_text(label: str, **facts: Any) -> MappedColumn[str]:
    """Text of several lines that never leaves the branch in the clear."""
    return _column(Text(), Field(types.Sealed(), label, **facts))


def day(label: str, **facts: Any) -> MappedColumn[dt.date | None]:
    """A calendar day."""
    return _column(Date(), Field(types.Day(), label, **facts))


def partial_day(label: str, **facts: Any) -> MappedColumn[str]:
    """A day, a month or only a year, as far as it is known."""
    return _column(String(10), Field(types.PartialDay(), label, **facts))


def number(
    label: str, *, least: int | None = 0, most: int | None = None, unit: str = "", **facts: Any
) -> MappedColumn[int | None]:
    """A whole number between `least` and `most`."""
    return _column(Integer(), Field(types.Number(least, most, unit), label, **facts))


def amount_vnd(label: str, **facts: Any) -> MappedColumn[int | None]:
    """An amount of money in đồng."""
    return _column(BigInteger(), Field(types.Number(0, MOST_VND, "đ"), label, **facts))


def year(label: str, **facts: Any) -> MappedColumn[int | None]:
    """A calendar year."""
    return _column(Integer(), Field(types.Year(), label, **facts))


def yes_no(label: str, **facts: Any) -> MappedColumn[bool]:
    """Yes or no."""
    return _column(Boolean(), Field(types.YesNo(), label, **facts))


def choice(label: str, words: type[Words], **facts: Any) -> MappedColumn[str]:
    """One of a fixed list."""
    return _column(String(40), Field(types.Choice(list(words)), label, **facts))


def choices(label: str, words: type[Words], **facts: Any) -> MappedColumn[str]:
    """Several of a fixed list."""
    return _column(String(400), Field(types.Choices(list(words)), label, **facts))


def link(label: str, target: str, **facts: Any) -> MappedColumn[str]:
    """Another record; `target` names its kind."""
    return _column(String(32), Field(types.Link(target), label, **facts), index=True)


def place(label: str, level: str = "commune", **facts: Any) -> MappedColumn[str]:
    """A unit of the administrative catalogue; `level` is "commune" or "province"."""
    return _column(String(20), Field(types.PlaceCode(level), label, **facts))


@functools.cache
def fields(kind: type[DeclarativeBase]) -> tuple[Field, ...]:
    """The fields of a kind in the order of its form."""
    return tuple(
        dataclasses.replace(column.info["field"], name=column.key)
        for column in kind.__table__.columns
        if "field" in column.info
    )


@functools.cache
def fields_by_name(kind: type[DeclarativeBase]) -> dict[str, Field]:
    """The same, by name."""
    return {field.name: field for field in fields(kind)}
