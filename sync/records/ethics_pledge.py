"""Pledges to keep the librarians' code of ethics, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.assessment import Result
from sync.records.base import Record, Together, block
from sync.records.fields import (
    choice,
    day,
    link,
    short_text,
    year,
)
from sync.texts import N_, _


class EthicsPledge(Record):
    """A member or a library promises to keep the code ("Thư đức") for a year."""

    __tablename__ = "ethics_pledge"
    label = N_("Cam kết Thư đức")
    icon = "certificate"

    member: Mapped[str] = link(
        N_("Hội viên"), "member", listed=True, titled=True,
        help=N_("Chọn hội viên, hoặc thư viện."),
    )  # fmt: skip
    library: Mapped[str] = link(N_("Thư viện"), "library", listed=True, titled=True)
    year: Mapped[int | None] = year(
        N_("Năm"), required=True, listed=True, titled=True, filtered=True, newest_first=True
    )
    pledged_on: Mapped[dt.date | None] = day(N_("Ngày cam kết"), required=True, listed=True)
    result: Mapped[str] = choice(
        N_("Kết quả cuối năm"), Result, required=True, listed=True, filtered=True, initial="open"
    )
    note: Mapped[str] = short_text(N_("Ghi chú"))

    once = (
        Together(member, year, sentence=N_("Cam kết của năm đó đã được ghi.")),
        Together(library, year, sentence=N_("Cam kết của năm đó đã được ghi.")),
    )

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if bool(self.member) == bool(self.library):
            yield block(EthicsPledge.member, _("Chọn một: hội viên hoặc thư viện."))
        if self.pledged_on and self.pledged_on > today:
            yield block(EthicsPledge.pledged_on, _("Ngày cam kết không thể sau hôm nay."))
