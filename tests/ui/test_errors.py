"""Where failures end: two sentences for the world's, a report without personal data for ours."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sync.problems import Finding, InvalidRecord, Problem
from sync.progress import Cancelled
from vla_desktop.ui.crash_report import KEPT_REPORTS
from vla_desktop.ui.dialogs.crash import CrashDialog
from vla_desktop.ui.errors import Errors

pytestmark = pytest.mark.usefixtures("themed")

CANARY = "Đặng Thị Hoàng Yến 0100999888"


class Board:
    """A place for messages that remembers them."""

    def __init__(self) -> None:
        self.shown: list[Problem] = []

    def show_problem(self, problem: Problem) -> None:
        self.shown.append(problem)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "reports"


@pytest.fixture
def errors(board: Board, folder: Path, window: QWidget) -> Iterator[Errors]:
    errors = Errors(board, folder, window)
    yield errors
    errors.uninstall()


def a_fault() -> Exception:
    """Raised for real, with a person's name in its message and beside it."""
    person = CANARY
    try:
        try:
            raise KeyError(person)
        except KeyError as cause:
            raise RuntimeError(f"cannot save {person}") from cause
    except RuntimeError as fault:
        return fault


def dialogs(window: QWidget) -> list[CrashDialog]:
    return [dialog for dialog in window.findChildren(CrashDialog) if dialog.isVisible()]


def reports(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*"))]


def test_a_problem_is_two_sentences_and_no_report(
    errors: Errors, board: Board, folder: Path, window: QWidget
) -> None:
    errors.show(Problem("Đĩa đầy.", "Xóa bớt tệp.", code="disk_full"))

    assert [problem.advice for problem in board.shown] == ["Xóa bớt tệp."]
    assert not folder.exists()
    assert dialogs(window) == []


def test_a_cancel_is_shown_to_nobody(errors: Errors, board: Board, folder: Path) -> None:
    errors.show(Cancelled())

    assert board.shown == []
    assert not folder.exists()


def test_broken_rules_are_told_by_their_sentences(errors: Errors, board: Board) -> None:
    errors.show(InvalidRecord([Finding("full_name", "Cần có họ và tên.")]))

    assert "Cần có họ và tên." in board.shown[0].what


def test_a_crash_report_says_where_and_nothing_about_whom(errors: Errors, folder: Path) -> None:
    errors.show(a_fault())

    (report,) = reports(folder)
    assert "RuntimeError" in report
    assert "KeyError" in report
    assert "test_errors.py:" in report
    assert "a_fault" in report
    for word in (*CANARY.split(), "cannot save", str(Path.home()), str(folder)):
        assert word not in report


def test_the_dialog_says_the_work_is_safe_and_copies_the_report(
    errors: Errors, folder: Path, window: QWidget
) -> None:
    errors.show(a_fault())

    (dialog,) = dialogs(window)
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Sao chép")
    copy.click()
    assert QGuiApplication.clipboard().text() == reports(folder)[0]
    dialog.accept()


def test_a_second_crash_is_kept_but_opens_no_second_dialog(
    errors: Errors, folder: Path, window: QWidget
) -> None:
    errors.show(a_fault())
    errors.show(a_fault())

    assert len(dialogs(window)) == 1
    assert len(reports(folder)) == 2
    dialogs(window)[0].accept()
    errors.show(a_fault())
    assert len(dialogs(window)) == 1


def test_only_the_newest_reports_are_kept(errors: Errors, folder: Path) -> None:
    for _ in range(KEPT_REPORTS + 5):
        errors.show(a_fault())

    assert len(reports(folder)) == KEPT_REPORTS


def test_a_folder_that_cannot_be_written_still_leaves_the_dialog(
    board: Board, tmp_path: Path, window: QWidget
) -> None:
    in_the_way = tmp_path / "reports"
    in_the_way.write_text("a file, not a folder", encoding="utf-8")

    Errors(board, in_the_way, window).show(a_fault())

    assert len(dialogs(window)) == 1


def test_a_fault_in_a_slot_reaches_the_clerk(
    qtbot: QtBot, errors: Errors, folder: Path, window: QWidget
) -> None:
    button = QPushButton(window)
    button.clicked.connect(lambda: 1 // 0)
    errors.install()

    button.click()

    qtbot.waitUntil(lambda: bool(dialogs(window)))
    assert "ZeroDivisionError" in reports(folder)[0]


def test_a_fault_in_a_thread_reaches_the_clerk(
    qtbot: QtBot, errors: Errors, folder: Path, window: QWidget
) -> None:
    errors.install()
    thread = threading.Thread(target=lambda: next(iter(())))

    thread.start()
    thread.join()

    qtbot.waitUntil(lambda: bool(dialogs(window)))
    assert "StopIteration" in reports(folder)[0]


def test_the_hooks_are_given_back(errors: Errors) -> None:
    errors.install()
    errors.uninstall()

    assert sys.excepthook is sys.__excepthook__
    assert threading.excepthook is threading.__excepthook__
