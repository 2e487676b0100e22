"""How a library stood against a set of criteria in one year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, Together, block, warn
from sync.records.fields import (
    choice,
    day,
    link,
    long_text,
    number,
    short_text,
    year,
)
from sync.records.types import Words
from sync.texts import N_, _


class Result(Words):
    PASSED = "passed", N_("Đạt")
    FAILED = "failed", N_("Không đạt")
    OPEN = "open", N_("Chưa xếp loại")


class Assessment(Record):
    """A library, a year, a set of criteria, and what came of it.

    The year of an assessment runs from 1 December to 30 November (Circular 05/2020/TT-BVHTTDL).
    """

    __tablename__ = "assessment"
    label = N_("Đánh giá thư viện")
    icon = "target"

    library: Mapped[str] = link(N_("Thư viện"), "library", required=True, listed=True, titled=True)
    year: Mapped[int | None] = year(
        N_("Năm đánh giá"), required=True, listed=True, titled=True, filtered=True,
        newest_first=True, help=N_("Tính từ 01/12 năm trước đến 30/11."),
    )  # fmt: skip
    criteria_set: Mapped[str] = link(
        N_("Bộ tiêu chí"), "criteria_set", required=True, listed=True, filtered=True
    )
    result: Mapped[str] = choice(
        N_("Kết quả"), Result, required=True, listed=True, filtered=True, initial="open"
    )
    points: Mapped[int | None] = number(N_("Tổng điểm"), listed=True)
    assessed_on: Mapped[dt.date | None] = day(N_("Ngày đánh giá"))
    assessor: Mapped[str] = short_text(N_("Người, đoàn đánh giá"))
    decision_no: Mapped[str] = short_text(
        N_("Số quyết định công nhận"), max_length=60, listed=True, searched=True,
        section=N_("Công nhận"),
    )  # fmt: skip
    decision_on: Mapped[dt.date | None] = day(N_("Ngày công nhận"))
    evidence: Mapped[str] = long_text(N_("Minh chứng"))
    note: Mapped[str] = short_text(N_("Ghi chú"))

    once = (
        Together(
            library, year, criteria_set,
            sentence=N_("Thư viện này đã được đánh giá theo bộ tiêu chí ấy trong năm đó."),
        ),
    )  # fmt: skip

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.result == Result.PASSED and not self.decision_no:
            yield warn(Assessment.decision_no, _("Đã đạt nhưng chưa ghi quyết định công nhận."))
        for column in (Assessment.assessed_on, Assessment.decision_on):
            held = getattr(self, column.key)
            if held and held > today:
                yield block(column, _("Ngày này không thể sau hôm nay."))
        if self.year and self.year > today.year + 1:
            yield warn(Assessment.year, _("Năm này còn xa, anh/chị xem lại giúp."))
