"""Dues that the branch passed on to the centre."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block, warn
from sync.records.fields import (
    amount_vnd,
    day,
    link,
    short_text,
    year,
)
from sync.texts import N_, _


class DuesRemittance(Record):
    """One payment of the branch to the level above."""

    __tablename__ = "dues_remittance"
    label = N_("Nộp hội phí về cấp trên")
    icon = "receipt"

    year: Mapped[int | None] = year(
        N_("Cho năm"), required=True, listed=True, titled=True, filtered=True
    )
    amount_vnd: Mapped[int | None] = amount_vnd(N_("Số tiền (đồng)"), required=True, listed=True)
    remitted_on: Mapped[dt.date | None] = day(
        N_("Ngày nộp"), required=True, listed=True, titled=True, newest_first=True
    )
    receiver: Mapped[str] = link(N_("Nộp cho"), "organisation_unit", listed=True)
    document_no: Mapped[str] = short_text(
        N_("Số chứng từ"), max_length=60, listed=True, searched=True
    )
    note: Mapped[str] = short_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.remitted_on and self.remitted_on > today:
            yield block(DuesRemittance.remitted_on, _("Ngày nộp không thể sau hôm nay."))
        if not self.document_no:
            yield warn(DuesRemittance.document_no, _("Chưa ghi số chứng từ."))
