"""The page on which clerks live: list, form, drafts, bin, news, keys."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sync.problems import Level
from sync.records import KINDS
from sync.records.base import Keeper, Record
from sync.records.member import Member
from sync.records.types import Day, PartialDay
from tests.ui import invented
from tests.ui.keys import type_in
from tests.ui.records.conftest import NAMES, WIDE, Open
from vla_desktop.store.store import RecordState, Store
from vla_desktop.ui.navigation import Leaves, ShowsRecords
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.theme import Mode, apply_theme
from vla_desktop.ui.widgets.message_bar import MessageBar

NARROW = 860


def listed(page: RecordsPage) -> list[str]:
    model = page.listing.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def field_line(page: RecordsPage, name: str) -> QWidget:
    return page.panel.form.body.rows[name].editor.main()


# --- opening ---------------------------------------------------------------------------------


OURS = [kind for kind in KINDS if kind.keeper is not Keeper.CENTRE]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__tablename__)
def test_every_kind_has_a_page_that_teaches_while_it_is_empty(
    kind: type[Record], open_page: Open
) -> None:
    page = open_page(kind)
    assert page.listing.currentWidget() is page.listing.empty
    texts = [label.text() for label in page.listing.empty.findChildren(QLabel)]
    assert any(len(text) > 40 for text in texts)
    assert page.listing.empty.button.isVisible()
    page.listing.empty.button.click()
    assert page.panel.isVisible()
    assert isinstance(page, ShowsRecords)
    assert isinstance(page, Leaves)


def test_enter_opens_the_record_and_esc_leads_back(
    ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    assert page.table.current_id() == ids[0]
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.panel.isVisible()
    assert page.panel.title.text() == "Phạm Văn Bình"
    assert field_line(page, "full_name").hasFocus()
    QTest.keyClick(field_line(page, "full_name"), Qt.Key.Key_Escape)
    assert page.table.hasFocus()
    assert page.panel.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert not page.panel.isVisible()


def test_with_room_the_form_stands_beside_the_list_and_follows_it(
    ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page(width=WIDE)
    page.open_record(ids[0])
    assert page.listing.isVisible()
    assert not page.panel.back.isVisible()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.panel.title.text() == "Phạm Văn Bình")


def test_without_room_the_form_takes_the_place_of_the_list(
    ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page(width=NARROW)
    page.open_record(ids[0])
    assert page.panel.isVisible()
    assert not page.listing.isVisible()
    page.panel.back.click()
    assert page.listing.isVisible()
    assert not page.panel.isVisible()
    page.open_record(ids[0])
    page.resize(WIDE, 720)
    assert page.listing.isVisible()
    assert page.panel.isVisible()


def test_a_low_page_keeps_room_for_the_list_and_folds_the_filters(
    ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page(width=NARROW)
    filters = page.finder.filters
    before = page.table.height()
    assert not filters.fold.isVisible()
    page.resize(575, 296)
    qtbot.waitUntil(lambda: page.table.height() > 4 * page.table.rowHeight(0))
    assert not page.header.isVisible()
    assert page.add_button.isVisible()
    assert not filters.state.isVisible()
    filters.fold.click()
    assert filters.state.isVisible()
    filters.state.choose(RecordState.UNSENT, "Chưa gửi")
    assert filters.fold.text() == "Lọc (1)"
    page.resize(NARROW, 720)
    assert page.header.isVisible()
    assert filters.state.isVisible()
    assert not filters.fold.isVisible()
    qtbot.waitUntil(lambda: page.table.height() == before)


def test_days_are_whole_in_the_narrowest_column(ids: list[str], open_page: Open) -> None:
    page = open_page(width=NARROW)
    columns = page.listing.model.columns
    for column, field in enumerate(columns):
        if isinstance(field.type, Day | PartialDay):
            room = page.table._width_of(column)
            drawn = page.table.fontMetrics().horizontalAdvance("30/09/2022")
            # Twice the padding of a cell, and what the style leaves free beside a text.
            assert room >= drawn + 2 * 13 + 2


def test_columns_that_do_not_fit_give_way_but_never_the_state(
    ids: list[str], open_page: Open
) -> None:
    page = open_page(width=NARROW)
    hidden = [page.table.isColumnHidden(each) for each in range(page.listing.model.columnCount())]
    assert any(hidden)
    assert not hidden[0]
    assert not hidden[-1]
    assert page.table.horizontalScrollBar().maximum() == 0


def test_a_column_set_by_hand_keeps_its_width(ids: list[str], open_page: Open) -> None:
    page = open_page(width=WIDE)
    page.table.setColumnWidth(0, 333)
    page.resize(WIDE + 60, 720)
    assert page.table.columnWidth(0) == 333


def test_rows_grow_with_the_letters(themed: QApplication, ids: list[str], open_page: Open) -> None:
    page = open_page()
    before = page.table.rowHeight(0)
    apply_theme(themed, Mode.LIGHT, 2.0)
    after = page.table.rowHeight(0)
    apply_theme(themed, Mode.LIGHT)
    assert after > before + 10


def test_a_record_that_has_gone_is_said_to_be_gone(
    ids: list[str], open_page: Open, messages: MessageBar
) -> None:
    page = open_page()
    page.open_record("f" * 32)
    assert "không còn" in messages.text()
    assert not page.panel.isVisible()


# --- writing ---------------------------------------------------------------------------------


def test_ctrl_n_begins_a_new_record_that_shows_in_the_list_once_saved(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot, messages: MessageBar
) -> None:
    page = open_page()
    QTest.keyClick(page.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert page.panel.title.text() == "Hội viên mới"
    form = page.panel.form
    assert field_line(page, "full_name").hasFocus()
    of_unit = store.get(Member, ids[0])
    assert of_unit is not None
    for name, value in invented.member_values("Vũ Thị Én", str(of_unit.values["unit"])).items():
        form.body.rows[name].editor.set_value(value)
    assert form.save()
    assert "Vũ Thị Én" in listed(page)
    assert page.table.current_id() == page.panel.record_id
    assert messages.text().startswith("Đã lưu “Vũ Thị Én”")
    assert page.header.subtitle.text() == "5 hội viên"


def test_what_was_saved_stays_in_sight_when_the_message_takes_its_room(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot, messages: MessageBar
) -> None:
    unit = store.get(Member, ids[0])
    assert unit is not None
    more = [f"Lê Thị Hoa {letter}" for letter in "ABCDEGHIKLMNOPQRSTUVXY"]
    invented.members(store, more, str(unit.values["unit"]))
    page = open_page()
    above = page.layout()
    assert isinstance(above, QVBoxLayout)
    above.insertWidget(0, messages)
    row_height = page.table.rowHeight(0)
    last_seen = page.table.viewport().height() // row_height - 1
    page.open_record(str(page.listing.model.id_at(last_seen)))
    type_in(field_line(page, "full_name"), str(page.table.currentIndex().data()))
    page.panel.form.body.rows["occupation"].editor.set_value("Giám đốc")
    assert page.panel.form.save()
    assert messages.isVisible()
    qtbot.wait(100)
    assert page.table.current_id() == page.panel.record_id
    top = page.table.rowViewportPosition(page.table.currentIndex().row())
    assert 0 <= top <= page.table.viewport().height() - row_height


def test_the_foot_of_the_form_still_says_saved_when_the_news_arrive(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    page.open_record(ids[0])
    type_in(field_line(page, "full_name"), "Lê Thị Ánh")
    assert page.panel.form.save()
    qtbot.wait(100)
    assert page.panel.form.footer.state().startswith("Đã lưu")
    doubts = page.panel.form.judge.count(Level.WARN)
    assert (str(doubts) in page.panel.form.footer.state()) == bool(doubts)


def test_what_a_filter_hides_after_saving_is_told(
    store: Store, ids: list[str], open_page: Open, messages: MessageBar
) -> None:
    page = open_page()
    page.finder.search.setText("An")
    page.finder.search._say()
    page.open_record(ids[0])
    type_in(field_line(page, "full_name"), "Vũ Thị Én")
    assert page.panel.form.save()
    assert "đang lọc" in messages.text()


def test_ctrl_z_takes_back_the_last_save(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    store.save(Member, {"full_name": "Lê Thị Ánh"}, ids[0])
    qtbot.waitUntil(lambda: "Lê Thị Ánh" in listed(page))
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Lê Thị An" in listed(page))


def test_what_is_half_typed_is_kept_when_another_record_is_opened(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    page.open_record(ids[0])
    type_in(field_line(page, "full_name"), "Lê Thị Anh Thư")
    page.open_record(ids[1])
    assert page.panel.title.text() == "Phạm Văn Bình"
    assert "Đã giữ bản nháp" in page.draft_line.text()
    assert store.draft(Member, ids[0]) == {"full_name": "Lê Thị Anh Thư"}
    row = store.get(Member, ids[0])
    assert row is not None
    assert row.title == "Lê Thị An"
    page.open_record(ids[0])
    assert page.panel.form.values()["full_name"] == "Lê Thị Anh Thư"
    assert page.panel.form.is_dirty()


def test_leaving_the_page_keeps_the_draft_without_a_question(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    page.open_record(ids[0])
    type_in(field_line(page, "full_name"), "Lê Thị Anh")
    page.leave()
    assert store.draft(Member, ids[0]) == {"full_name": "Lê Thị Anh"}
    assert QApplication.activeModalWidget() is None


def test_a_page_left_before_any_form_was_opened_keeps_no_draft(
    store: Store, open_page: Open
) -> None:
    page = open_page()
    page.leave()
    page.hide()
    assert store.drafts() == []
    page.show()
    page.new_record()
    assert page.panel.form.values()["subject"] == "person"


# --- the bin ---------------------------------------------------------------------------------


def test_delete_moves_to_the_bin_and_the_message_takes_it_back(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot, messages: MessageBar
) -> None:
    page = open_page()
    page.table.go_to(ids[1])
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "Phạm Văn Bình" not in listed(page))
    assert page.table.current_id() == ids[2]
    assert messages.text() == "Đã chuyển “Phạm Văn Bình” vào thùng rác."
    messages._button.click()
    qtbot.waitUntil(lambda: "Phạm Văn Bình" in listed(page))


def test_the_bin_lists_what_was_deleted_and_gives_it_back(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    store.delete(Member, ids[3])
    page = open_page()
    page.finder.filters.bin.click()
    assert listed(page) == ["Đỗ Văn Đức"]
    assert page.header.subtitle.text() == "1 hội viên trong thùng rác"
    page.open_record(ids[3])
    assert "thùng rác" in page.panel.note.text()
    assert not page.panel.form.footer.save.isEnabled()
    page.panel.note._button.click()
    qtbot.waitUntil(lambda: listed(page) == [])
    assert page.panel.form.footer.save.isEnabled()
    texts = [label.text() for label in page.listing.empty.findChildren(QLabel)]
    assert "Thùng rác trống" in texts
    page.finder.filters.bin.click()
    assert len(listed(page)) == 4


# --- news ------------------------------------------------------------------------------------


def test_news_from_another_thread_changes_the_list_and_keeps_the_current_record(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    page.table.go_to(ids[2])
    unit = store.get(Member, ids[0])
    assert unit is not None
    of_unit = str(unit.values["unit"])
    thread = threading.Thread(target=invented.members, args=(store, ["Bùi Thị Ân"], of_unit))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "Bùi Thị Ân" in listed(page))
    assert page.table.current_id() == ids[2]
    assert page.header.subtitle.text() == "5 hội viên"


def test_news_shows_in_the_open_form_except_where_somebody_types(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    page.open_record(ids[0])
    type_in(field_line(page, "full_name"), "Lê Thị Ánh")
    store.save(Member, {"occupation": "Giám đốc thư viện", "full_name": "Lê Thị Ân"}, ids[0])
    form = page.panel.form
    qtbot.waitUntil(lambda: form.values()["occupation"] == "Giám đốc thư viện")
    assert form.values()["full_name"] == "Lê Thị Ánh"
    assert page.panel.title.text() == "Lê Thị Ân"


def test_a_page_out_of_sight_catches_up_when_it_is_shown(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    page.hide()
    store.delete(Member, ids[0])
    qtbot.wait(60)
    page.show()
    assert listed(page) == NAMES[1:]


def test_every_control_that_takes_the_keyboard_has_a_name(
    ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    page.open_record(ids[0])
    nameless = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not getattr(widget, "text", lambda: "")()
        and not widget.objectName().startswith("qt_")
    ]
    assert [type(widget).__name__ for widget in nameless] == []
