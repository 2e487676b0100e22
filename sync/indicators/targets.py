"""What the congress of a term resolved to reach: records of the association, never of the code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.records.target import Target, level_of
from sync.records.task import Task
from sync.records.term import Term


@dataclass(frozen=True)
class TermInForce:
    """A term as far as figures need it; counts since its congress begin on `congress_on`."""

    id: str
    name: str
    number: int | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    congress_on: dt.date | None


def term_in_force(session: Session, as_of: dt.date) -> TermInForce | None:
    """The term on a day; None when none is known for it.

    Where terms overlap, the later one is in force: a congress may meet before its time.
    """
    columns = (Term.id, Term.name, Term.number, Term.starts_on, Term.ends_on, Term.congress_on)
    query = (
        select(*columns)
        .where(Term.deleted.is_(False), Term.starts_on <= as_of)
        .where(Term.ends_on.is_(None) | (Term.ends_on >= as_of))
        .order_by(Term.starts_on.desc(), Term.number.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    return TermInForce(*found) if found else None


def targets_in_force(session: Session, as_of: dt.date) -> dict[str, Fraction]:
    """By indicator, the level of the term on a day, a share between 0 and 1.

    Empty when the term set no numbers, and when no term is known.
    """
    term = term_in_force(session, as_of)
    if term is None:
        return {}
    query = (
        select(Target.indicator, Target.value)
        .join(Task, Task.id == Target.task)
        .where(Task.term == term.id, Task.deleted.is_(False), Target.deleted.is_(False))
        .order_by(Target.id)
    )
    stated = {row.indicator: level_of(row.value) for row in session.execute(query)}
    return {indicator: level for indicator, level in stated.items() if level is not None}
