"""Without a network the page writes a file and takes one in; the light follows the receipt."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui.desk import View, a_centre, a_window, enrol, write_something
from vla_desktop.office import Light, Office
from vla_desktop.ui.pages.sync import SyncPage

pytestmark = pytest.mark.usefixtures("themed")


def sync_page(view: View) -> SyncPage:
    view.inside.pages.show_page("sync")
    page = view.inside.pages.current
    assert isinstance(page, SyncPage)
    return page


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> None:
    """What the clerk chooses in the next dialog; None is Hủy."""
    chosen = (str(path) if path else "", "")
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: chosen)


def test_a_file_goes_out_and_its_receipt_comes_in(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, back = tmp_path / "gửi.vlab", tmp_path / "nhận.vlar"
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
        write_something(office)
        with a_window(qtbot, office) as view:
            card = sync_page(view).by_file
            choose(monkeypatch, sent)
            card.write.click()
            qtbot.waitUntil(lambda: sent.exists() and card.write.isEnabled())
            assert office.standing().light is not Light.GREEN
            back.write_bytes(centre.centre.take_file(sent.read_bytes()).content)
            choose(monkeypatch, back)
            card.take.click()
            qtbot.waitUntil(lambda: office.standing().light is Light.GREEN)
            qtbot.waitUntil(card.take.isEnabled)


def test_a_spoilt_file_is_told_and_changes_nothing(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = tmp_path / "nhận.vlar"
    back.write_bytes(b"no file of ours")
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
    write_something(office)
    before = office.standing()
    with a_window(qtbot, office) as view:
        told: list[BaseException] = []
        card = sync_page(view).by_file
        choose(monkeypatch, back)
        card.take.click()
        task = card._task
        assert task is not None
        task.failed.connect(told.append)
        qtbot.waitUntil(card.take.isEnabled)
        assert [getattr(fault, "code", "") for fault in told] == ["file.alien"]
        assert office.standing() == before


def test_who_changes_their_mind_in_the_dialog_changes_nothing_else(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_centre(tmp_path) as centre:
        enrol(office, centre)
    with a_window(qtbot, office) as view:
        card = sync_page(view).by_file
        choose(monkeypatch, None)
        for button in (card.write, card.take):
            button.click()
            assert card._task is None
            assert button.isEnabled()


def test_an_office_that_has_not_joined_is_not_offered_files(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        assert not sync_page(view).by_file.isVisible()
