"""Advice, criticism and appraisal for state bodies."""

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
    long_text,
    short_text,
)
from sync.records.types import Words
from sync.texts import N_, _


class DossierType(Words):
    """Source: Decision 14/2014/QĐ-TTg."""

    ADVICE = "advice", N_("Tư vấn")
    CRITICISM = "criticism", N_("Phản biện")
    APPRAISAL = "appraisal", N_("Giám định xã hội")


class Uptake(Words):
    FULL = "full", N_("Tiếp thu toàn bộ")
    PART = "part", N_("Tiếp thu một phần")
    NONE = "none", N_("Không tiếp thu")
    UNKNOWN = "unknown", N_("Chưa rõ")


class AdvisoryDossier(Record):
    """One dossier: who asked for what, who wrote the report, and what was made of it."""

    __tablename__ = "advisory_dossier"
    label = N_("Hồ sơ tư vấn, phản biện, giám định")
    icon = "document"

    type: Mapped[str] = choice(
        N_("Loại hồ sơ"), DossierType, required=True, listed=True, filtered=True
    )
    subject: Mapped[str] = short_text(
        N_("Tên đề án, dự thảo"), max_length=400, required=True, listed=True, titled=True,
        searched=True,
    )  # fmt: skip
    agency: Mapped[str] = short_text(
        N_("Cơ quan đề nghị"), listed=True, searched=True, section=N_("Đề nghị")
    )
    request_no: Mapped[str] = short_text(N_("Số văn bản đề nghị"), max_length=60)
    received_on: Mapped[dt.date | None] = day(
        N_("Ngày nhận"), required=True, listed=True, newest_first=True
    )
    legal_basis: Mapped[str] = short_text(
        N_("Căn cứ"), help=N_("Quyết định 14/2014/QĐ-TTg hoặc quy định của tỉnh.")
    )
    due_on: Mapped[dt.date | None] = day(N_("Hạn trả lời"))
    experts: Mapped[str] = long_text(N_("Chuyên gia tham gia"), section=N_("Báo cáo và kết quả"))
    report_no: Mapped[str] = short_text(N_("Số báo cáo"), max_length=60, searched=True)
    reported_on: Mapped[dt.date | None] = day(N_("Ngày báo cáo"), listed=True)
    uptake: Mapped[str] = choice(
        N_("Mức tiếp thu"), Uptake, listed=True, filtered=True, initial="unknown"
    )
    cost_vnd: Mapped[int | None] = amount_vnd(N_("Kinh phí (đồng)"))
    note: Mapped[str] = long_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.received_on and self.received_on > today:
            yield block(AdvisoryDossier.received_on, _("Ngày nhận không thể sau hôm nay."))
        if self.received_on and self.reported_on and self.reported_on < self.received_on:
            yield block(AdvisoryDossier.reported_on, _("Ngày báo cáo không thể trước ngày nhận."))
        if self.due_on and not self.reported_on and self.due_on < today:
            yield warn(AdvisoryDossier.due_on, _("Đã quá hạn mà chưa ghi ngày báo cáo."))
