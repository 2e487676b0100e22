"""A new clerk who has no mouse: from the empty office to a day's work, by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sync.records import name_of
from sync.records.activity import Activity
from sync.records.base import Record
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.records.participation import Participation
from tests.ui.desk import View, a_window
from tests.ui.keys import type_in
from vla_desktop.office import Office
from vla_desktop.store.store import Query
from vla_desktop.ui.pages import PAGES
from vla_desktop.ui.pages.enrolment import EnrolmentCard
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.pages.sync import SyncPage

pytestmark = pytest.mark.usefixtures("themed")

ONWARD = "\r"  # Enter, without typing into the field
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Hands:
    """Press keys where the focus is; nothing here touches a widget otherwise."""

    def __init__(self, qtbot: QtBot, view: View) -> None:
        self.qtbot = qtbot
        self.view = view

    def focus(self) -> QWidget:
        """Whoever gets the next key."""
        popup = QApplication.activePopupWidget()
        found = popup or QApplication.focusWidget()
        assert found is not None, "the focus is nowhere"
        return found

    def press(
        self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        QTest.keyClick(self.focus(), key, held)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        type_in(self.focus(), text)
        QApplication.processEvents()

    def tab_to(self, what: str) -> None:
        """Tab until the focus is on what a screen reader calls so."""
        for _step in range(80):
            if what in self.focus().accessibleName():
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never comes to {what}")

    def fill_in(self, *texts: str) -> None:
        """Type into field after field, Enter between them; then save."""
        for text in texts:
            if text is not ONWARD:
                self.press(Qt.Key.Key_A, CONTROL)
                self.write(text)
            self.press(Qt.Key.Key_Return)
        self.press(Qt.Key.Key_S, CONTROL)

    def turn_to(self, kind: type[Record]) -> None:
        """By Alt and the digit that the page has in the sidebar."""
        digits = {page.tabs[0].name: digit for digit, page in enumerate(PAGES, start=1)}
        self.press(Qt.Key(Qt.Key.Key_0 + digits[name_of(kind)]), ALT)

    def page(self, kind: type[Record]) -> RecordsPage:
        """The page in front, which must be this kind's."""
        page = self.view.inside.pages.current
        assert isinstance(page, RecordsPage)
        assert page.kind is kind
        return page


def has(office: Office, kind: type[Record], count: int) -> bool:
    return office.store.count(kind, Query()) == count


def begin_with_the_first_step(hands: Hands, office: Office) -> None:
    hands.tab_to("1. Ghi tổ chức")
    hands.press(Qt.Key.Key_Return)
    hands.qtbot.waitUntil(hands.page(OrganisationUnit).panel.isVisible)
    hands.fill_in("Chi hội Thư viện tỉnh", "chi hoi")
    assert has(office, OrganisationUnit, 1), hands.page(OrganisationUnit).panel.form.bar.text()


def write_a_library(hands: Hands, office: Office) -> None:
    hands.turn_to(Library)
    hands.press(Qt.Key.Key_N, CONTROL)
    hands.fill_in("Thư viện tỉnh", "cong cong", ONWARD, ONWARD, ONWARD, "phan dinh phung")
    assert has(office, Library, 1), hands.page(Library).panel.form.bar.text()


def write_two_members(hands: Hands, office: Office) -> None:
    hands.turn_to(Member)
    for count, name in enumerate(("Nguyễn Thị Hòa", "Trần Văn Đức"), start=1):
        hands.press(Qt.Key.Key_N, CONTROL)
        hands.fill_in(
            name, ONWARD, ONWARD, "1980", "nu", "Thủ thư", "thu vien tinh", ONWARD, ONWARD, ONWARD,
            "Tổ 5", "phan dinh phung", "0100 123 456", ONWARD, ONWARD, ONWARD, "19/05/2015",
        )  # fmt: skip
        assert has(office, Member, count), hands.page(Member).panel.form.bar.text()


def write_an_activity_with_two_people(hands: Hands, office: Office) -> None:
    hands.turn_to(Activity)
    hands.press(Qt.Key.Key_N, CONTROL)
    hands.fill_in("Tập huấn biên mục", "tap huan", ONWARD, "3", "02/03/2026")
    assert has(office, Activity, 1), hands.page(Activity).panel.form.bar.text()
    hands.tab_to("Các phần của bản ghi")
    hands.press(Qt.Key.Key_Right)
    hands.tab_to("Thêm người tham dự")
    for name in ("hoa", "duc"):
        hands.write(name)
        hands.press(Qt.Key.Key_Return)
    assert has(office, Participation, 2)


def find_somebody_and_delete_and_restore(hands: Hands, office: Office) -> None:
    hands.turn_to(Member)
    page = hands.page(Member)
    hands.press(Qt.Key.Key_F, CONTROL)
    hands.write("tran van")
    hands.qtbot.waitUntil(lambda: page.table.model().rowCount() == 1)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Delete)
    hands.qtbot.waitUntil(lambda: has(office, Member, 1))

    hands.tab_to("Thùng rác")
    hands.press(Qt.Key.Key_Space)
    hands.qtbot.waitUntil(lambda: page.listing.model.query.bin)
    hands.tab_to("Danh sách hội viên")
    hands.press(Qt.Key.Key_Return)
    hands.tab_to("Khôi phục")
    hands.press(Qt.Key.Key_Space)
    hands.qtbot.waitUntil(lambda: has(office, Member, 2))


def come_to_where_one_enrols(hands: Hands) -> None:
    hands.press(Qt.Key.Key_F5)
    page = hands.view.inside.pages.current
    assert isinstance(page, SyncPage)
    hands.tab_to("Địa chỉ máy chủ")
    enrolment = page.findChild(EnrolmentCard)
    assert isinstance(enrolment, EnrolmentCard)
    assert enrolment.isAncestorOf(hands.focus())


def test_a_new_clerk_needs_no_mouse(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office, (1366, 768)) as view:
        hands = Hands(qtbot, view)
        qtbot.waitUntil(lambda: view.inside.pool.activeThreadCount() == 0)
        qtbot.wait(50)
        begin_with_the_first_step(hands, office)
        write_a_library(hands, office)
        write_two_members(hands, office)
        write_an_activity_with_two_people(hands, office)
        find_somebody_and_delete_and_restore(hands, office)
        come_to_where_one_enrols(hands)
