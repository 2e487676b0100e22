"""Who went to an international event, and what they gave there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, Together, warn
from sync.records.fields import (
    choice,
    link,
    short_text,
)
from sync.records.types import Words
from sync.texts import N_, _


class DelegateRole(Words):
    DELEGATE = "delegate", N_("Đại biểu")
    SPEAKER = "speaker", N_("Báo cáo viên")
    POSTER = "poster", N_("Trình bày poster")
    ORGANISER = "organiser", N_("Ban tổ chức")


class Delegate(Record):
    """One person at an international event, with the paper they gave."""

    __tablename__ = "delegate"
    label = N_("Đại biểu, tham luận")
    icon = "person"

    event: Mapped[str] = link(
        N_("Sự kiện"), "international_event", required=True, listed=True, titled=True
    )
    member: Mapped[str] = link(N_("Hội viên"), "member", required=True, listed=True, titled=True)
    role: Mapped[str] = choice(
        N_("Vai trò"), DelegateRole, required=True, listed=True, filtered=True, initial="delegate"
    )
    paper_title: Mapped[str] = short_text(
        N_("Tên tham luận"), max_length=300, listed=True, searched=True
    )
    paper_language: Mapped[str] = short_text(N_("Ngôn ngữ"), max_length=40)
    funding: Mapped[str] = short_text(N_("Nguồn kinh phí"))
    note: Mapped[str] = short_text(N_("Ghi chú"))

    once = (
        Together(event, member, role, sentence=N_("Người này đã có trong đoàn với vai trò ấy.")),
    )

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.role == DelegateRole.SPEAKER and not self.paper_title:
            yield warn(Delegate.paper_title, _("Báo cáo viên thường có tên tham luận."))
