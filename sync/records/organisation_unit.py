"""The association's own structure: central office, member associations, branches, sub-branches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block, warn
from sync.records.fields import choice, day, link, long_text, place, short_text, yes_no
from sync.records.types import Words
from sync.texts import N_, _


class UnitType(Words):
    CENTRAL = "central", N_("Trung ương Hội")
    MEMBER_ASSOCIATION = "member_association", N_("Hội thành viên")
    INTER_BRANCH = "inter_branch", N_("Liên chi hội")
    BRANCH = "branch", N_("Chi hội")
    SUB_BRANCH = "sub_branch", N_("Phân hội")
    GROUP = "group", N_("Tổ hội")


class Reach(Words):
    PROVINCE = "province", N_("Tỉnh, thành phố")
    SECTOR = "sector", N_("Ngành")
    INSTITUTION = "institution", N_("Cơ quan, đơn vị")


class UnitStatus(Words):
    ACTIVE = "active", N_("Đang hoạt động")
    SUSPENDED = "suspended", N_("Tạm ngừng")
    MERGED = "merged", N_("Đã hợp nhất")
    DISSOLVED = "dissolved", N_("Giải thể")


class OrganisationUnit(Record):
    """A unit of the association. Branches have no seal and no account of their own.

    Source: Circular 03/2013/TT-BNV Art. 4(4).
    """

    __tablename__ = "organisation_unit"
    label = N_("Tổ chức Hội")
    icon = "organisation"

    name: Mapped[str] = short_text(
        N_("Tên tổ chức"), required=True, listed=True, titled=True, searched=True
    )
    type: Mapped[str] = choice(
        N_("Loại tổ chức"), UnitType, required=True, listed=True, filtered=True, initial="branch"
    )
    parent: Mapped[str] = link(N_("Trực thuộc"), "organisation_unit", listed=True)
    reach: Mapped[str] = choice(N_("Phạm vi"), Reach)
    provincial: Mapped[bool] = yes_no(
        N_("Là chi hội cấp tỉnh"), help=N_("Tính vào chỉ tiêu số tỉnh có chi hội.")
    )
    province: Mapped[str] = place(N_("Tỉnh, thành phố hiện nay"), "province", listed=True)
    founding_province: Mapped[str] = place(
        N_("Tỉnh, thành phố lúc thành lập"), "province", as_it_was=True
    )
    decision_no: Mapped[str] = short_text(
        N_("Số quyết định thành lập"), max_length=60, section=N_("Quyết định thành lập")
    )
    decision_on: Mapped[dt.date | None] = day(N_("Ngày quyết định"))
    status: Mapped[str] = choice(
        N_("Tình trạng"), UnitStatus, listed=True, filtered=True, initial="active"
    )
    ended_on: Mapped[dt.date | None] = day(N_("Ngày ngừng, hợp nhất hoặc giải thể"))
    merged_into: Mapped[str] = link(N_("Hợp nhất vào"), "organisation_unit")
    note: Mapped[str] = long_text(N_("Ghi chú"))

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.provincial and not self.province:
            yield block(
                OrganisationUnit.province, _("Chi hội cấp tỉnh phải ghi tỉnh, thành phố hiện nay.")
            )
        if self.parent and self.parent == self.id:
            yield block(OrganisationUnit.parent, _("Một tổ chức không trực thuộc chính nó."))
        if self.status == UnitStatus.MERGED and not self.merged_into:
            yield warn(OrganisationUnit.merged_into, _("Chưa ghi hợp nhất vào tổ chức nào."))
        if self.decision_on and self.decision_on > today:
            yield warn(OrganisationUnit.decision_on, _("Ngày quyết định ở sau hôm nay."))
