"""Changes as the first version of the wire carried them: one after the other, each a list.

Offices that were never upgraded say it still. What they send is taken for ever; what they ask for
is answered in it as far as it has words: a change that tells the digest at its base has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sync.changes import Change
from sync.frames import MOST_CHANGE_BYTES, BadMessage, list_of, raw, text, whole

VERSION: Final = 1


def has_words_for(change: Change) -> bool:
    """Whether an office of that version could read the change and compute its digest."""
    return not change.base_digest


def items_to_wire(items: Iterable[Change | str]) -> list[Any]:
    """What stands in a page: changes, or ids alone."""
    return [bytes.fromhex(i) if isinstance(i, str) else _change_to_wire(i) for i in items]


def _change_to_wire(change: Change) -> list[Any]:
    return [
        bytes.fromhex(change.id), change.scope, change.kind, bytes.fromhex(change.record),
        change.action, dict(change.values), change.base, change.author, change.written_at,
    ]  # fmt: skip


def changes_from_wire(wire: Any) -> list[Change]:
    """The changes of a request. Raises `BadMessage`."""
    return [_change_from_wire(change) for change in list_of(wire)]


def _change_from_wire(wire: Any) -> Change:
    identity, scope, kind, record, action, values, base, author, written_at = list_of(wire, 9)
    if not isinstance(values, dict) or len(values) > 200:
        raise BadMessage("values")
    for name, value in values.items():
        text(name, 60)
        if isinstance(value, str):
            if len(value) > MOST_CHANGE_BYTES:
                raise BadMessage("value")
        elif value is not None and (not isinstance(value, int) or abs(value) >= 2**53):
            raise BadMessage("value")
    return Change(
        id=raw(identity, 16).hex(), scope=text(scope, 32), kind=text(kind, 40),
        record=raw(record, 16).hex(), action=text(action, 16), values=values,
        base=whole(base, 2**31 - 1), author=text(author, 120), written_at=text(written_at, 32),
    )  # fmt: skip
