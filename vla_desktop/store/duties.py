"""What is due by a date, or stands as it should not: for the to-do list of the first page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sync.indicators.dues import owing
from sync.indicators.emulation import unassessed
from sync.indicators.membership import standings
from sync.records.advisory_dossier import AdvisoryDossier
from sync.records.base import Record
from sync.records.library import Library
from sync.records.member import Member, Membership
from sync.records.member_request import MemberRequest
from sync.records.office_holder import OfficeHolder, Position
from sync.records.office_term import OfficeTerm
from sync.records.plan_line import PlanLine, Progress
from sync.texts import _
from vla_desktop.store.rows import Query
from vla_desktop.store.todo import ToDo

# A congress takes months to prepare, an answer days.
TERM_NOTICE = dt.timedelta(days=180)
ANSWER_NOTICE = dt.timedelta(days=30)


def duties(session: Session, today: dt.date) -> list[ToDo]:
    """The lines that have something in them: first what the law sets a date for."""
    found = (
        (_("Yêu cầu của hội viên chờ trả lời"), MemberRequest, _requests(session), "mail"),
        (_("Hồ sơ tư vấn, phản biện sắp đến hạn"), AdvisoryDossier, _dossiers(session, today),
         "document"),
        (_("Việc trong kế hoạch đã quá hạn"), PlanLine, _overdue(session, today), "calendar"),
        (_("Nhiệm kỳ đã hết hoặc sắp hết"), OfficeTerm, _ending(session, today), "calendar"),
        (_("Chức vụ do người không phải hội viên chính thức giữ"), OfficeHolder,
         _not_eligible(session, today), "warning"),
        (_("Hai người cùng đứng đầu một tổ chức"), OfficeHolder, _two_heads(session, today),
         "warning"),
        (_("Thư viện chưa được đánh giá năm nay"), Library, unassessed(session, today), "target"),
        (_("Hội viên chưa nộp đủ hội phí năm nay"), Member,
         owing(session, today, standings(session, today)), "receipt"),
    )  # fmt: skip
    return [
        ToDo(sentence, len(ids), kind, Query(ids=frozenset(ids)), icon)
        for sentence, kind, ids, icon in found
        if ids
    ]


def _requests(session: Session) -> set[str]:
    return _ids(session, MemberRequest, MemberRequest.answered_on.is_(None))


def _dossiers(session: Session, today: dt.date) -> set[str]:
    soon = AdvisoryDossier.due_on <= today + ANSWER_NOTICE
    return _ids(session, AdvisoryDossier, soon, AdvisoryDossier.reported_on.is_(None))


def _overdue(session: Session, today: dt.date) -> set[str]:
    is_open = PlanLine.progress.in_([Progress.PLANNED.value, Progress.RUNNING.value])
    return _ids(session, PlanLine, PlanLine.due_on < today, is_open)


def _ending(session: Session, today: dt.date) -> set[str]:
    """The newest term of each unit, when its end is near or past."""
    columns = (OfficeTerm.id, OfficeTerm.unit, OfficeTerm.ends_on)
    query = select(*columns).where(OfficeTerm.deleted.is_(False)).order_by(OfficeTerm.starts_on)
    newest = {row.unit: row for row in session.execute(query)}
    until = today + TERM_NOTICE
    return {row.id for row in newest.values() if row.ends_on and row.ends_on <= until}


def _not_eligible(session: Session, today: dt.date) -> set[str]:
    """Affiliated and honorary members hold no office.

    Source: Decree 45/2010/NĐ-CP Art. 17(3).
    """
    query = (
        select(OfficeHolder.id)
        .join(Member, Member.id == OfficeHolder.member)
        .where(Member.membership != Membership.OFFICIAL.value, *_in_office(today))
    )
    return set(session.scalars(query))


def _two_heads(session: Session, today: dt.date) -> set[str]:
    columns = (OfficeHolder.id, OfficeHolder.unit, OfficeHolder.member)
    query = select(*columns).where(
        OfficeHolder.position == Position.CHAIR.value, *_in_office(today)
    )
    heads: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in session.execute(query):
        heads[row.unit].append((row.id, row.member))
    return {
        one for holders in heads.values() if len({who for _, who in holders}) > 1
        for one, _ in holders
    }  # fmt: skip


def _in_office(today: dt.date) -> tuple[ColumnElement[bool], ...]:
    has_begun, has_not_ended = OfficeHolder.starts_on <= today, OfficeHolder.ends_on >= today
    return (
        OfficeHolder.deleted.is_(False), has_begun, OfficeHolder.ends_on.is_(None) | has_not_ended
    )  # fmt: skip


def _ids(session: Session, kind: type[Record], *conditions: ColumnElement[bool]) -> set[str]:
    return set(session.scalars(select(kind.id).where(kind.deleted.is_(False), *conditions)))
