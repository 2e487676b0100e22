"""Who paid their dues for a year, what came in, and what was passed on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.figure import Figure, count
from sync.indicators.membership import Standing, kept
from sync.records.dues_payment import DuesPayment
from sync.records.dues_rate import DuesRate
from sync.records.dues_remittance import DuesRemittance
from sync.texts import _


def dues_figures(
    session: Session, as_of: dt.date, members: Sequence[Standing], scope: str | None = None
) -> Iterator[Figure]:
    """F0: active members who paid in full ÷ active members who owe, for the year of the day.

    A void receipt counts nowhere. Whoever has no rate for the year, or the rate 0, owes nothing.
    """
    paid, owed = _paid(session, as_of, scope), _owed(session, as_of, members, scope)
    in_full = sum(paid[member] >= rate for member, rate in owed.items())
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
    return frozenset(member for member, rate in owed.items() if paid[member] < rate)


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
