"""The terms of a unit's board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, Together, block, warn
from sync.records.fields import (
    day,
    link,
    short_text,
)
from sync.texts import N_, _


class OfficeTerm(Record):
    """A term of the board of one unit. Terms last two, three or five years: dates, no rule."""

    __tablename__ = "office_term"
    label = N_("Nhiệm kỳ")
    icon = "calendar"

    unit: Mapped[str] = link(
        N_("Tổ chức Hội"), "organisation_unit", required=True, listed=True, titled=True
    )
    term_no: Mapped[str] = short_text(
        N_("Khóa, nhiệm kỳ"), max_length=20, required=True, listed=True, titled=True,
        help=N_("Ví dụ: III."),
    )  # fmt: skip
    starts_on: Mapped[dt.date | None] = day(
        N_("Từ ngày"), required=True, listed=True, newest_first=True
    )
    ends_on: Mapped[dt.date | None] = day(N_("Đến ngày"), listed=True)
    decision_no: Mapped[str] = short_text(
        N_("Số quyết định công nhận"), max_length=60, listed=True, searched=True
    )
    decision_on: Mapped[dt.date | None] = day(N_("Ngày quyết định"))
    note: Mapped[str] = short_text(N_("Ghi chú"))

    once = (Together(unit, term_no, sentence=N_("Nhiệm kỳ này của tổ chức đã được ghi.")),)

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.starts_on and self.ends_on and self.ends_on <= self.starts_on:
            yield block(OfficeTerm.ends_on, _("Ngày kết thúc phải sau ngày bắt đầu."))
        if self.ends_on and self.ends_on < today and not self.note:
            yield warn(OfficeTerm.ends_on, _("Nhiệm kỳ đã hết; đại hội đã họp chưa?"))
