"""The terms of the association (khóa), from one congress to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Keeper, Record, block
from sync.records.fields import (
    day,
    long_text,
    number,
    short_text,
)
from sync.texts import N_, _


class Term(Record):
    """A term, and the direction that its congress set. `congress_on` is where its counts begin."""

    __tablename__ = "term"
    label = N_("Khóa")
    icon = "calendar"
    keeper = Keeper.CENTRE

    name: Mapped[str] = short_text(
        N_("Tên khóa"), max_length=80, required=True, listed=True, titled=True,
        help=N_("Ví dụ: Khóa III (2016–2021)."),
    )  # fmt: skip
    number: Mapped[int | None] = number(
        N_("Khóa số"), least=1, most=100, required=True, listed=True, unique=True
    )
    starts_on: Mapped[dt.date | None] = day(
        N_("Có hiệu lực từ ngày"), required=True, listed=True, newest_first=True
    )
    ends_on: Mapped[dt.date | None] = day(N_("Đến hết ngày"), listed=True)
    congress: Mapped[str] = short_text(N_("Đại hội"), searched=True)
    congress_on: Mapped[dt.date | None] = day(N_("Ngày họp đại hội"), listed=True)
    direction: Mapped[str] = long_text(N_("Phương hướng"))
    source: Mapped[str] = short_text(N_("Văn bản, nguồn"), max_length=400)
    note: Mapped[str] = long_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield block(Term.ends_on, _("Ngày kết thúc không thể trước ngày bắt đầu."))
