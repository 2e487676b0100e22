"""What the congress of a term resolved to reach: records of the association, never of the code."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from sync.records.target import Target, level_of
from sync.records.task import Task
from sync.records.term import Term


def term_in_force(session: Session, as_of: dt.date) -> Row[Any] | None:
    """The id, name, number and days of the term on a day; None when none is known for it.

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
    return session.execute(query).first()


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
