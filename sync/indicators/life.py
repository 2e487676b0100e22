"""One member on a past day, from what happened to them: what the form says of any date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.membership import Happened, in_order, status_on, workplace_on
from sync.records.member import Member, Membership
from sync.records.member_event import EventType, MemberEvent
from sync.texts import _
from sync.vietnamese import fold


@dataclass(frozen=True)
class LifeOn:
    """A member on a day. `status` is "" before they came; `workplace` is a library's id or "".

    `membership` is one of its words, or what somebody wrote of it. `card_no` is "" before a card.
    `last` is what had happened last, None when the record alone speaks.
    """

    status: str
    membership: str
    workplace: str
    card_no: str
    last: MemberEvent | None


def life_on(session: Session, member: str, as_of: dt.date) -> LifeOn:
    """The member on the day. Raises LookupError when there is none."""
    record = session.get(Member, member)
    if record is None:
        raise LookupError(member)
    events = _events(session, member)
    happened = [
        Happened(event.happened_on, event.type, event.from_workplace, event.to_workplace)
        for event in events
        if event.happened_on
    ]
    status = status_on(as_of, happened, record.joined_on, record.status, record.status_on)
    card = _written_on(as_of, events, EventType.CARD_REPLACED, record.card_no)
    if record.card_issued_on and as_of < record.card_issued_on and not _has_card_event(events):
        card = ""
    kind = _written_on(as_of, events, EventType.MEMBERSHIP_CHANGED, record.membership)
    past = [event for event in events if event.happened_on and event.happened_on <= as_of]
    return LifeOn(
        status,
        _membership(kind),
        workplace_on(as_of, happened, record.workplace) if status else "",
        card if status else "",
        past[-1] if past else None,
    )


def _events(session: Session, member: str) -> list[MemberEvent]:
    query = select(MemberEvent).where(
        MemberEvent.member == member, MemberEvent.deleted.is_(False),
        MemberEvent.happened_on.is_not(None),
    )  # fmt: skip
    return in_order(session.scalars(query).all())


def _has_card_event(events: Sequence[MemberEvent]) -> bool:
    return any(event.type == EventType.CARD_REPLACED for event in events)


def _written_on(as_of: dt.date, events: Sequence[MemberEvent], of_type: EventType, now: str) -> str:
    """What a field held on a day, by the changes of it that were written down."""
    changes = [event for event in events if event.type == of_type]
    before = [event for event in changes if event.happened_on and event.happened_on <= as_of]
    if before:
        return before[-1].to_value or now
    return changes[0].from_value or now if changes else now


def _membership(written: str) -> str:
    """The kind that somebody wrote in words, if it is one of ours."""
    for kind in Membership:
        if kind.value == written or fold(_(kind.word)) in fold(written):
            return kind.value
    return written
