"""How a library did on one criterion."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from sync.records.base import Record, Together
from sync.records.fields import (
    link,
    number,
    short_text,
    yes_no,
)
from sync.texts import N_


class CriterionMark(Record):
    """One line of an assessment: met or not, with points and evidence."""

    __tablename__ = "criterion_mark"
    label = N_("Kết quả từng tiêu chí")
    icon = "check"

    assessment: Mapped[str] = link(
        N_("Đánh giá"), "assessment", required=True, listed=True, titled=True
    )
    criterion: Mapped[str] = link(
        N_("Tiêu chí"), "criterion", required=True, listed=True, titled=True
    )
    met: Mapped[bool] = yes_no(N_("Đạt tiêu chí"), listed=True, filtered=True)
    points: Mapped[int | None] = number(N_("Điểm"), listed=True)
    evidence: Mapped[str] = short_text(N_("Minh chứng"), max_length=400)

    once = (
        Together(assessment, criterion, sentence=N_("Tiêu chí này đã có kết quả trong đánh giá.")),
    )
