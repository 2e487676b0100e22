"""The tasks that the congress of a term set."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from sync.records.base import Keeper, Record, Together
from sync.records.fields import (
    choices,
    link,
    long_text,
    number,
    short_text,
)
from sync.records.types import Words
from sync.texts import N_
from sync.vietnamese import text_key


class Work(Words):
    """Where the work of a task is recorded: the names of record kinds."""

    MEMBER = "member", N_("Hội viên")
    DUES_PAYMENT = "dues_payment", N_("Hội phí")
    LIBRARY = "library", N_("Thư viện")
    HEADCOUNT = "headcount", N_("Nhân sự thư viện")
    ORGANISATION_UNIT = "organisation_unit", N_("Tổ chức Hội")
    CONGRESS = "congress", N_("Đại hội của chi hội")
    ASSESSMENT = "assessment", N_("Đánh giá thi đua")
    ETHICS_PLEDGE = "ethics_pledge", N_("Cam kết Thư đức")
    ACTIVITY = "activity", N_("Hoạt động")
    CERTIFICATE = "certificate", N_("Chứng nhận tập huấn")
    PLAN_LINE = "plan_line", N_("Kế hoạch năm")
    ADVISORY_DOSSIER = "advisory_dossier", N_("Hồ sơ tư vấn, phản biện")
    HERITAGE_ITEM = "heritage_item", N_("Tư liệu di sản")
    INTERNATIONAL_EVENT = "international_event", N_("Sự kiện quốc tế")
    DEVELOPMENT_ACTION = "development_action", N_("Hành động phát triển bền vững")


class Task(Record):
    """One task of a term, with the resolution's own words."""

    __tablename__ = "task"
    label = N_("Nhiệm vụ của khóa")
    icon = "document"
    keeper = Keeper.CENTRE

    number: Mapped[int | None] = number(
        N_("Nhiệm vụ số"), least=1, most=99, required=True, listed=True, titled=True
    )
    title: Mapped[str] = short_text(
        N_("Tên nhiệm vụ"), required=True, listed=True, titled=True, searched=True
    )
    term: Mapped[str] = link(N_("Khóa"), "term", required=True, listed=True)
    text: Mapped[str] = long_text(N_("Lời văn nghị quyết"), searched=True)
    work: Mapped[str] = choices(
        N_("Ghi việc ở"), Work, help=N_("Những trang mà chi hội ghi việc của nhiệm vụ này.")
    )

    once = (Together(term, number, sentence=N_("Khóa này đã có nhiệm vụ mang số đó.")),)

    def sort_key(self, title: str) -> bytes:
        return b"%04d" % (self.number or 0) + text_key(title)
