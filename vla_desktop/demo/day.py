"""The scripted day: offline, back online, Đồng bộ, and a second office that shows the work."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from sync.progress import Silent
from sync.records import name_of
from sync.records.activity import Activity
from sync.records.base import Record
from sync.records.member import Member
from sync.server.embedded import EmbeddedCentre
from vla_desktop.demo.clerk import Clerk, pause
from vla_desktop.demo.stage import PASSPHRASE, Say, Stage, open_second
from vla_desktop.office import Light, Office
from vla_desktop.settings import AppearanceSettings, Theme
from vla_desktop.store.store import Query
from vla_desktop.ui.officeview import OfficeView
from vla_desktop.ui.pages import PAGES
from vla_desktop.ui.pages.records import RecordsPage
from vla_desktop.ui.panels.attendance import AttendanceTab
from vla_desktop.ui.run import Opening

NAME = "Đặng Thị Hồng Ngát"
ACTIVITY = "Tập huấn mô tả tài liệu theo chuẩn mới"


@dataclass
class Tally:
    """What the day's exchanges came to."""

    sent: int = 0
    accepted: int = 0
    waiting: int = 0

    def line(self) -> str:
        """The last line of the day."""
        return f"sent {self.sent}, accepted {self.accepted}, waiting {self.waiting}"


class Day:
    """One day. Everything a clerk does goes through the window, by keyboard."""

    def __init__(
        self, stage: Stage, centre: EmbeddedCentre, clerk: Clerk, size: str,
        look: AppearanceSettings,
    ) -> None:  # fmt: skip
        self._stage, self._centre, self._clerk, self._look = stage, centre, clerk, look
        existing = QApplication.instance()
        self._app = existing if isinstance(existing, QApplication) else QApplication(["vla"])
        self._size = [int(part) for part in size.split("x")]
        self.tally = Tally()

    def work(self) -> None:
        """From the first key to the last picture."""
        opening = self._come_in(self._stage.first)
        self._look_around()
        self._find_somebody()
        self._add_a_member()
        self._change_a_member()
        self._record_an_activity()
        self._lose_the_connection()
        self._get_it_back()
        opening.window.close()
        self._clerk.wait("the window to close", lambda: opening.window.view is None)
        opening.close()
        self._open_the_second_office()

    def show_where(self) -> None:
        """A picture of where the day went wrong."""
        self._see("Dừng ở đây", "Ngày làm việc không đi tiếp được từ chỗ này.")

    # The first office

    def _come_in(self, home: Path) -> Opening:
        opening = Opening(home, self._app)
        self._opening = opening
        opening.window.resize(*self._size)
        opening.window.move(0, 0)
        self._clerk.wait("the door", lambda: opening.door is not None)
        opening.window.raise_()
        opening.window.activateWindow()
        self._clerk.wait("the focus", opening.window.isActiveWindow)
        assert opening.door is not None  # noqa: S101 - waited for
        opening.door.passphrase.setFocus()
        self._clerk.type(PASSPHRASE)
        self._see("Mở văn phòng", "Dữ liệu được mã hóa; mật khẩu mở khóa.")
        self._clerk.press("Return")
        self._clerk.wait("the office", lambda: opening.window.view is not None)
        self._rest()
        return opening

    def _rest(self) -> None:
        """Until the worker has nothing to do and the pages show what it brought."""
        self._clerk.wait("the worker", lambda: self._view.pool.activeThreadCount() == 0)
        pause(400)

    def _turn_to(self, kind: type[Record]) -> None:
        """Go to a page of records by its keys."""
        name = name_of(kind)
        places = (at for at, page in enumerate(PAGES, 1) if page.tabs[0].name == name)
        self._clerk.press(f"Alt+{next(places)}")
        self._clerk.wait(
            "the page", lambda: getattr(self._view.pages.current, "kind", None) is kind
        )
        self._rest()

    @property
    def _view(self) -> OfficeView:
        view = self._opening.window.view
        assert view is not None  # noqa: S101 - waited for at the door
        return view

    @property
    def _office(self) -> Office:
        return self._view.office

    @property
    def _page(self) -> RecordsPage:
        page = self._view.pages.current
        assert isinstance(page, RecordsPage)  # noqa: S101 - the step before turned to it
        return page

    def _see(self, title: str, sentence: str) -> None:
        self._clerk.picture(self._opening.window, title, sentence)

    def _look_around(self) -> None:
        self._see("Tổng quan", "Việc cần làm và các con số của chi hội.")
        self._turn_to(Member)
        self._see("Hội viên", "Danh sách xếp theo tên, đúng thứ tự chữ cái tiếng Việt.")

    def _find_somebody(self) -> None:
        everybody = self._page.listing.model.rowCount()
        self._clerk.press("Ctrl+F")
        self._clerk.type("tran van")
        self._clerk.wait("fewer", lambda: 0 < self._page.listing.model.rowCount() < everybody)
        self._see("Tìm không cần dấu", "Gõ “tran van” là thấy ngay những người họ Trần đệm Văn.")
        self._clerk.press("Escape")
        self._page.finder.ask_for_all()

    def _fill_in(self, values: Mapping[str, str]) -> None:
        """Go to each field and type."""
        form = self._page.panel.form
        for name, text in values.items():
            form.focus_field(name)
            self._clerk.press("Ctrl+A")
            self._clerk.type(text)
            self._clerk.press("Return")

    def _add_a_member(self) -> None:
        store = self._office.store
        library = store.rows(Member, store.ids(Member, Query())[:50])
        workplace = next(row.shown[Member.workplace.key] for row in library
                         if row.shown[Member.workplace.key])  # fmt: skip
        unit = next(row.shown[Member.unit.key] for row in library if row.shown[Member.unit.key])
        self._clerk.press("Ctrl+N")
        self._fill_in(
            {
                Member.full_name.key: NAME,
                Member.born_on.key: "31/02/1988",
                Member.gender.key: "Nữ",
                Member.occupation.key: "Thủ thư",
                Member.workplace.key: workplace,
                Member.address.key: "Tổ 5",
                Member.commune.key: "phan dinh phung",
                Member.phone.key: "0100 123 999",
                Member.unit.key: unit,
                Member.joined_on.key: "15/11/2026",
            }
        )
        self._clerk.press("Ctrl+S")
        self._see("Ghi nhầm", "Ngày 31/02 không có trong lịch: câu giải thích đứng cạnh ô, "
                  "chưa gì được lưu.")  # fmt: skip
        self._fill_in({Member.born_on.key: "28/02/1988"})
        self._clerk.press("Ctrl+S")
        self._clerk.wait("the member saved", lambda: bool(self._found()))
        self._see("Sửa lại và lưu", "Hội viên mới đã lưu trên máy này, chưa gửi.")

    def _found(self) -> list[str]:
        return self._office.store.ids(Member, Query(search=NAME))

    def _change_a_member(self) -> None:
        self._fill_in({Member.occupation.key: "Phụ trách thư viện"})
        self._clerk.press("Ctrl+S")
        self._clerk.wait("the change saved", lambda: not self._page.panel.form.is_dirty())
        self._page.panel.tabs.setCurrentIndex(self._page.panel.tabs.count() - 1)
        self._see("Lịch sử", "Ai, sửa gì, cũ và mới, lúc nào, trên máy nào.")
        self._page.panel.tabs.setCurrentIndex(0)
        self._clerk.press("Escape")

    def _record_an_activity(self) -> None:
        self._turn_to(Activity)
        self._clerk.press("Ctrl+N")
        self._fill_in(
            {
                Activity.name.key: ACTIVITY,
                Activity.type.key: "Tập huấn, bồi dưỡng",
                Activity.task_no.key: "4",
                Activity.starts_on.key: "20/11/2026",
                Activity.ends_on.key: "20/11/2026",
                Activity.venue.key: "Thư viện tỉnh",
                Activity.participants.key: "32",
            }
        )
        self._clerk.press("Ctrl+S")
        panel = self._page.panel
        self._clerk.wait("the activity saved", lambda: panel.record_id is not None
                         or panel.form.record_id is not None)  # fmt: skip
        tab = next(tab for tab in panel.side_tabs if isinstance(tab, AttendanceTab))
        panel.tabs.setCurrentWidget(tab)
        tab.line.setFocus()
        for name in ("dang thi hong ngat", "nguyen thi", "tran van"):
            self._clerk.type(name)
            self._clerk.press("Return")
        self._clerk.wait("three people", lambda: tab.model.rowCount() == 3)
        self._see("Ghi hoạt động", "Gõ một phần tên, Enter là ghi một người tham dự.")

    def _lose_the_connection(self) -> None:
        self._centre.stop()
        self._clerk.press("F5")
        self._clerk.wait("the failure told", lambda: not self._view.syncing.running)
        self._see("Mất mạng", "Một câu nói rõ, một việc để làm; không mất gì cả.")
        self._turn_to(Member)
        self._page.open_record(self._found()[0])
        self._fill_in({Member.email.key: "ngat.dang@example.vn"})
        self._clerk.press("Ctrl+S")
        self._clerk.wait("work goes on", lambda: not self._page.panel.form.is_dirty())
        self._clerk.press("Escape")
        self._view.sidebar.button("sync").click()
        self._rest()
        self._see("Vẫn làm tiếp", "Trang Đồng bộ kể những gì đang chờ gửi.")

    def _get_it_back(self) -> None:
        before = self._office.standing().receipt
        self._centre.start()
        self._clerk.press("F5")
        self._clerk.wait("green", lambda: self._office.standing().light is Light.GREEN)
        self._clerk.wait("idle", lambda: not self._view.syncing.running)
        self._rest()
        self._see("Có mạng lại, bấm Đồng bộ", "Biên nhận có chữ ký của Trung ương; đèn xanh.")
        for receipt, _received in self._office.receipts():
            if before is None or receipt.number > before.number:
                self.tally.sent += receipt.sent
                self.tally.accepted += receipt.accepted
        self.tally.waiting = self._office.standing().pending

    # The second office

    def _open_the_second_office(self) -> None:
        with open_second(self._stage, self._centre, Silent()) as second:
            second.change_settings(replace(second.settings, appearance=self._look))
        opening = self._come_in(self._stage.second)
        self._turn_to(Member)
        self._clerk.press("Ctrl+F")
        self._clerk.type("dang thi hong ngat")
        self._clerk.wait("the member", lambda: self._page.listing.model.rowCount() >= 1)
        self._page.open_record(self._found()[0])
        self._rest()
        self._see("Máy thứ hai", "Văn phòng thứ hai của chi hội thấy đúng những gì máy kia ghi.")
        opening.window.close()
        self._clerk.wait("the window to close", lambda: opening.window.view is None)
        opening.close()


def work_the_day(stage: Stage, folder: Path, size: str, theme: Theme, say: Say) -> int:
    """The whole day; returns 0 when everything typed is held by the centre."""
    clerk = Clerk(folder)
    with stage.centre() as centre:
        with Office.open(stage.first, PASSPHRASE) as office:
            office.move(centre.url)
            look = replace(office.settings.appearance, theme=theme)
            office.change_settings(replace(office.settings, appearance=look))
        began = time.monotonic()
        day = Day(stage, centre, clerk, size, look)
        try:
            day.work()
        except Exception:  # noqa: BLE001 - whatever it was, it is shown and told
            # The window has taken over what Python says of a fault.
            traceback.print_exc()
            day.show_where()
            return 3
        took_s = time.monotonic() - began
    index = clerk.write_index(day.tally.line())
    say(f"pictures: {index}")
    say(f"the day took {took_s:.0f} s{_memory()}")
    say(day.tally.line())
    return int(day.tally.waiting > 0 or day.tally.sent != day.tally.accepted)


def _memory() -> str:
    """What window and centre together hold at the end of the day, where the system tells."""
    status = Path("/proc/self/status")
    if not status.exists():
        return ""
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text("ascii"))
    return f"; memory, with the centre in it: {int(found[1]) // 1024} MB" if found else ""
