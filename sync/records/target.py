"""What the congress of a term resolved to reach, task by task."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

from sqlalchemy.orm import Mapped

from sync.records.base import Keeper, Record, Together
from sync.records.fields import (
    choice,
    day,
    link,
    long_text,
    short_text,
)
from sync.records.types import Words
from sync.texts import N_, _

_LEVEL = re.compile(r"(\d{1,9})(?:[.,](\d{1,3}))?\s*(%?)")


class Measure(Words):
    """The figures that a target can be set for, by the codes of their formulas."""

    UNIVERSITY = "I1a", N_("Cán bộ thư viện đại học, cao đẳng là hội viên")
    SCHOOL = "I1b", N_("Cán bộ thư viện trường học là hội viên")
    PROVINCES = "I2", N_("Tỉnh, thành phố có chi hội cấp tỉnh")
    FRIENDLY = "I3", N_("Thư viện đạt “thân thiện và hiện đại”")
    PLAN = "I4", N_("Việc trong kế hoạch năm đã xong")
    TAKEN_UP = "I5.taken_up", N_("Kiến nghị được tiếp thu")


class Period(Words):
    TERM = "term", N_("Đến hết khóa")
    YEAR = "year", N_("Mỗi năm")


def level_of(text: str) -> Fraction | None:
    """The level that a text states: "70 %" is 7/10. None when it states none."""
    stated = _LEVEL.fullmatch(text.strip())
    if stated is None:
        return None
    whole, decimals, sign = stated.group(1), stated.group(2) or "", stated.group(3)
    level = Fraction(int(whole + decimals), 10 ** len(decimals))
    return level / 100 if sign else level


def _stated(text: str) -> str | None:
    level = level_of(text)
    if level is None or not text.rstrip().endswith("%"):
        return _("Ghi theo phần trăm, ví dụ 70 % hoặc 12,5 %.")
    return None if 0 < level <= 1 else _("Phần trăm từ trên 0 đến 100.")


class Target(Record):
    """A level for one figure, as the resolution words it."""

    __tablename__ = "target"
    label = N_("Chỉ tiêu")
    icon = "target"
    keeper = Keeper.CENTRE

    task: Mapped[str] = link(N_("Nhiệm vụ"), "task", required=True, listed=True)
    indicator: Mapped[str] = choice(
        N_("Số liệu"), Measure, required=True, listed=True, titled=True, filtered=True
    )
    value: Mapped[str] = short_text(
        N_("Mức phải đạt"), max_length=20, required=True, listed=True, titled=True,
        check=_stated, help=N_("Ví dụ: 70 %. Đạt khi bằng hoặc hơn."),
    )  # fmt: skip
    period: Mapped[str] = choice(N_("Tính cho"), Period, listed=True, initial="term")
    due_on: Mapped[dt.date | None] = day(
        N_("Hạn đạt"), help=N_("Để trống nếu là ngày cuối của khóa, hoặc tính cho từng năm.")
    )
    wording: Mapped[str] = long_text(N_("Lời văn nghị quyết"))
    source: Mapped[str] = short_text(N_("Văn bản, nguồn"), max_length=400)

    once = (Together(task, indicator, sentence=N_("Nhiệm vụ này đã có chỉ tiêu cho số liệu đó.")),)
