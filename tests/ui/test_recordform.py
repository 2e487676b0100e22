"""The form of a record, used as a clerk uses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sync.problems import Level, Problem
from sync.records import KINDS
from sync.records.base import Record
from sync.records.fields import fields
from sync.records.library import Library
from sync.records.member import Member
from tests.ui.conftest import Branch
from vla_desktop.store.store import Query
from vla_desktop.ui.recordform import RecordForm
from vla_desktop.ui.widgets.question import Question

Open = Callable[..., RecordForm]
EVERYONE = Query()


@pytest.fixture
def opened(branch: Branch, qtbot: QtBot) -> Open:
    """Opens the form of a kind on a record, on screen."""

    def opened(kind: type[Record] = Member, record_id: str | None = None) -> RecordForm:
        form = RecordForm(branch.store, kind)
        qtbot.addWidget(form)
        form.resize(1000, 700)
        form.load(record_id)
        form.show()
        form.activateWindow()
        qtbot.waitUntil(form.isActiveWindow)
        return form

    return opened


def write(form: RecordForm, name: str, text: str) -> None:
    line = form.body.rows[name].editor.main()
    assert isinstance(line, QLineEdit)
    form.body.focus(name)
    line.selectAll()
    line.insert(text)
    line.textEdited.emit(text)


def said(form: RecordForm, name: str) -> str:
    return form.body.rows[name].sentence


def fill(form: RecordForm, branch: Branch) -> None:
    for name, value in branch.member().items():
        editor = form.body.rows[name].editor
        editor.set_value(value)
        editor.changed.emit()


def test_a_mistake_is_shown_beside_its_field_and_nothing_is_written(
    opened: Open, branch: Branch
) -> None:
    form = opened()
    fill(form, branch)
    write(form, "full_name", "")
    assert form.save() is False
    assert "Họ và tên" in said(form, "full_name")
    assert form.body.rows["full_name"].level is Level.BLOCK
    assert "1 chỗ cần sửa" in form.bar.text()
    assert branch.store.count(Member, EVERYONE) == 0


def test_correcting_a_mistake_clears_its_sentence(
    opened: Open, branch: Branch, qtbot: QtBot
) -> None:
    form = opened()
    fill(form, branch)
    write(form, "full_name", "")
    form.save()
    write(form, "full_name", "Ngô Thị Ánh")
    qtbot.waitUntil(lambda: not said(form, "full_name"))
    with qtbot.waitSignal(form.saved) as told:
        assert form.save()
    row = branch.store.get(Member, told.args[0])
    assert row is not None
    assert row.values["full_name"] == "Ngô Thị Ánh"


def test_a_mistake_is_shown_while_one_types(opened: Open, branch: Branch, qtbot: QtBot) -> None:
    form = opened()
    fill(form, branch)
    future = dt.datetime.now().astimezone().date() + dt.timedelta(days=400)
    write(form, "joined_on", future.strftime("%d/%m/%Y"))
    qtbot.waitUntil(lambda: "sau hôm nay" in said(form, "joined_on"))


def test_a_new_form_does_not_begin_in_red(opened: Open) -> None:
    form = opened()
    form.judge.judge()
    assert [row.field.name for row in form.body if row.sentence] == []
    assert "*" in form.footer.state()


def test_the_first_mistake_in_paper_order_gets_the_focus(opened: Open) -> None:
    form = opened()
    form.body.focus("note")
    assert form.save() is False
    assert form.body.focused() == "full_name"


def test_a_doubt_is_shown_and_does_not_stop_the_saving(
    opened: Open, branch: Branch, qtbot: QtBot
) -> None:
    form = opened()
    fill(form, branch)
    write(form, "phone", "0100 12")
    with qtbot.waitSignal(form.saved):
        assert form.save()
    assert form.body.rows["phone"].level is Level.WARN
    assert "nên xem lại" in form.footer.state()
    assert branch.store.count(Member, EVERYONE) == 1


def test_half_a_day_is_no_mistake_while_it_is_typed(opened: Open, qtbot: QtBot) -> None:
    form = opened()
    write(form, "joined_on", "21/4")
    form.judge.judge_patiently()
    assert said(form, "joined_on") == ""
    form.body.focus("decision_no")
    qtbot.waitUntil(lambda: "21/04/2026" in said(form, "joined_on"))


def test_an_unreadable_day_is_kept_and_explained_and_never_saved(
    opened: Open, branch: Branch
) -> None:
    form = opened()
    fill(form, branch)
    write(form, "joined_on", "31/02/2020")
    assert form.save() is False
    assert said(form, "joined_on") == "Không có ngày này trong lịch."
    assert form.body.rows["joined_on"].editor.main().property("text") == "31/02/2020"
    assert branch.store.count(Member, EVERYONE) == 0


def test_an_edit_changes_only_what_was_typed(opened: Open, branch: Branch) -> None:
    member = branch.store.save(Member, branch.member()).id
    form = opened(Member, member)
    assert form.changes() == {}
    write(form, "occupation", "Giáo viên")
    assert form.changes() == {"occupation": "Giáo viên"}
    assert form.save()
    newest = branch.store.history(Member, member)[0]
    assert [line.label for line in newest.lines] == ["Nghề nghiệp, chức danh"]


def test_what_was_typed_and_undone_leaves_the_form_clean(
    opened: Open, branch: Branch, qtbot: QtBot
) -> None:
    form = opened(Member, branch.store.save(Member, branch.member()).id)
    with qtbot.waitSignal(form.dirty_changed):
        write(form, "occupation", "Giáo viên")
    assert form.is_dirty()
    with qtbot.waitSignal(form.dirty_changed):
        write(form, "occupation", "Thủ thư")
    assert not form.is_dirty()


def test_a_draft_returns_after_the_page_is_left(opened: Open, branch: Branch) -> None:
    form = opened()
    write(form, "full_name", "Ngô Thị Ánh")
    write(form, "joined_on", "31/02/2020")
    form.hide()
    again = opened()
    assert again.values()["full_name"] == "Ngô Thị Ánh"
    assert again.body.rows["joined_on"].editor.main().property("text") == "31/02/2020"
    assert said(again, "joined_on") == "Không có ngày này trong lịch."
    assert "ghi dở" in again.bar.text()
    assert again.is_dirty()


def test_a_draft_is_kept_by_itself_while_one_types(
    opened: Open, branch: Branch, qtbot: QtBot
) -> None:
    form = opened()
    write(form, "full_name", "Ngô")
    qtbot.waitUntil(lambda: branch.store.draft(Member, None) == {"full_name": "Ngô"}, timeout=3000)


def test_a_draft_can_be_thrown_away(opened: Open, branch: Branch) -> None:
    member = branch.store.save(Member, branch.member()).id
    form = opened(Member, member)
    write(form, "occupation", "Giáo viên")
    form.keep_draft()
    again = opened(Member, member)
    again.discard()
    assert again.values()["occupation"] == "Thủ thư"
    assert branch.store.draft(Member, member) is None
    assert not again.is_dirty()


def test_saving_leaves_no_draft_behind(opened: Open, branch: Branch) -> None:
    form = opened()
    fill(form, branch)
    form.keep_draft()
    assert form.save()
    assert branch.store.drafts() == []


def test_leaving_one_record_for_another_keeps_what_was_typed(opened: Open, branch: Branch) -> None:
    one, other = (branch.store.save(Member, branch.member(full_name=n)).id for n in ("An", "Bình"))
    form = opened(Member, one)
    write(form, "occupation", "Giáo viên")
    form.load(other)
    assert form.values()["full_name"] == "Bình"
    assert not form.is_dirty()
    form.load(one)
    assert form.values()["occupation"] == "Giáo viên"


@pytest.mark.parametrize("width", [560, 1300])
def test_enter_walks_in_paper_order(opened: Open, width: int) -> None:
    form = opened()
    form.resize(width, 700)
    form.focus_first()
    walked = []
    for _step in form.body.rows:
        walked.append(form.body.focused())
        control = Qt.KeyboardModifier.ControlModifier
        focus = QApplication.focusWidget()
        assert focus is not None
        is_long = form.body.rows[walked[-1]].field.type.name == "long_text"
        QTest.keyClick(
            focus, Qt.Key.Key_Return, control if is_long else Qt.KeyboardModifier.NoModifier
        )
    assert walked == [field.name for field in fields(Member)]
    assert form.footer.save.hasFocus()


@pytest.mark.parametrize("width", [560, 1300])
def test_tab_walks_in_paper_order_to_the_two_ways_out(opened: Open, width: int) -> None:
    form = opened()
    form.resize(width, 700)
    form.focus_first()
    walked = []
    for _step in range(len(form.body.rows)):
        walked.append(form.body.focused())
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert walked == [field.name for field in fields(Member)]
    assert form.footer.save.hasFocus()
    QTest.keyClick(form.footer.save, Qt.Key.Key_Tab)
    assert form.footer.cancel.hasFocus()


def test_a_field_far_below_is_brought_into_sight(opened: Open) -> None:
    form = opened()
    form.body.focus("note")
    editor = form.body.rows["note"].editor
    top = editor.mapTo(form.body.viewport(), editor.rect().topLeft()).y()
    assert 0 <= top <= form.body.viewport().height() - editor.height()


@pytest.mark.parametrize(("width", "columns"), [(560, 1), (1000, 2)])
def test_fields_stand_side_by_side_only_where_there_is_room(
    opened: Open, width: int, columns: int
) -> None:
    form = opened()
    form.resize(width, 700)
    QApplication.processEvents()
    lefts = {row.mapTo(form, row.rect().topLeft()).x() for row in form.body}
    assert len(lefts) == columns
    assert not form.body.horizontalScrollBar().isVisible()
    assert form.body.horizontalScrollBar().maximum() == 0


def test_control_s_saves(opened: Open, branch: Branch, qtbot: QtBot) -> None:
    form = opened()
    fill(form, branch)
    form.body.focus("full_name")
    with qtbot.waitSignal(form.saved):
        QTest.keyClick(
            form.body.rows["full_name"].editor.main(), Qt.Key.Key_S,
            Qt.KeyboardModifier.ControlModifier,
        )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__tablename__ for kind in KINDS])
def test_every_focusable_widget_has_an_accessible_name(opened: Open, kind: type[Record]) -> None:
    form = opened(kind)
    focusable = [w for w in form.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert len(focusable) >= len(fields(kind))
    assert [type(w).__name__ for w in focusable if not w.accessibleName()] == []


def test_a_screen_reader_hears_the_mistake(opened: Open) -> None:
    form = opened()
    form.save()
    described = form.body.rows["full_name"].editor.main().accessibleDescription()
    assert described == said(form, "full_name") != ""


def test_cancelling_asks_before_it_throws_away(opened: Open, branch: Branch, qtbot: QtBot) -> None:
    form = opened(Member, branch.store.save(Member, branch.member()).id)
    write(form, "occupation", "Giáo viên")
    answer(form, yes=False)
    with qtbot.assertNotEmitted(form.cancelled):
        form.cancel()
    assert form.values()["occupation"] == "Giáo viên"
    answer(form, yes=True)
    with qtbot.waitSignal(form.cancelled):
        form.cancel()
    assert form.values()["occupation"] == "Thủ thư"


def answer(form: RecordForm, *, yes: bool) -> None:
    """Answer the question that is about to come."""

    def press() -> None:
        question = form.findChild(Question)
        assert isinstance(question, Question)
        assert question.no.hasFocus()
        (question.yes if yes else question.no).click()

    QTimer.singleShot(50, form, press)


def test_news_from_elsewhere_comes_in_beside_what_is_being_typed(
    opened: Open, branch: Branch
) -> None:
    member = branch.store.save(Member, branch.member()).id
    form = opened(Member, member)
    write(form, "occupation", "Giáo viên")
    branch.store.save(Member, {"phone": "0100 111 222", "occupation": "Y sĩ"}, member)
    form.refresh()
    assert form.values()["phone"] == "0100 111 222"
    assert form.values()["occupation"] == "Giáo viên"
    assert form.changes() == {"occupation": "Giáo viên"}


def test_a_record_in_the_bin_can_be_read_and_not_written(opened: Open, branch: Branch) -> None:
    member = branch.store.save(Member, branch.member()).id
    branch.store.delete(Member, member)
    form = opened(Member, member)
    assert form.values()["full_name"] == "Nguyễn Thị Hằng"
    assert not form.footer.save.isEnabled()
    assert "thùng rác" in form.footer.state()
    assert form.save() is False


def test_a_problem_of_the_world_is_said_above_the_form_and_keeps_the_work(
    opened: Open, branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = opened()
    fill(form, branch)

    def full(*_: object) -> None:
        raise Problem("Ổ đĩa đã đầy.", "Xóa bớt tệp rồi lưu lại.")

    monkeypatch.setattr(branch.store, "save", full)
    assert form.save() is False
    assert form.bar.text() == "Ổ đĩa đã đầy. Xóa bớt tệp rồi lưu lại."
    assert form.values()["full_name"] == "Nguyễn Thị Hằng"


def test_a_new_record_can_begin_with_what_is_known(branch: Branch, qtbot: QtBot) -> None:
    form = RecordForm(branch.store, Member)
    qtbot.addWidget(form)
    form.load(None, {"workplace": branch.library})
    assert form.values()["workplace"] == branch.library
    assert form.values()["unit"] == branch.unit


def test_a_record_that_does_not_exist_is_no_form(still_branch: Branch, qtbot: QtBot) -> None:
    form = RecordForm(still_branch.store, Library)
    qtbot.addWidget(form)
    with pytest.raises(LookupError):
        form.load("0" * 32)
