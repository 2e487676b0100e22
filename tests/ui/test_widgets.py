"""The small things that every page is made of."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sync.problems import Problem
from vla_desktop.store.store import RecordState
from vla_desktop.ui.theme import Mode, apply_theme
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import ActionCard, FigureView, percent
from vla_desktop.ui.widgets.chips import StateChip, look_of
from vla_desktop.ui.widgets.empty_state import EmptyState
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.message_bar import MessageBar
from vla_desktop.ui.widgets.progress_panel import ProgressPanel
from vla_desktop.ui.widgets.question import Question, ask
from vla_desktop.ui.widgets.search_box import SearchBox

pytestmark = pytest.mark.usefixtures("themed")


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[MessageBar]:
    """A message bar on a page."""
    page = QWidget()
    qtbot.addWidget(page)
    bar = MessageBar(page)
    page.show()
    yield bar
    page.close()


def test_a_problem_is_told_in_its_two_sentences_until_it_is_closed(bar: MessageBar) -> None:
    bar.show_problem(Problem("Không có mạng.", "Nối mạng rồi bấm Đồng bộ."))
    assert bar.text() == "Không có mạng. Nối mạng rồi bấm Đồng bộ."
    assert bar.accessibleName() == bar.text()
    bar.dismiss()
    assert bar.text() == ""


def test_good_news_goes_away_and_trouble_stays(
    bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MessageBar, "DONE_SHOWN_S", 0)
    with qtbot.waitSignal(bar.dismissed):
        bar.show_done("Đã lưu.")
    with qtbot.assertNotEmitted(bar.dismissed, wait=50):
        bar.show_warning("Đồng hồ máy lệch.")


def test_the_button_of_a_message_does_its_work_once(bar: MessageBar, qtbot: QtBot) -> None:
    done: list[str] = []
    bar.show_done("Đã xóa.", "Hoàn tác", lambda: done.append("undone"))
    button = next(b for b in bar.findChildren(buttons.Button) if b.text() == "Hoàn tác")
    button.click()
    assert done == ["undone"]
    assert bar.text() == ""


def test_typing_searches_shortly_after_the_last_key(qtbot: QtBot) -> None:
    box = SearchBox()
    qtbot.addWidget(box)
    said: list[str] = []
    box.searched.connect(said.append)
    QTest.keyClicks(box, "hang")
    qtbot.waitUntil(lambda: said == ["hang"])
    QTest.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: said == ["hang", ""])


def test_the_arrow_key_leaves_the_search_for_the_list(qtbot: QtBot) -> None:
    box = SearchBox()
    qtbot.addWidget(box)
    with qtbot.waitSignals([box.searched, box.entered_list]):
        QTest.keyClicks(box, "a")
        QTest.keyClick(box, Qt.Key.Key_Down)


@pytest.mark.parametrize("state", RecordState)
def test_every_state_has_a_word_and_a_drawing_of_its_own(qtbot: QtBot, state: RecordState) -> None:
    chip = StateChip(state)
    qtbot.addWidget(chip)
    assert chip.text().casefold() == state.word.casefold()
    others = [look_of(other).icon for other in RecordState if other is not state]
    assert look_of(state).icon not in others


@pytest.mark.parametrize(
    ("value", "words"),
    [(Fraction(624, 1000), "Chưa đạt mục tiêu 70,0 %"), (Fraction(7, 10), "Đã đạt"),
     (None, "Mục tiêu 70,0 %")],
)  # fmt: skip
def test_a_figure_says_in_words_what_its_bar_shows(
    qtbot: QtBot, value: Fraction | None, words: str
) -> None:
    card = FigureView("Tỷ lệ hội viên")
    qtbot.addWidget(card)
    card.show_figure(value, 624, 1000, Fraction(7, 10), "năm 2025")
    assert words in card.accessibleName()
    assert "624 / 1.000" in card.accessibleName()
    card.resize(300, 200)
    assert not card.grab().isNull()


def test_a_share_has_a_decimal_comma() -> None:
    assert percent(Fraction(624, 1000)) == "62,4 %"


def test_a_card_is_pressed_by_enter_as_by_the_mouse(qtbot: QtBot) -> None:
    card = ActionCard("warning", "37", "hội viên chưa có số thẻ")
    qtbot.addWidget(card)
    with qtbot.waitSignal(card.pressed):
        QTest.keyClick(card, Qt.Key.Key_Return)
    with qtbot.waitSignal(card.pressed):
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)


def test_drawings_grow_with_the_letters(qtbot: QtBot, themed: QApplication) -> None:
    button, small = buttons.secondary("Lọc", "filter"), buttons.icon_only("bin", "Xóa")
    box = SearchBox()
    for widget in (button, small, box):
        qtbot.addWidget(widget)
    box.show()
    inside = box.findChildren(QToolButton)[0]
    before = [button.iconSize(), small.iconSize(), inside.size()]
    apply_theme(themed, Mode.LIGHT, 2.0)
    box.resize(300, 80)
    after = [button.iconSize(), small.iconSize(), inside.size()]
    apply_theme(themed, Mode.LIGHT)
    for old, new in zip(before, after, strict=True):
        assert new.height() >= 1.8 * old.height()


def test_the_address_of_the_reader_is_not_broken_over_two_lines(qtbot: QtBot) -> None:
    words = label("Mời anh/chị")
    qtbot.addWidget(words)
    assert words.text() == "Mời anh/chị"
    words.setText("Anh/chị xem lại")
    assert "\N{WORD JOINER}" in QLabel.text(words)


def test_progress_never_moves_backwards_within_a_step(qtbot: QtBot) -> None:
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.start("Đang đồng bộ")
    shown = []
    for done in (10, 40, 30, 50):
        panel.show_progress(done, 100, "Đang gửi")
        shown.append(panel.bar.value())
    assert shown == [10, 40, 40, 50]
    panel.show_progress(5, 100, "Đang nhận")
    assert panel.bar.value() == 5


def test_work_is_asked_to_stop_only_once(qtbot: QtBot) -> None:
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.start("Đang đồng bộ")
    stop = panel.findChild(buttons.Button)
    assert isinstance(stop, buttons.Button)
    with qtbot.waitSignal(panel.cancelled):
        stop.click()
    assert not stop.isEnabled()


def test_an_empty_page_offers_what_to_do_next(qtbot: QtBot) -> None:
    done: list[str] = []
    page = EmptyState(
        "member", "Chưa có hội viên", "Bấm để thêm.", "Thêm hội viên", lambda: done.append("added")
    )
    qtbot.addWidget(page)
    page.button.click()
    assert done == ["added"]
    page.say("search", "Không tìm thấy")
    assert page.button.isHidden()


@pytest.mark.parametrize("yes", [True, False])
def test_a_question_answers_what_was_pressed(qtbot: QtBot, yes: bool) -> None:
    def press() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        assert (question.yes.text(), question.no.text()) == ("Xóa", "Hủy")
        (question.yes if yes else question.no).click()

    QTimer.singleShot(20, press)
    asked = ask(
        None, "Xóa hội viên?", "Bản ghi nằm trong thùng rác.", buttons.Word.DELETE,
        is_dangerous=True,
    )  # fmt: skip
    assert asked is yes
