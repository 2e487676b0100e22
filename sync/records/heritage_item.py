"""Candidates for documentary heritage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block, warn
from sync.records.fields import (
    choice,
    choices,
    day,
    link,
    long_text,
    number,
    short_text,
    yes_no,
)
from sync.records.types import Words
from sync.texts import N_, _


class HeritageType(Words):
    """Source: Decree 93/2020/NĐ-CP Arts. 5 to 7."""

    ANCIENT = "ancient", N_("Tài liệu cổ")
    RARE = "rare", N_("Tài liệu quý hiếm")
    COLLECTION = "collection", N_("Bộ sưu tập có giá trị đặc biệt")


class HeritageCriterion(Words):
    """Source: Decree 93/2020/NĐ-CP Arts. 5 to 7."""

    AGE = "age", N_("Từ 100 năm tuổi trở lên")
    AUTOGRAPH = "autograph", N_("Bản thảo, bút tích của danh nhân")
    MOMENT = "moment", N_("Ra đời trong thời điểm lịch sử")
    UNIQUE = "unique", N_("Độc bản hoặc còn rất ít bản")
    FORM = "form", N_("Hình thức đặc sắc")
    COLLECTION = "collection", N_("Bộ sưu tập có giá trị đặc biệt")


class Nomination(Words):
    NONE = "none", N_("Chưa đề cử")
    NOMINATED = "nominated", N_("Đã đề cử")
    RECOGNISED = "recognised", N_("Được công nhận")
    DECLINED = "declined", N_("Không được công nhận")


class HeritageItem(Record):
    """A document or collection that may be national documentary heritage."""

    __tablename__ = "heritage_item"
    label = N_("Tư liệu di sản")
    icon = "document"

    name: Mapped[str] = short_text(
        N_("Tên tư liệu"), max_length=300, required=True, listed=True, titled=True, searched=True
    )
    library: Mapped[str] = link(
        N_("Thư viện đang giữ"), "library", required=True, listed=True, filtered=True
    )
    type: Mapped[str] = choice(
        N_("Loại tư liệu"), HeritageType, required=True, listed=True, filtered=True
    )
    dated_from: Mapped[int | None] = number(
        N_("Niên đại: từ năm"), most=2200, listed=True, help=N_("Năm ước chừng cũng được.")
    )
    dated_to: Mapped[int | None] = number(N_("Niên đại: đến năm"), most=2200)
    criteria: Mapped[str] = choices(N_("Tiêu chí đáp ứng"), HeritageCriterion)
    condition: Mapped[str] = short_text(N_("Tình trạng"), section=N_("Tình trạng và đề cử"))
    digitised: Mapped[bool] = yes_no(N_("Đã số hóa"), listed=True, filtered=True)
    nomination: Mapped[str] = choice(
        N_("Đề cử cấp quốc gia"), Nomination, required=True, listed=True, filtered=True,
        initial="none",
    )  # fmt: skip
    nominated_on: Mapped[dt.date | None] = day(N_("Ngày đề cử"))
    decided_on: Mapped[dt.date | None] = day(N_("Ngày có kết quả"))
    note: Mapped[str] = long_text(N_("Mô tả, ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        first, last = self.dated_from, self.dated_to
        if first and last and last < first:
            yield block(HeritageItem.dated_to, _("Năm sau không thể nhỏ hơn năm trước."))
        if self.type == HeritageType.ANCIENT and first and today.year - first < 100:
            yield warn(HeritageItem.dated_from, _("Tài liệu cổ phải từ 100 năm tuổi trở lên."))
        if self.nomination != Nomination.NONE and not self.nominated_on:
            yield warn(HeritageItem.nominated_on, _("Chưa ghi ngày đề cử."))
