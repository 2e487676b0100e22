"""The door: the first start, every other start, and what it says when it stays shut."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PASSPHRASE
from vla_desktop.office import Office
from vla_desktop.ui.errors import Errors
from vla_desktop.ui.pages.lock import LockPage
from vla_desktop.ui.passphrase import strength
from vla_desktop.ui.run import Opening
from vla_desktop.ui.tasks import database_pool
from vla_desktop.ui.widgets.message_bar import MessageBar

pytestmark = pytest.mark.usefixtures("themed")


class Door:
    """A lock page on the screen."""

    def __init__(self, qtbot: QtBot, home: Path, *, exists: bool) -> None:
        self.ground = QWidget()
        qtbot.addWidget(self.ground)
        self.pool = database_pool(self.ground)
        self.errors = Errors(MessageBar(self.ground), home / "reports", self.ground)
        self.page = LockPage(home, self.pool, self.errors, exists=exists)
        qtbot.addWidget(self.page)
        self.page.show()
        self.page.begin()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "office"


def fill(page: LockPage, author: str, passphrase: str, again: str) -> None:
    page.author.setText(author)
    page.passphrase.setText(passphrase)
    page.again.setText(again)


def test_the_first_start_makes_an_office_with_the_clerk_s_name(qtbot: QtBot, home: Path) -> None:
    door = Door(qtbot, home, exists=False)
    fill(door.page, "Lê Thị Hòa", PASSPHRASE, PASSPHRASE)
    with qtbot.waitSignal(door.page.opened, timeout=10_000) as opened:
        QTest.keyClick(door.page.again, Qt.Key.Key_Return)

    assert opened.args is not None
    office = opened.args[0]
    assert office.settings.author == "Lê Thị Hòa"
    office.close()
    Office.open(home, PASSPHRASE).close()


@pytest.mark.parametrize(
    ("author", "passphrase", "again", "sentence"),
    [
        ("", PASSPHRASE, PASSPHRASE, "chưa ghi tên"),
        ("Lê Thị Hòa", "", "", "chưa gõ mật khẩu"),
        ("Lê Thị Hòa", "ngắn", "ngắn", "Quá ngắn"),
        ("Lê Thị Hòa", PASSPHRASE, PASSPHRASE + " ", "chưa giống nhau"),
    ],
)
def test_what_is_missing_is_said_and_no_office_is_made(
    qtbot: QtBot, home: Path, author: str, passphrase: str, again: str, sentence: str
) -> None:
    door = Door(qtbot, home, exists=False)
    fill(door.page, author, passphrase, again)

    door.page.submit()

    assert door.page.fault.isVisible()
    assert sentence in door.page.fault.text()
    assert not Office.exists(home)


def test_a_wrong_passphrase_is_a_sentence_and_the_next_try_opens(qtbot: QtBot, home: Path) -> None:
    Office.create(home, PASSPHRASE).close()
    door = Door(qtbot, home, exists=True)
    door.page.passphrase.setText("không phải câu này đâu")
    door.page.submit()
    qtbot.waitUntil(door.page.fault.isVisible, timeout=10_000)
    assert "Mật khẩu không đúng" in door.page.fault.text()

    door.page.passphrase.setText(PASSPHRASE)
    assert not door.page.fault.isVisible()
    with qtbot.waitSignal(door.page.opened, timeout=10_000) as opened:
        QTest.keyClick(door.page.passphrase, Qt.Key.Key_Return)

    assert opened.args is not None
    opened.args[0].close()


def test_a_damaged_header_and_a_second_start_are_told_at_the_door(qtbot: QtBot, home: Path) -> None:
    with Office.create(home, PASSPHRASE):
        door = Door(qtbot, home, exists=True)
        door.page.passphrase.setText(PASSPHRASE)
        door.page.submit()
        qtbot.waitUntil(door.page.fault.isVisible, timeout=10_000)
        assert "cửa sổ khác" in door.page.fault.text()
    for copy in home.glob("vault*"):
        copy.write_bytes(b"{")

    door.page.submit()

    qtbot.waitUntil(lambda: "cửa sổ khác" not in door.page.fault.text(), timeout=10_000)
    qtbot.waitUntil(door.page.fault.isVisible, timeout=10_000)
    assert door.page.fault.text()


def test_the_passphrase_is_hidden_until_asked_for(qtbot: QtBot, home: Path) -> None:
    page = Door(qtbot, home, exists=True).page

    assert page.passphrase.echoMode() is QLineEdit.EchoMode.Password
    page.passphrase.actions()[0].trigger()
    assert page.passphrase.echoMode() is QLineEdit.EchoMode.Normal


@pytest.mark.parametrize(
    ("passphrase", "word", "is_enough"),
    [
        ("", "Quá ngắn", False),
        ("mười một chữ"[:11], "Quá ngắn", False),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "Yếu", True),
        ("thư viện 2026", "Yếu", True),
        ("ba con mèo đen", "Khá", True),
        (PASSPHRASE, "Mạnh", True),
    ],
)
def test_strength_is_told_in_words(passphrase: str, word: str, is_enough: bool) -> None:
    judged = strength(passphrase, 12)

    assert judged.word == word
    assert judged.is_enough is is_enough


@pytest.fixture
def opening(home: Path, themed: QApplication) -> Iterator[Opening]:
    hook = sys.excepthook
    opening = Opening(home, themed)
    yield opening
    opening.window.close()
    opening.close()
    sys.excepthook = hook
    opening.window.deleteLater()
    opening.deleteLater()


def test_from_the_first_start_to_the_open_office(qtbot: QtBot, opening: Opening) -> None:
    assert opening.window.isVisible()
    qtbot.waitUntil(lambda: opening.door is not None, timeout=10_000)
    assert opening.door is not None
    fill(opening.door, "Lê Thị Hòa", PASSPHRASE, PASSPHRASE)
    opening.door.submit()

    qtbot.waitUntil(lambda: opening.window.view is not None, timeout=10_000)

    assert opening.window.view is not None
    assert opening.window.view.pages.shows("overview")


def test_the_window_stands_before_the_database_layer_is_loaded() -> None:
    """In a process of its own: here everything has been loaded long ago."""
    import subprocess

    program = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from vla_desktop.ui.run import Opening
app = QApplication([])
opening = Opening(Path(sys.argv[1]), app)
loaded = [name for name in ("sqlalchemy", "sqlcipher3", "requests") if name in sys.modules]
opening.close()
print(opening.window.isVisible(), loaded)
"""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", program, folder], capture_output=True, text=True, check=True
        )

    assert done.stdout.strip() == "True []"


def test_a_path_without_spaces_breaks_within_the_card(qtbot: QtBot, tmp_path: Path) -> None:
    home = tmp_path / "một-thư-mục-có-tên-dài" / "và-một-thư-mục-nữa-ở-trong" / "văn-phòng"
    page = Door(qtbot, home, exists=True).page
    (foot,) = (one for one in page.findChildren(QLabel) if "Thư mục dữ liệu" in one.text())
    assert foot.text().replace("\u200b", "").endswith(str(home))
    words = re.split("[\u200b ]", foot.text())
    assert max(map(foot.fontMetrics().horizontalAdvance, words)) <= foot.width()
