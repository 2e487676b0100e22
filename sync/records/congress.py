"""Congresses of the units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block, warn
from sync.records.fields import (
    choice,
    day,
    link,
    long_text,
    number,
    short_text,
)
from sync.records.types import Words
from sync.texts import N_, _


class CongressType(Words):
    ORDINARY = "ordinary", N_("Đại hội nhiệm kỳ")
    EXTRAORDINARY = "extraordinary", N_("Đại hội bất thường")
    FOUNDING = "founding", N_("Đại hội thành lập")
    CONFERENCE = "conference", N_("Hội nghị toàn thể")


class Congress(Record):
    """One congress. The file sent before it states how many members there are, and how many
    of them are official (Circular 03/2013/TT-BNV Art. 4).
    """

    __tablename__ = "congress"
    label = N_("Đại hội")
    icon = "people"

    unit: Mapped[str] = link(
        N_("Tổ chức Hội"), "organisation_unit", required=True, listed=True, titled=True
    )
    congress_no: Mapped[str] = short_text(
        N_("Đại hội lần thứ"), max_length=20, required=True, listed=True, titled=True
    )
    type: Mapped[str] = choice(
        N_("Loại đại hội"), CongressType, required=True, listed=True, filtered=True,
        initial="ordinary",
    )  # fmt: skip
    held_on: Mapped[dt.date | None] = day(
        N_("Ngày họp"), required=True, listed=True, newest_first=True
    )
    venue: Mapped[str] = short_text(N_("Địa điểm"), searched=True)
    permit_no: Mapped[str] = short_text(N_("Văn bản đồng ý cho tổ chức"), max_length=60)
    delegates: Mapped[int | None] = number(
        N_("Số đại biểu"), listed=True, section=N_("Số liệu báo cáo")
    )
    members_total: Mapped[int | None] = number(N_("Tổng số hội viên"))
    members_official: Mapped[int | None] = number(N_("Trong đó: hội viên chính thức"))
    board_size: Mapped[int | None] = number(N_("Số ủy viên Ban Chấp hành được bầu"))
    inspection_size: Mapped[int | None] = number(N_("Số ủy viên Ban Kiểm tra được bầu"))
    recognised_by: Mapped[str] = short_text(N_("Quyết định công nhận kết quả"), max_length=60)
    outcome: Mapped[str] = long_text(N_("Nghị quyết, kết quả"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        total = self.members_total
        if total is not None and (self.members_official or 0) > total:
            yield block(
                Congress.members_official,
                _("Số hội viên chính thức không thể nhiều hơn tổng số."),
            )
        held = self.held_on
        if held and held <= today and not self.recognised_by:
            yield warn(Congress.recognised_by, _("Chưa ghi quyết định công nhận kết quả."))
