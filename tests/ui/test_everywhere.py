"""One box over every kind: found while typing, opened with Enter, by keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.desk import View, a_window, found_unit, write_something
from tests.ui.invented import members
from vla_desktop.office import Office
from vla_desktop.store.everywhere import SHOWN, Match, find_everywhere
from vla_desktop.ui.pages.records import RecordsPage

pytestmark = pytest.mark.usefixtures("themed")
KINDS = ("member", "library")


def names(matches: list[Match]) -> list[str]:
    return [match.title for match in matches]


def ask(qtbot: QtBot, view: View, text: str) -> None:
    """Press Ctrl+K, type, and wait for what is found."""
    QTest.keyClick(view.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = view.inside.everywhere
    qtbot.waitUntil(box.isVisible)
    box.line.setText(text)
    qtbot.waitUntil(lambda: box.asked == text)


def test_members_and_libraries_are_found_together(office: Office) -> None:
    members(office.store, ["Trần Văn Đức"], found_unit(office))
    write_something(office, "Thư viện Trần Văn Đức")

    found = find_everywhere(office.store, "tran van duc", KINDS)

    assert [(one.kind, one.title) for one in found] == [
        ("member", "Trần Văn Đức"),
        ("library", "Thư viện Trần Văn Đức"),
    ]


def test_typed_marks_bring_their_bearer_to_the_top(office: Office) -> None:
    members(office.store, ["Trần Văn Dục", "Trần Văn Đức", "Trần Văn Đực"], found_unit(office))

    assert names(find_everywhere(office.store, "Trần Văn Đực", KINDS))[0] == "Trần Văn Đực"
    assert names(find_everywhere(office.store, "Trần Văn Dục", KINDS))[0] == "Trần Văn Dục"


def test_nothing_typed_finds_nothing(office: Office) -> None:
    write_something(office)

    assert find_everywhere(office.store, "  ", KINDS) == []


def test_a_kind_with_more_ends_with_a_line_for_all(office: Office) -> None:
    members(office.store, [f"Lê Thị Hoa {at}" for at in "abcdefg"], found_unit(office))

    found = find_everywhere(office.store, "le hoa", KINDS)

    assert [one.id is None for one in found] == [False] * SHOWN + [True]


def test_enter_opens_the_record(qtbot: QtBot, office: Office) -> None:
    library = write_something(office)
    with a_window(qtbot, office) as view:
        ask(qtbot, view, "ea h'leo")
        QTest.keyClick(view.inside.everywhere.line, Qt.Key.Key_Return)

        page = view.inside.pages.current
        assert isinstance(page, RecordsPage)
        assert view.inside.pages.shows("library")
        qtbot.waitUntil(lambda: page.panel.record_id == library)
        assert not view.inside.everywhere.isVisible()


def test_the_last_line_opens_the_list(qtbot: QtBot, office: Office) -> None:
    members(office.store, [f"Lê Thị Hoa {at}" for at in "abcdefg"], found_unit(office))
    with a_window(qtbot, office) as view:
        ask(qtbot, view, "le hoa")
        QTest.keyClick(view.inside.everywhere.line, Qt.Key.Key_Up)
        for _ in range(SHOWN):
            QTest.keyClick(view.inside.everywhere.line, Qt.Key.Key_Down)
        QTest.keyClick(view.inside.everywhere.line, Qt.Key.Key_Return)

        page = view.inside.pages.current
        assert isinstance(page, RecordsPage)
        assert page.finder.search.text() == "le hoa"


def test_finding_nothing_is_said(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        ask(qtbot, view, "không có ai")

        assert "Không tìm thấy" in view.inside.everywhere.note.text()


def test_the_line_above_the_pages_opens_the_box_by_mouse(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        QTest.mouseClick(view.inside.sidebar.finder, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(view.inside.everywhere.isVisible)
        qtbot.waitUntil(view.inside.everywhere.line.hasFocus)
        view.inside.everywhere.hide()
        view.window.resize(1024, 480)
        qtbot.waitUntil(lambda: not view.inside.sidebar.finder.isVisible())
