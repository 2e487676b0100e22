"""The papers that a record can be printed as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from sync.records import name_of
from sync.records.activity import Activity
from sync.records.assessment import Assessment, Result
from sync.records.base import Record
from sync.records.certificate import Certificate
from sync.records.dues_payment import DuesPayment
from sync.records.member import Member
from sync.texts import N_, _
from sync.vietnamese import grouped
from vla_desktop.reports.amounts import dong_in_words
from vla_desktop.reports.paper import (
    Paper,
    Sheet,
    centred,
    day_in_words,
    heading,
    lines,
    said,
    shown_day,
    signatures,
)
from vla_desktop.store.store import Query, Row, Store


def receipt(store: Store, row: Row) -> Paper:
    """A receipt for dues. Until the ledger numbered it, the paper says that it stands so long."""
    member = store.get(Member, str(row.values["member"]))
    amount = row.values["paid_vnd"]
    money = amount if isinstance(amount, int) else 0
    told = [
        (_("Họ và tên người nộp"), row.shown["member"]),
        (_("Đơn vị"), member.shown["workplace"] if member else ""),
        (_("Lý do nộp"), _("Hội phí năm {year}").format(year=row.values["year"])),
        (_("Số tiền"), _("{amount} đồng").format(amount=grouped(money))),
        (_("Bằng chữ"), dong_in_words(money)),
        (_("Cách nộp"), row.shown["form"]),
        (_("Số phiếu giấy"), str(row.values["receipt_no"] or "")),
        (_("Lý do hủy"), row.shown["void_reason"] if row.values["void"] else ""),
    ]
    roles = (_("Người nộp tiền"), _("Người thu tiền"))
    names = (row.shown["member"], row.shown["collector"])
    page = (
        heading(_unit(member))
        + centred(said(_("PHIẾU THU")), 17, above=12)
        + centred(said(_("Số: {number}").format(number=row.mark)), 12)
        + _standing(row)
        + lines(told)
        + f'<p align="right" style="margin-top:8px">{said(day_in_words(row.values["paid_on"]))}</p>'
        + signatures(roles, names)
    )
    number = row.mark.partition(",")[0].replace("/", "-")
    return Paper(f"phieu-thu-{number}", _("Phiếu thu"), page, Sheet.A5_ACROSS)


def _standing(row: Row) -> str:
    """What a receipt must say of itself that is no more, or not yet, a numbered one."""
    if row.values["void"] or row.deleted:
        return centred(said(_("PHIẾU ĐÃ HỦY")), 13)
    if row.mark.startswith("TẠM-"):
        words = _("Số tạm: số chính thức có sau khi Trung ương ghi sổ; khi ấy in lại phiếu này.")
        return centred(f"<i>{said(words)}</i>", 10, bold=False)
    return ""


def certificate(store: Store, row: Row) -> Paper:
    """A certificate of a course, to hang on the wall."""
    course = store.get(Activity, str(row.values["activity"]))
    member = store.get(Member, str(row.values["member"]))
    name = row.shown["member"] or row.shown["guest_name"]
    told = [
        (_("Thời gian"), _days(course)),
        (_("Địa điểm"), course.shown["venue"] if course else ""),
        (_("Số giờ học"), row.shown["hours"]),
        (_("Xếp loại"), row.shown["grade"]),
    ]
    done = _("đã hoàn thành lớp tập huấn")
    workplace = member.shown["workplace"] if member else ""
    page = (
        heading(_unit(member))
        + centred(said(_("GIẤY CHỨNG NHẬN")), 28, above=26)
        + centred(said(_("Chứng nhận")), 14, bold=False, above=6)
        + centred(said(name), 22, above=4)
        + centred(said(workplace), 13, bold=False)
        + centred(said(done), 14, bold=False, above=6)
        + centred(f"“{said(row.shown['activity'])}”", 17, above=4)
        + centred("<br>".join(said(f"{one}: {value}") for one, value in told if value), 13,
                  bold=False, above=6)
        + (centred(said(_("ĐÃ THU HỒI")), 16) if row.values["revoked"] else "")
        + _foot(row)
    )  # fmt: skip
    safe = str(row.values["certificate_no"]).replace("/", "-")
    return Paper(f"chung-nhan-{safe}", _("Chứng nhận"), page, Sheet.A4_ACROSS)


def _foot(row: Row) -> str:
    number = _("Số: {number}").format(number=row.shown["certificate_no"])
    board = _("TM. BAN CHẤP HÀNH")
    return (
        '<table width="100%" style="margin-top:14px"><tr>'
        f'<td width="50%">{said(number)}</td><td width="50%" align="center">'
        f"<i>{said(day_in_words(row.values['issued_on']))}</i><br>"
        f"<b>{said(board)}</b></td></tr></table>"
    )


def card(_store: Store, row: Row) -> Paper:
    """A membership card of the size of a bank card; a provisional number is called so."""
    number = row.shown["card_no"] or _("chưa cấp số")
    told = [
        (_("Số thẻ"), number),
        (_("Đơn vị"), row.shown["workplace"]),
        (_("Tổ chức Hội"), row.shown["unit"]),
        (_("Ngày cấp"), row.shown["card_issued_on"]),
    ]
    headline, waiting = _("THẺ HỘI VIÊN"), _("Số tạm, chờ số chính thức.")
    provisional = number.startswith("TẠM-")
    page = (
        '<table width="100%" cellpadding="4" bgcolor="#0f3d5e"><tr><td>'
        '<span style="color:#ffffff"><b>HỘI THƯ VIỆN VIỆT NAM</b><br>'
        f"{said(headline)}</span></td></tr></table>"
        f'<p style="font-size:11pt;margin-top:4px;margin-bottom:2px"><b>{said(row.title)}</b></p>'
        + "".join(
            f'<p style="margin-top:0;margin-bottom:1px">{said(name)}: {said(value)}</p>'
            for name, value in told
            if value
        )
        + (f"<p><i>{said(waiting)}</i></p>" if provisional else "")
    )
    safe = row.shown["card_no"].replace("/", "-") or row.id[-6:]
    return Paper(f"the-hoi-vien-{safe}", _("Thẻ hội viên"), page, Sheet.CARD)


def recognised(store: Store, row: Row) -> Paper:
    """Every library recognised by the same set of criteria in the same year as this one."""
    alike = {"year": row.values["year"], "criteria_set": row.values["criteria_set"]}
    wanted = Query(filters={**alike, "result": Result.PASSED})
    found = store.rows(Assessment, store.ids(Assessment, wanted))
    heads = (_("STT"), _("Thư viện"), _("Tổng điểm"), _("Số quyết định"), _("Ngày công nhận"))
    cells = [
        (str(at), one.shown["library"], one.shown["points"], one.shown["decision_no"],
         shown_day(one.values["decision_on"]))
        for at, one in enumerate(found, start=1)
    ]  # fmt: skip
    year = row.values["year"]
    total = _("Cả thảy {count} thư viện.").format(count=len(found))
    page = (
        heading("")
        + centred(said(_("DANH SÁCH THƯ VIỆN ĐƯỢC CÔNG NHẬN NĂM {year}").format(year=year)), 14,
                  above=18)
        + centred(said(row.shown["criteria_set"]), 12, bold=False)
        + _table(heads, cells)
        + f"<p>{said(total)}</p>"
        + signatures((_("Người lập"), _("TM. BAN CHẤP HÀNH")))
    )  # fmt: skip
    return Paper(f"cong-nhan-{year}", _("Danh sách công nhận"), page)


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f"<th>{said(word)}</th>" for word in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{said(cell)}</td>" for cell in cells) + "</tr>" for cells in rows
    )
    style = 'border="1" cellspacing="0" cellpadding="4" width="100%"'
    return f'<table {style} style="border-collapse:collapse"><tr>{head}</tr>{body}</table>'


def _unit(member: Row | None) -> str:
    return member.shown["unit"] if member else ""


def _days(course: Row | None) -> str:
    if course is None:
        return ""
    first, last = (course.shown[name] for name in ("starts_on", "ends_on"))
    return first if not last or last == first else f"{first} – {last}"


Maker = Callable[[Store, Row], Paper]

# By the name of a kind: what the button says, and who writes the paper.
PAPERS: Mapping[str, tuple[str, Maker]] = MappingProxyType(
    {
        name_of(DuesPayment): (N_("In phiếu thu"), receipt),
        name_of(Certificate): (N_("In chứng nhận"), certificate),
        name_of(Member): (N_("In thẻ hội viên"), card),
        name_of(Assessment): (N_("In danh sách được công nhận"), recognised),
    }
)


def paper_of(store: Store, kind: type[Record], record_id: str) -> Paper | None:
    """The paper of a record as it stands now; None for kinds that have none."""
    found, row = PAPERS.get(name_of(kind)), store.get(kind, record_id)
    return found[1](store, row) if found and row else None
