"""Who took part in an activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, Together, block
from sync.records.fields import choice, link, short_text
from sync.records.types import Words
from sync.texts import N_, _


class Role(Words):
    ATTENDED = "attended", N_("Tham dự")
    SPOKE = "spoke", N_("Báo cáo viên")
    ORGANISED = "organised", N_("Ban tổ chức")
    OTHER = "other", N_("Khác")


class Participation(Record):
    """One person at one activity: a member, or a guest by name."""

    __tablename__ = "participation"
    label = N_("Người tham dự")
    icon = "people"

    activity: Mapped[str] = link(
        N_("Hoạt động"), "activity", required=True, listed=True, titled=True
    )
    member: Mapped[str] = link(N_("Hội viên"), "member", listed=True, titled=True)
    guest_name: Mapped[str] = short_text(
        N_("Họ tên khách"), listed=True, titled=True, searched=True,
        help=N_("Ghi khi người dự không phải hội viên."),
    )  # fmt: skip
    role: Mapped[str] = choice(
        N_("Vai trò"), Role, required=True, listed=True, filtered=True, initial="attended"
    )
    note: Mapped[str] = short_text(N_("Ghi chú"))

    once = (Together(activity, member, sentence=N_("Hội viên này đã có trong danh sách tham dự.")),)

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if not self.member and not self.guest_name:
            yield block(Participation.member, _("Chọn hội viên, hoặc ghi họ tên khách."))
