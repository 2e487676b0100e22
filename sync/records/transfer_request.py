"""A branch asks another to take a member over. The paper itself goes there and comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block
from sync.records.fields import choice, day, partial_day, short_text, year
from sync.records.types import Words
from sync.texts import N_, _


class TransferAnswer(Words):
    ACCEPTED = "accepted", N_("Đồng ý nhận")
    REFUSED = "refused", N_("Không nhận")


class TransferRequest(Record):
    """One request, as a paper that both branches can read.

    It says whom it is about in words and not by a link: the branch that is asked knows the person
    only when they have come. `member_record` is the id of the record. Branches are known by their
    codes, and called as they were called when the paper was written.
    """

    __tablename__ = "transfer_request"
    label = N_("Chuyển hội viên")
    icon = "external"

    member_name: Mapped[str] = short_text(
        N_("Hội viên"), required=True, listed=True, titled=True, searched=True
    )
    born_on: Mapped[str] = partial_day(N_("Ngày sinh"), listed=True)
    card_no: Mapped[str] = short_text(N_("Số thẻ"), max_length=20, searched=True)
    from_name: Mapped[str] = short_text(N_("Từ chi hội"), listed=True)
    to_name: Mapped[str] = short_text(N_("Đến chi hội"), listed=True, titled=True)
    reason: Mapped[str] = short_text(N_("Lý do"))
    requested_on: Mapped[dt.date | None] = day(
        N_("Ngày đề nghị"), required=True, listed=True, newest_first=True
    )
    due_on: Mapped[dt.date | None] = day(
        N_("Hạn trả lời"), required=True,
        help=N_("Quá ngày này mà chưa có trả lời, chi hội cũ được hoàn tất việc chuyển."),
    )  # fmt: skip
    dues_until: Mapped[int | None] = year(N_("Đã nộp hội phí đến hết năm"))
    answer: Mapped[str] = choice(
        N_("Trả lời"), TransferAnswer, listed=True, filtered=True, section=N_("Trả lời")
    )
    answered_on: Mapped[dt.date | None] = day(N_("Ngày trả lời"))
    answer_note: Mapped[str] = short_text(N_("Ý kiến"))
    from_branch: Mapped[str] = short_text(
        N_("Mã chi hội cũ"), max_length=32, required=True, section=N_("Dùng cho phần mềm")
    )
    to_branch: Mapped[str] = short_text(N_("Mã chi hội mới"), max_length=32, required=True)
    member_record: Mapped[str] = short_text(N_("Mã hồ sơ hội viên"), max_length=32, required=True)

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.from_branch == self.to_branch:
            yield block(TransferRequest.to_branch, _("Chi hội nhận phải là một chi hội khác."))
        if self.requested_on and self.due_on and self.due_on < self.requested_on:
            yield block(TransferRequest.due_on, _("Hạn trả lời không thể trước ngày đề nghị."))
