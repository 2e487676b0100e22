"""One criterion of a set."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from sync.records.base import Keeper, Record, Together
from sync.records.fields import (
    link,
    long_text,
    number,
    short_text,
    yes_no,
)
from sync.texts import N_


class Criterion(Record):
    """One line of a set of criteria."""

    __tablename__ = "criterion"
    label = N_("Tiêu chí")
    icon = "check"
    keeper = Keeper.EITHER

    criteria_set: Mapped[str] = link(N_("Bộ tiêu chí"), "criteria_set", required=True, listed=True)
    position: Mapped[int | None] = number(
        N_("Số thứ tự"), least=1, required=True, listed=True, titled=True
    )
    name: Mapped[str] = short_text(
        N_("Nội dung tiêu chí"), max_length=400, required=True, listed=True, titled=True,
        searched=True,
    )  # fmt: skip
    most_points: Mapped[int | None] = number(N_("Điểm tối đa"), listed=True)
    obligatory: Mapped[bool] = yes_no(
        N_("Bắt buộc phải đạt"), listed=True,
        help=N_("Không đạt tiêu chí này thì cả bộ không đạt."),
    )  # fmt: skip
    explanation: Mapped[str] = long_text(N_("Hướng dẫn đánh giá"))

    once = (Together(criteria_set, position, sentence=N_("Bộ này đã có tiêu chí mang số đó.")),)
