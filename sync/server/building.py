"""Making the pages of a snapshot from the ledger, a page's worth at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from sync import rules
from sync.applying import CHUNK, known_values
from sync.changes import CAME_FROM, MOVED_TO, Entry, folded
from sync.identity import DEVICE_DIGITS
from sync.problems import blocking
from sync.records import BY_NAME
from sync.records.base import blank
from sync.records.types import WireValue
from sync.snapshots import (
    HISTORIES,
    ROWS_A_PAGE,
    Numbered,
    PageFacts,
    digest_of,
    histories_page,
    rows_page,
)

# A page of long texts must still be a message within its bounds.
MOST_PAGE_TEXT = 2 * 1024 * 1024
CHANGES_A_PAGE = 500
ROWS_AT_ONCE = 1000

Page = tuple[PageFacts, bytes]


class Builder:
    """Reads the ledger of a scope up to `seq`, record by record, and keeps no more than a page of
    every kind open. The same ledger gives the same pages.

    `pages` come kind by kind, the records of a kind by their ids.
    """

    def __init__(self, session: Session, scope: str, seq: int, today: dt.date) -> None:
        self._session, self._today = session, today
        self._within = (Entry.scope == scope, Entry.seq <= seq)
        self._open: dict[str, _OpenPage] = {}
        self._done: dict[str, list[Page]] = {}
        self._doubtful: set[str] = set()

    def pages(self) -> list[Page]:
        """All of it."""
        overlapped = select(Entry.record).where(*self._within, cast(Entry.overlaps, Text) != "{}")
        self._doubtful = set(self._session.scalars(overlapped.distinct()))
        for record, changes in self._by_record():
            for kind, values in _folded(changes):
                self._add(kind, record, values)
            if _is_doubtful(changes, self._today):
                self._doubtful.add(record)
        for kind in list(self._open):
            self._close(kind)
        return [page for kind in sorted(self._done) for page in self._done[kind]] + list(
            self._histories()
        )

    def _by_record(self) -> Iterator[tuple[str, Sequence[Any]]]:
        query = (
            select(Entry.record, Entry.kind, Entry.id, Entry.values)
            .where(*self._within)
            .order_by(Entry.record, Entry.seq)
        )
        rows = self._session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
        for record, group in groupby(rows, key=attrgetter("record")):
            yield record, list(group)

    def _add(self, kind: str, record: str, values: Mapping[str, WireValue]) -> None:
        page = self._open.setdefault(kind, _OpenPage())
        page.add(record, values)
        if page.is_full:
            self._close(kind)

    def _close(self, kind: str) -> None:
        rows = self._open.pop(kind).rows
        content = rows_page(kind, rows)
        facts = PageFacts(kind, len(rows), rows[0][0], digest_of(content), len(content))
        self._done.setdefault(kind, []).append((facts, content))

    def _histories(self) -> Iterator[Page]:
        """Everything that happened to what somebody may still have to look at."""
        wanted = sorted(self._doubtful)
        waiting: list[Numbered] = []
        for start in range(0, len(wanted), CHUNK):
            some = Entry.record.in_(wanted[start : start + CHUNK])
            query = select(Entry).where(*self._within, some).order_by(Entry.record, Entry.seq)
            waiting += [numbered(entry) for entry in self._session.scalars(query)]
            self._session.expunge_all()
            while len(waiting) >= CHANGES_A_PAGE:
                yield _of_histories(waiting[:CHANGES_A_PAGE])
                del waiting[:CHANGES_A_PAGE]
        if waiting:
            yield _of_histories(waiting)


class _OpenPage:
    """Rows of one kind that wait for their page to be full."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, Mapping[str, WireValue]]] = []
        self._room = MOST_PAGE_TEXT

    def add(self, record: str, values: Mapping[str, WireValue]) -> None:
        """One more row."""
        self.rows.append((record, values))
        self._room -= sum(len(value) for value in values.values() if isinstance(value, str))

    @property
    def is_full(self) -> bool:
        """Whether the next row has to go elsewhere."""
        return len(self.rows) >= ROWS_A_PAGE or self._room < 0


def numbered(entry: Entry) -> Numbered:
    """An entry of the ledger as it travels."""
    return Numbered(entry.seq or 0, entry.digest, entry.change())


def _of_histories(changes: Sequence[Numbered]) -> Page:
    content = histories_page(changes)
    first = changes[0].change.record
    return PageFacts(HISTORIES, len(changes), first, digest_of(content), len(content)), content


def _folded(changes: Sequence[Any]) -> Iterator[tuple[str, dict[str, WireValue]]]:
    """The last value of every field, by kind: a record has one, but nobody promised it."""
    if len(changes) == 1:
        yield changes[0].kind, changes[0].values
        return
    by_kind: dict[str, list[Mapping[str, WireValue]]] = {}
    for change in changes:
        by_kind.setdefault(change.kind, []).append(change.values)
    yield from ((kind, folded(told)) for kind, told in sorted(by_kind.items()))


def _is_doubtful(changes: Sequence[Any], today: dt.date) -> bool:
    """Whether several computers wrote a record that breaks a rule: its branch has to look at it."""
    if any(CAME_FROM in change.values or MOVED_TO in change.values for change in changes):
        return True  # who has it, and what it left behind, is told by its history
    if len({change.id[:DEVICE_DIGITS] for change in changes}) < 2:
        return False
    return any(_breaks_a_rule(kind, values, today) for kind, values in _folded(changes))


def _breaks_a_rule(name: str, values: Mapping[str, WireValue], today: dt.date) -> bool:
    if name not in BY_NAME:
        return False
    kind = BY_NAME[name]
    known = known_values(kind, values)
    is_deleted = bool(known.pop("deleted", False))
    full = {**blank(kind), **known}
    return not is_deleted and bool(blocking(rules.findings(kind, full, today, "")))


def rows_of(pages: Iterable[Page]) -> dict[str, int]:
    """How many rows of each kind."""
    counts: dict[str, int] = {}
    for facts, _content in pages:
        counts[facts.kind] = counts.get(facts.kind, 0) + facts.rows
    return counts
