"""Fetching what an office needs to work alone: card numbers before they run out, names of branches.

A pool belongs to one incarnation of a device, at one place. A copy of an office stands elsewhere,
or is found out and becomes a new incarnation: either way it gives out nothing of the pool that it
was copied with, and asks for its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.client.asking import insist
from sync.client.batches import Sessions
from sync.client.obstacles import obstacle
from sync.client.steps import Steps, World
from sync.client.tables import BranchName, Office, Pool, Provided
from sync.frames import BadMessage
from sync.provisions import Block, Provisions, ProvisionsRequest, digest_of, provisions_from

# A pool is filled again when no more than one in so many of a block is left.
REFILL_PART = 4


def usable(session: Session, place: str) -> Iterator[Pool]:
    """The pools that this very office may take from, the oldest first."""
    incarnation = session.get_one(Office, 1).incarnation
    query = select(Pool).where(
        Pool.incarnation == incarnation, Pool.place == place, Pool.given_up.is_(False)
    )
    for pool in session.scalars(query.order_by(Pool.id)):
        if pool.next < pool.begins + pool.count:
            yield pool


def left(session: Session, place: str) -> int:
    """How many numbers can still be given out without the network."""
    return sum(pool.begins + pool.count - pool.next for pool in usable(session, place))


def next_number(session: Session, place: str) -> str:
    """The next number of the pool, written as on a card; "" when it is empty."""
    pool = next(usable(session, place), None)
    if pool is None:
        return ""
    number, pool.next = pool.next, pool.next + 1
    session.flush()
    return Block(pool.begins, pool.count, pool.prefix, pool.digits).written(number)


def is_low(session: Session, place: str) -> bool:
    """Whether it is time to fill the pool."""
    block = session.scalar(select(Pool.count).order_by(Pool.id.desc()).limit(1))
    return block is None or left(session, place) * REFILL_PART <= block


def refill(
    reading: Sessions, writing: Sessions, world: World, place: str, today: str
) -> Steps[None]:
    """Ask for what is short; names once a day. Raises `Problem`, `Refusal`."""
    with reading() as session:
        asked_on = session.scalar(select(Provided.asked_on)) or ""
        if asked_on == today and not is_low(session, place):
            return
        office, request = session.get_one(Office, 1), _request(session, place)
    body = request.to_bytes(office.key)
    reply = yield from insist("/v1/numbers", lambda: body, world)
    try:
        given = provisions_from(reply.body, body, office.centre_key)
    except BadMessage as fault:
        raise obstacle("unproven") from fault
    with writing() as session:
        _keep(session, request, given, place)
        session.merge(Provided(id=1, asked_on=today))


def _request(session: Session, place: str) -> ProvisionsRequest:
    office = session.get_one(Office, 1)
    own = Pool.incarnation == office.incarnation
    last = session.scalar(select(func.max(Pool.ask)).where(own)) or 0
    highest = session.scalar(select(func.max(Pool.begins + Pool.count))) or 1
    names = {one.code: one.name for one in session.scalars(select(BranchName))}
    return ProvisionsRequest(
        office.device, office.centre, office.incarnation,
        last + 1 if is_low(session, place) else 0, highest - 1, digest_of(names),
    )  # fmt: skip


def _keep(session: Session, request: ProvisionsRequest, given: Provisions, place: str) -> None:
    block = given.block
    if block is not None and session.get_one(Office, 1).incarnation == request.incarnation:
        session.add(
            Pool(
                incarnation=request.incarnation, ask=request.ask, begins=block.begins,
                count=block.count, next=block.begins, prefix=block.prefix, digits=block.digits,
                place=place,
            )
        )  # fmt: skip
    for code, name in (given.branches or {}).items():
        session.merge(BranchName(code=code, name=name))
    session.flush()
