"""Members who go to another branch: asked for, agreed to or not, and carried out once.

The request itself is a record. It moves to the branch that is asked, which writes its answer on it
and sends it back; either may be offline for weeks. What was agreed, or not answered in time, the
old branch carries out: the member and what happened to them move, dues and attendance stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync import editing
from sync.client.tables import BranchName, Office
from sync.editing import Pen, Written
from sync.meetings import PRESSES, Press
from sync.problems import Problem
from sync.records import name_of
from sync.records.base import Record
from sync.records.consent import Consent
from sync.records.dues_payment import DuesPayment
from sync.records.dues_rate import DuesRate
from sync.records.member import Member
from sync.records.member_event import EventType, MemberEvent
from sync.records.transfer_request import TransferAnswer, TransferRequest
from sync.records.types import Value
from sync.texts import _
from vla_desktop.store.items import ReviewItem
from vla_desktop.store.tables import Dismissal

SORTS = frozenset({"transfer", "transfer_due", "transfer_refused"})
_ENTRIES = (EventType.ADMITTED.value, EventType.TRANSFERRED_IN.value)

Writings = Iterator[tuple[type[Record], Written]]


def name_of_branch(session: Session, code: str) -> str:
    """What a branch is called; its code when nobody has said."""
    office = session.get_one(Office, 1)
    if code == office.branch:
        return office.branch_name or code
    return session.scalar(select(BranchName.name).where(BranchName.code == code)) or code


def ask(
    session: Session, pen: Pen, member: str, branch: str, reason: str, deadline: dt.date
) -> Writings:
    """Write the request and send it there. Raises `Problem`, `InvalidRecord`, LookupError."""
    record = session.get(Member, member)
    if record is None:
        raise LookupError(member)
    if not pen.scope:
        raise Problem(
            _("Chưa chuyển được: {reason}").format(
                reason=_("máy này chưa ghi danh với Trung ương.")
            ),
            _("Không có gì thay đổi; anh/chị xem lại rồi chuyển sau."),
            code="move",
        )
    if record.scope != pen.scope or standing(session, member) is not None:
        raise Problem(
            _("Hội viên này đang được chuyển, hoặc không còn ở chi hội này."),
            _("Anh/chị xem tình hình chuyển trong thẻ “Sinh hoạt”."),
            code="transfer",
        )
    values: dict[str, Value] = {
        "member_name": record.full_name, "born_on": record.born_on, "card_no": record.card_no,
        "from_name": name_of_branch(session, pen.scope), "from_branch": pen.scope,
        "to_name": name_of_branch(session, branch), "to_branch": branch, "reason": reason,
        "requested_on": pen.today, "due_on": deadline, "member_record": member,
        "dues_until": _dues_until(session, record),
    }  # fmt: skip
    written = editing.create(session, pen, TransferRequest, values)
    yield TransferRequest, written
    session.flush()
    yield TransferRequest, editing.move(session, pen, TransferRequest, written.record, branch)


def answer(session: Session, pen: Pen, request: str, given: TransferAnswer) -> Writings:
    """Say yes or no, and send the request back."""
    told: dict[str, Value] = {"answer": given.value, "answered_on": pen.today}
    yield TransferRequest, editing.edit(session, pen, TransferRequest, request, told)
    back = session.get_one(TransferRequest, request).from_branch
    yield TransferRequest, editing.move(session, pen, TransferRequest, request, back)


def complete(session: Session, pen: Pen, request: str) -> Writings:
    """Carry the transfer out; nothing when the member is not here any more.

    One history goes along: how they came, that they moved, and every consent. Raises `Problem`.
    """
    paper = session.get_one(TransferRequest, request)
    member = session.get(Member, paper.member_record)
    if member is None or member.scope != pen.scope or member.deleted:
        return
    here = (MemberEvent.member == member.id, MemberEvent.deleted.is_(False))
    came = select(MemberEvent.id).where(*here, MemberEvent.type.in_(_ENTRIES)).limit(1)
    if session.scalar(came) is None and member.joined_on:
        yield MemberEvent, _event(
            session, pen, member.id, EventType.ADMITTED, happened_on=member.joined_on,
            decision_no=member.decision_no,
        )  # fmt: skip
    yield MemberEvent, _event(
        session, pen, member.id, EventType.TRANSFERRED_IN, happened_on=pen.today,
        from_value=paper.from_name, to_value=paper.to_name, note=paper.reason,
    )  # fmt: skip
    session.flush()
    yield Member, editing.move(session, pen, Member, member.id, paper.to_branch)
    for kind in (MemberEvent, Consent):
        query = select(kind.id).where(
            kind.member == member.id, kind.deleted.is_(False), kind.scope == pen.scope
        )
        for identity in session.scalars(query.order_by(kind.id)).all():
            yield kind, editing.move(session, pen, kind, identity, paper.to_branch)


def _event(session: Session, pen: Pen, member: str, of_type: EventType, **values: Value) -> Written:
    full: dict[str, Value] = {"member": member, "type": of_type.value, **values}
    return editing.create(session, pen, MemberEvent, full)


def _dues_until(session: Session, member: Member) -> int | None:
    """The last year that was paid in full; without a rate for a year, any payment will do."""
    amount = func.sum(DuesPayment.paid_vnd)
    query = select(DuesPayment.year, amount).where(
        DuesPayment.member == member.id, DuesPayment.deleted.is_(False),
        DuesPayment.void.is_(False),
    )  # fmt: skip
    for year, paid in session.execute(query.group_by(DuesPayment.year).order_by(
        DuesPayment.year.desc()
    )):  # fmt: skip
        rate = select(func.max(DuesRate.amount_vnd)).where(
            DuesRate.year == year, DuesRate.membership == member.membership,
            DuesRate.subject == member.subject, DuesRate.deleted.is_(False),
        )  # fmt: skip
        if (paid or 0) >= (session.scalar(rate) or 1):
            return year
    return None


def standing(session: Session, member: str) -> TransferRequest | None:
    """The request about a member that is not refused; None when there is none."""
    query = select(TransferRequest).where(
        TransferRequest.member_record == member, TransferRequest.deleted.is_(False),
        TransferRequest.from_branch == session.get_one(Office, 1).branch,
        TransferRequest.answer != TransferAnswer.REFUSED.value,
    )  # fmt: skip
    return session.scalars(query.order_by(TransferRequest.requested_on.desc()).limit(1)).first()


def agreed(session: Session) -> list[str]:
    """Requests of this branch that were agreed to and are not carried out yet."""
    here = session.get_one(Office, 1).branch
    query = select(TransferRequest.id).where(
        TransferRequest.scope == here, TransferRequest.from_branch == here, _is_here(here),
        TransferRequest.answer == TransferAnswer.ACCEPTED.value,
        TransferRequest.deleted.is_(False),
    )  # fmt: skip
    return list(session.scalars(query.order_by(TransferRequest.id))) if here else []


def _is_here(branch: str) -> ColumnElement[bool]:
    members = select(Member.id).where(_still(branch))
    return TransferRequest.member_record.in_(members)


def lines(session: Session, today: dt.date) -> Iterator[ReviewItem]:
    """Requests that wait for somebody here: to be answered, overdue, or refused."""
    here = session.get_one(Office, 1).branch
    if not here:
        return
    query = select(TransferRequest).where(TransferRequest.deleted.is_(False))
    members = set(session.scalars(select(Member.id).where(_still(here))))
    for paper in session.scalars(query.order_by(TransferRequest.requested_on)):
        sort, sentence = _told(paper, here, today, paper.member_record in members)
        if sort:
            yield ReviewItem(
                name_of(TransferRequest), paper.id, "", sort, "",
                sentence.format(
                    there=paper.from_name if sort == "transfer" else paper.to_name,
                    reason=paper.reason or _("không ghi lý do"),
                    day=paper.due_on.strftime("%d/%m/%Y") if paper.due_on else "",
                ),
                presses=PRESSES[sort],
            )  # fmt: skip


def _still(branch: str) -> ColumnElement[bool]:
    return (Member.scope == branch) & Member.deleted.is_(False)


def _told(paper: TransferRequest, here: str, today: dt.date, is_here: bool) -> tuple[str, str]:
    if paper.to_branch == here and paper.scope == here and not paper.answer:
        return "transfer", _("{there} đề nghị chuyển đến: {reason}. Trả lời trước {day}.")
    if paper.from_branch != here or not is_here:
        return "", ""
    if paper.answer == TransferAnswer.REFUSED and paper.scope == here:
        return "transfer_refused", _("{there} không nhận; hội viên vẫn ở chi hội này.")
    is_late = paper.due_on is not None and paper.due_on < today
    if is_late and paper.answer != TransferAnswer.REFUSED:
        return "transfer_due", _("{there} chưa trả lời, hạn là {day}. Có thể hoàn tất việc chuyển.")
    return "", ""


def pressed(session: Session, pen: Pen, item: ReviewItem, press: Press) -> Writings:
    """Do what a button of one of these lines says."""
    if press is Press.ACCEPT:
        yield from answer(session, pen, item.id, TransferAnswer.ACCEPTED)
    elif press is Press.DECLINE:
        yield from answer(session, pen, item.id, TransferAnswer.REFUSED)
    elif press is Press.COMPLETE:
        yield from complete(session, pen, item.id)
    else:
        session.merge(Dismissal(key=item.key))
