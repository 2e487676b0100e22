"""What a branch does: courses, talks, book days, congresses, actions for development goals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, Together, block, warn
from sync.records.fields import (
    amount_vnd,
    choice,
    choices,
    day,
    long_text,
    number,
    short_text,
    yes_no,
)
from sync.records.types import Words
from sync.texts import N_, _


class ActivityType(Words):
    PROMOTION = "promotion", N_("Tuyên truyền, vận động")
    TRAINING = "training", N_("Tập huấn, bồi dưỡng")
    CONFERENCE = "conference", N_("Hội nghị, hội thảo")
    CONGRESS = "congress", N_("Đại hội")
    EMULATION = "emulation", N_("Thi đua, hội thi")
    BOOK_DAY = "book_day", N_("Ngày Sách và Văn hóa đọc")
    WELFARE = "welfare", N_("Thăm hỏi, bảo vệ quyền lợi")
    ADVISORY = "advisory", N_("Tư vấn, phản biện, giám định")
    HERITAGE = "heritage", N_("Tư liệu di sản")
    INTERNATIONAL = "international", N_("Hợp tác quốc tế")
    DEVELOPMENT = "development", N_("Phát triển bền vững")
    OTHER = "other", N_("Hoạt động khác")


class Goal(Words):
    """The Sustainable Development Goals of the United Nations' Agenda 2030."""

    G1 = "1", N_("1. Xóa nghèo")
    G2 = "2", N_("2. Không còn nạn đói")
    G3 = "3", N_("3. Sức khỏe và cuộc sống tốt")
    G4 = "4", N_("4. Giáo dục có chất lượng")
    G5 = "5", N_("5. Bình đẳng giới")
    G6 = "6", N_("6. Nước sạch và vệ sinh")
    G7 = "7", N_("7. Năng lượng sạch, giá hợp lý")
    G8 = "8", N_("8. Việc làm tốt và tăng trưởng kinh tế")
    G9 = "9", N_("9. Công nghiệp, sáng tạo và hạ tầng")
    G10 = "10", N_("10. Giảm bất bình đẳng")
    G11 = "11", N_("11. Đô thị và cộng đồng bền vững")
    G12 = "12", N_("12. Tiêu dùng và sản xuất có trách nhiệm")
    G13 = "13", N_("13. Hành động về khí hậu")
    G14 = "14", N_("14. Tài nguyên và môi trường biển")
    G15 = "15", N_("15. Tài nguyên và môi trường trên đất liền")
    G16 = "16", N_("16. Hòa bình, công lý và thể chế vững mạnh")
    G17 = "17", N_("17. Quan hệ đối tác vì các mục tiêu")


class Activity(Record):
    """One activity, under the task of the term's resolution that it serves."""

    __tablename__ = "activity"
    label = N_("Hoạt động")
    icon = "activity"

    name: Mapped[str] = short_text(
        N_("Tên hoạt động"), max_length=300, required=True, listed=True, titled=True,
        searched=True,
    )  # fmt: skip
    type: Mapped[str] = choice(
        N_("Loại hoạt động"), ActivityType, required=True, listed=True, filtered=True
    )
    term: Mapped[str] = short_text(
        N_("Nhiệm kỳ"), max_length=20, filtered=True, help=N_("Ví dụ: III hoặc IV.")
    )
    task_no: Mapped[int | None] = number(
        N_("Nhiệm vụ số"), least=1, most=20, required=True, listed=True,
        help=N_("Số thứ tự nhiệm vụ trong nghị quyết của nhiệm kỳ."),
    )  # fmt: skip
    starts_on: Mapped[dt.date | None] = day(
        N_("Từ ngày"),
        required=True,
        listed=True,
        newest_first=True,
        section=N_("Thời gian và nơi tổ chức"),
    )
    ends_on: Mapped[dt.date | None] = day(N_("Đến ngày"))
    venue: Mapped[str] = short_text(N_("Địa điểm"), listed=True, searched=True)
    host: Mapped[str] = short_text(N_("Đơn vị chủ trì"))
    partners: Mapped[str] = short_text(N_("Đơn vị phối hợp"))
    with_state_agency: Mapped[bool] = yes_no(N_("Phối hợp với cơ quan nhà nước"))
    book_day: Mapped[bool] = yes_no(
        N_("Gắn với Ngày Sách và Văn hóa đọc 21/4"),
        help=N_("Hoạt động từ 15/4 đến 30/4 thường gắn với Ngày Sách."),
    )
    participants: Mapped[int | None] = number(
        N_("Số người tham dự"), listed=True, section=N_("Kết quả")
    )
    member_participants: Mapped[int | None] = number(N_("Trong đó: hội viên"))
    women_participants: Mapped[int | None] = number(N_("Trong đó: nữ"))
    books: Mapped[int | None] = number(N_("Số sách, tài liệu"))
    hours: Mapped[int | None] = number(N_("Số giờ"))
    cost_vnd: Mapped[int | None] = amount_vnd(N_("Kinh phí (đồng)"))
    funding: Mapped[str] = short_text(N_("Nguồn kinh phí"))
    goals: Mapped[str] = choices(N_("Mục tiêu phát triển bền vững"), Goal)
    outcome: Mapped[str] = long_text(N_("Kết quả, ghi chú"))

    alike = Together(name, starts_on, sentence=N_("Có hoạt động cùng tên, bắt đầu cùng ngày."))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield block(Activity.ends_on, _("Ngày kết thúc không thể trước ngày bắt đầu."))
        total = self.participants
        if total is not None and (self.women_participants or 0) > total:
            yield block(Activity.women_participants, _("Số nữ không thể nhiều hơn tổng số."))
        if total is not None and (self.member_participants or 0) > total:
            yield block(Activity.member_participants, _("Số hội viên không thể nhiều hơn tổng số."))
        begins = self.starts_on
        if begins and begins.month == 4 and 15 <= begins.day <= 30 and not self.book_day:
            yield warn(Activity.book_day, _("Hoạt động gần 21/4: có gắn với Ngày Sách không?"))
