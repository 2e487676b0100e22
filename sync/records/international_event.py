"""Events abroad or with partners from abroad."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block
from sync.records.fields import (
    amount_vnd,
    choice,
    day,
    long_text,
    short_text,
)
from sync.records.types import Words
from sync.texts import N_, _


class EventSeries(Words):
    CONSAL = "consal", N_("CONSAL")
    IFLA = "ifla", N_("IFLA")
    BILATERAL = "bilateral", N_("Hợp tác song phương")
    ONLINE = "online", N_("Hội thảo trực tuyến quốc tế")
    OTHER = "other", N_("Sự kiện khác")


class InternationalEvent(Record):
    """A congress, a visit or a seminar with partners from abroad."""

    __tablename__ = "international_event"
    label = N_("Sự kiện quốc tế")
    icon = "external"

    name: Mapped[str] = short_text(
        N_("Tên sự kiện"), max_length=300, required=True, listed=True, titled=True, searched=True
    )
    series: Mapped[str] = choice(
        N_("Khuôn khổ"), EventSeries, required=True, listed=True, filtered=True
    )
    country: Mapped[str] = short_text(N_("Nước tổ chức"), max_length=80, listed=True)
    starts_on: Mapped[dt.date | None] = day(
        N_("Từ ngày"), required=True, listed=True, newest_first=True
    )
    ends_on: Mapped[dt.date | None] = day(N_("Đến ngày"))
    funding: Mapped[str] = short_text(N_("Nguồn kinh phí"))
    cost_vnd: Mapped[int | None] = amount_vnd(N_("Kinh phí (đồng)"))
    outcome: Mapped[str] = long_text(N_("Kết quả"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield block(
                InternationalEvent.ends_on, _("Ngày kết thúc không thể trước ngày bắt đầu.")
            )
