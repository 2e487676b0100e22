"""An office that begins with a snapshot in a process of its own, to be killed."""

from __future__ import annotations

from pathlib import Path

from sync.client import bootstrap
from sync.progress import Silent
from sync.server import ledger
from tests.builders import an_office


def synchronise(home: Path) -> None:
    """Begins, page by page, for as long as it lives."""
    bootstrap.AFTER_CHANGES = 5
    vars(bootstrap)["MOST_ASKED_PAGES"] = 1
    ledger.PAGE_BYTES = 600
    office = an_office(home, Path())
    office.synchronise(Silent())
