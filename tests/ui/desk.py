"""A window on a real office, with a real centre behind it when one is asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sync.client.obstacles import obstacle
from sync.client.wire import HttpWire
from sync.progress import Silent
from sync.records.library import Library
from sync.records.organisation_unit import OrganisationUnit
from sync.server.embedded import EmbeddedCentre, settings_of
from vla_desktop.office import Office
from vla_desktop.ui.mainwindow import MainWindow
from vla_desktop.ui.officeview import OfficeView

BRANCH_NAME = "Chi hội Đắk Lắk"


@contextmanager
def a_centre(folder: Path) -> Iterator[EmbeddedCentre]:
    """A centre on a free port."""
    with EmbeddedCentre(settings_of(folder / "centre.db")) as centre:
        yield centre


@contextmanager
def a_window(qtbot: QtBot, office: Office, size: tuple[int, int] = (1366, 768)) -> Iterator[View]:
    """The window on an office, on the screen. It may be closed inside."""
    window = MainWindow(office.home)
    qtbot.addWidget(window)
    window.resize(*size)
    view = window.open_office(office)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    try:
        yield View(window, view)
    finally:
        if window.view is not None:
            window.close()
            qtbot.waitUntil(lambda: window.view is None)


def a_slow_line(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """From now on the line takes what is sent and says nothing until told to, then fails.

    The first event says that something was sent, the second lets it fail.
    """
    sent, go_on = threading.Event(), threading.Event()

    def slow(_wire: HttpWire, _path: str, _body: bytes) -> bytes:
        sent.set()
        go_on.wait(5)
        raise obstacle("timeout")

    monkeypatch.setattr(HttpWire, "post", slow)
    return sent, go_on


class View:
    """The window and its inside."""

    def __init__(self, window: MainWindow, inside: OfficeView) -> None:
        self.window = window
        self.inside = inside


def enrol(office: Office, centre: EmbeddedCentre) -> None:
    """Enrol a PC of the branch and exchange once, so that the light is green."""
    office.enrol(centre.url, centre.invite("dak-lak", BRANCH_NAME))
    office.synchronise(Silent())


def write_something(office: Office, name: str = "Thư viện huyện Ea H'leo") -> str:
    """One more library; returns its id."""
    return office.store.save(Library, {"name": name, "type": "public", "commune": "00004"}).id


def found_unit(office: Office) -> str:
    """The branch itself."""
    return office.store.save(OrganisationUnit, {"name": BRANCH_NAME, "type": "branch"}).id
