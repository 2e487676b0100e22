"""What a member asks for by right, and by when it must be answered."""

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
)
from sync.records.types import Words
from sync.texts import N_, _


class RequestType(Words):
    ACCESS = "access", N_("Xem dữ liệu của mình")
    CORRECTION = "correction", N_("Sửa dữ liệu")
    DELETION = "deletion", N_("Xóa dữ liệu")
    RESTRICTION = "restriction", N_("Hạn chế xử lý")
    OBJECTION = "objection", N_("Phản đối xử lý")
    WITHDRAWAL = "withdrawal", N_("Rút lại sự đồng ý")
    COPY = "copy", N_("Cấp bản sao")
    OTHER = "other", N_("Yêu cầu khác")


class RequestResult(Words):
    DONE = "done", N_("Đã thực hiện")
    PARTLY = "partly", N_("Thực hiện một phần")
    DENIED = "denied", N_("Từ chối, có lý do")


class MemberRequest(Record):
    """A request of a person about their own data, with its legal deadline."""

    __tablename__ = "member_request"
    label = N_("Yêu cầu của hội viên")
    icon = "mail"

    member: Mapped[str] = link(N_("Hội viên"), "member", required=True, listed=True, titled=True)
    type: Mapped[str] = choice(
        N_("Yêu cầu"), RequestType, required=True, listed=True, titled=True, filtered=True
    )
    received_on: Mapped[dt.date | None] = day(
        N_("Ngày nhận"), required=True, listed=True, newest_first=True
    )
    due_on: Mapped[dt.date | None] = day(
        N_("Hạn trả lời"), required=True, listed=True,
        help=N_("Theo quy định về bảo vệ dữ liệu cá nhân đang có hiệu lực."),
    )  # fmt: skip
    answered_on: Mapped[dt.date | None] = day(N_("Ngày trả lời"), listed=True)
    result: Mapped[str] = choice(N_("Kết quả"), RequestResult, listed=True, filtered=True)
    note: Mapped[str] = long_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.received_on and self.received_on > today:
            yield block(MemberRequest.received_on, _("Ngày nhận không thể sau hôm nay."))
        if self.received_on and self.due_on and self.due_on < self.received_on:
            yield block(MemberRequest.due_on, _("Hạn trả lời không thể trước ngày nhận."))
        if self.received_on and self.answered_on and self.answered_on < self.received_on:
            yield block(MemberRequest.answered_on, _("Ngày trả lời không thể trước ngày nhận."))
        if self.answered_on and not self.result:
            yield block(MemberRequest.result, _("Đã trả lời thì ghi kết quả."))
        if not self.answered_on and self.due_on and self.due_on < today:
            yield warn(MemberRequest.due_on, _("Đã quá hạn mà chưa ghi ngày trả lời."))
