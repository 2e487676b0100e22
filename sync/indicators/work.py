"""What was done in a year for the tasks without a target: plans, dossiers, heritage, abroad."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from sync.indicators.figure import Figure, count
from sync.indicators.membership import kept
from sync.records.activity import Goal
from sync.records.advisory_dossier import AdvisoryDossier, DossierType, Uptake
from sync.records.base import Record
from sync.records.certificate import Certificate
from sync.records.delegate import Delegate
from sync.records.development_action import DevelopmentAction
from sync.records.heritage_item import HeritageItem, Nomination
from sync.records.international_event import InternationalEvent
from sync.records.plan_line import PlanLine, Progress
from sync.records.welfare_case import CaseResult, WelfareCase
from sync.texts import _


def work_figures(session: Session, as_of: dt.date, scope: str | None = None) -> Iterator[Figure]:
    """Tasks 4 to 8 from the first day of the year up to the day. Codes and order are stable."""
    yield from _plan(session, as_of, scope)
    yield from _dossiers(session, as_of, scope)
    yield from _welfare(session, as_of, scope)
    yield from _heritage(session, as_of, scope)
    yield from _abroad(session, as_of, scope)
    yield from _development(session, as_of, scope)


def _plan(session: Session, as_of: dt.date, scope: str | None) -> Iterator[Figure]:
    query = select(PlanLine.progress).where(*kept(PlanLine, scope), PlanLine.year == as_of.year)
    lines = [word for word in session.scalars(query) if word != Progress.DROPPED]
    done = sum(word == Progress.DONE for word in lines)
    value = Fraction(done, len(lines)) if lines else None
    yield Figure("I4", _("Việc trong kế hoạch năm đã xong"), value, done, len(lines))
    given = _of_year(session, Certificate, Certificate.issued_on, as_of, scope, Certificate.revoked)
    number = sum(not row.revoked for row in given)
    yield count("I4.certificates", _("Chứng nhận đã cấp"), number)


def _dossiers(session: Session, as_of: dt.date, scope: str | None) -> Iterator[Figure]:
    columns = (AdvisoryDossier.type, AdvisoryDossier.uptake)
    rows = _of_year(session, AdvisoryDossier, AdvisoryDossier.received_on, as_of, scope, *columns)
    yield count("I5", _("Hồ sơ tư vấn, phản biện, giám định"), len(rows))
    by_type = Counter(row.type for row in rows)
    for word in DossierType:
        yield count(f"I5.{word}", _(word.word), by_type[str(word)])
    known = [row.uptake for row in rows if row.uptake not in ("", Uptake.UNKNOWN)]
    taken = sum(word in (Uptake.FULL, Uptake.PART) for word in known)
    value = Fraction(taken, len(known)) if known else None
    yield Figure("I5.taken_up", _("Kiến nghị được tiếp thu"), value, taken, len(known))


def _welfare(session: Session, as_of: dt.date, scope: str | None) -> Iterator[Figure]:
    """Of the cases only days, result and amount: the story is sealed, see `sync.sealing`."""
    columns = (WelfareCase.result, WelfareCase.support_vnd)
    rows = _of_year(session, WelfareCase, WelfareCase.received_on, as_of, scope, *columns)
    yield count("I5.welfare", _("Hồ sơ bảo trợ, quyền lợi"), len(rows))
    settled = sum(row.result in (CaseResult.SETTLED, CaseResult.PART) for row in rows)
    yield count("I5.welfare_settled", _("Hồ sơ bảo trợ đã giải quyết"), settled)
    support_vnd = sum(row.support_vnd or 0 for row in rows)
    yield count("I5.support", _("Tiền hỗ trợ hội viên (đồng)"), support_vnd)


def _heritage(session: Session, as_of: dt.date, scope: str | None) -> Iterator[Figure]:
    columns = (HeritageItem.nomination, HeritageItem.nominated_on, HeritageItem.decided_on)
    rows = session.execute(select(*columns).where(*kept(HeritageItem, scope))).all()
    yield count("I6.items", _("Tư liệu được xét làm di sản"), len(rows))
    nominated = sum(bool(row.nominated_on and row.nominated_on <= as_of) for row in rows)
    yield count("I6.nominated", _("Tư liệu đã đề cử"), nominated)
    recognised = sum(
        row.nomination == Nomination.RECOGNISED and (row.decided_on or as_of) <= as_of
        for row in rows
    )
    yield count("I6.recognised", _("Tư liệu được công nhận"), recognised)


def _abroad(session: Session, as_of: dt.date, scope: str | None) -> Iterator[Figure]:
    starts_on = InternationalEvent.starts_on
    events = _of_year(session, InternationalEvent, starts_on, as_of, scope, InternationalEvent.id)
    yield count("I7", _("Sự kiện quốc tế"), len(events))
    ids = {row.id for row in events}
    query = select(Delegate.event, Delegate.paper_title).where(*kept(Delegate, scope))
    sent = [row for row in session.execute(query) if row.event in ids]
    yield count("I7.delegates", _("Lượt đại biểu"), len(sent))
    yield count("I7.papers", _("Tham luận"), sum(bool(row.paper_title) for row in sent))


def _development(session: Session, as_of: dt.date, scope: str | None) -> Iterator[Figure]:
    columns = (DevelopmentAction.goals, DevelopmentAction.beneficiaries)
    begun = DevelopmentAction.starts_on
    rows = _of_year(session, DevelopmentAction, begun, as_of, scope, *columns)
    yield count("I8", _("Hành động vì phát triển bền vững"), len(rows))
    reached = sum(row.beneficiaries or 0 for row in rows)
    yield count("I8.beneficiaries", _("Người hưởng lợi"), reached)
    by_goal = Counter(goal for row in rows for goal in row.goals.split(",") if goal)
    for goal in Goal:
        yield count(f"I8.{goal}", _(goal.word), by_goal[str(goal)])


def _of_year(
    session: Session, kind: type[Record], day: InstrumentedAttribute[dt.date | None],
    as_of: dt.date, scope: str | None, *columns: InstrumentedAttribute[Any],
) -> Sequence[Row[Any]]:  # fmt: skip
    """Records of the year up to the day."""
    since = as_of.replace(month=1, day=1)
    query = select(*columns).where(*kept(kind, scope), day >= since, day <= as_of)
    return session.execute(query).all()
