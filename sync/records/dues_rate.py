"""What a member owes for a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, Together, warn
from sync.records.fields import (
    amount_vnd,
    choice,
    number,
    short_text,
    year,
)
from sync.records.member import Membership, Subject
from sync.texts import N_, _


class DuesRate(Record):
    """The dues of one year for one kind of member. The charter leaves the amounts to the units."""

    __tablename__ = "dues_rate"
    label = N_("Mức hội phí")
    icon = "receipt"

    year: Mapped[int | None] = year(
        N_("Năm"), required=True, listed=True, titled=True, filtered=True, newest_first=True
    )
    membership: Mapped[str] = choice(
        N_("Loại hội viên"), Membership, required=True, listed=True, titled=True,
        initial="official",
    )  # fmt: skip
    subject: Mapped[str] = choice(
        N_("Đối tượng"), Subject, required=True, listed=True, titled=True, initial="person"
    )
    amount_vnd: Mapped[int | None] = amount_vnd(
        N_("Mức đóng một năm (đồng)"), required=True, listed=True,
        help=N_("Ghi 0 nếu được miễn."),
    )  # fmt: skip
    forwarded_percent: Mapped[int | None] = number(
        N_("Phần nộp về cấp trên"), most=100, unit="%", listed=True
    )
    decision_no: Mapped[str] = short_text(N_("Căn cứ (số văn bản)"), max_length=60)
    note: Mapped[str] = short_text(N_("Ghi chú"))

    once = (
        Together(year, membership, subject, sentence=N_("Mức hội phí này của năm đó đã được ghi.")),
    )

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.year and self.year > today.year + 1:
            yield warn(DuesRate.year, _("Năm này còn xa, anh/chị xem lại giúp."))
