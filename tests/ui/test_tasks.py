"""Long work: off the window's thread, with progress and cancel, and no failure ever swallowed."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThreadPool, QTimer
from pytestqt.qtbot import QtBot

from sync.problems import Problem
from sync.progress import Progress
from vla_desktop.ui.tasks import Task, database_pool


@pytest.fixture
def owner(qapp: object) -> Iterator[QObject]:
    parent = QObject()
    yield parent
    for pool in parent.findChildren(QThreadPool):
        pool.waitForDone()
    parent.deleteLater()


@pytest.fixture
def pool(owner: QObject) -> QThreadPool:
    return database_pool(owner)


def test_the_result_arrives_in_the_window_s_thread(
    qtbot: QtBot, pool: QThreadPool, owner: QObject
) -> None:
    seen: list[tuple[object, threading.Thread]] = []
    task = Task(lambda _: threading.current_thread(), pool, owner)
    task.succeeded.connect(lambda result: seen.append((result, threading.current_thread())))

    with qtbot.waitSignal(task.finished):
        task.start()

    worker, listener = seen[0]
    assert listener is threading.main_thread()
    assert worker is not threading.main_thread()


def test_a_failure_is_carried_over_as_it_was_raised(
    qtbot: QtBot, pool: QThreadPool, owner: QObject
) -> None:
    def work(progress: Progress) -> None:
        raise Problem("Đĩa đầy.", "Xóa bớt tệp rồi thử lại.", code="disk_full")

    task = Task(work, pool, owner)
    with qtbot.waitSignal(task.failed) as failed, qtbot.assertNotEmitted(task.succeeded):
        task.start()

    assert failed.args is not None
    assert failed.args[0].code == "disk_full"
    assert not task.running


def test_cancel_is_heard_at_the_next_report_and_is_no_failure(
    qtbot: QtBot, pool: QThreadPool, owner: QObject
) -> None:
    def work(progress: Progress) -> None:
        for done in range(10_000):
            progress.report(done, 10_000, "Đang làm")
            time.sleep(0.002)

    task = Task(work, pool, owner)
    task.progressed.connect(task.cancel)
    with qtbot.assertNotEmitted(task.failed), qtbot.waitSignal(task.cancelled, timeout=3000):
        task.start()


def test_work_cancelled_while_queued_never_begins(
    qtbot: QtBot, pool: QThreadPool, owner: QObject
) -> None:
    gate = threading.Event()
    begun: list[int] = []
    first = Task(lambda _: gate.wait(5), pool, owner)
    second = Task(lambda _: begun.append(1), pool, owner)
    first.start()
    second.start()

    second.cancel()
    with qtbot.waitSignal(second.cancelled):
        gate.set()

    assert begun == []


def test_work_on_the_database_never_runs_side_by_side(
    qtbot: QtBot, pool: QThreadPool, owner: QObject
) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(progress: Progress) -> None:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()

    tasks = [Task(work, pool, owner) for _ in range(5)]
    with qtbot.waitSignals([task.finished for task in tasks]):
        for task in tasks:
            task.start()

    assert max(most) == 1


def test_a_storm_of_reports_reaches_the_window_thinned_and_with_the_last_one(
    qtbot: QtBot, pool: QThreadPool, owner: QObject
) -> None:
    def work(progress: Progress) -> None:
        for done in range(1, 50_001):
            progress.report(done, 50_000, "Đang ghi")

    seen: list[int] = []
    task = Task(work, pool, owner)
    task.progressed.connect(lambda done, *_: seen.append(done))
    with qtbot.waitSignal(task.finished):
        task.start()

    assert len(seen) < 100
    assert seen[-1] == 50_000
    assert seen == sorted(seen)


def test_the_window_goes_on_while_work_runs(
    qtbot: QtBot, pool: QThreadPool, owner: QObject
) -> None:
    ticks: list[float] = []
    clock = QTimer(owner)
    clock.timeout.connect(lambda: ticks.append(time.monotonic()))
    clock.start(10)
    task = Task(lambda _: time.sleep(0.4), pool, owner)

    with qtbot.waitSignal(task.finished):
        task.start()

    gaps = [after - before for before, after in itertools.pairwise(ticks)]
    assert len(ticks) > 10
    assert max(gaps) < 0.3
