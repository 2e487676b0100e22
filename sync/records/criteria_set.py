"""Sets of criteria by which libraries and members are judged, each with its version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Keeper, Record, Together, block
from sync.records.fields import (
    choice,
    day,
    long_text,
    number,
    short_text,
)
from sync.records.types import Words
from sync.texts import N_, _


class CriteriaType(Words):
    FRIENDLY_MODERN = "friendly_modern", N_("Thư viện thân thiện và hiện đại")
    LIBRARY_OF_YEAR = "library_of_year", N_("Thư viện của năm")
    ETHICS = "ethics", N_("Thư đức")
    YEARLY = "yearly", N_("Đánh giá hằng năm theo Thông tư 05/2020")
    HERITAGE = "heritage", N_("Tư liệu di sản")
    OTHER = "other", N_("Bộ tiêu chí khác")


class CriteriaSet(Record):
    """A version of a set. A newer version never alters what was judged by an older one."""

    __tablename__ = "criteria_set"
    label = N_("Bộ tiêu chí")
    icon = "target"
    keeper = Keeper.EITHER

    subject: Mapped[str] = choice(
        N_("Loại bộ tiêu chí"), CriteriaType, required=True, listed=True, titled=True,
        filtered=True,
    )  # fmt: skip
    version: Mapped[str] = short_text(
        N_("Phiên bản"), max_length=20, required=True, listed=True, titled=True,
        help=N_("Ví dụ: 2026."),
    )  # fmt: skip
    begins_on: Mapped[dt.date | None] = day(
        N_("Áp dụng từ ngày"), required=True, listed=True, newest_first=True
    )
    ends_on: Mapped[dt.date | None] = day(N_("Đến ngày"), listed=True)
    decided_by: Mapped[str] = short_text(N_("Văn bản ban hành"), max_length=120, searched=True)
    pass_points: Mapped[int | None] = number(
        N_("Điểm tối thiểu để đạt"), help=N_("Để trống nếu không chấm điểm.")
    )
    note: Mapped[str] = long_text(N_("Ghi chú"))

    once = (Together(subject, version, sentence=N_("Phiên bản này của bộ tiêu chí đã có.")),)

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.begins_on and self.ends_on and self.ends_on < self.begins_on:
            yield block(CriteriaSet.ends_on, _("Ngày kết thúc không thể trước ngày bắt đầu."))
