"""Rights and welfare of members: what was asked, what was done, and what only the branch may read.

Source: resolution, task 5. Health and family are sensitive under Law 91/2025/QH15, so the story is
sealed with the branch's key; type, days, result and amount are counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block, warn
from sync.records.fields import amount_vnd, choice, day, link, sealed_text, short_text
from sync.records.types import Words
from sync.texts import N_, _


class CaseType(Words):
    PAY = "pay", N_("Lương, chế độ")
    CONTRACT = "contract", N_("Hợp đồng, việc làm")
    REWARD = "reward", N_("Khen thưởng, ghi nhận")
    ILLNESS = "illness", N_("Ốm đau")
    ACCIDENT = "accident", N_("Tai nạn, thiên tai")
    HARDSHIP = "hardship", N_("Hoàn cảnh khó khăn")
    OTHER = "other", N_("Việc khác")


class CaseResult(Words):
    OPEN = "open", N_("Đang giải quyết")
    SETTLED = "settled", N_("Đã giải quyết")
    PART = "part", N_("Giải quyết một phần")
    NONE = "none", N_("Không giải quyết được")


class WelfareCase(Record):
    """One case. Whom it is about may be left open: the link travels, the story does not."""

    __tablename__ = "welfare_case"
    label = N_("Hồ sơ bảo trợ, quyền lợi")
    icon = "lock"

    case_no: Mapped[str] = short_text(
        N_("Mã hồ sơ"), max_length=40, required=True, listed=True, titled=True, searched=True,
        help=N_("Số thứ tự của chi hội, ví dụ BT-2026-03; đừng ghi tên người."),
    )  # fmt: skip
    type: Mapped[str] = choice(
        N_("Loại việc"), CaseType, required=True, listed=True, titled=True, filtered=True
    )
    received_on: Mapped[dt.date | None] = day(
        N_("Ngày tiếp nhận"), required=True, listed=True, newest_first=True
    )
    beneficiary: Mapped[str] = link(
        N_("Người được bảo trợ"), "member",
        help=N_("Trung ương cũng thấy liên kết này. Cần giữ kín thì để trống và ghi tên trong "
                "phần niêm phong."),
    )  # fmt: skip
    narrative: Mapped[str] = sealed_text(
        N_("Nội dung niêm phong"), section=N_("Chỉ chi hội đọc được"),
        help=N_("Được khóa bằng khóa của chi hội trước khi lưu; Trung ương và chi hội khác không "
                "đọc được."),
    )  # fmt: skip
    result: Mapped[str] = choice(
        N_("Kết quả"), CaseResult, listed=True, filtered=True, initial="open",
        section=N_("Kết quả, được tổng hợp"),
    )  # fmt: skip
    support_vnd: Mapped[int | None] = amount_vnd(N_("Hỗ trợ (đồng)"), listed=True)
    closed_on: Mapped[dt.date | None] = day(N_("Ngày kết thúc"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.received_on and self.received_on > today:
            yield block(WelfareCase.received_on, _("Ngày tiếp nhận không thể sau hôm nay."))
        if self.received_on and self.closed_on and self.closed_on < self.received_on:
            yield block(WelfareCase.closed_on, _("Ngày kết thúc không thể trước ngày tiếp nhận."))
        if self.closed_on and self.result == CaseResult.OPEN:
            yield warn(WelfareCase.result, _("Đã có ngày kết thúc mà kết quả còn để mở."))
