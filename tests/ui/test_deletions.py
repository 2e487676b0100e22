"""A great deletion asks on the page, and is answered by a key as well as by the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sync.progress import Silent
from sync.records.library import Library
from tests.builders import a_library
from tests.ui.conftest import PASSPHRASE
from tests.ui.desk import BRANCH_NAME, View, a_centre, a_window, enrol
from vla_desktop.office import Light, Office
from vla_desktop.store.store import Query
from vla_desktop.ui.pages.deletions import DeletionsPanel
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.pages.review import ReviewPage
from vla_desktop.ui.pages.sync import SyncPage

pytestmark = pytest.mark.usefixtures("themed")


def thirty(office: Office) -> list[str]:
    """Thirty libraries that the centre has."""
    saved = office.store.save_many((Library, a_library(name=f"Sách {n}"), None) for n in range(30))
    office.synchronise(Silent())
    return [one.id for one in saved]


def asking(qtbot: QtBot, view: View, page: str) -> DeletionsPanel:
    """The panel of a page, with a question on it."""
    view.inside.pages.show_page(page)
    current = view.inside.pages.current
    assert isinstance(current, SyncPage | ReviewPage)
    qtbot.waitUntil(lambda: len(current.deletions.questions) == 1)
    return current.deletions


def said(panel: DeletionsPanel) -> str:
    return " ".join(label.text() for label in panel.questions[0].findChildren(QLabel))


def by_key(qtbot: QtBot, panel: DeletionsPanel, text: str) -> None:
    """Go to the button with Tab and press it."""
    (button,) = [b for b in panel.questions[0].findChildren(QPushButton) if b.text() == text]
    window = panel.window()
    first = panel.questions[0].findChildren(QPushButton)[0]
    first.setFocus()
    for _step in range(3):
        if window.focusWidget() is button:
            break
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget() is button
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: panel.questions == [])


def standing_in(office: Office) -> int:
    return office.store.count(Library, Query())


def test_what_is_held_is_told_and_sent_by_key(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        for record in thirty(office)[:21]:
            office.store.delete(Library, record)
        office.synchronise(Silent())
        assert office.standing().light is Light.AMBER
        with a_window(qtbot, office) as view:
            panel = asking(qtbot, view, "sync")
            assert "21 thư viện sắp bị xóa" in said(panel)
            page = view.inside.pages.current
            assert isinstance(page, SyncPage)
            assert "giữ lại việc xóa 21 thư viện" in page.standing.sentence.text()
            with qtbot.waitSignal(view.inside.syncing.succeeded, timeout=20_000):
                by_key(qtbot, panel, "Gửi việc xóa")
            assert office.standing().light is Light.GREEN


def test_what_is_held_comes_back_by_key(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        before = standing_in(office)
        for record in thirty(office):
            office.store.delete(Library, record)
        with a_window(qtbot, office) as view:
            panel = asking(qtbot, view, "sync")
            by_key(qtbot, panel, "Phục hồi tất cả")
            assert standing_in(office) == before + 30
            assert office.standing().held == ()


def test_the_list_of_what_is_held_opens(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        for record in thirty(office):
            office.store.delete(Library, record)
        with a_window(qtbot, office) as view:
            panel = asking(qtbot, view, "sync")
            (look,) = [
                b
                for b in panel.questions[0].findChildren(QPushButton)
                if b.text() == "Xem danh sách"
            ]
            look.click()
            opened = view.inside.pages.current
            assert isinstance(opened, RecordsPage)
            qtbot.waitUntil(lambda: opened.listing.model.rowCount() == 30)


@pytest.mark.parametrize(("answer", "left"), [("Phục hồi tất cả", 30), ("Để nguyên", 0)])
def test_what_others_deleted_is_told_for_review(
    qtbot: QtBot, office: Office, tmp_path: Path, answer: str, left: int
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        before = standing_in(office)
        records = thirty(office)
        with Office.create(tmp_path / "other", PASSPHRASE) as other:
            other.enrol(centre.url, centre.invite("dak-lak", BRANCH_NAME))
            other.synchronise(Silent())
            for record in records:
                other.store.delete(Library, record)
            other.deletions.send(other.deletions.held())
            other.synchronise(Silent())
        with a_window(qtbot, office) as view:
            with qtbot.waitSignal(view.inside.syncing.succeeded, timeout=20_000):
                view.inside.syncing.start()
            assert standing_in(office) == before
            assert view.inside.sidebar.button("review").accessibleName() == "Cần xem lại (1)"
            panel = asking(qtbot, view, "review")
            assert "30 thư viện vừa bị xóa từ nơi khác" in said(panel)
            by_key(qtbot, panel, answer)
            assert standing_in(office) == before + left
            assert office.standing().review == 0
