"""The exchange in the open: what waits, what was confirmed, and each obstacle's one action."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sync.client.obstacles import obstacle
from sync.client.wire import HttpWire
from sync.problems import Problem
from sync.records.library import Library
from tests.ui.desk import View, a_centre, a_slow_line, a_window, enrol, write_something
from vla_desktop.office import Light, Office
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.pages.sync import SyncPage
from vla_desktop.ui.widgets.rows import ActionRow

pytestmark = pytest.mark.usefixtures("themed")


def sync_page(view: View) -> SyncPage:
    view.inside.pages.show_page("sync")
    page = view.inside.pages.current
    assert isinstance(page, SyncPage)
    return page


def losing(problem: Problem) -> Callable[[HttpWire, str, bytes], bytes]:
    """A network that ends every request in this way."""

    def post(_wire: HttpWire, _path: str, _body: bytes) -> bytes:
        raise problem

    return post


def test_a_new_pc_is_enrolled_by_address_and_code_and_exchanges_at_once(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    with a_centre(tmp_path) as centre, a_window(qtbot, office) as view:
        page = sync_page(view)
        QTest.keyClicks(page.enrolment.server, centre.url)
        QTest.keyClicks(page.enrolment.code, centre.invite("dak-lak", "Chi hội Đắk Lắk"))
        with qtbot.waitSignal(view.inside.syncing.succeeded, timeout=20_000):
            QTest.keyClick(page.enrolment.code, Qt.Key.Key_Return)

        assert office.standing().light is Light.GREEN
        qtbot.waitUntil(page.enrolment.isHidden)
        qtbot.waitUntil(lambda: page.receipts.table.rowCount() == 1)


def test_a_wrong_code_is_told_beside_the_field_and_nothing_is_enrolled(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    with a_centre(tmp_path) as centre, a_window(qtbot, office) as view:
        page = sync_page(view)
        page.enrolment.server.setText(centre.url)
        page.enrolment.code.setText("ABCD-EFGH")
        page.enrolment.submit()

        qtbot.waitUntil(lambda: "Mã ghi danh không đúng" in page.enrolment.fault.text())
        assert page.enrolment.code.hasFocus()
        assert not office.standing().enrolled


def test_an_address_that_is_none_is_told_beside_the_address(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        page = sync_page(view)
        page.enrolment.server.setText("dong bo")
        page.enrolment.code.setText("ABCD-EFGH")
        page.enrolment.submit()

        qtbot.waitUntil(page.enrolment.server.hasFocus)
        assert "Địa chỉ máy chủ" in page.enrolment.fault.text()


def test_what_waits_is_listed_and_opens_its_record(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
    write_something(office, "Thư viện huyện Krông Pắc")
    with a_window(qtbot, office) as view:
        page = sync_page(view)
        qtbot.waitUntil(lambda: len(page.pending.findChildren(ActionRow)) == 1)
        (row,) = page.pending.findChildren(ActionRow)
        assert "Thư viện huyện Krông Pắc" in row.accessibleName()
        assert "thêm mới" in row.accessibleName()

        QTest.keyClick(row, Qt.Key.Key_Return)

        assert isinstance(view.inside.pages.current, RecordsPage)
        assert view.inside.pages.shows("library")


def test_a_receipt_adds_up(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        write_something(office)
        write_something(office, "Thư viện khác")
        with a_window(qtbot, office) as view:
            page = sync_page(view)
            with qtbot.waitSignal(view.inside.syncing.succeeded, timeout=20_000):
                page.standing.button.click()
            table = page.receipts.table
            qtbot.waitUntil(lambda: table.rowCount() == 2)

            cells = [table.item(0, column) for column in range(table.columnCount())]
            words = [cell.text() for cell in cells if cell is not None]
            sent, accepted, waiting, rejected = map(int, words[2:6])
            assert sent == accepted + waiting + rejected == 2
            receipt = office.standing().receipt
            assert receipt is not None
            assert words[0] == receipt.title


CODES = (
    "offline", "timeout", "busy", "fault", "too_large", "alien", "proxy", "tls", "code",
    "unknown_device", "revoked", "version", "signature", "receipt", "centre", "epoch", "digest",
    "message", "refused",
)  # fmt: skip


def test_each_obstacle_has_its_sentence_and_exactly_one_action(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
    kept = write_something(office)
    with a_window(qtbot, office) as view:
        page = sync_page(view)
        for problem in map(obstacle, CODES):
            monkeypatch.setattr(HttpWire, "post", losing(problem))
            with qtbot.waitSignal(view.inside.syncing.failed):
                page.standing.button.click()
            page.read()

            shown = page.standing
            assert problem.what in shown.problem.text()
            assert problem.advice in shown.problem.text()
            assert shown.action.isVisible() != (shown.button.text() == "Thử lại")
            assert view.inside.status.shown.role != "success"
        assert office.store.get(Library, kept) is not None


def test_what_must_be_read_out_on_the_telephone_can_be_copied(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
    monkeypatch.setattr(HttpWire, "post", losing(obstacle("revoked")))
    with a_window(qtbot, office) as view:
        page = sync_page(view)
        with qtbot.waitSignal(view.inside.syncing.failed):
            page.standing.button.click()
        qtbot.waitUntil(page.standing.action.isVisible)
        page.standing.action.click()

    assert "sync.revoked" in QGuiApplication.clipboard().text()


def test_cancel_ends_the_exchange_and_keeps_the_work(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
    kept = write_something(office)
    sent, go_on = a_slow_line(monkeypatch)
    with a_window(qtbot, office) as view:
        page = sync_page(view)
        page.standing.button.click()
        qtbot.waitUntil(sent.is_set)
        stop = next(b for b in page.progress.findChildren(QPushButton) if b.text() == "Hủy")
        with qtbot.waitSignal(view.inside.syncing.cancelled):
            stop.click()
            go_on.set()

        assert not page.progress.isVisible()
        assert "Đã dừng" in view.window.messages.text()
        assert office.store.get(Library, kept) is not None
        assert office.standing().pending == 1


def test_the_pause_holds_on_both_pages_and_is_kept(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
    with a_window(qtbot, office) as view:
        page = sync_page(view)
        assert "Lần tới" in page.interval.next.text()
        page.interval.automatic.click()

        assert office.settings.sync.paused
        assert view.inside.syncing.next_at is None
        assert "tạm dừng" in page.interval.next.text()


def test_an_exchange_starts_by_itself_when_the_line_comes_back(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        centre.stop()
        write_something(office)
        with a_window(qtbot, office) as view:
            syncing = view.inside.syncing
            now = [0.0]
            monkeypatch.setattr(syncing, "_clock", lambda: now[0])
            with qtbot.waitSignal(syncing.failed, timeout=20_000):
                syncing.start(by_hand=False)
            centre.start()

            with qtbot.waitSignal(syncing.succeeded, timeout=20_000):
                while not syncing.running and now[0] < 70:
                    now[0] += 1
                    syncing.tick()
                    qtbot.waitUntil(lambda: syncing.is_idle or syncing.running)

            assert now[0] <= 60
            assert office.standing().light is Light.GREEN
