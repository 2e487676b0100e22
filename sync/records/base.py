"""What every record has, whatever its kind."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from typing import Any, ClassVar

from sqlalchemy import Boolean, MetaData, String, false
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column
from sqlalchemy.orm.attributes import QueryableAttribute

from sync.problems import Finding, Level
from sync.records.fields import Field, fields
from sync.records.types import Value
from sync.vietnamese import text_key

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Shared(DeclarativeBase):
    """The tables that stand alike in every office and at the centre."""

    metadata = MetaData(naming_convention=NAMING)


class Keeper(enum.Enum):
    """Who writes the records of a kind. What the centre writes stands in every office, to be read.

    `EITHER` means that the association has some of its own, and a branch others of its own.
    """

    BRANCH = "branch"
    CENTRE = "centre"
    EITHER = "either"


class Together:
    """Fields whose values together may stand only once. Asked at the form, never by the database.

    Two offices offline can each be right and jointly break such a rule; a constraint would then
    stop the exchange for good.
    """

    def __init__(self, *columns: Mapped[Any], sentence: str) -> None:
        self.columns = columns
        self.sentence = sentence

    @property
    def names(self) -> list[str]:
        """The fields' names."""
        return [column.column.key for column in self.columns if isinstance(column, MappedColumn)]


class Record(Shared):
    """One thing the association keeps.

    `scope` is the branch it belongs to, "association" for the centre's own, "" in an office that
    has not been enrolled yet. A deleted record stays in the bin. Two records whose `alike` fields
    agree are probably one; the first of these names the record.
    """

    __abstract__ = True

    label: ClassVar[str]
    icon: ClassVar[str] = "record"
    keeper: ClassVar[Keeper] = Keeper.BRANCH
    once: ClassVar[tuple[Together, ...]] = ()
    alike: ClassVar[Together | None] = None

    id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-3)
    scope: Mapped[str] = mapped_column(
        String(32), default="", server_default="", index=True, sort_order=-2
    )
    deleted: Mapped[bool] = mapped_column(
        Boolean(), default=False, server_default=false(), sort_order=-1
    )

    def findings(self, today: dt.date) -> Iterator[Finding]:
        """What the rules that look at several fields have to say."""
        yield from ()

    def sort_key(self, title: str) -> bytes:
        """Where the record stands in its list, by the order of the Vietnamese alphabet."""
        return text_key(title)


def blank(kind: type[Record]) -> dict[str, Value]:
    """Every field of a kind with its empty value."""
    return {field.name: field.type.empty for field in fields(kind)}


def initial(kind: type[Record]) -> dict[str, Value]:
    """What a new record starts with."""
    return {
        field.name: field.type.empty if field.initial is None else field.initial
        for field in fields(kind)
    }


def block(column: QueryableAttribute[Any], sentence: str) -> Finding:
    """A finding that forbids saving, beside the field."""
    return Finding(column.key, sentence, Level.BLOCK)


def warn(column: QueryableAttribute[Any], sentence: str) -> Finding:
    """A finding that may be kept, beside the field."""
    return Finding(column.key, sentence, Level.WARN)


__all__ = ["Field", "Keeper", "Record", "Shared", "Together", "blank", "block", "initial", "warn"]
