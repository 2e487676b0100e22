"""The page of targets, worked by the keyboard alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sync.changes import ASSOCIATION
from sync.records.headcount import Headcount
from sync.records.library import Library
from sync.records.member import Member
from sync.records.target import Target
from sync.records.task import Task
from sync.records.term import Term
from sync.records.types import Value
from tests.ui.conftest import Branch
from tests.ui.desk import View, a_window
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.frozen import FrozenPage
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.pages.targets import TargetsPage
from vla_desktop.ui.panels.aim_card import AimCard
from vla_desktop.ui.widgets.buttons import Button
from vla_desktop.ui.widgets.rows import ActionRow
from vla_desktop.ui.widgets.trend_chart import TrendChart

pytestmark = pytest.mark.usefixtures("themed")

YEAR = dt.datetime.now().astimezone().year


class Ground:
    """Universities with so many staff and members."""

    def __init__(self, office: Office, branch: Branch) -> None:
        self.store, self.branch = office.store, branch

    def university(self, name: str, staff: int | None, members: int) -> str:
        values: dict[str, Value] = {
            "name": name, "type": "university", "education": "university", "commune": "00004",
        }  # fmt: skip
        library = self.store.save(Library, values).id
        if staff is not None:
            count: dict[str, Value] = {
                "library": library,
                "year": YEAR,
                "total": staff,
                "source": "library",
            }
            self.store.save(Headcount, count)
        for number in range(members):
            person = self.branch.member(full_name=f"Nguyễn Thị {number}", workplace=library)
            self.store.save(Member, person)
        return library


@pytest.fixture
def ground(office: Office, branch: Branch) -> Ground:
    """With a term in force that asks for 70 % in universities, as if the centre had said so."""
    with writing(office.aims.engine) as session:
        said = {"scope": ASSOCIATION}
        session.add(Term(id="1" * 32, number=9, starts_on=dt.date(2020, 1, 1), **said))
        session.add(Task(id="2" * 32, term="1" * 32, number=1, **said))
        session.add(Target(id="3" * 32, task="2" * 32, indicator="I1a", value="70 %", **said))
    return Ground(office, branch)


@pytest.fixture
def opened(qtbot: QtBot) -> Callable[[View], TargetsPage]:
    def opening(view: View) -> TargetsPage:
        view.inside.go(Destination("targets"))
        page = view.inside.pages.current
        assert isinstance(page, TargetsPage)
        qtbot.waitUntil(lambda: page.board is not None)
        return page

    return opening


def card(page: TargetsPage, code: str) -> AimCard:
    assert page.board is not None
    return next(one for one in page.board.findChildren(AimCard) if one.aim.figure.code == code)


def texts(one: AimCard) -> list[str]:
    return [part.text() for part in one.findChildren(QLabel) if part.text()]


def test_what_is_needed_is_said_and_its_line_opens_the_library(
    qtbot: QtBot, office: Office, ground: Ground, opened: Callable[[View], TargetsPage]
) -> None:
    ground.university("Thư viện Đại học A", 10, 4)
    widest = ground.university("Thư viện Đại học B", 10, 1)
    with a_window(qtbot, office) as view:
        page = opened(view)
        shown = card(page, "I1a")
        assert "Cần thêm 9 hội viên ở 1 thư viện" in texts(shown)
        assert "Chưa đạt" in texts(shown)
        row = shown.findChildren(ActionRow)[0]
        assert row.accessibleName() == "+9 Thư viện Đại học B 1/10 người đã là hội viên"

        row.setFocus()
        QTest.keyClick(row, Qt.Key.Key_Return)

        there = view.inside.pages.current
        assert isinstance(there, RecordsPage)
        qtbot.waitUntil(lambda: there.panel.record_id == widest)


def test_without_headcounts_nothing_is_claimed(
    qtbot: QtBot, office: Office, ground: Ground, opened: Callable[[View], TargetsPage]
) -> None:
    ground.university("Thư viện Đại học A", None, 3)
    with a_window(qtbot, office) as view:
        shown = card(opened(view), "I1a")

        assert "Chưa đủ số liệu" in texts(shown)
        assert not any(words in ("0,0 %", "100,0 %") for words in texts(shown))
        assert "1 chưa có số" in texts(shown)
        assert not [words for words in texts(shown) if "/ 0" in words]
        assert "/ 0" not in shown.accessibleName()
        view.inside.go(Destination("overview"))
        said = [part.text() for part in view.inside.findChildren(QLabel) if part.isVisible()]
        assert not [words for words in said if words.endswith("/ 0")]


def test_over_a_tenth_missing_is_provisional_and_faults_are_listed(
    qtbot: QtBot, office: Office, ground: Ground, opened: Callable[[View], TargetsPage]
) -> None:
    over = ground.university("Thư viện Đại học A", 1, 3)
    ground.university("Thư viện Đại học B", 9, 5)
    ground.university("Thư viện Đại học C", None, 0)
    with a_window(qtbot, office) as view:
        page = opened(view)
        shown = card(page, "I1a")
        assert {"Tạm tính", "Có số liệu sai", "Đã đạt"} <= {*texts(shown)}
        row = shown.findChildren(ActionRow)[-1]
        assert row.accessibleName() == "Thư viện Đại học A 3 hội viên, mà nhân sự ghi là 1"

        QTest.keyClick(row, Qt.Key.Key_Space)

        there = view.inside.pages.current
        assert isinstance(there, RecordsPage)
        qtbot.waitUntil(lambda: there.panel.record_id == over)


def test_another_day_is_typed_and_today_comes_back(
    qtbot: QtBot, office: Office, ground: Ground, opened: Callable[[View], TargetsPage]
) -> None:
    ground.university("Thư viện Đại học A", 10, 4)
    with a_window(qtbot, office) as view:
        page = opened(view)
        page.day.line.setFocus()
        page.day.line.selectAll()
        QTest.keyClicks(page.day.line, "31122009")
        QTest.keyClick(page.day.line, Qt.Key.Key_Return)

        qtbot.waitUntil(lambda: card(page, "I1a").aim.figure.value is None)
        assert page.day.line.text() == "31/12/2009"


def test_a_term_without_a_level_is_neither_met_nor_missed(
    qtbot: QtBot, office: Office, ground: Ground, opened: Callable[[View], TargetsPage]
) -> None:
    with a_window(qtbot, office) as view:
        shown = texts(card(opened(view), "I3"))

        assert "Khóa này chưa đặt mức" in shown
        assert not {"Đã đạt", "Chưa đạt"} & {*shown}


def test_the_years_are_told_in_words_too(
    qtbot: QtBot, office: Office, ground: Ground, opened: Callable[[View], TargetsPage]
) -> None:
    ground.university("Thư viện Đại học A", 10, 4)
    with a_window(qtbot, office) as view:
        chart = card(opened(view), "I1a").findChildren(TrendChart)[0]

        said = chart.accessibleDescription()
        assert f"{YEAR}: 40,0 %" in said
        assert f"{YEAR - 5}: chưa đủ số liệu" in said


def test_the_map_is_walked_by_arrows_and_says_what_its_colours_mean(
    qtbot: QtBot, office: Office, ground: Ground, opened: Callable[[View], TargetsPage]
) -> None:
    ground.university("Thư viện Đại học A", 10, 4)
    with a_window(qtbot, office) as view:
        page = opened(view)
        tiles = {tile.spot.province: tile for tile in page.nation.tiles()}
        assert len(tiles) == 34
        assert "Chưa có số liệu toàn quốc" in page.nation.told.text()
        assert tiles["01"].accessibleName() == "Hà Nội: 40,0 % (4 / 10), chưa đạt"
        assert tiles["48"].accessibleName() == "Đà Nẵng · Hoàng Sa: –, chưa công bố"

        tiles["01"].setFocus()
        QTest.keyClick(tiles["01"], Qt.Key.Key_Right)
        qtbot.waitUntil(tiles["24"].hasFocus)
        QTest.keyClick(tiles["24"], Qt.Key.Key_Down)
        qtbot.waitUntil(tiles["33"].hasFocus)


def test_figures_are_frozen_by_the_keyboard_and_a_correction_asks_why(
    qtbot: QtBot, office: Office, ground: Ground, tmp_path: Path
) -> None:
    ground.university("Thư viện Đại học A", 10, 4)
    with a_window(qtbot, office) as view:
        view.inside.go(Destination("frozen_figure"))
        page = view.inside.pages.current
        assert isinstance(page, FrozenPage)
        QTest.keyClick(page.form.name, Qt.Key.Key_Return)
        assert page.form.fault.isVisible()
        QTest.keyClicks(page.form.name, "Bao cao nam")
        QTest.keyClick(page.form.name, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: len(page.shown()) == 1)

        card = page.shown()[0]
        card.compare()
        card.write_pdf(tmp_path / "page.pdf")
        assert (tmp_path / "page.pdf").read_bytes()[:4] == b"%PDF"
        revise = next(one for one in card.findChildren(Button) if one.text() == "Lập bản sửa")
        QTest.keyClick(revise, Qt.Key.Key_Space)
        QTest.keyClick(page.form.reason, Qt.Key.Key_Return)
        assert "lý do" in page.form.fault.text()
        QTest.keyClicks(page.form.reason, "Ghi sot")
        QTest.keyClick(page.form.reason, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: len(page.shown()) == 2)
        assert page.shown()[0].frozen.revision == 2
