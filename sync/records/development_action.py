"""Actions for the Sustainable Development Goals, with partners and beneficiaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.activity import Goal
from sync.records.base import Record, block
from sync.records.fields import (
    choices,
    day,
    link,
    long_text,
    number,
    short_text,
    yes_no,
)
from sync.texts import N_, _


class DevelopmentAction(Record):
    """An action for one or several goals of Agenda 2030, and whom it reached."""

    __tablename__ = "development_action"
    label = N_("Hành động vì phát triển bền vững")
    icon = "activity"

    name: Mapped[str] = short_text(
        N_("Tên hành động"), max_length=300, required=True, listed=True, titled=True,
        searched=True,
    )  # fmt: skip
    goals: Mapped[str] = choices(N_("Mục tiêu"), Goal, required=True, listed=True)
    starts_on: Mapped[dt.date | None] = day(
        N_("Từ ngày"), required=True, listed=True, newest_first=True
    )
    ends_on: Mapped[dt.date | None] = day(N_("Đến ngày"))
    activity: Mapped[str] = link(
        N_("Hoạt động đã ghi"), "activity", help=N_("Nếu đã ghi ở trang Hoạt động.")
    )
    library: Mapped[str] = link(N_("Thư viện thực hiện"), "library", listed=True)
    partners: Mapped[str] = short_text(
        N_("Bộ, ngành, địa phương phối hợp"), max_length=300, listed=True, searched=True
    )
    with_ifla: Mapped[bool] = yes_no(N_("Trong chương trình của IFLA"), listed=True, filtered=True)
    beneficiaries: Mapped[int | None] = number(
        N_("Số người hưởng lợi"), listed=True, section=N_("Kết quả")
    )
    women_beneficiaries: Mapped[int | None] = number(N_("Trong đó: nữ"))
    beneficiary_groups: Mapped[str] = short_text(
        N_("Nhóm hưởng lợi"), help=N_("Ví dụ: trẻ em, người khuyết tật, đồng bào dân tộc.")
    )
    evidence: Mapped[str] = long_text(N_("Kết quả, minh chứng"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield block(DevelopmentAction.ends_on, _("Ngày kết thúc không thể trước ngày bắt đầu."))
        total = self.beneficiaries
        if total is not None and (self.women_beneficiaries or 0) > total:
            yield block(
                DevelopmentAction.women_beneficiaries,
                _("Số nữ không thể nhiều hơn tổng số."),
            )
