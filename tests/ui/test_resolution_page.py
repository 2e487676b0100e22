"""The resolution in the window: clerks read it, nobody writes it here, and it leads to the work."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sync.progress import Silent
from sync.records.task import Task
from sync.records.term import Term
from sync.server import resolutions
from tests.ui.desk import a_centre, a_window, enrol
from vla_desktop import paths
from vla_desktop.office import Office
from vla_desktop.store.store import Query
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.pages.resolution import ResolutionPage, read_terms

FILE = Path("resolutions") / "terms.json"


@pytest.fixture
def informed(office: Office, themed: QApplication, tmp_path: Path) -> Office:
    """An office that has received the resolution."""
    with a_centre(tmp_path) as centre:
        with centre.centre.desk() as desk:
            resolutions.load(desk, resolutions.read(paths.resources() / FILE))
        enrol(office, centre)
        office.synchronise(Silent())
    return office


def test_the_tasks_stand_there_with_their_targets_and_lead_to_the_work(
    qtbot: QtBot, informed: Office
) -> None:
    with a_window(qtbot, informed) as view:
        view.inside.pages.go(Destination("resolution"))
        page = view.inside.pages.current
        assert isinstance(page, ResolutionPage)
        qtbot.waitUntil(lambda: len(page.findChildren(QPushButton)) > 8)
        said = [label.text() for label in page.findChildren(QLabel)]
        assert "Khóa IV (2022–2027) · đang có hiệu lực" in said
        assert "Chưa có chỉ tiêu cho khóa này." in said
        assert "Chỉ tiêu: Tỉnh, thành phố có chi hội cấp tỉnh, 50 %, đến hết khóa" in said
        button = next(b for b in page.findChildren(QPushButton) if "Tổ chức Hội" in b.text())
        button.click()
        assert isinstance(view.inside.pages.current, RecordsPage)
        assert view.inside.pages.current.kind.__tablename__ == "organisation_unit"


def test_a_clerk_can_read_a_task_and_not_alter_it(qtbot: QtBot, informed: Office) -> None:
    [task] = informed.store.ids(Task, Query(search="hợp tác quốc tế"))[:1]
    with a_window(qtbot, informed) as view:
        view.inside.pages.go(Destination("task", id=task))
        page = view.inside.pages.current
        assert isinstance(page, RecordsPage)
        assert page.panel.isVisible()
        assert not page.add_button.isVisible()
        assert not page.panel.delete.isVisible()
        assert not page.panel.form.footer.save.isEnabled()
        assert not page.panel.form.save()
        said = [label.text() for label in page.panel.findChildren(QLabel) if label.isVisible()]
        assert "Do Trung ương ban hành; ở chi hội chỉ để xem." in said
        page.new_record()
        assert page.panel.record_id == task
        page._deeds.delete(Task, task)
    assert informed.store.count(Task, Query(bin=True)) == 0


def test_the_term_in_force_comes_first_then_the_newest(informed: Office) -> None:
    assert informed.store.count(Term, Query()) == 2

    def order(*day: int) -> list[tuple[object, bool]]:
        found = read_terms(informed.store, dt.date(*day))
        return [(read.term.values["number"], read.is_in_force) for read in found]

    assert order(2020, 1, 1) == [(3, True), (4, False)]
    assert order(2026, 1, 1) == [(4, True), (3, False)]
    assert order(2030, 1, 1) == [(4, False), (3, False)]
    tasks = read_terms(informed.store, dt.date(2020, 1, 1))[0].tasks
    assert [task.values["number"] for task in tasks] == list(range(1, 9))


def test_figures_have_the_targets_of_their_day(informed: Office) -> None:
    def aimed(*day: int) -> set[str]:
        """A branch alone has no ratio of provinces, and so no target for it."""
        return {f.code for f in informed.figures(dt.date(*day)) if f.target is not None}

    assert aimed(2020, 6, 1) == {"I1a", "I1b", "I3"}
    assert aimed(2026, 6, 1) == set()
