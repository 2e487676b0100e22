"""Blocks of card numbers for the PCs of branches: no number is ever given to two of them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.provisions import Block, Provisions, ProvisionsRequest, digest_of
from sync.server.accounts import stamp
from sync.server.database import add_if_absent
from sync.server.isolation import everywhere
from sync.server.settings import Settings
from sync.server.tables import Branch, NumberBlock, NumberSeries

CARDS = "card"
# So many numbers are passed over after a restore: more than were ever given since a backup.
LEAP = 20_000


def provide(
    session: Session, branch: str, request: ProvisionsRequest, settings: Settings, now: dt.datetime
) -> Provisions:
    """What a PC of the branch, whose row is held, asked for."""
    block = _block(session, branch, request, settings, now) if request.ask else None
    with everywhere(session):
        names = {one.code: one.name for one in session.scalars(select(Branch))}
    return Provisions(block, None if request.known == digest_of(names) else names)


def _block(
    session: Session, branch: str, request: ProvisionsRequest, settings: Settings, now: dt.datetime
) -> Block:
    key = (request.device, request.incarnation, request.ask)
    given = session.get(NumberBlock, key)
    if given is None:
        begins = _taken(session, settings, request.highest)
        given = NumberBlock(
            device=key[0], incarnation=key[1], ask=key[2], scope=branch, begins=begins,
            count=settings.card_block, given_at=stamp(now),
        )  # fmt: skip
        session.add(given)
        session.flush()
    return Block(given.begins, given.count, settings.card_prefix, settings.card_digits)


def _taken(session: Session, settings: Settings, highest: int) -> int:
    """The first of as many numbers as a block has, which nobody else gets from now on."""
    add_if_absent(session, NumberSeries, {"name": CARDS, "next": settings.card_first})
    series = session.get_one(NumberSeries, CARDS, with_for_update=True)
    # Who shows more than a leap was never given it here.
    begins = max(series.next, highest + 1) if highest < series.next + LEAP else series.next
    series.next = begins + settings.card_block
    return begins


def leap(session: Session) -> None:
    """After a restore: what was given since the backup is not known, and is not given again."""
    series = session.get(NumberSeries, CARDS, with_for_update=True)
    if series is not None:
        series.next += LEAP
