"""What the centre made known of a province: the nation's figures, for every office to read."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Mapped

from sync.records.base import Keeper, Record, Together
from sync.records.fields import day, number, place, short_text
from sync.texts import N_


class PublishedFigure(Record):
    """One ratio of one province on a day. No denominator: nobody can say yet."""

    __tablename__ = "published_figure"
    label = N_("Số liệu Trung ương công bố")
    icon = "place"
    keeper = Keeper.CENTRE

    province: Mapped[str] = place(
        N_("Tỉnh, thành phố"), "province", required=True, listed=True, titled=True
    )
    indicator: Mapped[str] = short_text(
        N_("Mã số liệu"), max_length=40, required=True, listed=True, titled=True
    )
    stood_on: Mapped[dt.date | None] = day(
        N_("Tính đến ngày"), required=True, listed=True, newest_first=True
    )
    numerator: Mapped[int | None] = number(N_("Tử số"), listed=True)
    denominator: Mapped[int | None] = number(N_("Mẫu số"), listed=True)
    missing: Mapped[int | None] = number(N_("Thư viện chưa có số nhân sự"))
    asked: Mapped[int | None] = number(N_("Thư viện phải có số nhân sự"))
    published_on: Mapped[dt.date | None] = day(N_("Ngày công bố"), listed=True)

    once = (
        Together(
            province, indicator, stood_on, sentence=N_("Số liệu này đã được công bố cho ngày đó.")
        ),
    )
