"""Who paid their dues for a year, what came in, and what was passed on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.figure import Figure, count
from sync.indicators.membership import Standing, kept
from sync.records.dues_payment import DuesPayment
from sync.records.dues_rate import DuesRate
from sync.records.dues_remittance import DuesRemittance
from sync.records.member import Member
from sync.records.transfer_request import TransferAnswer, TransferRequest
from sync.texts import _


def dues_figures(
    session: Session, as_of: dt.date, members: Sequence[Standing], scope: str | None = None
) -> Iterator[Figure]:
    """F0: active members who paid in full ÷ active members who owe, for the year of the day.

    A void receipt counts nowhere. Whoever has no rate for the year, or the rate 0, owes nothing.
    Whoever came from another branch with the year paid there has paid; the money stays counted
    there.
    """
    paid, owed = _paid(session, as_of, scope), _owed(session, as_of, members, scope)
    in_full = len(owed) - len(_in_debt(session, as_of, paid, owed, scope))
    value = Fraction(in_full, len(owed)) if owed else None
    yield Figure("F0", _("Hội viên đã nộp đủ hội phí năm"), value, in_full, len(owed))
    yield count("F0.collected", _("Hội phí đã thu (đồng)"), sum(paid.values()))
    yield count(
        "F0.remitted", _("Hội phí đã nộp cấp trên (đồng)"), _remitted(session, as_of, scope)
    )


def owing(
    session: Session, as_of: dt.date, members: Sequence[Standing], scope: str | None = None
) -> frozenset[str]:
    """Active members who have not paid the year's dues in full."""
    paid, owed = _paid(session, as_of, scope), _owed(session, as_of, members, scope)
    return _in_debt(session, as_of, paid, owed, scope)


def _in_debt(
    session: Session,
    as_of: dt.date,
    paid: Mapping[str, int],
    owed: Mapping[str, int],
    scope: str | None,
) -> frozenset[str]:
    lacking = {member for member, rate in owed.items() if paid.get(member, 0) < rate}
    return frozenset(lacking - _paid_before_moving(session, as_of, scope) if lacking else ())


def _paid_before_moving(session: Session, as_of: dt.date, scope: str | None) -> set[str]:
    """Whom the papers of their transfer say to have paid this year in the branch they left."""
    # The paper lies in the ledger of the branch that was left; the member, once come, in the other.
    query = select(Member.id).join(
        TransferRequest,
        (TransferRequest.member_record == Member.id) & (TransferRequest.to_branch == Member.scope),
    )
    return set(
        session.scalars(
            query.where(
                *kept(Member, scope), TransferRequest.deleted.is_(False),
                TransferRequest.dues_until >= as_of.year,
                TransferRequest.answer != TransferAnswer.REFUSED.value,
            )
        )
    )  # fmt: skip


def _owed(
    session: Session, as_of: dt.date, members: Sequence[Standing], scope: str | None
) -> dict[str, int]:
    """Đồng for the year of the day, by active member who owes anything."""
    rates = _rates(session, as_of.year, scope)
    return {
        member.id: rate
        for member in members
        if member.is_active and (rate := rates.get((member.membership, member.subject), 0))
    }


def _rates(session: Session, year: int, scope: str | None) -> dict[tuple[str, str], int]:
    columns = (DuesRate.membership, DuesRate.subject, DuesRate.amount_vnd)
    query = select(*columns).where(*kept(DuesRate, scope), DuesRate.year == year)
    rows = session.execute(query.order_by(DuesRate.id))
    return {(row.membership, row.subject): row.amount_vnd or 0 for row in rows}


def _paid(session: Session, as_of: dt.date, scope: str | None) -> Counter[str]:
    """Đồng by member, for the year of the day, received up to the day."""
    query = select(DuesPayment.member, DuesPayment.paid_vnd).where(
        *kept(DuesPayment, scope), DuesPayment.year == as_of.year,
        DuesPayment.paid_on <= as_of, DuesPayment.void.is_(False),
    )  # fmt: skip
    paid: Counter[str] = Counter()
    for row in session.execute(query):
        paid[row.member] += row.paid_vnd or 0
    return paid


def _remitted(session: Session, as_of: dt.date, scope: str | None) -> int:
    query = select(DuesRemittance.amount_vnd).where(
        *kept(DuesRemittance, scope), DuesRemittance.year == as_of.year,
        DuesRemittance.remitted_on <= as_of,
    )  # fmt: skip
    return sum(amount or 0 for amount in session.scalars(query))
