"""How many people work in a library, year by year: the denominators of the targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, Together, block, warn
from sync.records.fields import choice, day, link, long_text, number, year
from sync.records.types import Words
from sync.texts import N_, _


class Source(Words):
    LIBRARY = "library", N_("Báo cáo của đơn vị")
    DEPARTMENT = "department", N_("Số liệu của Sở")
    ESTIMATE = "estimate", N_("Ước tính")


class Headcount(Record):
    """The staff of one library in one year, with where the figure comes from."""

    __tablename__ = "headcount"
    label = N_("Nhân sự thư viện")
    icon = "people"

    library: Mapped[str] = link(N_("Thư viện"), "library", required=True, listed=True, titled=True)
    year: Mapped[int | None] = year(
        N_("Năm"), required=True, listed=True, newest_first=True, titled=True, filtered=True
    )
    counted_on: Mapped[dt.date | None] = day(N_("Ngày chốt số liệu"))
    source: Mapped[str] = choice(
        N_("Nguồn số liệu"), Source, required=True, listed=True, filtered=True
    )
    total: Mapped[int | None] = number(
        N_("Tổng số người làm công tác thư viện"), required=True, listed=True,
        section=N_("Số người"),
    )  # fmt: skip
    women: Mapped[int | None] = number(N_("Trong đó: nữ"), listed=True)
    full_time: Mapped[int | None] = number(N_("Chuyên trách"))
    part_time: Mapped[int | None] = number(N_("Kiêm nhiệm"))
    university_degree: Mapped[int | None] = number(N_("Đại học trở lên"), section=N_("Trình độ"))
    college_degree: Mapped[int | None] = number(N_("Cao đẳng, trung cấp"))
    secondary_school: Mapped[int | None] = number(N_("Trung học phổ thông"))
    other_degree: Mapped[int | None] = number(N_("Trình độ khác"))
    trained_as_librarian: Mapped[int | None] = number(N_("Đào tạo ngành thư viện"))
    trained_otherwise: Mapped[int | None] = number(N_("Đào tạo ngành khác"))
    training_turns: Mapped[int | None] = number(N_("Lượt tập huấn trong năm"))
    note: Mapped[str] = long_text(N_("Ghi chú"))

    once = (Together(library, year, sentence=N_("Thư viện này đã có số nhân sự của năm đó.")),)

    def findings(self, today: dt.date) -> Iterator[Finding]:
        total = self.total or 0
        if (self.women or 0) > total:
            yield block(Headcount.women, _("Số nữ không thể nhiều hơn tổng số."))
        known = self.full_time is not None and self.part_time is not None
        if known and (self.full_time or 0) + (self.part_time or 0) != total:
            yield warn(Headcount.part_time, _("Chuyên trách cộng kiêm nhiệm chưa bằng tổng số."))
        if self.counted_on and self.counted_on > today:
            yield block(Headcount.counted_on, _("Ngày chốt không thể sau hôm nay."))
        if self.year and self.year > today.year + 1:
            yield warn(Headcount.year, _("Năm này còn xa, anh/chị xem lại giúp."))
