"""The sealed field in its form: what stands on screen with and without the key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from sync.records.fields import fields_by_name
from sync.records.welfare_case import WelfareCase
from sync.sealing import spelled
from vla_desktop.office import Office
from vla_desktop.store.branch_keys import BranchKeys
from vla_desktop.store.vault import Cost
from vla_desktop.ui.dialogs.branch_keys import BranchKeysDialog
from vla_desktop.ui.editors.sealed import SealedEditor
from vla_desktop.ui.widgets.labels import Words

SECRET = "bốn từ dễ nhớ"


@pytest.fixture(autouse=True)
def _cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BranchKeys, "cost", Cost(8, 1, 1))


def editor_of(office: Office, qtbot: QtBot, value: str = "") -> SealedEditor:
    editor = SealedEditor(fields_by_name(WelfareCase)["narrative"], office.store)
    qtbot.addWidget(editor)
    editor.set_value(value)
    return editor


def test_without_the_key_nothing_can_be_typed_and_it_is_said_why(
    themed: object, open_office: Callable[[str], Office], qtbot: QtBot
) -> None:
    editor = editor_of(open_office("a"), qtbot)
    assert editor.text.isReadOnly()
    assert "chưa có khóa" in editor.text.placeholderText()


def test_what_the_form_gets_is_sealed_and_stays_the_same_until_it_is_altered(
    themed: object, open_office: Callable[[str], Office], qtbot: QtBot
) -> None:
    office = open_office("a")
    office.store.keys.make(SECRET)
    editor = editor_of(office, qtbot)
    with qtbot.waitSignal(editor.changed):
        editor.text.setPlainText("Chồng mất việc")
    value = str(editor.value())
    assert "việc" not in value
    assert editor.kept() == value
    again = editor_of(office, qtbot, value)
    assert again.text.toPlainText() == "Chồng mất việc"
    assert again.value() == value
    office.store.keys.lock()
    again.show_text()
    assert again.text.toPlainText() == ""
    assert again.text.placeholderText().startswith("Đã niêm phong.")
    assert again.value() == value


def test_the_dialog_makes_the_key_and_shows_its_code(
    themed: object, open_office: Callable[[str], Office], qtbot: QtBot
) -> None:
    keys = open_office("a").store.keys
    dialog = BranchKeysDialog(keys, None)
    qtbot.addWidget(dialog)
    dialog.secret.setText(SECRET)
    dialog.again.setText("khác hẳn câu kia")
    dialog._twice(keys.make)
    assert "chưa giống" in dialog.fault.text()
    dialog.again.setText(SECRET)
    dialog._twice(keys.make)
    said = [words.text() for words in dialog.findChildren(Words)]
    assert spelled(keys.key_code()) in said
