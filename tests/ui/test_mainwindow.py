"""The window around the pages: turning, synchronising from anywhere, leaving."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sync.client.obstacles import obstacle
from sync.client.wire import HttpWire
from sync.records.headcount import Headcount
from sync.records.library import Library
from sync.records.types import Value
from tests.ui.conftest import PASSPHRASE
from tests.ui.desk import a_centre, a_slow_line, a_window, enrol, found_unit, write_something
from vla_desktop.office import Light, Office, Standing
from vla_desktop.store.store import Query
from vla_desktop.ui.mainwindow import MainWindow
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages import PAGES
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.pages.scrolled import ScrolledPage
from vla_desktop.ui.words import wording

NOW = dt.datetime(2026, 4, 21, 7, 30, tzinfo=dt.UTC)

pytestmark = pytest.mark.usefixtures("themed")


def a_standing(light: Light, **facts: object) -> Standing:
    known: dict[str, object] = {
        "enrolled": True, "branch": "dak-lak", "branch_name": "", "server": "", "pending": 0,
        "waiting": 0, "refused": 0, "review": 0, "receipt": None, "light": light,
    }  # fmt: skip
    return Standing(**{**known, **facts})  # type: ignore[arg-type]


def test_alt_and_a_digit_turn_to_the_page(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        for digit, page in reversed([*enumerate(PAGES[:9], start=1)]):
            key = Qt.Key(Qt.Key.Key_0 + digit)
            QTest.keyClick(view.window, key, Qt.KeyboardModifier.AltModifier)

            assert view.inside.pages.shows(page.tabs[0].name)
            assert view.inside.sidebar.button(page.entry.name).isChecked()


def test_a_long_page_is_moved_by_the_keyboard_at_once(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office, (1100, 400)) as view:
        for key in (Qt.Key.Key_2, Qt.Key.Key_1):
            QTest.keyClick(view.window, key, Qt.KeyboardModifier.AltModifier)
        page = view.inside.pages.current
        assert isinstance(page, ScrolledPage)
        qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 0)

        assert page.hasFocus()
        QTest.keyClick(page, Qt.Key.Key_PageDown)

        assert page.verticalScrollBar().value() > 0


def test_the_current_page_is_told_to_screen_readers_and_by_more_than_colour(
    qtbot: QtBot, office: Office
) -> None:
    with a_window(qtbot, office) as view:
        overview = view.inside.sidebar.button("overview")
        member = view.inside.sidebar.button("member")

        state = QAccessible.queryAccessibleInterface(overview).state()
        assert state.checked
        # The bar at the edge of the row: there, the picture gets bright.
        sidebar = view.inside.sidebar
        edge = member.geometry().center() - QPoint(member.width() // 2 - 10, 0)
        before = sidebar.grab().toImage().pixelColor(edge).lightness()
        member.setChecked(True)
        assert sidebar.grab().toImage().pixelColor(edge).lightness() > before + 60


def test_a_page_with_two_kinds_offers_both_and_remembers_which(
    qtbot: QtBot, office: Office
) -> None:
    with a_window(qtbot, office) as view:
        pages = view.inside.pages
        pages.go(Destination("headcount"))
        pages.show_page("overview")
        pages.show_page("library")

        assert pages.shows("headcount")
        assert isinstance(pages.current, RecordsPage)


def test_a_line_of_the_overview_opens_the_list_it_speaks_of(qtbot: QtBot, office: Office) -> None:
    found_unit(office)
    wanted = write_something(office, "Thư viện tỉnh Đắk Lắk")
    write_something(office, "Thư viện khác")
    with a_window(qtbot, office) as view:
        view.inside.go(Destination("library", query=Query(ids=frozenset({wanted}))))

        page = view.inside.pages.current
        assert isinstance(page, RecordsPage)
        qtbot.waitUntil(lambda: page.table.model().rowCount() == 1)


def test_a_record_opens_another_one_on_its_own_page(qtbot: QtBot, office: Office) -> None:
    library = write_something(office, "Thư viện tỉnh Đắk Lắk")
    values: dict[str, Value] = {"library": library, "year": 2026, "total": 3, "source": "library"}
    count = office.store.save(Headcount, values).id
    with a_window(qtbot, office) as view:
        view.inside.go(Destination("library", id=library))
        page = view.inside.pages.current
        assert isinstance(page, RecordsPage)

        page.panel.open_asked.emit("headcount", count)

        assert view.inside.pages.shows("headcount")
        there = view.inside.pages.current
        assert isinstance(there, RecordsPage)
        assert there.panel.record_id == count


def test_a_narrow_window_shows_icons_with_tool_tips(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office, (1366, 768)) as view:
        wide = view.inside.sidebar.width()
        view.window.resize(900, 600)

        assert view.inside.sidebar.is_narrow
        assert view.inside.sidebar.width() < wide / 2
        assert "Hội viên" in view.inside.sidebar.button("member").toolTip()


def test_at_200_percent_of_a_small_screen_every_page_can_still_be_reached(
    qtbot: QtBot, office: Office
) -> None:
    with a_window(qtbot, office, (683, 384)) as view:
        assert view.window.height() <= 384
        last = view.inside.sidebar.button("settings")
        assert last.geometry().bottom() <= view.inside.sidebar.height()
        assert last.height() >= 24


def test_whatever_takes_the_focus_has_a_name(qtbot: QtBot, office: Office) -> None:
    found_unit(office)
    nameless: list[str] = []
    with a_window(qtbot, office) as view:
        for tab in [tab for page in PAGES for tab in page.tabs]:
            view.inside.go(Destination(tab.name))
            nameless += [
                f"{tab.name}: {type(widget).__name__}"
                for widget in view.window.findChildren(QWidget)
                if widget.isVisible()
                and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
                and not _name(widget)
            ]

    assert nameless == []


class StrayWindows(QObject):
    """Remembers every window that comes up besides the one under test."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget):
            self._hear(watched)
        return False

    def _hear(self, widget: QWidget) -> None:
        if widget.isWindow() and widget is not self._window:
            self.seen.append(type(widget).__name__)


@pytest.mark.parametrize("is_empty", [True, False])
def test_turning_pages_never_flashes_another_window(
    qtbot: QtBot, office: Office, themed: QApplication, is_empty: bool
) -> None:
    if not is_empty:
        found_unit(office)
        write_something(office)
    with a_window(qtbot, office) as view:
        stray = StrayWindows(view.window)
        themed.installEventFilter(stray)
        for page in PAGES:
            for tab in page.tabs:
                view.inside.go(Destination(tab.name))
                qtbot.wait(100)
        themed.removeEventFilter(stray)

    assert stray.seen == []


def _name(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_the_status_says_what_is_saved_here_and_what_the_centre_has(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    with a_centre(tmp_path) as centre, a_window(qtbot, office) as view:
        status = view.inside.status
        assert "chưa ghi danh" in status.sentence.text()

        write_something(office, "Thư viện thị xã Buôn Hồ")
        enrol(office, centre)
        qtbot.waitUntil(lambda: "biên nhận số" in status.sentence.text())
        assert status.shown.role == "success"

        view.window.resize(640, 400)
        assert status.sentence.text().endswith("…")
        assert "riêng biên nhận này ghi 1 thay đổi" in status.sentence.accessibleName()
        view.window.resize(1366, 768)

        write_something(office)
        qtbot.waitUntil(lambda: "1 thay đổi chưa gửi" in status.sentence.text())
        assert status.shown.role != "success"
        assert view.inside.sidebar.button("sync").accessibleName() == "Đồng bộ (1)"


def test_only_green_is_told_in_green(office: Office, tmp_path: Path) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        receipt = office.standing().receipt
    assert receipt is not None

    assert wording(a_standing(Light.GREEN, receipt=receipt), NOW).role == "success"
    for light, pending in itertools.product(set(Light) - {Light.GREEN}, (0, 3)):
        told = wording(a_standing(light, receipt=receipt, pending=pending), NOW)
        assert told.role != "success"
        assert told.icon != "confirmed"
        assert told.sentence


def test_f5_synchronises_in_the_worker_and_the_window_goes_on(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        write_something(office)
        threads: list[threading.Thread] = []
        post = HttpWire.post

        def slow(wire: HttpWire, path: str, body: bytes) -> bytes:
            threads.append(threading.current_thread())
            threading.Event().wait(0.4)
            return post(wire, path, body)

        monkeypatch.setattr(HttpWire, "post", slow)
        with a_window(qtbot, office) as view:
            ticks: list[int] = []
            clock = QTimer(view.window)
            clock.timeout.connect(lambda: ticks.append(1))
            clock.start(10)
            with qtbot.waitSignal(view.inside.syncing.succeeded, timeout=10_000):
                QTest.keyClick(view.window, Qt.Key.Key_F5)
                assert view.inside.status.cancel_button.isVisible()

            assert threads[0] is not threading.main_thread()
            assert len(ticks) > 10
            qtbot.waitUntil(lambda: "biên nhận số" in view.inside.status.sentence.text())
            assert "Trung ương nhận 1" in view.window.messages.text()


def test_a_lost_line_is_told_calmly_with_one_action_and_nothing_is_lost(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        kept = write_something(office)
        centre.stop()
        with a_window(qtbot, office) as view:
            with qtbot.waitSignal(view.inside.syncing.failed, timeout=20_000):
                QTest.keyClick(view.window, Qt.Key.Key_F5)

            messages = view.window.messages
            assert "Chưa kết nối được" in messages.text()
            assert messages.property("tone") == "info"
            assert "1 thay đổi chưa gửi" in view.inside.status.sentence.text()
            assert office.store.get(Library, kept) is not None

            centre.start()
            with qtbot.waitSignal(view.inside.syncing.succeeded, timeout=20_000):
                view.inside.synchronise()
            assert office.standing().light is Light.GREEN


def test_the_clock_s_own_failures_are_no_news(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
    with a_window(qtbot, office) as view:
        with qtbot.waitSignal(view.inside.syncing.failed, timeout=20_000):
            view.inside.syncing.start(by_hand=False)

        assert view.window.messages.text() == ""


def test_a_pc_that_is_not_enrolled_is_led_to_where_that_is_done(
    qtbot: QtBot, office: Office
) -> None:
    with a_window(qtbot, office) as view:
        QTest.keyClick(view.window, Qt.Key.Key_F5)

        assert view.inside.pages.shows("sync")
        assert not view.inside.syncing.running


def test_closing_while_synchronising_stops_it_waits_and_closes(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
    kept = write_something(office)
    sent, go_on = a_slow_line(monkeypatch)
    with a_window(qtbot, office) as view:
        view.inside.syncing.start()
        qtbot.waitUntil(sent.is_set)

        assert not view.window.close()
        assert "Đang dừng đồng bộ" in view.window.messages.text()
        go_on.set()
        qtbot.waitUntil(view.window.isHidden)
        assert view.window.view is None

    with Office.open(office.home, PASSPHRASE) as again:
        assert again.store.get(Library, kept) is not None


def test_a_problem_at_the_door_stands_above_it(
    qtbot: QtBot, tmp_path: Path, themed: QApplication
) -> None:
    window = MainWindow(tmp_path)
    qtbot.addWidget(window)
    door = QWidget()
    window.show_door(door)
    window.show()

    window.errors.show(obstacle("offline"))

    assert window.messages.isVisible()
    assert window.messages.width() > window.width() / 2
    assert window.messages.geometry().bottom() < door.geometry().top()


def test_the_place_on_the_screen_is_remembered(
    qtbot: QtBot, tmp_path: Path, themed: QApplication
) -> None:
    first = MainWindow(tmp_path)
    qtbot.addWidget(first)
    first.show()
    first.resize(700, 500)
    first.close()

    second = MainWindow(tmp_path)
    qtbot.addWidget(second)

    assert (second.width(), second.height()) == (700, 500)
