"""What waits to be sent, and how much of it goes at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from sync.changes import Change, Entry, Setback
from sync.client.holding import Limits, held_back
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


class Outbox:
    """The ids of what was pending when the exchange began, in the order it was written.

    Those of records of which an earlier change waits stay here: nothing may overtake it.
    """

    def __init__(self, reading: Sessions, limits: Limits | None = None) -> None:
        """Deletions beyond the `limits` stay here as well, until somebody has said so."""
        self._reading, self._limits = reading, limits
        self._queue: list[str] = []
        self._offered = self.held = 0
        self._waiting: set[str] = set()
        # Of the last batch, by id: what a change says stays as it was, so nobody need read it anew.
        self.texts: dict[str, str] = {}

    def fill(self) -> None:
        """Note what is pending now (the end of an id counts)."""
        query = select(Entry.id).where(*pending_entries())
        with self._reading() as session:
            back = held_back(session, self._limits)
            in_order = session.scalars(query.order_by(func.substr(Entry.id, 21)))
            self._queue = [identity for identity in in_order if identity not in back]
        self.held = len(back)
        self._waiting.clear()

    def __len__(self) -> int:
        """How many were not answered yet."""
        return len(self._queue)

    @property
    def is_cut_short(self) -> bool:
        """Whether the last batch left something behind."""
        return self._offered < len(self._queue)

    def batch(self, span: Span) -> list[Change]:
        """The next changes, as many as the span allows and at least one; they stay queued."""
        wanted = self._queue[: span.changes]
        found = self._standing(wanted)
        rows = [found[identity] for identity in wanted if identity in found]
        texts = texts_of(rows)
        lengths = accumulate([len(text.encode()) for text in texts])
        fitting = max(1, sum(1 for length in lengths if length <= span.change_bytes))
        self._offered = len(wanted)
        if fitting < len(rows):
            self._offered = wanted.index(rows[fitting].id)
        self.texts = {row[0]: text for row, text in zip(rows[:fitting], texts, strict=False)}
        return changes_of(rows[:fitting])

    def answered(self, batch: Sequence[Change], answer: SyncAnswer) -> int:
        """The last batch need not be sent again, nor what an answer that got lost was about.

        Returns how many changes of that other sort the centre has.
        """
        del self._queue[: self._offered]
        numbered = {i if isinstance(i, str) else i.id for p in answer.pages for i in p.items}
        numbered -= {change.id for change in batch}
        known = numbered.intersection(self._queue) if numbered else numbered
        if known:
            self._queue = [identity for identity in self._queue if identity not in known]
        waiting = {verdict.change for verdict in answer.setbacks if verdict.waiting_for}
        self._waiting |= {change.record for change in batch if change.id in waiting}
        return len(known)

    def _standing(self, wanted: Sequence[str]) -> dict[str, Row[Any]]:
        with self._reading() as session:
            found = stored(session, wanted, *pending_entries())
        if not self._waiting:
            return found
        return {identity: row for identity, row in found.items() if row.record not in self._waiting}
