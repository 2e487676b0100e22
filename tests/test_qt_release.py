"""Guard against releases of PySide6 that end the program on CPython 3.11.

PySide6 6.12.0 drops a reference to None whenever Qt calls a Python override that returns None.
Before CPython 3.12 None is mortal: after some thousands of such calls the interpreter aborts.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import (
    QAbstractTableModel,
    QIdentityProxyModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

CALLS = 500

# A few references come and go with anything that runs; a fault costs one for each call.
NOISE = 50

Index = QModelIndex | QPersistentModelIndex


class SilentModel(QAbstractTableModel):
    """Has one cell, and nothing to say of it."""

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 1

    def data(self, index: Index, role: int = 0) -> None:
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> None:
        return None


class SilentWidget(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        return None


def references_lost(call: Callable[[], object]) -> int:
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        call()
    return before - sys.getrefcount(None)


@pytest.fixture
def proxy(qtbot: QtBot) -> QIdentityProxyModel:
    """A proxy of Qt's own, so that each of its answers is a call from C++ into Python."""
    proxy = QIdentityProxyModel()
    proxy.setSourceModel(SilentModel(proxy))
    return proxy


def test_a_model_that_answers_none_keeps_none_alive(proxy: QIdentityProxyModel) -> None:
    index = proxy.index(0, 0)
    assert references_lost(lambda: proxy.data(index, 1)) < NOISE


def test_a_header_that_answers_none_keeps_none_alive(proxy: QIdentityProxyModel) -> None:
    across = Qt.Orientation.Horizontal
    assert references_lost(lambda: proxy.headerData(0, across, 1)) < NOISE


def test_painting_keeps_none_alive(qtbot: QtBot) -> None:
    widget = SilentWidget()
    qtbot.addWidget(widget)
    widget.show()
    assert references_lost(widget.repaint) < NOISE
