"""Somewhere in the window that a page can ask to be taken to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from vla_desktop.store.store import Query


@dataclass(frozen=True)
class Destination:
    """A page, and in a page of records what to show.

    `kind` is a kind's name or the name of another page. `id` opens that record, "" a new one,
    None the list; `field` is where the cursor goes.
    """

    kind: str
    query: Query | None = None
    id: str | None = None
    field: str = ""


@runtime_checkable
class ShowsRecords(Protocol):
    """A page that can be told which records to show."""

    def show_query(self, query: Query) -> None:
        """List what the query finds."""

    def open_record(self, record_id: str, field: str = "") -> None:
        """Open the form of a record, "" for a new one, with the cursor in a field."""


@runtime_checkable
class Leaves(Protocol):
    """A page that wants to know before it is left or the window closes."""

    def leave(self) -> None:
        """Put away what is half done."""
