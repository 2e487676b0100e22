"""While a new member is written down: who may be the same person."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sync.records.library import Library
from sync.records.member import Member
from tests.ui import invented
from tests.ui.records.conftest import NAMES, Open
from vla_desktop.store.store import Store
from vla_desktop.ui.pages.records import RecordsPage


def write(page: RecordsPage, name: str, text: str) -> None:
    line = page.panel.form.body.rows[name].editor.main()
    assert isinstance(line, QLineEdit)
    page.panel.form.body.focus(name)
    line.selectAll()
    QTest.keyClicks(line, "x")
    line.setText(text)
    line.textEdited.emit(text)


def test_a_person_who_is_there_already_is_shown_with_reasons(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    store.save(Member, {"born_on": "1980-03-21"}, ids[0])
    page = open_page()
    page.new_record()
    alike = page.panel.alike
    assert not alike.isVisible()
    write(page, "full_name", "le thi an")
    write(page, "born_on", "21/3/1980")
    qtbot.waitUntil(alike.isVisible)
    assert [each.id for each in alike.found] == [ids[0]]
    texts = [line.text() for line in alike.findChildren(type(page.panel.title))]
    assert any(text.startswith("Lê Thị An · ") for text in texts)
    assert any("mất dấu" in text for text in texts)
    born = page.panel.form.body.rows["born_on"]
    qtbot.waitUntil(lambda: born.visibleRegion().boundingRect().height() == born.height())


def test_the_one_who_is_alike_opens_and_the_typing_is_kept(
    store: Store, ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    store.save(Member, {"born_on": "1980-03-21"}, ids[0])
    page = open_page()
    page.navigated.connect(lambda there: page.open_record(there.id))
    page.new_record()
    write(page, "full_name", "An Lê Thị")
    write(page, "born_on", "21/3/1980")
    qtbot.waitUntil(page.panel.alike.isVisible)
    (button,) = page.panel.alike.findChildren(QPushButton)
    assert "Lê Thị An" in button.accessibleName()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.panel.title.text().startswith("Lê Thị An")
    assert not page.panel.alike.isVisible()
    page.new_record()
    assert page.panel.form.values()["full_name"] == "An Lê Thị"


def test_nobody_is_alike_by_the_name_alone_or_in_the_record_itself(
    ids: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page()
    page.new_record()
    with qtbot.waitSignal(page.panel.form.judge.judged):
        write(page, "full_name", NAMES[0])
    assert page.panel.alike.found == []
    page.panel.form.discard()
    page.panel.show_record(ids[0])
    with qtbot.waitSignal(page.panel.form.judge.judged):
        write(page, "full_name", NAMES[0] + "h")
    assert not page.panel.alike.isVisible()


def test_only_people_are_looked_for(store: Store, open_page: Open) -> None:
    invented.library(store)
    assert not hasattr(open_page(Library).panel, "alike")
