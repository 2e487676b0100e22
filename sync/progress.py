"""How long work tells how far it is, and learns that nobody wants it any more."""

from __future__ import annotations

from typing import Protocol


class Cancelled(Exception):
    """The person asked to stop. Not an error; shown to nobody."""


class Progress(Protocol):
    """Given to long work by whoever watches it."""

    def report(self, done: int, total: int, what: str) -> None:
        """Say how far the work is; raises `Cancelled` when it should stop.

        `total` is 0 when the end is not known.
        """


class Silent:
    """Nobody watches."""

    def report(self, done: int, total: int, what: str) -> None:
        """Goes on."""
