"""What this version of the program can read, and what the records of a database were made with.

Both name each kind with its fields, and for each field the edition of its type: how many times
the type has learnt to read more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, Session, mapped_column

from sync.canonical import CanonicalJson
from sync.problems import Problem
from sync.records import KINDS, name_of
from sync.records.base import Shared
from sync.records.fields import fields
from sync.texts import _

ONLY = 1

Known = Mapping[str, Mapping[str, int]]


class Knowledge(Shared):
    """What the records of this database were made with. One row."""

    __tablename__ = "knowledge"

    id: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    kinds: Mapped[dict[str, dict[str, int]]] = mapped_column(
        CanonicalJson(), default=dict, server_default="{}"
    )


@dataclass(frozen=True)
class Lesson:
    """What a version can read of a kind and another could not; of a new kind, everything."""

    kind: str
    fields: frozenset[str]
    is_new: bool


def known_now() -> dict[str, dict[str, int]]:
    """What this version can read."""
    return {name_of(kind): {f.name: f.type.edition for f in fields(kind)} for kind in KINDS}


def newer_database() -> Problem:
    """What is said of a database that a later version of the program wrote."""
    return Problem(
        _("Cơ sở dữ liệu này do phiên bản mới hơn ghi."),
        _("Cài bản mới nhất rồi mở lại."),
        code="database.newer",
    )


def made_with(session: Session) -> dict[str, dict[str, int]]:
    """What the records here were made with."""
    knowledge = session.get(Knowledge, ONLY)
    return knowledge.kinds if knowledge else {}


def lessons(before: Known, now: Known) -> list[Lesson]:
    """What is known now and was not before."""
    found = []
    for kind, editions in sorted(now.items()):
        known = before.get(kind, {})
        new = frozenset(name for name, edition in editions.items() if known.get(name) != edition)
        if new or kind not in before:
            found.append(Lesson(kind, new, kind not in before))
    return found


def is_beyond(before: Known, now: Known) -> bool:
    """Whether a later version made the records: it read a type that has learnt more since."""
    return any(
        edition > now[kind].get(name, edition)
        for kind, editions in before.items()
        if kind in now
        for name, edition in editions.items()
    )
