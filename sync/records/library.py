"""Libraries of the branch's area. Their staff are the denominators of the targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records import checks
from sync.records.base import Record, Together, block, warn
from sync.records.fields import choice, day, link, long_text, place, short_text, yes_no
from sync.records.types import Words
from sync.texts import N_, _


class LibraryType(Words):
    """Source: Law on Libraries 46/2019/QH14 Art. 9(1)."""

    NATIONAL = "national", N_("Thư viện Quốc gia")
    PUBLIC = "public", N_("Thư viện công cộng")
    SPECIAL = "special", N_("Thư viện chuyên ngành")
    ARMED_FORCES = "armed_forces", N_("Thư viện lực lượng vũ trang")
    UNIVERSITY = "university", N_("Thư viện đại học")
    EDUCATION = "education", N_("Thư viện cơ sở giáo dục khác")
    COMMUNITY = "community", N_("Thư viện cộng đồng, tư nhân")
    FOREIGN = "foreign", N_("Thư viện của tổ chức nước ngoài")


class Education(Words):
    UNIVERSITY = "university", N_("Đại học")
    COLLEGE = "college", N_("Cao đẳng")
    VOCATIONAL = "vocational", N_("Trung cấp")
    CONTINUING = "continuing", N_("GDNN - GDTX")
    UPPER_SECONDARY = "upper_secondary", N_("THPT")
    LOWER_SECONDARY = "lower_secondary", N_("THCS")
    PRIMARY = "primary", N_("Tiểu học")
    COMBINED = "combined", N_("Phổ thông nhiều cấp")
    PRESCHOOL = "preschool", N_("Mầm non")
    OTHER = "other", N_("Khác")


class Ownership(Words):
    PUBLIC = "public", N_("Công lập")
    NON_PUBLIC = "non_public", N_("Ngoài công lập")


class LibraryStatus(Words):
    OPEN = "open", N_("Đang hoạt động")
    SUSPENDED = "suspended", N_("Tạm đóng")
    CLOSED = "closed", N_("Đã đóng")
    MERGED = "merged", N_("Đã sáp nhập")


class Library(Record):
    """A library in the area of the branch, whether it has members or not."""

    __tablename__ = "library"
    label = N_("Thư viện")
    icon = "library"

    name: Mapped[str] = short_text(
        N_("Tên thư viện"), required=True, listed=True, titled=True, searched=True
    )
    type: Mapped[str] = choice(
        N_("Loại thư viện"), LibraryType, required=True, listed=True, filtered=True,
        help=N_("Theo Điều 9 Luật Thư viện."),
    )  # fmt: skip
    education: Mapped[str] = choice(
        N_("Cấp học"), Education, listed=True, filtered=True,
        help=N_("Ghi khi là thư viện của cơ sở giáo dục."),
    )  # fmt: skip
    ownership: Mapped[str] = choice(N_("Loại hình"), Ownership, initial="public")
    governing_body: Mapped[str] = short_text(N_("Cơ quan chủ quản"))
    commune: Mapped[str] = place(
        N_("Xã, phường"), required=True, listed=True, section=N_("Địa chỉ")
    )
    address: Mapped[str] = short_text(N_("Số nhà, đường, thôn"))
    old_address: Mapped[str] = short_text(N_("Địa chỉ cũ (trước 1/7/2025)"))
    phone: Mapped[str] = short_text(
        N_("Điện thoại"), max_length=40, searched=True, warn=checks.phone
    )
    email: Mapped[str] = short_text(N_("Thư điện tử"), warn=checks.email)
    full_time_staff: Mapped[bool] = yes_no(
        N_("Có người làm chuyên trách"), section=N_("Tình hình hoạt động")
    )
    status: Mapped[str] = choice(
        N_("Tình trạng"), LibraryStatus, listed=True, filtered=True, initial="open"
    )
    opened_on: Mapped[dt.date | None] = day(N_("Ngày mở"))
    closed_on: Mapped[dt.date | None] = day(N_("Ngày đóng hoặc sáp nhập"))
    merged_into: Mapped[str] = link(N_("Sáp nhập vào"), "library")
    note: Mapped[str] = long_text(N_("Ghi chú"))

    alike = Together(name, commune, sentence=N_("Có thư viện cùng tên ở cùng xã, phường."))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        of_education = (LibraryType.UNIVERSITY, LibraryType.EDUCATION)
        if self.type in of_education and not self.education:
            yield block(Library.education, _("Thư viện của cơ sở giáo dục phải ghi cấp học."))
        if self.opened_on and self.closed_on and self.closed_on < self.opened_on:
            yield block(Library.closed_on, _("Ngày đóng không thể trước ngày mở."))
        if self.status == LibraryStatus.MERGED and not self.merged_into:
            yield warn(Library.merged_into, _("Chưa ghi sáp nhập vào thư viện nào."))
        if self.status == LibraryStatus.OPEN and self.closed_on and self.closed_on <= today:
            yield warn(Library.status, _("Đã có ngày đóng mà tình trạng là đang hoạt động."))
