"""Starts the program: with a verb on the command line, without one in the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from vla_desktop.cli.command import run
from vla_desktop.presence import announce


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words of the command line ask for; returns the exit code."""
    announce()
    return run(sys.argv[1:] if words is None else words, _window)


def _window(home: Path) -> int:
    from vla_desktop.ui.run import run as open_window  # who types a verb may have no screen

    return open_window(home)


if __name__ == "__main__":
    sys.exit(main())
