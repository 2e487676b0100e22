"""Who was a member on a past day, and where they worked: read from what happened to them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sync.records.base import Record
from sync.records.member import Member, MemberStatus, Subject
from sync.records.member_event import EventType, MemberEvent

_LEADS_TO: Mapping[str, str] = {
    EventType.APPLIED: MemberStatus.APPLIED,
    EventType.ADMITTED: MemberStatus.ACTIVE,
    EventType.TRANSFERRED_IN: MemberStatus.ACTIVE,
    EventType.TRANSFERRED_OUT: MemberStatus.LEFT,
    EventType.PAUSED: MemberStatus.PAUSED,
    EventType.RESUMED: MemberStatus.ACTIVE,
    EventType.LEFT: MemberStatus.LEFT,
    EventType.EXPELLED: MemberStatus.LEFT,
    EventType.DECEASED: MemberStatus.DECEASED,
}
_ENTRIES = (EventType.ADMITTED, EventType.TRANSFERRED_IN)
_RANK = {str(kind): rank for rank, kind in enumerate(EventType)}


@dataclass(frozen=True)
class Happened:
    """One event of a member."""

    on: dt.date
    type: str
    from_workplace: str = ""
    to_workplace: str = ""


@dataclass(frozen=True)
class Standing:
    """A member as they were on a day. `workplace` is "" outside libraries."""

    id: str
    subject: str
    membership: str
    gender: str
    status: str
    workplace: str

    @property
    def is_active(self) -> bool:
        """Whether they counted as a member."""
        return self.status == MemberStatus.ACTIVE

    @property
    def is_person(self) -> bool:
        """Organisations are members too, but staff of no library."""
        return self.subject != Subject.ORGANISATION


def status_on(
    as_of: dt.date,
    happened: Sequence[Happened],
    joined_on: dt.date | None,
    status: str,
    status_since: dt.date | None,
) -> str:
    """The status on a day; "" before they came. `happened` is in order of time.

    Events decide. What the record says counts where they are silent: `joined_on` when no event
    tells how they came, and the status with its date when that is later than every event.
    """
    steps: list[tuple[dt.date, str]] = [
        (event.on, _LEADS_TO[event.type]) for event in happened if event.type in _LEADS_TO
    ]
    is_told = any(event.type in _ENTRIES for event in happened)
    if not steps and status_since is None and status != MemberStatus.ACTIVE:
        return status
    if joined_on and not is_told and status != MemberStatus.APPLIED:
        steps = sorted([(joined_on, str(MemberStatus.ACTIVE)), *steps], key=lambda step: step[0])
    if status_since and (not steps or status_since >= steps[-1][0]):
        steps.append((status_since, status))
    return next((now for on, now in reversed(steps) if on <= as_of), "")


def workplace_on(as_of: dt.date, happened: Sequence[Happened], workplace: str) -> str:
    """The library they worked in on a day; the record's own when no move was written down."""
    moves = [event for event in happened if event.type == EventType.WORKPLACE_CHANGED]
    before = [event for event in moves if event.on <= as_of]
    if before:
        return before[-1].to_workplace
    return moves[0].from_workplace if moves else workplace


def standings(session: Session, as_of: dt.date, scope: str | None = None) -> list[Standing]:
    """Every member that is not in the bin, as they were on the day."""
    events = _events(session, scope)
    columns = (
        Member.id, Member.subject, Member.membership, Member.gender,
        Member.joined_on, Member.status, Member.status_on, Member.workplace,
    )  # fmt: skip
    found = []
    for row in session.execute(select(*columns).where(*kept(Member, scope))):
        happened = events.get(row.id, ())
        then = status_on(as_of, happened, row.joined_on, row.status, row.status_on)
        where = workplace_on(as_of, happened, row.workplace)
        found.append(Standing(row.id, row.subject, row.membership, row.gender, then, where))
    return found


def kept(kind: type[Record], scope: str | None) -> list[ColumnElement[bool]]:
    """What keeps a query out of the bin, and within a scope when one is named."""
    conditions: list[ColumnElement[bool]] = [kind.deleted.is_(False)]
    return conditions if scope is None else [*conditions, kind.scope == scope]


def in_order(events: Iterable[Any]) -> list[Any]:
    """Events as they happened.

    On one day what comes first in the list of types came first: admitted, then moved, then left.
    """
    return sorted(
        events, key=lambda one: (one.happened_on, _RANK.get(one.type, len(_RANK)), one.id)
    )


def _events(session: Session, scope: str | None) -> dict[str, list[Happened]]:
    columns = (
        MemberEvent.id, MemberEvent.member, MemberEvent.happened_on, MemberEvent.type,
        MemberEvent.from_workplace, MemberEvent.to_workplace,
    )  # fmt: skip
    dated = MemberEvent.happened_on.is_not(None)
    query = select(*columns).where(dated, *kept(MemberEvent, scope))
    events: dict[str, list[Happened]] = defaultdict(list)
    for row in in_order(session.execute(query).all()):
        events[row.member].append(
            Happened(row.happened_on, row.type, row.from_workplace, row.to_workplace)
        )
    return events
