"""The real window, painted off the screen: opening the list, typing into the search, saving."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from sync.records import KINDS
from sync.records.member import Member
from tests.bench.figures import Figures, median, p95, times_ms
from tests.bench.store import keystrokes
from vla_desktop.demo.stage import PASSPHRASE, Stage
from vla_desktop.office import Office
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.recordform import RecordForm
from vla_desktop.ui.run import Opening


def until(holds: Callable[[], bool]) -> None:
    """Let the window live until it holds."""
    while not holds():
        loop = QEventLoop()
        QTimer.singleShot(1, loop.quit)
        loop.exec()


def measure(stage: Stage, figures: Figures) -> None:
    """Figures of the window on an office of 3,000 members."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["vla"])
    opening = Opening(stage.first, app)
    opening.window.resize(1366, 768)
    until(lambda: opening.door is not None)
    assert opening.door is not None
    opening.door.opened.emit(Office.open(stage.first, PASSPHRASE))
    view = opening.window.view
    assert view is not None
    until(lambda: view.pool.activeThreadCount() == 0)
    began = time.perf_counter()
    view.pages.show_page("member")
    page = view.pages.current
    assert isinstance(page, RecordsPage)
    until(lambda: page.listing.model.rowCount() > 0)
    opening.window.grab()
    figures.add(
        "opening the list of members, painted", (time.perf_counter() - began) * 1000, "ms", 300
    )
    slowest = max(min(times_ms(partial(RecordForm, view.office.store, k), 3)) for k in KINDS)
    figures.add("building the slowest form", slowest, "ms")
    _type(page, figures)
    _save(page, figures)
    opening.window.close()
    until(lambda: opening.window.view is None)
    opening.close()


def _type(page: RecordsPage, figures: Figures) -> None:
    """What a key costs once the pause after it is over: question, rows, paint."""
    taken = []
    for text in keystrokes():
        page.finder.search.setText(text)
        began = time.perf_counter()
        page.listing.ask(page.finder.apply(page.listing.model.query))
        page.listing.grab()
        taken.append((time.perf_counter() - began) * 1000)
    figures.add("a key in the search box, list painted: median", median(taken), "ms")
    figures.add("a key in the search box, list painted: p95", p95(taken), "ms", 30)
    page.finder.ask_for_all()


def _save(page: RecordsPage, figures: Figures) -> None:
    page.open_record(page.listing.model.id_at(0) or "")
    form = page.panel.form
    taken = []
    for turn in range(30):
        form.body.rows[Member.note.key].editor.set_value(f"lần {turn}")
        form.body.rows[Member.note.key].editor.changed.emit()
        began = time.perf_counter()
        assert form.save()
        taken.append((time.perf_counter() - began) * 1000)
    figures.add("Lưu in the form, all the window's work: median", median(taken), "ms")
    figures.add("Lưu in the form, all the window's work: p95", p95(taken), "ms")
