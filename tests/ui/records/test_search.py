"""Finding people while typing, in the real list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from sync.records.member import Member
from tests.ui import invented
from tests.ui.keys import type_in
from tests.ui.records.conftest import Open
from vla_desktop.store.store import Query, RecordState, Store
from vla_desktop.ui.pages.records import RecordsPage

NAMES = ["Trần Văn Đức", "Trần Văn Dục", "Đặng Thị Đào", "Lê Thị Dung", "Phạm Hồng Hạnh"]


@pytest.fixture
def page(store: Store, open_page: Open) -> RecordsPage:
    invented.members(store, NAMES)
    return open_page()


def found(page: RecordsPage) -> list[str]:
    model = page.listing.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def search(qtbot: QtBot, page: RecordsPage, text: str) -> list[str]:
    page.finder.search.clear()
    type_in(page.finder.search, text)
    qtbot.waitUntil(lambda: page.listing.model.query.search == text.strip())
    return found(page)


def test_a_name_without_marks_finds_the_name_with_marks_first(
    page: RecordsPage, qtbot: QtBot
) -> None:
    assert search(qtbot, page, "tran van duc")[0] in {"Trần Văn Dục", "Trần Văn Đức"}
    page.finder.search.setText("Trần Văn Đức")
    QTest.keyClick(page.finder.search, Qt.Key.Key_Return)
    assert found(page)[0] == "Trần Văn Đức"


def test_d_finds_d_with_stroke_and_the_given_name_alone_is_enough(
    page: RecordsPage, qtbot: QtBot
) -> None:
    assert "Trần Văn Đức" in search(qtbot, page, "duc")
    assert search(qtbot, page, "dao dang") == ["Đặng Thị Đào"]
    assert search(qtbot, page, "HẠNH") == ["Phạm Hồng Hạnh"]


def test_the_count_says_how_many_of_how_many(page: RecordsPage, qtbot: QtBot) -> None:
    assert page.header.subtitle.text() == "5 hội viên"
    search(qtbot, page, "hong")
    assert page.header.subtitle.text() == "1 trong 5 hội viên"


def test_nothing_found_says_what_to_try_and_leads_back(page: RecordsPage, qtbot: QtBot) -> None:
    search(qtbot, page, "zzz")
    assert page.listing.currentWidget() is page.listing.empty
    page.listing.empty.button.click()
    assert len(found(page)) == 5
    assert page.finder.search.text() == ""


def test_esc_in_the_search_box_empties_it(page: RecordsPage, qtbot: QtBot) -> None:
    search(qtbot, page, "hong")
    QTest.keyClick(page.finder.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(found(page)) == 5)


def test_letters_typed_in_the_list_go_into_the_search_box(page: RecordsPage, qtbot: QtBot) -> None:
    page.table.setFocus()
    type_in(page.table, "h")
    assert page.finder.search.text() == "h"
    qtbot.waitUntil(lambda: found(page) == ["Phạm Hồng Hạnh"])


def test_a_filter_narrows_and_is_cleared_at_once(
    page: RecordsPage, store: Store, qtbot: QtBot
) -> None:
    one = store.ids(Member, Query(search="Dung"))[0]
    store.save(Member, {"status": "paused"}, one)
    bar = page.finder.filters
    bar.buttons["status"].choose("paused", "Tạm dừng")
    assert found(page) == ["Lê Thị Dung"]
    assert "Tạm dừng" in bar.buttons["status"].text()
    assert bar.clear.isVisible()
    bar.clear.click()
    assert len(found(page)) == 5
    assert not bar.clear.isVisible()


def test_a_link_is_filtered_by_typing_part_of_its_name(
    page: RecordsPage, store: Store, qtbot: QtBot
) -> None:
    school = invented.unit(store, "Chi hội Trường học")
    invented.members(store, ["Võ Thị Sáu"], school)
    page.listing.refresh()
    button = page.finder.filters.buttons["unit"]
    button.drop_down()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    line = popup.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    type_in(line, "truong hoc")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert found(page) == ["Võ Thị Sáu"]


def test_the_state_is_a_filter_too(page: RecordsPage, qtbot: QtBot) -> None:
    state = page.finder.filters.state
    state.choose(RecordState.UNSENT, "Chưa gửi")
    assert len(found(page)) == 5
    state.choose(RecordState.CONFIRMED, "Đã được Trung ương lưu")
    assert found(page) == []
    assert page.listing.currentWidget() is page.listing.empty


def test_a_question_no_button_can_show_is_shown_and_can_be_dropped(
    page: RecordsPage, store: Store, qtbot: QtBot
) -> None:
    one = store.ids(Member, Query(search="Dung"))[0]
    store.save(Member, {"card_no": "00007"}, one)
    page.show_query(Query(filters={"card_no": None}))
    assert "Lê Thị Dung" not in found(page)
    assert len(found(page)) == 4
    beyond = page.finder.filters.beyond
    assert "Số thẻ: để trống" in beyond.text()
    beyond.click()
    assert len(found(page)) == 5
    page.show_query(Query(ids=frozenset({one})))
    assert found(page) == ["Lê Thị Dung"]
