"""Certificates given at the end of a course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block, warn
from sync.records.fields import (
    day,
    link,
    number,
    short_text,
    yes_no,
)
from sync.texts import N_, _


class Certificate(Record):
    """A numbered certificate of one person for one course."""

    __tablename__ = "certificate"
    label = N_("Chứng nhận")
    icon = "certificate"

    activity: Mapped[str] = link(
        N_("Lớp tập huấn"), "activity", required=True, listed=True, titled=True
    )
    member: Mapped[str] = link(N_("Hội viên"), "member", listed=True, titled=True)
    guest_name: Mapped[str] = short_text(
        N_("Họ tên khách"), listed=True, titled=True, searched=True,
        help=N_("Ghi khi người học không phải hội viên."),
    )  # fmt: skip
    certificate_no: Mapped[str] = short_text(
        N_("Số chứng nhận"), max_length=40, required=True, listed=True, searched=True, unique=True
    )
    issued_on: Mapped[dt.date | None] = day(
        N_("Ngày cấp"), required=True, listed=True, newest_first=True
    )
    hours: Mapped[int | None] = number(N_("Số giờ học"), listed=True)
    grade: Mapped[str] = short_text(N_("Xếp loại"), max_length=40, listed=True)
    revoked: Mapped[bool] = yes_no(N_("Đã thu hồi"), filtered=True)
    note: Mapped[str] = short_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if not self.member and not self.guest_name:
            yield block(Certificate.member, _("Chọn hội viên, hoặc ghi họ tên khách."))
        if self.issued_on and self.issued_on > today:
            yield warn(Certificate.issued_on, _("Ngày cấp ở sau hôm nay."))
