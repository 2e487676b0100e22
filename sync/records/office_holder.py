"""Who holds which office in a unit, from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, Together, block
from sync.records.fields import (
    choice,
    day,
    link,
    short_text,
    yes_no,
)
from sync.records.types import Words
from sync.texts import N_, _


class Position(Words):
    CHAIR = "chair", N_("Chủ tịch, Chi hội trưởng")
    VICE_CHAIR = "vice_chair", N_("Phó Chủ tịch, Chi hội phó")
    SECRETARY = "secretary", N_("Thư ký")
    STANDING = "standing", N_("Ủy viên Ban Thường vụ")
    BOARD = "board", N_("Ủy viên Ban Chấp hành")
    INSPECTION = "inspection", N_("Ban Kiểm tra")
    TREASURER = "treasurer", N_("Thủ quỹ, kế toán")
    OTHER = "other", N_("Chức vụ khác")


class OfficeHolder(Record):
    """One member in one office. The board on any day follows from the dates."""

    __tablename__ = "office_holder"
    label = N_("Chức vụ")
    icon = "person"

    unit: Mapped[str] = link(N_("Tổ chức Hội"), "organisation_unit", required=True, listed=True)
    member: Mapped[str] = link(N_("Hội viên"), "member", required=True, listed=True, titled=True)
    position: Mapped[str] = choice(
        N_("Chức vụ trong Hội"), Position, required=True, listed=True, titled=True, filtered=True
    )
    starts_on: Mapped[dt.date | None] = day(
        N_("Từ ngày"), required=True, listed=True, newest_first=True
    )
    ends_on: Mapped[dt.date | None] = day(N_("Đến ngày"), listed=True)
    term: Mapped[str] = link(N_("Nhiệm kỳ"), "office_term", listed=True)
    national_board: Mapped[bool] = yes_no(
        N_("Kiêm ủy viên Ban Chấp hành Hội Thư viện Việt Nam"), filtered=True
    )
    decision_no: Mapped[str] = short_text(N_("Số quyết định"), max_length=60)
    note: Mapped[str] = short_text(N_("Ghi chú"))

    once = (
        Together(
            unit, member, position, starts_on, sentence=N_("Chức vụ này của hội viên đã được ghi.")
        ),
    )

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield block(OfficeHolder.ends_on, _("Ngày thôi chức vụ không thể trước ngày nhận."))
