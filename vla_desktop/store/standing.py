"""Where the office stands with the centre, in facts that a window can put into words."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.changes import Entry, Ledger, Setback
from sync.client.holding import Held, Limits, held
from sync.client.proof import last_receipt
from sync.client.tables import KeptReceipt, Office
from sync.problems import Problem
from sync.receipts import Receipt


class Light(enum.Enum):
    """GREEN only when the centre has proved that it holds everything that was typed here."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


WORTH_A_WORD = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Standing:
    """Counts are changes. `receipt` is the newest whose signature holds, None before the first.

    `pending` counts every change without a number, `waiting` and `refused` among them. `held` is
    what is not sent before somebody says that so much is to be deleted. `clock_off` is by how much
    this PC's clock was ahead of the centre's at the last exchange, where that is worth a word.
    """

    enrolled: bool
    branch: str
    branch_name: str
    server: str
    pending: int
    waiting: int
    refused: int
    review: int
    receipt: Receipt | None
    light: Light
    last_problem: Problem | None = None
    last_try_at: dt.datetime | None = None
    held: tuple[Held, ...] = ()
    clock_off: dt.timedelta | None = None


def read_standing(
    session: Session, review: int, last_problem: Problem | None,
    last_try_at: dt.datetime | None, limits: Limits | None = None,
    clock_off: dt.timedelta = dt.timedelta(0),
) -> Standing:  # fmt: skip
    """The standing of this moment; `review` is how many things there are to look at."""
    office = session.get_one(Office, 1)
    counts = _counts(session)
    kept = last_receipt(session)
    receipt = kept.receipt if kept and _is_genuine(kept) else None
    return Standing(
        enrolled=bool(office.branch),
        branch=office.branch,
        branch_name=office.branch_name,
        server=office.server,
        pending=sum(counts.values()),
        waiting=counts.get(Setback.WAITING.value, 0),
        refused=counts.get(Setback.REFUSED.value, 0),
        review=review,
        receipt=receipt,
        light=_light(session, receipt, counts),
        last_problem=last_problem,
        last_try_at=last_try_at,
        held=tuple(held(session, limits)),
        clock_off=clock_off if abs(clock_off) >= WORTH_A_WORD else None,
    )


def _counts(session: Session) -> dict[str, int]:
    query = (
        select(Entry.setback, func.count())
        .where(Entry.seq.is_(None), Entry.setback != Setback.WITHDRAWN.value)
        .group_by(Entry.setback)
    )
    return {setback: number for setback, number in session.execute(query).all()}  # noqa: C416


def _is_genuine(kept: KeptReceipt) -> bool:
    return kept.receipt.is_genuine(kept.centre_key, kept.signature)


def _light(session: Session, receipt: Receipt | None, counts: dict[str, int]) -> Light:
    if counts.get(Setback.REFUSED.value):
        return Light.RED
    if receipt is None:
        return Light.GREY
    if session.get_one(Office, 1).next_epoch:
        return Light.AMBER
    for scope, place in receipt.positions.items():
        ledger = session.get(Ledger, scope)
        here = (ledger.seq, ledger.digest) if ledger else (0, "")
        if place.seq != place.head or here != (place.seq, place.digest):
            return Light.AMBER
    return Light.AMBER if any(counts.values()) else Light.GREEN


@dataclass(frozen=True)
class PendingChange:
    """One change that the centre has not numbered, for a list of what waits."""

    id: str
    kind: str
    record: str
    title: str
    action: str
    setback: str
    written_at: dt.datetime
