"""What waits to be sent, and how much of it goes at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from sync.changes import Change, Entry, Setback
from sync.client.holding import Limits, held_back
from sync.consignments import changes_to_wire
from sync.protocol import LEAST_PAGE_BYTES, SyncAnswer
from sync.stored import changes_of, stored, texts_of

# Of the canonical text; on the wire it is about a sixteenth of that.
FIRST_CHANGES, MOST_CHANGES = 1000, 2500
FIRST_BYTES, MOST_BYTES = 512 * 1024, 2 * 1024 * 1024
FIRST_PAGE_BYTES, MOST_PAGE_BYTES = 512 * 1024, 2 * 1024 * 1024
QUICK_S, SLOW_S = 4.0, 12.0

Sessions = Callable[[], AbstractContextManager[Session]]


def pending_entries() -> tuple[ColumnElement[bool], ...]:
    """The condition for what the centre may still be sent."""
    return (
        Entry.seq.is_(None),
        Entry.setback.in_([Setback.NONE.value, Setback.WAITING.value]),
    )


@dataclass
class Span:
    """What one request carries: so many changes, so many bytes of them, and so long a page back.

    It grows while answers come quickly, and halves whenever the link does not bear it. Bytes are
    those of the canonical text.
    """

    changes: int = field(default_factory=lambda: FIRST_CHANGES)
    change_bytes: int = field(default_factory=lambda: FIRST_BYTES)
    page_bytes: int = field(default_factory=lambda: FIRST_PAGE_BYTES)

    @property
    def room(self) -> tuple[int, int]:
        """Changes, and bytes of them."""
        return self.changes, self.change_bytes

    def answered(self, took_s: float, *, batch_was_full: bool, page_was_full: bool) -> None:
        """An answer came. What was not full has shown nothing about the link."""
        if took_s > SLOW_S:
            self.page_bytes = max(LEAST_PAGE_BYTES, self.page_bytes // 2)
            self.changes = max(1, self.changes // 2)
        elif took_s <= QUICK_S and batch_was_full:
            self.changes = min(MOST_CHANGES, self.changes * 2)
            self.change_bytes = min(MOST_BYTES, self.change_bytes * 2)
        if took_s <= QUICK_S and page_was_full:
            self.page_bytes = min(MOST_PAGE_BYTES, self.page_bytes * 2)

    def refused_as_too_large(self, batch: Sequence[Change]) -> None:
        """Somebody on the way does not take so much."""
        self.changes = max(1, len(batch) // 2)
        self.change_bytes = max(1, plain_bytes(batch) // 2)

    def cut(self, batch: Sequence[Change]) -> None:
        """The link broke, or nothing came in time; which way was too much, nobody knows."""
        if batch:
            self.refused_as_too_large(batch)
        self.page_bytes = max(LEAST_PAGE_BYTES, self.page_bytes // 2)


def plain_bytes(batch: Sequence[Change]) -> int:
    """How long the changes are in canonical form."""
    return sum(len(change.text().encode()) for change in batch)


@dataclass(frozen=True)
class Batch:
    """What one request carries: changes, their canonical texts by id, and all on the wire.

    `offered` is how many of the queue it deals with; some may have left it meanwhile. `room` is
    what the span allowed when it was made.
    """

    changes: Sequence[Change] = field(default_factory=list)
    texts: Mapping[str, str] = field(default_factory=dict)
    wire: Sequence[Any] = ()
    offered: int = 0
    is_cut_short: bool = False
    room: tuple[int, int] = (0, 0)

    def filled(self, span: Span) -> bool:
        """Whether it was as full as the span allows, and left something behind.

        One that was made ready before the span grew has shown nothing about the link.
        """
        return self.is_cut_short and self.room == span.room


class Outbox:
    """The ids of what was pending when the exchange began, in the order it was written.

    Those of records of which an earlier change waits stay here: nothing may overtake it.
    """

    def __init__(self, reading: Sessions, limits: Limits | None = None) -> None:
        """Deletions beyond the `limits` stay here as well, until somebody has said so."""
        self._reading, self._limits = reading, limits
        self._queue: list[str] = []
        self.held = 0
        self._waiting: set[str] = set()
        self._ready: Batch | None = None

    def fill(self) -> None:
        """Note what is pending now (the end of an id counts)."""
        query = select(Entry.id).where(*pending_entries())
        with self._reading() as session:
            back = held_back(session, self._limits)
            in_order = session.scalars(query.order_by(func.substr(Entry.id, 21)))
            self._queue = [identity for identity in in_order if identity not in back]
        self.held = len(back)
        self._waiting.clear()
        self._ready = None

    def __len__(self) -> int:
        """How many were not answered yet."""
        return len(self._queue)

    def batch(self, span: Span) -> Batch:
        """The next changes, as many as the span allows and at least one; they stay queued."""
        ready, self._ready = self._ready, None
        return ready or self._read(span, 0)

    def prepare(self, span: Span, under_way: Batch) -> None:
        """Make the batch ready that comes after one that is on its way."""
        if under_way.is_cut_short:
            self._ready = self._read(span, under_way.offered)

    def forget(self) -> None:
        """What was made ready is not what goes next."""
        self._ready = None

    def answered(self, batch: Batch, answer: SyncAnswer) -> int:
        """This batch need not be sent again, nor what an answer that got lost was about.

        Returns how many changes of that other sort the centre has.
        """
        del self._queue[: batch.offered]
        numbered = {i if isinstance(i, str) else i.id for p in answer.pages for i in p.items}
        numbered -= batch.texts.keys()
        known = numbered.intersection(self._queue) if numbered else numbered
        if known:
            self._queue = [identity for identity in self._queue if identity not in known]
        waiting = {verdict.change for verdict in answer.setbacks if verdict.waiting_for}
        self._waiting |= {change.record for change in batch.changes if change.id in waiting}
        if known or waiting:
            self.forget()
        return len(known)

    def _read(self, span: Span, first: int) -> Batch:
        wanted = self._queue[first : first + span.changes]
        found = self._standing(wanted)
        rows = [found[identity] for identity in wanted if identity in found]
        texts = texts_of(rows)
        lengths = accumulate([len(text.encode()) for text in texts])
        fitting = max(1, sum(1 for length in lengths if length <= span.change_bytes))
        offered = wanted.index(rows[fitting][0]) if fitting < len(rows) else len(wanted)
        changes = changes_of(rows[:fitting])
        return Batch(
            changes, {row[0]: text for row, text in zip(rows[:fitting], texts, strict=False)},
            changes_to_wire(changes), offered, first + offered < len(self._queue), span.room,
        )  # fmt: skip

    def _standing(self, wanted: Sequence[str]) -> dict[str, Row[Any]]:
        with self._reading() as session:
            found = stored(session, wanted, *pending_entries())
        if not self._waiting:
            return found
        return {identity: row for identity, row in found.items() if row.record not in self._waiting}
