"""Members: people and organisations admitted by the association."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records import checks
from sync.records.base import Record, Together, block, warn
from sync.records.fields import choice, day, link, long_text, partial_day, place, short_text, yes_no
from sync.records.types import Words
from sync.texts import N_, _
from sync.vietnamese import name_key, text_key


class Subject(Words):
    PERSON = "person", N_("Cá nhân")
    ORGANISATION = "organisation", N_("Tổ chức")


class Membership(Words):
    """Source: Decree 45/2010/NĐ-CP Arts 15 to 17."""

    OFFICIAL = "official", N_("Chính thức")
    AFFILIATE = "affiliate", N_("Liên kết")
    HONORARY = "honorary", N_("Danh dự")


class Gender(Words):
    MALE = "male", N_("Nam")
    FEMALE = "female", N_("Nữ")
    OTHER = "other", N_("Khác")


class MemberStatus(Words):
    APPLIED = "applied", N_("Đề nghị")
    ACTIVE = "active", N_("Đang sinh hoạt")
    PAUSED = "paused", N_("Tạm dừng")
    LEFT = "left", N_("Ra khỏi Hội")
    DECEASED = "deceased", N_("Qua đời")


class Member(Record):
    """A person or an organisation in the association.

    Name, age, occupation and address are what the law asks of the register (Circular
    03/2013/TT-BNV Art. 9); the personal number is not, and stays optional.
    """

    __tablename__ = "member"
    label = N_("Hội viên")
    icon = "member"

    full_name: Mapped[str] = short_text(
        N_("Họ và tên"), required=True, listed=True, titled=True, searched=True,
        help=N_("Viết đúng như trong giấy tờ; với tổ chức, ghi tên tổ chức."),
        section=N_("Hội viên"),
    )  # fmt: skip
    subject: Mapped[str] = choice(N_("Đối tượng"), Subject, required=True, initial="person")
    membership: Mapped[str] = choice(
        N_("Loại hội viên"), Membership, required=True, filtered=True, initial="official"
    )
    born_on: Mapped[str] = partial_day(
        N_("Ngày sinh"), listed=True,
        help=N_("Ghi 21/03/1975, 03/1975 hoặc chỉ năm sinh."),
    )  # fmt: skip
    gender: Mapped[str] = choice(N_("Giới tính"), Gender, filtered=True)
    occupation: Mapped[str] = short_text(N_("Nghề nghiệp, chức danh"), required=True)
    workplace: Mapped[str] = link(
        N_("Nơi công tác"), "library", listed=True,
        help=N_("Gõ một phần tên thư viện, không cần dấu."),
    )  # fmt: skip
    outside_reason: Mapped[str] = short_text(
        N_("Lý do không làm ở thư viện"), help=N_("Ví dụ: đã nghỉ hưu, làm ở cơ quan khác.")
    )
    representative: Mapped[str] = short_text(N_("Người đại diện"), help=N_("Chỉ ghi với tổ chức."))
    tax_code: Mapped[str] = short_text(N_("Mã số thuế"), max_length=20, warn=checks.tax_code)
    address: Mapped[str] = short_text(
        N_("Địa chỉ"), required=True, section=N_("Địa chỉ và liên hệ"),
        help=N_("Số nhà, đường, thôn."),
    )  # fmt: skip
    commune: Mapped[str] = place(N_("Xã, phường"), required=True)
    phone: Mapped[str] = short_text(
        N_("Điện thoại"), max_length=60, listed=True, searched=True, warn=checks.phone
    )
    email: Mapped[str] = short_text(N_("Thư điện tử"), searched=True, warn=checks.email)
    identity_no: Mapped[str] = short_text(
        N_("Số định danh cá nhân"), max_length=20, sensitive=True, warn=checks.identity_no,
        help=N_("Không bắt buộc."),
    )  # fmt: skip
    unit: Mapped[str] = link(
        N_("Chi hội, phân hội"), "organisation_unit", required=True, filtered=True,
        section=N_("Sinh hoạt Hội"),
    )  # fmt: skip
    joined_on: Mapped[dt.date | None] = day(N_("Ngày vào Hội"), required=True, listed=True)
    decision_no: Mapped[str] = short_text(N_("Số quyết định kết nạp"), max_length=60)
    decision_on: Mapped[dt.date | None] = day(N_("Ngày quyết định"))
    card_no: Mapped[str] = short_text(
        N_("Số thẻ"), max_length=20, listed=True, searched=True, unique=True
    )
    card_issued_on: Mapped[dt.date | None] = day(N_("Ngày cấp thẻ"))
    status: Mapped[str] = choice(
        N_("Trạng thái"), MemberStatus, required=True, listed=True, filtered=True,
        initial="active",
    )  # fmt: skip
    status_on: Mapped[dt.date | None] = day(N_("Từ ngày"))
    status_reason: Mapped[str] = short_text(N_("Lý do"))
    consented: Mapped[bool] = yes_no(
        N_("Đã đồng ý để Hội xử lý dữ liệu cá nhân"),
        help=N_("Theo Luật 91/2025/QH15. Không đánh dấu thay cho hội viên."),
    )
    note: Mapped[str] = long_text(N_("Ghi chú"))

    alike = Together(full_name, born_on, sentence=N_("Có người cùng tên, cùng ngày sinh."))

    def sort_key(self, title: str) -> bytes:
        return name_key(title) if self.subject != Subject.ORGANISATION else text_key(title)

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.subject == Subject.ORGANISATION:
            if not self.representative:
                yield warn(Member.representative, _("Chưa ghi người đại diện của tổ chức."))
        else:
            yield from self._findings_on_person(today)
        if self.joined_on and self.joined_on > today:
            yield block(Member.joined_on, _("Ngày vào Hội không thể sau hôm nay."))
        if self.card_issued_on and self.card_issued_on > today:
            yield warn(Member.card_issued_on, _("Ngày cấp thẻ ở sau hôm nay."))
        if not self.decision_no and self.status != MemberStatus.APPLIED:
            yield warn(Member.decision_no, _("Chưa ghi số quyết định kết nạp."))
        if self.status in (MemberStatus.LEFT, MemberStatus.DECEASED) and not self.status_on:
            yield warn(Member.status_on, _("Chưa ghi ngày bắt đầu trạng thái này."))

    def _findings_on_person(self, today: dt.date) -> Iterator[Finding]:
        if not self.born_on:
            yield block(Member.born_on, _("Ghi ngày sinh, hoặc ít nhất là năm sinh."))
        else:
            age = today.year - int(self.born_on[:4])
            if age < 0:
                yield block(Member.born_on, _("Năm sinh không thể ở sau năm nay."))
            elif not 16 <= age <= 100:
                yield warn(
                    Member.born_on, _("Theo năm sinh này, hội viên {age} tuổi.").format(age=age)
                )
        if not self.workplace and not self.outside_reason:
            yield block(
                Member.workplace,
                _("Chọn thư viện nơi công tác, hoặc ghi lý do không làm ở thư viện."),
            )
        if not self.consented:
            yield warn(Member.consented, _("Chưa ghi nhận sự đồng ý xử lý dữ liệu."))
