"""A page of records over a real store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sync.records.base import Record
from sync.records.member import Member
from tests.ui import invented
from vla_desktop.store.store import Store
from vla_desktop.ui.bridge import StoreBridge
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.widgets.message_bar import MessageBar

NAMES = ["Lê Thị An", "Phạm Văn Bình", "Trần Thị Cúc", "Đỗ Văn Đức"]
WIDE = 1400


class Open(Protocol):
    """Opens the page of a kind, in a width of so many pixels."""

    def __call__(self, kind: type[Record] = Member, width: int = WIDE) -> RecordsPage: ...


@pytest.fixture(scope="session")
def empty_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of an office with nothing in it: made once, copied for every test."""
    folder = tmp_path_factory.mktemp("empty")
    invented.open_store(folder)._engine.dispose()
    return folder / "office.db"


@pytest.fixture
def store(tmp_path: Path, empty_office: Path) -> Iterator[Store]:
    shutil.copyfile(empty_office, tmp_path / "office.db")
    store = invented.open_store(tmp_path)
    yield store
    store._engine.dispose()


@pytest.fixture
def messages(themed: QApplication, qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def open_page(store: Store, messages: MessageBar, qtbot: QtBot) -> Iterator[Open]:
    bridge = StoreBridge(store)

    def open_one(kind: type[Record] = Member, width: int = WIDE) -> RecordsPage:
        page = RecordsPage(store, kind, bridge, messages)
        qtbot.addWidget(page)
        page.resize(width, 720)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return page

    yield open_one
    bridge.close()


@pytest.fixture
def ids(store: Store) -> list[str]:
    """Four members, in the order of their list."""
    return invented.members(store, NAMES)
