"""Editors: what a clerk types, and what the record gets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sync.problems import Level
from sync.records import KINDS
from sync.records.activity import Activity
from sync.records.base import Record
from sync.records.fields import Field, fields, fields_by_name
from sync.records.headcount import Headcount
from sync.records.member import Member
from sync.records.types import Value
from tests.builders import SEALED_SAMPLE
from tests.ui.conftest import BA_DINH, Branch
from vla_desktop.ui.editors import FieldEditor, editor_for
from vla_desktop.ui.editors.choices import ChoiceEditor, ChoicesEditor, YesNoEditor
from vla_desktop.ui.editors.days import DayEditor
from vla_desktop.ui.editors.lookups import LinkEditor, PlaceEditor
from vla_desktop.ui.editors.picking import PickEditor
from vla_desktop.ui.editors.sensitive import SensitiveEditor, masked

Make = Callable[[type[Record], str], FieldEditor]
ALL_FIELDS = [(kind, field) for kind in KINDS for field in fields(kind)]


@pytest.fixture
def branch(still_branch: Branch, themed: QApplication) -> Branch:
    """Nothing here is saved, so one branch serves all."""
    return still_branch


@pytest.fixture
def make(branch: Branch, qtbot: QtBot) -> Make:
    """Makes the editor of a field, on screen and with the focus."""

    def made(kind: type[Record], name: str) -> FieldEditor:
        editor = editor_for(fields_by_name(kind)[name], branch.store)
        qtbot.addWidget(editor)
        editor.show()
        editor.activateWindow()
        editor.main().setFocus()
        qtbot.waitUntil(editor.main().hasFocus)
        QApplication.processEvents()
        return editor

    return made


def typed(editor: FieldEditor, text: str) -> FieldEditor:
    """The editor after a clerk typed into it and went on."""
    line = editor.main()
    assert isinstance(line, QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, text) if text.isascii() else insert(line, text)
    editor.settle()
    return editor


def insert(line: QLineEdit, text: str) -> None:
    """Type what a keyboard alone cannot: an input method would."""
    line.insert(text)
    line.textEdited.emit(line.text())


@pytest.mark.parametrize(
    ("kind", "field"), ALL_FIELDS, ids=[f"{k.__tablename__}.{f.name}" for k, f in ALL_FIELDS]
)
def test_every_field_has_an_editor_that_keeps_what_it_is_given(
    branch: Branch, qtbot: QtBot, kind: type[Record], field: Field
) -> None:
    editor = editor_for(field, branch.store)
    qtbot.addWidget(editor)
    for value in (sample(field, branch), field.type.empty):
        with qtbot.assertNotEmitted(editor.changed):
            editor.set_value(value)
        assert editor.value() == value
        assert editor.kept() == value
        assert editor.text_fault() == ""


def sample(field: Field, branch: Branch) -> Value:
    """Some value that fits the field."""
    samples: dict[str, Value] = {
        "text": "Ngô Thị Ánh",
        "long_text": "Dòng một\nDòng hai",
        "number": 12,
        "year": 2026,
        "yes_no": True,
        "day": dt.date(2026, 4, 21),
        "partial_day": "1975-03",
        "choice": next(iter(getattr(field.type, "words", [""]))),
        "choices": ",".join(list(getattr(field.type, "words", ["", ""]))[:2]),
        "link": branch.library,
        "place": BA_DINH,
        "sealed": SEALED_SAMPLE,
        "owner": branch.library,
    }
    return samples[field.type.name]


@pytest.mark.parametrize(
    ("kind", "field"), ALL_FIELDS, ids=[f"{k.__tablename__}.{f.name}" for k, f in ALL_FIELDS]
)
def test_every_focusable_part_of_an_editor_has_a_name(
    branch: Branch, qtbot: QtBot, kind: type[Record], field: Field
) -> None:
    editor = editor_for(field, branch.store)
    qtbot.addWidget(editor)
    parts = [editor, *editor.findChildren(QWidget)]
    focusable = [p for p in parts if p.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert focusable
    assert [p for p in focusable if not p.accessibleName()] == []
    assert field.label in editor.main().accessibleName()


@pytest.mark.parametrize("text", ["21042026", "21/4/2026", "21-04-2026", "21.4.2026", "2026-04-21"])
def test_a_day_is_read_however_it_is_typed(make: Make, text: str) -> None:
    editor = typed(make(Member, "joined_on"), text)
    assert editor.value() == dt.date(2026, 4, 21)
    assert isinstance(editor, DayEditor)
    assert editor.line.text() == "21/04/2026"


def test_a_day_that_cannot_be_read_is_kept_and_explained(make: Make) -> None:
    editor = typed(make(Member, "joined_on"), "31/02/2026")
    assert editor.value() is None
    assert editor.kept() == "31/02/2026"
    assert editor.text_fault() == "Không có ngày này trong lịch."
    again = make(Member, "joined_on")
    again.set_value(editor.kept())
    assert again.text_fault() == editor.text_fault()


def test_a_day_can_be_picked_from_the_calendar_by_keyboard(make: Make, qtbot: QtBot) -> None:
    editor = typed(make(Member, "joined_on"), "21/4/2026")
    QTest.keyClick(editor.main(), Qt.Key.Key_F4)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(popup.focusWidget(), Qt.Key.Key_Right)
        QTest.keyClick(popup.focusWidget(), Qt.Key.Key_Return)
    assert editor.value() == dt.date(2026, 4, 22)
    assert not popup.isVisible()


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [("1975", "1975", "1975"), ("3/1975", "1975-03", "03/1975"),
     ("21031975", "1975-03-21", "21/03/1975")],
)  # fmt: skip
def test_of_a_birthday_only_the_year_may_be_known(
    make: Make, text: str, value: str, shown: str
) -> None:
    editor = typed(make(Member, "born_on"), text)
    assert (editor.value(), editor.main().property("text")) == (value, shown)


def test_a_number_gets_its_dots_when_one_leaves(make: Make) -> None:
    editor = typed(make(Activity, "cost_vnd"), "12500000")
    assert editor.value() == 12_500_000
    assert editor.main().property("text") == "12.500.000"
    assert editor.note() == "12.500.000 đ"


def test_a_word_where_a_number_belongs_is_kept_and_explained(make: Make) -> None:
    editor = typed(make(Headcount, "total"), "muoi")
    assert (editor.value(), editor.kept()) == (None, "muoi")
    assert "1.250" in editor.text_fault()


def test_a_year_has_no_dot(make: Make) -> None:
    assert typed(make(Headcount, "year"), "2026").main().property("text") == "2026"


@pytest.mark.parametrize(
    ("text", "code"), [("tam", "paused"), ("ra khoi", "left"), ("QUA", "deceased")]
)
def test_a_choice_is_found_by_a_part_of_its_word_without_marks(
    make: Make, text: str, code: str
) -> None:
    editor = typed(make(Member, "status"), text)
    assert isinstance(editor, ChoiceEditor)
    assert (editor.value(), editor.text_fault()) == (code, "")


def test_a_word_that_is_no_choice_is_kept_and_explained(make: Make) -> None:
    editor = typed(make(Member, "status"), "xyz")
    assert (editor.value(), editor.kept()) == ("", "xyz")
    assert "danh sách" in editor.text_fault()


def test_a_choice_of_a_newer_version_is_kept_and_shown(make: Make) -> None:
    editor = make(Member, "status")
    editor.set_value("on_leave")
    assert (editor.value(), editor.text_fault()) == ("on_leave", "")
    assert editor.main().property("text") == "on_leave"


def test_the_arrow_key_opens_the_list_and_enter_takes_from_it(make: Make, qtbot: QtBot) -> None:
    editor = make(Member, "gender")
    assert isinstance(editor, PickEditor)
    QTest.keyClick(editor.line, Qt.Key.Key_Down)
    assert [offer.title for offer in editor.suggestions()] == ["Nam", "Nữ", "Khác"]
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    with qtbot.waitSignals([editor.changed, editor.advanced]):
        QTest.keyClick(popup, Qt.Key.Key_Return)
    assert (editor.value(), editor.line.text()) == ("female", "Nữ")


def test_escape_closes_the_list_and_takes_nothing(make: Make) -> None:
    editor = make(Member, "gender")
    assert isinstance(editor, PickEditor)
    editor.open_list()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert editor.suggestions() == ()
    assert editor.value() == ""


def test_a_place_is_found_without_marks_and_says_where_it_lies(make: Make, qtbot: QtBot) -> None:
    editor = make(Member, "commune")
    assert isinstance(editor, PlaceEditor)
    QTest.keyClicks(editor.line, "phuong ba dinh")
    qtbot.waitUntil(lambda: bool(editor.suggestions()))
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert (editor.value(), editor.line.text()) == (BA_DINH, "Phường Ba Đình")
    assert editor.note() == "Hà Nội"


def test_a_place_of_before_the_reform_says_what_it_is_now(make: Make) -> None:
    editor = make(Member, "commune")
    assert isinstance(editor, PlaceEditor)
    found = editor.offers("phuc xa ba dinh")
    assert found
    assert "nay là" in found[0].detail


def test_a_link_is_found_by_a_part_of_its_name_and_keeps_the_id(
    make: Make, branch: Branch, qtbot: QtBot
) -> None:
    editor = make(Member, "workplace")
    assert isinstance(editor, LinkEditor)
    QTest.keyClicks(editor.line, "dak lak")
    qtbot.waitUntil(lambda: bool(editor.suggestions()))
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Tab)
    assert (editor.value(), editor.line.text()) == (branch.library, "Thư viện tỉnh Đắk Lắk")


def test_a_link_tells_which_of_two_namesakes_it_means(make: Make, branch: Branch) -> None:
    editor = make(Member, "workplace")
    editor.set_value(branch.library)
    assert "Thư viện công cộng" in editor.note()
    editor.set_value("")
    assert editor.note() == ""


def test_what_can_only_mean_one_record_is_taken_on_leaving(make: Make, branch: Branch) -> None:
    assert typed(make(Member, "workplace"), "dak lak").value() == branch.library


def test_a_chosen_link_can_be_taken_back(make: Make, branch: Branch, qtbot: QtBot) -> None:
    editor = make(Member, "workplace")
    assert isinstance(editor, LinkEditor)
    editor.set_value(branch.library)
    clear = next(action for action in editor.line.actions() if action.text() == "Bỏ chọn")
    assert clear.isVisible()
    with qtbot.waitSignal(editor.changed):
        clear.trigger()
    assert (editor.value(), editor.line.text()) == ("", "")
    assert not clear.isVisible()


def test_a_switch_says_its_state_in_a_word_and_turns_by_space(make: Make, qtbot: QtBot) -> None:
    editor = make(Member, "consented")
    assert isinstance(editor, YesNoEditor)
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.switch, Qt.Key.Key_Space)
    assert editor.value() is True
    assert editor.switch.word() == "Có"


def test_several_choices_are_ticked_in_a_list_and_kept_in_its_order(
    make: Make, qtbot: QtBot
) -> None:
    editor = make(Activity, "goals")
    assert isinstance(editor, ChoicesEditor)
    editor.set_value("4")
    QTest.keyClick(editor.button, Qt.Key.Key_Down)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    ticks = popup.focusWidget()
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(ticks, Qt.Key.Key_Space)
    QTest.keyClick(ticks, Qt.Key.Key_Escape)
    assert editor.value() == "1,4"
    assert editor.button.text() == "1. Xóa nghèo, 4. Giáo dục có chất lượng"
    assert not popup.isVisible()


def test_a_personal_number_is_covered_until_asked_for(make: Make) -> None:
    editor = make(Member, "identity_no")
    assert isinstance(editor, SensitiveEditor)
    editor.set_value("001100000123")
    assert editor.line.text() == "0xx xxx xxx 123"
    assert (editor.value(), editor.kept()) == ("001100000123", "001100000123")
    QTest.keyClicks(editor.line, "9")
    assert (editor.line.text(), editor.is_covered()) == ("001100000123", False)
    editor.turn()
    assert editor.line.text() == "0xx xxx xxx 123"
    assert editor.value() == "001100000123"


def test_a_short_number_shows_nothing_at_all() -> None:
    assert masked("1234") == "xxxx"


def test_enter_asks_for_the_next_field_and_shift_enter_for_the_one_before(
    make: Make, qtbot: QtBot
) -> None:
    editor = make(Member, "full_name")
    with qtbot.waitSignal(editor.advanced):
        QTest.keyClick(editor.main(), Qt.Key.Key_Return)
    with qtbot.waitSignal(editor.retreated):
        QTest.keyClick(editor.main(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)


def test_in_a_long_text_enter_begins_a_line_and_control_enter_goes_on(
    make: Make, qtbot: QtBot
) -> None:
    editor = make(Member, "note")
    QTest.keyClicks(editor.main(), "a")
    QTest.keyClick(editor.main(), Qt.Key.Key_Return)
    QTest.keyClicks(editor.main(), "b")
    assert editor.value() == "a\nb"
    with qtbot.waitSignal(editor.advanced):
        QTest.keyClick(editor.main(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert editor.value() == "a\nb"


def test_opening_the_list_is_not_leaving_the_field(make: Make, qtbot: QtBot) -> None:
    editor = make(Member, "gender")
    assert isinstance(editor, PickEditor)
    with qtbot.assertNotEmitted(editor.left, wait=100):
        editor.open_list()


def test_a_mistake_marks_the_edge(make: Make) -> None:
    editor = make(Member, "full_name")
    editor.show_level(Level.BLOCK)
    assert editor.main().property("tone") == "danger"
    editor.show_level(None)
    assert editor.main().property("tone") == ""
