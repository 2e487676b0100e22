"""What stands beside the form: history, related records, attendance."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sync.records.activity import Activity
from sync.records.headcount import Headcount
from sync.records.library import Library
from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.records.participation import Participation
from tests.ui import invented
from tests.ui.keys import type_in
from tests.ui.records.conftest import Open
from vla_desktop.store.store import Query, Store
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.panels.attendance import AttendanceTab
from vla_desktop.ui.panels.linked_list import LinkedList
from vla_desktop.ui.panels.record_tab import RecordTab
from vla_desktop.ui.panels.related import LinkedTab, RelatedTab
from vla_desktop.ui.widgets.message_bar import MessageBar

Tab = TypeVar("Tab", bound=RecordTab)


def tab_texts(page: RecordsPage) -> list[str]:
    tabs = page.panel.tabs
    return [tabs.tabText(place) for place in range(tabs.count())]


def first_tab(page: RecordsPage, record_id: str, kind: type[Tab]) -> Tab:
    """Opens a record, and the first tab beside its form."""
    page.open_record(record_id)
    page.panel.tabs.setCurrentIndex(1)
    tab = page.panel.side_tabs[0]
    assert isinstance(tab, kind)
    return tab


def test_the_history_says_who_what_when_and_where(
    store: Store, ids: list[str], open_page: Open
) -> None:
    store.save(Member, {"phone": "0100 222 333"}, ids[0])
    page = open_page()
    page.open_record(ids[0])
    page.panel.tabs.setCurrentIndex(page.panel.tabs.count() - 1)
    texts = [label.text() for label in page.panel.side_tabs[-1].findChildren(QLabel)]
    said = " ".join(texts)
    when = invented.NOW.astimezone().strftime("%d/%m/%Y %H:%M")
    assert "Sửa" in texts
    assert "Thêm mới" in texts
    assert f"{when} · Lê Thị Hòa · máy VP-01" in texts
    assert "Điện thoại" in said
    assert "0100 222 333" in said


def test_an_event_of_a_member_is_added_from_the_member(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    tab = first_tab(page, ids[0], LinkedTab)
    tab.list.add_button.click()
    form = tab.list.form
    assert form.values()["member"] == ids[0]
    form.body.rows["type"].editor.set_value("admitted")
    form.body.rows["happened_on"].editor.set_value(invented.NOW.date())
    assert form.save()
    assert tab.list.model.rowCount() == 1
    assert tab_texts(page)[1] == "Biến động hội viên (1)"
    assert store.count(MemberEvent, Query(filters={"member": ids[0]})) == 1


def test_an_addition_begun_and_not_typed_in_leaves_no_draft(
    store: Store, ids: list[str], open_page: Open
) -> None:
    page = open_page()
    tab = first_tab(page, ids[0], LinkedTab)
    tab.list.add()
    assert not tab.list.form.is_dirty()
    tab.list.form.footer.cancel.click()
    assert tab.list.stack.currentIndex() == 0
    assert store.draft(MemberEvent, None) is None


def test_a_draft_remembers_whom_it_is_about(store: Store, ids: list[str], open_page: Open) -> None:
    page = open_page()
    tab = first_tab(page, ids[0], LinkedTab)
    tab.list.add()
    type_in(tab.list.form.body.rows["decision_no"].editor.main(), "5/QĐ")
    tab.list.form.keep_draft()
    assert store.draft(MemberEvent, None) == {"member": ids[0], "decision_no": "5/QĐ"}


def test_an_event_half_typed_for_one_member_does_not_slip_to_another(
    store: Store, ids: list[str], open_page: Open
) -> None:
    store.keep_draft(MemberEvent, None, {"member": ids[1], "decision_no": "5/QĐ"})
    page = open_page()
    tab = first_tab(page, ids[0], LinkedTab)
    tab.list.add()
    assert tab.list.form.values()["member"] == ids[1]
    assert "Phạm Văn Bình" in tab.list.form.bar.text()
    tab.list.form.bar._button.click()
    assert tab.list.form.values()["member"] == ids[0]
    assert tab.list.form.values()["decision_no"] == ""


def test_a_library_shows_its_staff_by_year_and_its_members(
    store: Store, open_page: Open, qtbot: QtBot
) -> None:
    place = invented.library(store)
    (one,) = invented.members(store, ["Lê An"])
    store.save(Member, {"workplace": place}, one)
    store.save(Headcount, {"library": place, "year": 2025, "source": "library", "total": 4})
    page = open_page(Library)
    page.open_record(place)
    page.panel.tabs.setCurrentIndex(1)
    assert tab_texts(page)[1] == "Nhân sự thư viện (1)"
    page.panel.tabs.setCurrentIndex(2)
    related = page.panel.side_tabs[1]
    assert isinstance(related, RelatedTab)
    assert related.chooser.currentText() == "Hội viên (1)"
    shown = related._lists.currentWidget()
    assert isinstance(shown, LinkedList)
    with qtbot.waitSignal(page.navigated) as asked:
        QTest.keyClick(shown.table, Qt.Key.Key_Home)
        QTest.keyClick(shown.table, Qt.Key.Key_Return)
    assert asked.args == [Destination("member", id=one)]


def test_a_member_shows_the_activities_he_took_part_in(
    store: Store, ids: list[str], open_page: Open
) -> None:
    one = invented.activity(store, "Hội thảo chuyển đổi số")
    store.save(Participation, {"activity": one, "member": ids[0], "role": "spoke"})
    page = open_page()
    page.open_record(ids[0])
    page.panel.tabs.setCurrentIndex(2)
    related = page.panel.side_tabs[1]
    assert isinstance(related, RelatedTab)
    assert related.chooser.currentText() == "Hoạt động (1)"
    shown = related._lists.currentWidget()
    assert isinstance(shown, LinkedList)
    assert shown.add_button.text() == "Ghi vào hoạt động"
    assert shown.model.index(0, 0).data() == "Hội thảo chuyển đổi số"


def test_attendance_is_taken_by_typing_part_of_a_name_and_enter(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    one = invented.activity(store)
    page = open_page(Activity)
    tab = first_tab(page, one, AttendanceTab)
    for part in ("van duc", "cuc"):
        type_in(tab.line, part)
        QTest.keyClick(tab.line, Qt.Key.Key_Return)
        assert tab.line.text() == ""
    assert tab.said.text() == "Đã ghi Trần Thị Cúc. Cả thảy 2 người."
    taken = store.rows(Participation, store.ids(Participation, Query(filters={"activity": one})))
    assert {row.values["member"] for row in taken} == {ids[3], ids[2]}
    assert tab_texts(page)[1] == "Người tham dự (2)"
    type_in(tab.line, "van duc")
    QTest.keyClick(tab.line, Qt.Key.Key_Return)
    assert "đã có trong danh sách" in tab.said.text()
    assert tab.model.rowCount() == 2


def test_a_guest_is_written_down_by_name_and_taken_out_again(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot, messages: MessageBar
) -> None:
    one = invented.activity(store)
    page = open_page(Activity)
    tab = first_tab(page, one, AttendanceTab)
    type_in(tab.line, "Ông Khách Mời")
    QTest.keyClick(tab.line, Qt.Key.Key_Return)
    (row,) = store.rows(Participation, store.ids(Participation, Query()))
    assert row.values["guest_name"] == "Ông Khách Mời"
    tab.table.go_to(row.id)
    QTest.keyClick(tab.table, Qt.Key.Key_Delete)
    assert tab.model.rowCount() == 0
    assert "thùng rác" in messages.text()
