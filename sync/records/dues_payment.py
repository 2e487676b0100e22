"""What a member paid, and what the branch passed on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block, warn
from sync.records.fields import (
    amount_vnd,
    choice,
    day,
    link,
    short_text,
    year,
    yes_no,
)
from sync.records.types import Words
from sync.texts import N_, _


class PaymentForm(Words):
    CASH = "cash", N_("Tiền mặt")
    TRANSFER = "transfer", N_("Chuyển khoản")
    OTHER = "other", N_("Cách khác")


class DuesPayment(Record):
    """One receipt for dues: a member, a year, an amount.

    A receipt that was made out wrongly is marked void, never removed: its number stands.
    """

    __tablename__ = "dues_payment"
    label = N_("Hội phí")
    icon = "receipt"

    member: Mapped[str] = link(N_("Hội viên"), "member", required=True, listed=True, titled=True)
    year: Mapped[int | None] = year(
        N_("Cho năm"), required=True, listed=True, titled=True, filtered=True
    )
    paid_vnd: Mapped[int | None] = amount_vnd(
        N_("Số tiền đã nộp (đồng)"), required=True, listed=True
    )
    paid_on: Mapped[dt.date | None] = day(
        N_("Ngày nộp"), required=True, listed=True, newest_first=True
    )
    form: Mapped[str] = choice(N_("Cách nộp"), PaymentForm, initial="cash", filtered=True)
    receipt_no: Mapped[str] = short_text(
        N_("Số phiếu thu"), max_length=30, listed=True, searched=True,
        help=N_("Số trên phiếu giấy, nếu có."),
    )  # fmt: skip
    collector: Mapped[str] = short_text(N_("Người thu"))
    void: Mapped[bool] = yes_no(
        N_("Phiếu đã hủy"), listed=True, filtered=True,
        help=N_("Phiếu viết sai thì hủy và viết phiếu khác; số phiếu vẫn giữ."),
    )  # fmt: skip
    void_reason: Mapped[str] = short_text(N_("Lý do hủy"))
    note: Mapped[str] = short_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.paid_on and self.paid_on > today:
            yield block(DuesPayment.paid_on, _("Ngày nộp không thể sau hôm nay."))
        if self.year and self.year > today.year + 1:
            yield warn(DuesPayment.year, _("Nộp trước quá một năm, anh/chị xem lại giúp."))
        if self.void and not self.void_reason:
            yield block(DuesPayment.void_reason, _("Phiếu đã hủy phải ghi lý do."))
