"""What the clerk chooses takes effect at once and is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from sync.client.holding import Limits
from sync.problems import Problem
from tests.ui.conftest import PASSPHRASE
from tests.ui.desk import View, a_window
from vla_desktop.office import Office
from vla_desktop.settings import Settings
from vla_desktop.ui.dialogs.passphrase import PassphraseDialog
from vla_desktop.ui.pages.settings import SettingsPage
from vla_desktop.ui.theme import theme
from vla_desktop.ui.tokens import Mode

pytestmark = pytest.mark.usefixtures("themed")

NEW = "bảy cây tre xanh bên sông 2026"


def settings_page(view: View) -> SettingsPage:
    view.inside.pages.show_page("settings")
    page = view.inside.pages.current
    assert isinstance(page, SettingsPage)
    return page


def _left(field: QWidget, page: SettingsPage) -> int:
    return field.mapTo(page, QPoint()).x()


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_the_name_is_kept_and_stands_in_the_history(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        page = settings_page(view)
        page.author.setText("Lê Thị Hòa")
        QTest.keyClick(page.author, Qt.Key.Key_Return)

    assert Settings.load(office.home).author == "Lê Thị Hòa"


def test_no_name_of_a_choice_is_cut_however_large_the_letters(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        page = settings_page(view)
        for scale in (1.0, 2.0):
            choose(page.text_size, scale)
            assert all(name.width() >= name.sizeHint().width() for name, _field in page._names)
            fields = [field for _name, field in page._names]
            qtbot.waitUntil(lambda: len({_left(field, page) for field in fields}) == 1)  # noqa: B023
        choose(page.text_size, 1.0)


def test_dark_and_larger_letters_take_effect_at_once(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        page = settings_page(view)
        choose(page.theme, "dark")
        choose(page.text_size, 1.5)

        assert theme().tokens.mode is Mode.DARK
        assert theme().tokens.text_scale == 1.5
        kept = Settings.load(office.home).appearance
        assert (kept.theme, kept.text_scale) == ("dark", 1.5)


def test_limits_of_deletions_and_days_to_answer_are_kept(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        boxes = settings_page(view).boundaries
        shown = {name: box.currentData() for name, box in boxes.items()}
        assert shown == {"most_deleted": 20, "most_deleted_percent": 5, "transfer_days": 30}
        choose(boxes["most_deleted"], 100)
        choose(boxes["most_deleted_percent"], 10)
        choose(boxes["transfer_days"], 60)
        assert office.deletions.limits() == Limits(10, 100)

    kept = Settings.load(office.home).sync
    assert (kept.most_deleted, kept.most_deleted_percent, kept.transfer_days) == (100, 10, 60)


def test_the_passphrase_is_changed_only_with_the_old_one(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        page = settings_page(view)
        page.passphrase_button.click()
        dialog = page.findChild(PassphraseDialog)
        assert dialog is not None
        dialog.old.setText("không phải câu này đâu")
        dialog.new.setText(NEW)
        dialog.again.setText(NEW)
        dialog.submit()
        qtbot.waitUntil(lambda: "không đúng" in dialog.fault.text(), timeout=10_000)

        dialog.old.setText(PASSPHRASE)
        with qtbot.waitSignal(dialog.accepted, timeout=10_000):
            dialog.submit()
        assert "Đã đổi mật khẩu" in view.window.messages.text()

    with pytest.raises(Problem):
        Office.open(office.home, PASSPHRASE)
    Office.open(office.home, NEW).close()
