"""Cần xem lại: each thing one sentence, and a button that leads to the field."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from sync.meetings import DEED_WORDS, MEETINGS, Press
from sync.progress import Silent
from sync.records.fields import fields_by_name
from sync.records.library import Library
from sync.texts import _
from tests.ui.conftest import PASSPHRASE, Branch
from tests.ui.desk import BRANCH_NAME, View, a_centre, a_window, enrol
from vla_desktop.office import Office
from vla_desktop.store.conflicts import Choice
from vla_desktop.ui.dialogs.meetings import MeetingsDialog
from vla_desktop.ui.pages.conflict_row import ConflictRow
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.pages.review import ReviewPage, ReviewRow

pytestmark = pytest.mark.usefixtures("themed")


def review_page(view: View) -> ReviewPage:
    view.inside.pages.show_page("review")
    page = view.inside.pages.current
    assert isinstance(page, ReviewPage)
    return page


def rows(page: ReviewPage) -> list[ConflictRow]:
    return [row for row in page.findChildren(ConflictRow) if not row.isHidden()]


def in_conflict(office: Office, branch: Branch, folder: Path) -> None:
    """Two PCs change one address at the same time; ours comes second."""
    with a_centre(folder) as centre:
        enrol(office, centre)
        with Office.create(folder / "other", PASSPHRASE) as other:
            other.enrol(centre.url, centre.invite("dak-lak", BRANCH_NAME))
            other.synchronise(Silent())
            other.store.save(Library, {"address": "Số 2, phố Sách"}, branch.library)
            office.store.save(Library, {"address": "Số 3, phố Sách"}, branch.library)
            other.synchronise(Silent())
        office.synchronise(Silent())


def binned_unseen(office: Office, branch: Branch, folder: Path) -> None:
    """This PC bins a library that another one edits at the same time."""
    with a_centre(folder) as centre:
        enrol(office, centre)
        with Office.create(folder / "other", PASSPHRASE) as other:
            other.enrol(centre.url, centre.invite("dak-lak", BRANCH_NAME))
            other.synchronise(Silent())
            other.store.save(Library, {"address": "Số 2, phố Sách"}, branch.library)
            office.store.delete(Library, branch.library)
            other.synchronise(Silent())
        office.synchronise(Silent())


def test_nothing_to_look_at_is_said_in_words(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        page = review_page(view)

        qtbot.waitUntil(page.empty.isVisible)


def test_a_conflict_shows_both_values_and_opens_the_form_at_the_field(
    qtbot: QtBot, office: Office, branch: Branch, tmp_path: Path
) -> None:
    in_conflict(office, branch, tmp_path)
    with a_window(qtbot, office) as view:
        assert view.inside.sidebar.button("review").accessibleName() == "Cần xem lại (1)"
        page = review_page(view)
        qtbot.waitUntil(lambda: len(rows(page)) == 1)
        (row,) = rows(page)
        words = " ".join(label.text() for label in row.findChildren(QLabel))
        assert "Số 2, phố Sách" in words
        assert "Số 3, phố Sách" in words

        row.opened.emit()

        opened = view.inside.pages.current
        assert isinstance(opened, RecordsPage)
        assert opened.panel.record_id == branch.library
        label = fields_by_name(Library)["address"].label
        qtbot.waitUntil(lambda: label in opened.focusWidget().accessibleName())


@pytest.mark.parametrize(
    ("choice", "address"),
    [(Choice.MINE, "Số 3, phố Sách"), (Choice.THEIRS, "Số 2, phố Sách"), (Choice.BEFORE, "")],
)
def test_one_press_chooses_between_the_values_of_a_conflict(
    qtbot: QtBot, office: Office, branch: Branch, tmp_path: Path, choice: Choice, address: str
) -> None:
    in_conflict(office, branch, tmp_path)
    with a_window(qtbot, office) as view:
        page = review_page(view)
        qtbot.waitUntil(lambda: len(rows(page)) == 1)
        press = rows(page)[0].choices[choice]
        assert isinstance(press, QAbstractButton)

        press.click()

        qtbot.waitUntil(page.empty.isVisible)
        record = office.store.get(Library, branch.library)
        assert record is not None
        assert record.values["address"] == address


@pytest.mark.parametrize(("press", "deleted"), [(Press.RESTORE, False), (Press.KEEP_BINNED, True)])
def test_one_press_decides_about_what_was_binned_and_edited(
    qtbot: QtBot, office: Office, branch: Branch, tmp_path: Path, press: Press, deleted: bool
) -> None:
    binned_unseen(office, branch, tmp_path)
    with a_window(qtbot, office) as view:
        page = review_page(view)
        line = f"“{_(fields_by_name(Library)['address'].label)}”"
        qtbot.waitUntil(lambda: any(line in row_text(row) for row in binned_rows(page)))
        button = next(row for row in binned_rows(page)).presses[press]

        button.click()

        qtbot.waitUntil(lambda: not binned_rows(page))
        record = office.store.get(Library, branch.library)
        assert record is not None
        assert (record.deleted, record.values["address"]) == (deleted, "Số 2, phố Sách")


def binned_rows(page: ReviewPage) -> list[ReviewRow]:
    return [row for row in page.findChildren(ReviewRow) if Press.KEEP_BINNED in row.presses]


def row_text(row: ReviewRow) -> str:
    return " ".join(label.text() for label in row.findChildren(QLabel))


def test_the_help_tells_every_meeting(qtbot: QtBot, office: Office) -> None:
    with a_window(qtbot, office) as view:
        page = review_page(view)
        (ask,) = [b for b in page.findChildren(QAbstractButton) if "hai máy" in b.text()]
        ask.click()
        (dialog,) = page.findChildren(MeetingsDialog)
        words = " ".join(label.text() for label in dialog.findChildren(QLabel))

        for (first, second), outcome in MEETINGS.items():
            assert _(DEED_WORDS[first]) in words
            assert _(DEED_WORDS[second])[1:] in words
            assert _(outcome.stands) in words
            assert _(outcome.press) in words
        dialog.close()
