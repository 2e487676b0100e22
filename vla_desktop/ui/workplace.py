"""What the pages of an open office work with."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QThreadPool

from vla_desktop.office import Office
from vla_desktop.ui.bridge import StoreBridge
from vla_desktop.ui.errors import Errors
from vla_desktop.ui.syncing import Syncing
from vla_desktop.ui.widgets.message_bar import MessageBar


@dataclass(frozen=True)
class Workplace:
    """The open office and the ways to act on it. `pool` takes work on the database in turn."""

    office: Office
    bridge: StoreBridge
    pool: QThreadPool
    syncing: Syncing
    messages: MessageBar
    errors: Errors
