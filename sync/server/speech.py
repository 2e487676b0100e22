"""Which offices are answered how: the newest version of the wire, those before it, and the oldest.

What an office sends is taken whatever its version. What it asks for it gets as far as its version
has words for it; beyond that it is told to install a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sync import first_wire
from sync.changes import Change
from sync.protocol import Page, SyncRequest
from sync.receipts import Position
from sync.server.refusals import refusal

MayGo = Callable[[Change | str], bool]


def speech(version: int, least_served: int) -> MayGo:
    """Whether an item of a page may go to an office of this version."""
    if version < least_served:
        return lambda _item: False
    if version == first_wire.VERSION:
        return lambda item: isinstance(item, str) or first_wire.has_words_for(item)
    return lambda _item: True


def assert_served(
    request: SyncRequest, pages: Sequence[Page], positions: Mapping[str, Position]
) -> None:
    """Raises `Refusal` "version" when an office asks for nothing but what its version has no words
    for. What it sends is answered first: it would ask on and on."""
    is_behind = any(place.seq < place.head for place in positions.values())
    if is_behind and not request.changes and not any(page.items for page in pages):
        raise refusal("version", f"this centre goes on in {request.version + 1}")
