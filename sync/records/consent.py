"""Consent to the use of personal data, by purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block
from sync.records.fields import (
    choice,
    day,
    link,
    short_text,
)
from sync.records.types import Words
from sync.texts import N_, _


class Purpose(Words):
    MEMBERSHIP = "membership", N_("Quản lý hội viên, thẻ, hội phí")
    REPORTING = "reporting", N_("Báo cáo Trung ương Hội và cơ quan nhà nước")
    CONTACT = "contact", N_("Liên hệ, gửi tin hoạt động")
    PUBLICITY = "publicity", N_("Đăng tên, ảnh trên trang tin, ấn phẩm")
    TRAINING = "training", N_("Tập huấn, cấp chứng nhận")
    OTHER = "other", N_("Mục đích khác")


class ConsentForm(Words):
    WRITTEN = "written", N_("Văn bản, đơn có chữ ký")
    ELECTRONIC = "electronic", N_("Thư điện tử, tin nhắn")
    RECORDED = "recorded", N_("Lời nói có ghi lại")


class Consent(Record):
    """A member's yes to one purpose; withdrawn when it has an end.

    Source: Law 91/2025/QH15 on personal data protection. Silence is no consent.
    """

    __tablename__ = "consent"
    label = N_("Đồng ý xử lý dữ liệu")
    icon = "check"

    member: Mapped[str] = link(N_("Hội viên"), "member", required=True, listed=True, titled=True)
    purpose: Mapped[str] = choice(
        N_("Mục đích"), Purpose, required=True, listed=True, titled=True, filtered=True
    )
    given_on: Mapped[dt.date | None] = day(
        N_("Ngày đồng ý"), required=True, listed=True, newest_first=True
    )
    form: Mapped[str] = choice(N_("Bằng cách nào"), ConsentForm, required=True, listed=True)
    withdrawn_on: Mapped[dt.date | None] = day(N_("Ngày rút lại"), listed=True)
    keeping_place: Mapped[str] = short_text(N_("Nơi giữ văn bản"))
    note: Mapped[str] = short_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.given_on and self.given_on > today:
            yield block(Consent.given_on, _("Ngày đồng ý không thể sau hôm nay."))
        if self.given_on and self.withdrawn_on and self.withdrawn_on < self.given_on:
            yield block(Consent.withdrawn_on, _("Ngày rút lại không thể trước ngày đồng ý."))
