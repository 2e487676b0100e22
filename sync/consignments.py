"""Many changes at once, column by column, as requests and pages carry them.

A consignment is: how many; the ids; the scopes; the shapes; the shape of each; the records; the
bases, authors, instants and digests at the bases; then a column of values for every field of every
kind, in the order in which the shapes name them first. A *shape* is what changes of one sort have
in common: kind, action and the names of their fields. What the chain hashes is made of the changes,
never of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sync.changes import MARK_DIGITS, Change
from sync.columns import column, ids, wholes
from sync.frames import MOST_CHANGES, BadMessage, list_of, text, whole
from sync.records.types import WireValue
from sync.unfolding import Reader

MOST_FIELDS = 200
MOST_BASE = 2**31 - 1
PARTS = 10
_MARK = re.compile(f"([0-9a-f]{{{MARK_DIGITS}}})?")

Shape = tuple[str, str, tuple[str, ...]]


def changes_to_wire(changes: Sequence[Change]) -> list[Any]:
    """Changes as plain values; an empty list for none."""
    if not changes:
        return []
    by_shape: dict[Shape, list[Change]] = {}
    places: dict[Shape, int] = {}
    which = []
    known: dict[Shape, Shape] = {}
    for change in changes:
        unsorted = (change.kind, change.action, tuple(change.values))
        shape = known.get(unsorted)
        if shape is None:
            shape = known[unsorted] = (change.kind, change.action, tuple(sorted(change.values)))
        by_shape.setdefault(shape, []).append(change)
        which.append(places.setdefault(shape, len(places)))
    return [
        len(changes),
        ids([change.id for change in changes]),
        column([change.scope for change in changes]),
        [[kind, action, *names] for kind, action, names in by_shape],
        wholes(which),
        ids([change.record for change in changes]),
        wholes([change.base for change in changes]),
        column([change.author for change in changes]),
        column([change.written_at for change in changes]),
        column([change.base_digest for change in changes]),
        *map(column, _values_by_field(by_shape).values()),
    ]


def _values_by_field(
    by_shape: dict[Shape, list[Change]],
) -> dict[tuple[str, str], list[WireValue]]:
    found: dict[tuple[str, str], list[WireValue]] = {}
    for (kind, _action, names), some in by_shape.items():
        rows = [one.values for one in some]
        for name in names:
            found.setdefault((kind, name), []).extend(map(itemgetter(name), rows))
    return found


def changes_from_wire(wire: Any, reader: Reader) -> list[Change]:
    """The changes of `changes_to_wire`. Raises `BadMessage`."""
    if wire == []:
        return []
    parts = list_of(wire)
    if len(parts) < PARTS:
        raise BadMessage("consignment")
    count = whole(parts[0], MOST_CHANGES)
    identities = reader.ids(parts[1], count)
    scopes = reader.short_texts(parts[2], count, 32)
    shapes = [_shape(shape) for shape in list_of(parts[3])]
    which = reader.whole_numbers(parts[4], count, len(shapes) - 1)
    records = reader.ids(parts[5], count)
    bases = reader.whole_numbers(parts[6], count, MOST_BASE)
    authors = reader.short_texts(parts[7], count, 120)
    instants = reader.short_texts(parts[8], count, 32)
    marks = reader.short_texts(parts[9], count, MARK_DIGITS)
    if not all(_MARK.fullmatch(mark) for mark in set(marks)):
        raise BadMessage("mark")
    rows = _rows(shapes, which, parts[PARTS:], reader)
    return [
        Change(
            identity, scope, shapes[place][0], record, shapes[place][1], next(rows[place]),
            base, author, written_at, mark,
        )
        for identity, scope, place, record, base, author, written_at, mark in zip(
            identities, scopes, which, records, bases, authors, instants, marks, strict=True
        )
    ]  # fmt: skip


def _shape(wire: Any) -> Shape:
    parts = list_of(wire, most=MOST_FIELDS + 2)
    if len(parts) < 2:
        raise BadMessage("shape")
    names = tuple(text(name, 60) for name in parts[2:])
    if len(set(names)) < len(names):
        raise BadMessage("shape")
    return text(parts[0], 40), text(parts[1], 16), names


def _rows(
    shapes: list[Shape], which: list[int], columns: list[Any], reader: Reader
) -> list[Iterator[dict[str, WireValue]]]:
    """For each shape, the values of its changes in order."""
    lengths = [0] * len(shapes)
    for place in which:
        lengths[place] += 1
    if 0 in lengths:
        raise BadMessage("shape")
    totals: dict[tuple[str, str], int] = {}
    for (kind, _action, names), length in zip(shapes, lengths, strict=True):
        for name in names:
            totals[kind, name] = totals.get((kind, name), 0) + length
    if len(columns) != len(totals):
        raise BadMessage("columns")
    values = {
        field: iter(reader.values(wire, total))
        for (field, total), wire in zip(totals.items(), columns, strict=True)
    }
    rows = []
    for (kind, _action, names), length in zip(shapes, lengths, strict=True):
        rows.append(_of_shape(names, [values[kind, name] for name in names], length))
    return rows


def _of_shape(
    names: tuple[str, ...], columns: list[Iterator[WireValue]], length: int
) -> Iterator[dict[str, WireValue]]:
    if not names:
        return iter([{} for _one in range(length)])
    some = [list(islice(column, length)) for column in columns]
    return iter([dict(zip(names, row, strict=True)) for row in zip(*some, strict=True)])


def items_to_wire(items: Sequence[Change | str]) -> list[Any]:
    """What a page holds: changes, and ids of those that the office has, in their order.

    Told as the lengths of runs, the first of changes, then by turns; the ids; the changes.
    """
    runs = [0] if items and isinstance(items[0], str) else []
    runs += [sum(1 for _item in run) for _is_id, run in groupby(items, _is_id_alone)]
    own = [item for item in items if isinstance(item, str)]
    changes = [item for item in items if not isinstance(item, str)]
    return [column(runs) if runs else None, len(runs), ids(own) if own else None,
            changes_to_wire(changes)]  # fmt: skip


def _is_id_alone(item: Change | str) -> bool:
    return isinstance(item, str)


def items_from_wire(wire: Any, reader: Reader) -> list[Change | str]:
    """The items of `items_to_wire`. Raises `BadMessage`."""
    runs, count, own, changes = list_of(wire, 4)
    if not whole(count, MOST_CHANGES):
        return []
    lengths = reader.whole_numbers(runs, count, MOST_CHANGES)
    if sum(lengths) > MOST_CHANGES:
        raise BadMessage("page")
    alone = sum(lengths[1::2])
    identities = iter(reader.ids(own, alone) if alone else ())
    whole_ones = iter(changes_from_wire(changes, reader))
    items: list[Change | str] = []
    for place, length in enumerate(lengths):
        items += islice(identities if place % 2 else whole_ones, length)
    if len(items) != sum(lengths) or next(whole_ones, None) is not None:
        raise BadMessage("page")
    return items
