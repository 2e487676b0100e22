"""The first page: what waits to be done, the numbers, and how an empty office begins."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sync.indicators.figure import Figure
from sync.records.headcount import Headcount
from sync.records.library import Library
from sync.records.member import Member
from sync.records.types import Value
from tests.ui.conftest import Branch
from tests.ui.desk import View, a_window
from vla_desktop.office import Office, ToDo
from vla_desktop.store.store import Query
from vla_desktop.ui.pages.overview import OverviewPage, caveat_words, needed_words
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.widgets.cards import FigureView
from vla_desktop.ui.widgets.rows import ActionRow

pytestmark = pytest.mark.usefixtures("themed")


def overview(view: View) -> OverviewPage:
    page = view.inside.pages.current
    assert isinstance(page, OverviewPage)
    return page


def test_an_empty_office_teaches_three_steps_and_the_first_opens_a_form(
    qtbot: QtBot, office: Office
) -> None:
    with a_window(qtbot, office) as view:
        page = overview(view)
        qtbot.waitUntil(page.first_steps.isVisible)
        steps = page.first_steps.findChildren(ActionRow)
        assert [row.accessibleName()[:2] for row in steps] == ["1.", "2.", "3."]

        QTest.keyClick(steps[0], Qt.Key.Key_Return)

        opened = view.inside.pages.current
        assert isinstance(opened, RecordsPage)
        assert view.inside.pages.shows("organisation_unit")
        qtbot.waitUntil(opened.panel.isVisible)


def test_what_waits_to_be_done_opens_the_list_it_counts(
    qtbot: QtBot, office: Office, branch: Branch
) -> None:
    office.store.save(Member, branch.member(consented=False))
    office.store.save(Member, branch.member(full_name="Lê Văn Đức", consented=False))
    today = dt.datetime.now().astimezone().date()
    wanted = {item.sentence: item.count for item in office.to_do(today)}
    with a_window(qtbot, office) as view:
        page = overview(view)
        qtbot.waitUntil(lambda: len(page.to_do.findChildren(ActionRow)) == len(wanted))
        row = next(
            row for row in page.to_do.findChildren(ActionRow) if "đồng ý" in row.accessibleName()
        )
        assert row.accessibleName().startswith("2 ")

        QTest.keyClick(row, Qt.Key.Key_Space)

        opened = view.inside.pages.current
        assert isinstance(opened, RecordsPage)
        qtbot.waitUntil(lambda: opened.table.model().rowCount() == 2)


def test_the_numbers_follow_what_is_saved(qtbot: QtBot, office: Office, branch: Branch) -> None:
    with a_window(qtbot, office) as view:
        page = overview(view)
        qtbot.waitUntil(lambda: "1" in texts(page.counts))

        office.store.save(Library, {"name": "Thư viện huyện", "type": "public", "commune": "00004"})

        qtbot.waitUntil(lambda: "2" in texts(page.counts))


def test_ratios_stand_on_cards_with_their_parts(
    qtbot: QtBot, office: Office, branch: Branch
) -> None:
    with a_window(qtbot, office) as view:
        page = overview(view)
        qtbot.waitUntil(lambda: bool(page.figures.findChildren(FigureView)))
        today = dt.datetime.now().astimezone().date()
        ratios = [figure for figure in office.figures(today) if figure.is_ratio]

        assert len(page.figures.findChildren(FigureView)) == len(ratios)


def test_a_figure_opens_the_lists_it_speaks_of_by_the_keyboard(
    qtbot: QtBot, office: Office, branch: Branch
) -> None:
    school = {"type": "education", "education": "primary", "commune": "00004"}
    counted = office.store.save(Library, {"name": "Thư viện Trường Tiểu học", **school}).id
    office.store.save(Library, {"name": "Thư viện Trường Mầm xanh", **school})
    year = dt.datetime.now().astimezone().year
    count: dict[str, Value] = {"library": counted, "year": year, "total": 2, "source": "library"}
    office.store.save(Headcount, count)
    with a_window(qtbot, office) as view:
        page = overview(view)
        qtbot.waitUntil(lambda: len(page.figures.findChildren(QPushButton)) == 2)
        ways = page.figures.findChildren(QPushButton)
        assert [way.text() for way in ways] == [
            "1 thư viện chưa có số nhân sự  ›",
            "1 thư viện còn người chưa là hội viên  ›",
        ]

        QTest.keyClick(ways[1], Qt.Key.Key_Space)

        opened = view.inside.pages.current
        assert isinstance(opened, RecordsPage)
        qtbot.waitUntil(lambda: opened.table.model().rowCount() == 1)
        assert opened.listing.model.id_at(0) == counted


def test_what_the_lists_say_is_not_said_twice() -> None:
    figure = Figure(
        "I1a", "Tỷ lệ", Fraction(1, 2), 1, 2, Fraction(7, 10),
        note="Tạm tính: thiếu số nhân sự của 1/5 thư viện.", missing=1, provisional=True,
    )  # fmt: skip
    missing = ToDo("Thư viện chưa có số nhân sự", 1, Library, Query(), "people")

    assert caveat_words(figure, [missing]) == "số tạm tính"
    assert caveat_words(figure) == figure.note


@pytest.mark.parametrize(("width", "beside"), [(1366, True), (760, False)])
def test_cards_stand_side_by_side_where_there_is_room(
    qtbot: QtBot, office: Office, branch: Branch, width: int, beside: bool
) -> None:
    with a_window(qtbot, office, (width, 768)) as view:
        page = overview(view)
        qtbot.waitUntil(page.board.isVisible)
        left, right = (part.mapTo(page, QPoint()) for part in (page.to_do, page.figures))

        assert (left.y() == right.y()) is beside
        assert (left.x() == right.x()) is not beside


def test_nothing_is_promised_where_the_numbers_do_not_suffice() -> None:
    unknown = Figure("I1a", "Tỷ lệ", None, 0, 0, Fraction(7, 10))

    assert "chưa đủ số liệu" in caveat_words(unknown)
    assert needed_words(unknown) == ""


def test_what_is_missing_to_the_target_is_counted_exactly() -> None:
    close = Figure("I1a", "Tỷ lệ", Fraction(610, 927), 610, 927, Fraction(7, 10))
    met = Figure("I1a", "Tỷ lệ", Fraction(7, 10), 7, 10, Fraction(7, 10))

    assert needed_words(close) == "cần thêm 39 hội viên"
    assert needed_words(met) == ""


def texts(widget: object) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]  # type: ignore[attr-defined]
