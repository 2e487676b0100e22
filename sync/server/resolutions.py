"""A file of terms, tasks, targets and criteria, taken in at the centre. Again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.problems import InvalidRecord, Problem
from sync.records.base import Record
from sync.records.criteria_set import CriteriaSet
from sync.records.criterion import Criterion
from sync.records.fields import fields_by_name
from sync.records.target import Target
from sync.records.task import Task
from sync.records.term import Term
from sync.records.types import Choices, Value
from sync.server.issuing import Desk
from sync.texts import _


@dataclass(frozen=True)
class Level:
    """What stands at one depth of the file: by `key` a record is known again under its `owner`."""

    name: str
    kind: type[Record]
    key: tuple[str, ...]
    owner: str = ""
    below: tuple[Level, ...] = ()


LEVELS = (
    Level("terms", Term, ("number",), below=(
        Level("tasks", Task, ("number",), "term", (
            Level("targets", Target, ("indicator",), "task"),
        )),
    )),
    Level("criteria_sets", CriteriaSet, ("subject", "version"), below=(
        Level("criteria", Criterion, ("position",), "criteria_set"),
    )),
)  # fmt: skip


@dataclass
class Loaded:
    """How many records were new, altered, as they were, and left in the bin where they were."""

    new: int = 0
    altered: int = 0
    same: int = 0
    binned: int = 0


def read(path: Path) -> Mapping[str, Any]:
    """The file's content. Raises `Problem` "resolution" when it is none."""
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as fault:
        raise _unreadable(path.name, str(fault)) from fault
    if not isinstance(content, dict):
        raise _unreadable(path.name, "terms, criteria_sets")
    return content


def load(desk: Desk, content: Mapping[str, Any]) -> Loaded:
    """Write what the file says; what it does not name stays. All of it stands, or nothing.

    What was put into the bin stays there with all that belongs to it. Raises `Problem`
    "resolution" that names the place in the file.
    """
    loaded = Loaded()
    _assert_known(content, {level.name for level in LEVELS}, "")
    for level in LEVELS:
        _load_level(desk, level, content.get(level.name, []), {}, level.name, loaded)
    return loaded


def _load_level(
    desk: Desk, level: Level, items: object, owned: Mapping[str, str], where: str, loaded: Loaded
) -> None:
    standing = {_key(level, row): row for row in desk.rows(level.kind)}
    for place, item in enumerate(_listed(items, where), start=1):
        here = f"{where}[{place}]"
        values = {**_values(level, item, here), **owned}
        row = standing.get(_key(level, values))
        if row is not None and row["deleted"]:
            loaded.binned += 1
            continue
        try:
            issued = desk.write(level.kind, values, row["id"] if row else None)
        except InvalidRecord as fault:
            raise _unreadable(here, str(fault)) from fault
        loaded.new += row is None
        loaded.altered += row is not None and issued.change is not None
        loaded.same += issued.change is None
        for below in level.below:
            owner = {below.owner: issued.record}
            inner = f"{here}.{below.name}"
            _load_level(desk, below, item.get(below.name, []), owner, inner, loaded)


def _key(level: Level, values: Mapping[str, Any]) -> tuple[Any, ...]:
    names = (*level.key, *([level.owner] if level.owner else []))
    return tuple(values.get(name) for name in names)


def _values(level: Level, item: Mapping[str, Any], where: str) -> dict[str, Value]:
    known = fields_by_name(level.kind)
    below = {each.name for each in level.below}
    _assert_known(item, {*known, *below} - {level.owner}, where)
    values: dict[str, Value] = {}
    for name, said in item.items():
        if name in below:
            continue
        of = known[name].type
        wire = ",".join(said) if isinstance(of, Choices) and isinstance(said, list) else said
        try:
            values[name] = of.tidy(of.from_wire(wire))
        except (ValueError, TypeError) as fault:
            raise _unreadable(f"{where}.{name}", str(fault)) from fault
    return values


def _listed(items: object, where: str) -> Iterator[Mapping[str, Any]]:
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise _unreadable(where, "[ ]")
    for item in items:
        if not isinstance(item, dict):
            raise _unreadable(where, "{ }")
        yield item


def _assert_known(item: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = ", ".join(sorted(set(item) - known))
    if unknown:
        raise _unreadable(where, _("không có ô “{name}”").format(name=unknown))


def _unreadable(where: str, why: str) -> Problem:
    return Problem(
        _("Chưa nhận được tệp nghị quyết, ở {where}: {why}.").format(where=where, why=why),
        _("Không có gì thay đổi; sửa tệp rồi chạy lại."),
        code="resolution",
    )
