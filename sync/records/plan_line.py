"""What a branch means to do in a year, agreed with state agencies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, warn
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


class Progress(Words):
    PLANNED = "planned", N_("Chưa làm")
    RUNNING = "running", N_("Đang làm")
    DONE = "done", N_("Đã xong")
    DROPPED = "dropped", N_("Không làm nữa")


class PlanLine(Record):
    """One line of the yearly plan, under the task of the resolution that it serves."""

    __tablename__ = "plan_line"
    label = N_("Kế hoạch năm")
    icon = "document"

    year: Mapped[int | None] = year(
        N_("Năm"), required=True, listed=True, filtered=True, newest_first=True
    )
    task_no: Mapped[int | None] = number(
        N_("Nhiệm vụ số"), least=1, most=20, required=True, listed=True, filtered=True
    )
    content: Mapped[str] = short_text(
        N_("Nội dung"), max_length=400, required=True, listed=True, titled=True, searched=True
    )
    agency: Mapped[str] = short_text(
        N_("Cơ quan phối hợp"), listed=True, searched=True, section=N_("Phối hợp")
    )
    document_no: Mapped[str] = short_text(N_("Số văn bản"), max_length=60, searched=True)
    document_on: Mapped[dt.date | None] = day(N_("Ngày văn bản"))
    due_on: Mapped[dt.date | None] = day(N_("Hạn hoàn thành"), listed=True, section=N_("Tiến độ"))
    progress: Mapped[str] = choice(
        N_("Tình hình"), Progress, required=True, listed=True, filtered=True, initial="planned"
    )
    done_percent: Mapped[int | None] = number(N_("Hoàn thành"), most=100, unit="%", listed=True)
    activity: Mapped[str] = link(N_("Hoạt động đã tổ chức"), "activity")
    result: Mapped[str] = long_text(N_("Kết quả"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        percent = self.done_percent
        if self.progress == Progress.DONE and percent is not None and percent < 100:
            yield warn(PlanLine.done_percent, _("Đã xong mà chưa đủ 100 %."))
        is_open = self.progress in (Progress.PLANNED, Progress.RUNNING)
        if is_open and self.due_on and self.due_on < today:
            yield warn(PlanLine.due_on, _("Đã quá hạn mà chưa xong."))
