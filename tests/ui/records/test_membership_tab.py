"""The tab of a member's life: card, any past day, and going to another branch."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate

from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.records.types import Value
from tests.ui.records.conftest import Open
from vla_desktop.store.store import Store
from vla_desktop.ui.dialogs.transfer import TransferDialog
from vla_desktop.ui.panels.membership import MembershipTab


def opened(open_page: Open, member: str) -> MembershipTab:
    page = open_page()
    page.open_record(member)
    [tab] = [tab for tab in page.panel.side_tabs if isinstance(tab, MembershipTab)]
    page.panel.tabs.setCurrentWidget(tab)
    return tab


def test_a_press_gives_a_number_and_says_that_it_is_provisional(
    store: Store, ids: list[str], open_page: Open
) -> None:
    store.save(Member, {"card_no": ""}, ids[0])
    tab = opened(open_page, ids[0])
    assert not tab.issue.isHidden()
    tab.issue.click()
    row = store.get(Member, ids[0])
    assert row is not None
    assert str(row.values["card_no"]).startswith("TẠM-")
    tab.show_record(row)
    assert "số tạm" in tab.card_words.text()


def test_the_status_of_any_day_follows_from_what_happened(
    store: Store, ids: list[str], open_page: Open
) -> None:
    for of_type, on in (("admitted", (2015, 5, 1)), ("paused", (2018, 3, 1)),
                        ("resumed", (2019, 3, 1))):  # fmt: skip
        event: dict[str, Value] = {"member": ids[0], "type": of_type, "happened_on": dt.date(*on)}
        store.save(MemberEvent, event)
    tab = opened(open_page, ids[0])
    told = []
    for day in (QDate(2015, 4, 30), QDate(2016, 1, 1), QDate(2018, 3, 1), QDate(2020, 1, 1)):
        tab.day.setDate(day)
        told.append(tab.day_words.text().partition(" · ")[0])
    assert told == ["Chưa vào Hội.", "Đang sinh hoạt", "Tạm dừng", "Đang sinh hoạt"]


def test_a_pc_that_belongs_to_no_branch_says_why_it_cannot_ask(
    store: Store, ids: list[str], open_page: Open
) -> None:
    tab = opened(open_page, ids[0])
    dialog = TransferDialog(tab._desk, "An", tab)
    dialog.branch.setEditText("hue")
    tab.send(*dialog.chosen())
    assert "chưa ghi danh" in tab.bar.text()
    assert not tab.transfer.isHidden()
