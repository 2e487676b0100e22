"""Judging many changes by their columns: each value once, however often it stands.

Only what is without doubt passes here; of everything else the rules are asked change by change,
so that a verdict is always theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

from sync import rules
from sync.changes import Action, Change
from sync.problems import Level
from sync.records import BY_NAME
from sync.records.fields import Field, fields_by_name
from sync.records.types import Number, Value, WireValue


def sound_among(changes: Sequence[Change]) -> set[str]:
    """The ids of those changes in which no rule of a field forbids anything."""
    by_shape: dict[tuple[str, bool, tuple[str, ...]], list[Change]] = {}
    for change in changes:
        shape = (change.kind, change.action == Action.CREATE, tuple(change.values))
        by_shape.setdefault(shape, []).append(change)
    sound: set[str] = set()
    for (kind, is_new, names), some in by_shape.items():
        if kind not in BY_NAME or _is_sound(kind, is_new, names, some):
            sound.update([change.id for change in some])
    return sound


def _is_sound(kind: str, is_new: bool, names: tuple[str, ...], changes: Sequence[Change]) -> bool:
    known = fields_by_name(BY_NAME[kind])
    if is_new and any(field.required for name, field in known.items() if name not in names):
        return False
    return all(
        _are_sound(known[name], [change.values[name] for change in changes])
        for name in names
        if name in known
    )


def _are_sound(field: Field, values: Sequence[WireValue]) -> bool:
    # To a set, yes and 1 are one.
    if len(set(map(type, values)) - {type(None)}) > 1:
        return False
    try:
        found = {field.type.from_wire(value) for value in set(values)}
    except ValueError:
        return False
    if field.check is None and not isinstance(field.type, Number):
        return all(map(field.type.fits, found)) and _are_sound_texts(field, found)
    return not any(
        finding.level is Level.BLOCK
        for value in found
        for finding in rules.field_findings(field, value)
    )


def _are_sound_texts(field: Field, values: set[Value]) -> bool:
    """What the rules ask of a field that has none of its own."""
    if field.required and any(map(field.type.is_empty, values)):
        return False
    texts = [value for value in values if isinstance(value, str)]
    longest = max(map(len, texts), default=0)
    return longest <= (field.max_length or longest) and "\0" not in "".join(texts)
