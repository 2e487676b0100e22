"""Awards and disciplinary measures, for members, libraries and units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block, warn
from sync.records.fields import (
    choice,
    day,
    link,
    long_text,
    short_text,
    year,
)
from sync.records.types import Words
from sync.texts import N_, _


class AwardForm(Words):
    MEDAL = "medal", N_("Kỷ niệm chương, huy hiệu")
    CERTIFICATE = "certificate", N_("Bằng khen")
    PRAISE = "praise", N_("Giấy khen")
    FLAG = "flag", N_("Cờ thi đua")
    TITLE = "title", N_("Danh hiệu thi đua")
    REPRIMAND = "reprimand", N_("Khiển trách")
    WARNING = "warning", N_("Cảnh cáo")
    EXPULSION = "expulsion", N_("Khai trừ")
    OTHER = "other", N_("Hình thức khác")


class AwardLevel(Words):
    BRANCH = "branch", N_("Chi hội, liên chi hội")
    ASSOCIATION = "association", N_("Hội Thư viện Việt Nam")
    FEDERATION = "federation", N_("Liên hiệp các Hội Khoa học và Kỹ thuật")
    PROVINCE = "province", N_("Tỉnh, thành phố")
    MINISTRY = "ministry", N_("Bộ, ngành trung ương")
    STATE = "state", N_("Nhà nước")


class Award(Record):
    """What a member, a library or a unit was honoured or disciplined with."""

    __tablename__ = "award"
    label = N_("Khen thưởng, kỷ luật")
    icon = "certificate"

    form: Mapped[str] = choice(
        N_("Hình thức"), AwardForm, required=True, listed=True, titled=True, filtered=True
    )
    level: Mapped[str] = choice(N_("Cấp quyết định"), AwardLevel, listed=True, filtered=True)
    year: Mapped[int | None] = year(N_("Năm"), required=True, listed=True, filtered=True)
    member: Mapped[str] = link(
        N_("Hội viên"), "member", listed=True, titled=True, section=N_("Người, đơn vị được nhận"),
        help=N_("Chọn một trong ba: hội viên, thư viện hoặc tổ chức Hội."),
    )  # fmt: skip
    library: Mapped[str] = link(N_("Thư viện"), "library", listed=True, titled=True)
    unit: Mapped[str] = link(N_("Tổ chức Hội"), "organisation_unit", listed=True, titled=True)
    decision_no: Mapped[str] = short_text(
        N_("Số quyết định"), max_length=60, listed=True, searched=True, section=N_("Quyết định")
    )
    decision_on: Mapped[dt.date | None] = day(N_("Ngày quyết định"), newest_first=True)
    reason: Mapped[str] = long_text(N_("Lý do, thành tích"))
    note: Mapped[str] = short_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        named = [one for one in (self.member, self.library, self.unit) if one]
        if len(named) != 1:
            yield block(Award.member, _("Chọn đúng một: hội viên, thư viện hoặc tổ chức Hội."))
        if self.decision_on and self.decision_on > today:
            yield block(Award.decision_on, _("Ngày quyết định không thể sau hôm nay."))
        if not self.decision_no:
            yield warn(Award.decision_no, _("Chưa ghi số quyết định."))
