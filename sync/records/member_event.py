"""What happened in a member's life in the association. Status on a past day follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block
from sync.records.fields import choice, day, link, long_text, short_text
from sync.records.types import Words
from sync.texts import N_, _


class EventType(Words):
    APPLIED = "applied", N_("Đề nghị")
    ADMITTED = "admitted", N_("Kết nạp")
    TRANSFERRED_IN = "transferred_in", N_("Chuyển đến")
    TRANSFERRED_OUT = "transferred_out", N_("Chuyển đi")
    MEMBERSHIP_CHANGED = "membership_changed", N_("Đổi loại hội viên")
    WORKPLACE_CHANGED = "workplace_changed", N_("Đổi nơi công tác")
    PAUSED = "paused", N_("Tạm dừng")
    RESUMED = "resumed", N_("Trở lại sinh hoạt")
    LEFT = "left", N_("Ra khỏi Hội")
    EXPELLED = "expelled", N_("Xóa tên")
    DECEASED = "deceased", N_("Qua đời")
    CARD_REPLACED = "card_replaced", N_("Đổi thẻ")


class MemberEvent(Record):
    """One event of a member, with its decision."""

    __tablename__ = "member_event"
    label = N_("Biến động hội viên")
    icon = "history"

    member: Mapped[str] = link(N_("Hội viên"), "member", required=True, listed=True, titled=True)
    type: Mapped[str] = choice(
        N_("Loại biến động"), EventType, required=True, listed=True, titled=True, filtered=True
    )
    happened_on: Mapped[dt.date | None] = day(
        N_("Ngày"), required=True, listed=True, newest_first=True, titled=True
    )
    decision_no: Mapped[str] = short_text(
        N_("Số quyết định"), max_length=60, listed=True, searched=True
    )
    from_value: Mapped[str] = short_text(
        N_("Từ"), help=N_("Nơi cũ, loại cũ hoặc thẻ cũ."), listed=True
    )
    to_value: Mapped[str] = short_text(N_("Đến"), listed=True)
    from_workplace: Mapped[str] = link(
        N_("Từ thư viện"), "library", help=N_("Khi đổi nơi công tác.")
    )
    to_workplace: Mapped[str] = link(N_("Đến thư viện"), "library")
    note: Mapped[str] = long_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.happened_on and self.happened_on > today:
            yield block(MemberEvent.happened_on, _("Ngày không thể sau hôm nay."))
