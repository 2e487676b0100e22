"""What the demonstration says on the terminal."""

from __future__ import annotations

import time


class Steps:
    """Long work told on the terminal, a line every few seconds."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def report(self, done: int, total: int, what: str) -> None:
        """One line, not too often."""
        if time.monotonic() - self._told_at > 3:
            self._told_at = time.monotonic()
            say(f"{what} {done:,}/{total:,}")


def say(words: str) -> None:
    """A line on the terminal."""
    print("[demo]", words, flush=True)
