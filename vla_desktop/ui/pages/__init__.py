"""What fills the window, in the order of the sidebar.

A page is built when it is first asked for. Its builder imports it then: most pages bring the
database layer along, and the window is painted before that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from sync.texts import N_
from vla_desktop.ui.sidebar import Entry

if TYPE_CHECKING:
    from vla_desktop.ui.workplace import Workplace

Builder = Callable[["Workplace"], QWidget]


@dataclass(frozen=True)
class Tab:
    """One view of a page. `name` is the kind it lists, or the page's own."""

    name: str
    label: str
    build: Builder


@dataclass(frozen=True)
class Page:
    """A line of the sidebar and the views behind it; the first is shown first."""

    entry: Entry
    tabs: tuple[Tab, ...]


def _records(kind: str) -> Builder:
    def build(workplace: Workplace) -> QWidget:
        from sync.records import BY_NAME
        from vla_desktop.ui.pages.records import RecordsPage

        store, messages = workplace.office.store, workplace.messages
        return RecordsPage(store, BY_NAME[kind], workplace.bridge, messages)

    return build


def _overview(workplace: Workplace) -> QWidget:
    from vla_desktop.ui.pages.overview import OverviewPage

    return OverviewPage(workplace)


def _resolution(workplace: Workplace) -> QWidget:
    from vla_desktop.ui.pages.resolution import ResolutionPage

    return ResolutionPage(workplace)


def _targets(workplace: Workplace) -> QWidget:
    from vla_desktop.ui.pages.targets import TargetsPage

    return TargetsPage(workplace)


def _frozen(workplace: Workplace) -> QWidget:
    from vla_desktop.ui.pages.frozen import FrozenPage

    return FrozenPage(workplace)


def _review(workplace: Workplace) -> QWidget:
    from vla_desktop.ui.pages.review import ReviewPage

    return ReviewPage(workplace)


def _sync(workplace: Workplace) -> QWidget:
    from vla_desktop.ui.pages.sync import SyncPage

    return SyncPage(workplace)


def _settings(workplace: Workplace) -> QWidget:
    from vla_desktop.ui.pages.settings import SettingsPage

    return SettingsPage(workplace)


def _page(name: str, label: str, icon: str, *tabs: Tab) -> Page:
    return Page(Entry(name, label, icon), tabs)


PAGES: tuple[Page, ...] = (
    _page(
        "overview", N_("Tổng quan"), "overview",
        Tab("overview", N_("Tổng quan"), _overview),
        Tab("targets", N_("Chỉ tiêu"), _targets),
        Tab("frozen_figure", N_("Số đã chốt"), _frozen),
        Tab("resolution", N_("Nghị quyết"), _resolution),
        Tab("term", N_("Khóa"), _records("term")),
        Tab("task", N_("Nhiệm vụ"), _records("task")),
        Tab("target", N_("Mức chỉ tiêu"), _records("target")),
    ),
    _page(
        "member", N_("Hội viên"), "member",
        Tab("member", N_("Hội viên"), _records("member")),
        Tab("member_event", N_("Biến động"), _records("member_event")),
        Tab("award", N_("Khen thưởng"), _records("award")),
        Tab("consent", N_("Đồng ý dữ liệu"), _records("consent")),
        Tab("member_request", N_("Yêu cầu"), _records("member_request")),
        Tab("transfer_request", N_("Chuyển đi, đến"), _records("transfer_request")),
    ),
    _page(
        "dues_payment", N_("Hội phí"), "receipt",
        Tab("dues_payment", N_("Phiếu thu"), _records("dues_payment")),
        Tab("dues_rate", N_("Mức hội phí"), _records("dues_rate")),
        Tab("dues_remittance", N_("Nộp cấp trên"), _records("dues_remittance")),
    ),
    _page(
        "library", N_("Thư viện"), "library",
        Tab("library", N_("Thư viện"), _records("library")),
        Tab("headcount", N_("Nhân sự hằng năm"), _records("headcount")),
    ),
    _page(
        "assessment", N_("Thi đua"), "target",
        Tab("assessment", N_("Đánh giá"), _records("assessment")),
        Tab("criterion_mark", N_("Từng tiêu chí"), _records("criterion_mark")),
        Tab("ethics_pledge", N_("Thư đức"), _records("ethics_pledge")),
        Tab("criteria_set", N_("Bộ tiêu chí"), _records("criteria_set")),
        Tab("criterion", N_("Tiêu chí"), _records("criterion")),
    ),
    _page(
        "organisation_unit", N_("Tổ chức"), "organisation",
        Tab("organisation_unit", N_("Tổ chức"), _records("organisation_unit")),
        Tab("office_term", N_("Nhiệm kỳ"), _records("office_term")),
        Tab("office_holder", N_("Chức vụ"), _records("office_holder")),
        Tab("congress", N_("Đại hội"), _records("congress")),
    ),
    _page(
        "activity", N_("Hoạt động"), "activity",
        Tab("activity", N_("Hoạt động"), _records("activity")),
        Tab("participation", N_("Người tham dự"), _records("participation")),
        Tab("certificate", N_("Chứng nhận"), _records("certificate")),
        Tab("plan_line", N_("Kế hoạch năm"), _records("plan_line")),
    ),
    _page(
        "advisory_dossier", N_("Hồ sơ"), "document",
        Tab("advisory_dossier", N_("Tư vấn, phản biện"), _records("advisory_dossier")),
        Tab("welfare_case", N_("Bảo trợ, quyền lợi"), _records("welfare_case")),
        Tab("heritage_item", N_("Tư liệu di sản"), _records("heritage_item")),
    ),
    _page(
        "international_event", N_("Hội nhập"), "external",
        Tab("international_event", N_("Sự kiện quốc tế"), _records("international_event")),
        Tab("delegate", N_("Đại biểu"), _records("delegate")),
        Tab("development_action", N_("Phát triển bền vững"), _records("development_action")),
    ),
    _page("review", N_("Cần xem lại"), "review", Tab("review", "", _review)),
    _page("sync", N_("Đồng bộ"), "sync", Tab("sync", "", _sync)),
    _page("settings", N_("Cài đặt"), "settings", Tab("settings", "", _settings)),
)  # fmt: skip
