"""Card numbers given out without the network, from the pool that this office was granted."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import socket
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from sync import editing
from sync.changes import Entry, Setback
from sync.client import provisions
from sync.client.renewal import is_renewal_due
from sync.client.steps import Steps, World
from sync.client.tables import BranchName, Office, Pool
from sync.editing import Pen, Written
from sync.identity import DEVICE_DIGITS
from sync.provisions import Block
from sync.records import name_of
from sync.records.base import Record
from sync.records.member import Member
from sync.records.types import Value
from vla_desktop.store.database import reading, writing
from vla_desktop.store.store import Store

# How a number begins that only stands until a real one can be had.
PROVISIONAL = "TẠM-"


def place_of(engine: Engine) -> str:
    """By what a copied database is told from the one it was copied from, before any exchange."""
    path = Path(engine.url.database or "").resolve()
    told = f"{socket.gethostname()}|{path}|{path.stat().st_ino}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def is_provisional(card_no: str) -> bool:
    """Whether a card number waits for a real one."""
    return card_no.startswith(PROVISIONAL)


class Cards:
    """Gives out card numbers. What is given back is not given out again."""

    def __init__(self, store: Store) -> None:
        self._engine, self._store = store.engine, store
        self._place = place_of(store.engine)

    def left(self) -> int:
        """How many numbers can be given out before the network is needed."""
        with reading(self._engine) as session:
            return provisions.left(session, self._place)

    def issue(self, member: str) -> str:
        """Give a member a number, a provisional one when the pool is empty; returns it.

        Whoever has a real one keeps it. Raises LookupError, `Problem`, `InvalidRecord`.
        """
        self.issue_many([member])
        with reading(self._engine) as session:
            return session.get_one(Member, member).card_no

    def issue_many(self, members: Iterable[str]) -> int:
        """The same for several, all or none; returns how many got a number."""
        given = 0

        def deed(session: Session, pen: Pen) -> Iterable[tuple[type[Record], Written]]:
            nonlocal given
            for member in members:
                written = _issued(session, pen, member, self._place)
                if written is not None:
                    given += 1
                    yield Member, written

        self._store.do(deed)
        return given

    def replace_provisional(self) -> int:
        """Real numbers for what this office gave provisionally, as far as the pool reaches."""
        with reading(self._engine) as session:
            device = session.get_one(Office, 1).device
            members = [one for one in _provisional(session) if _is_given_by(session, one, device)]
            members = members[: provisions.left(session, self._place)]
        return self.issue_many(members) if members else 0

    def refill(self, world: World, today: dt.date) -> Steps[None]:
        """Fetch what is short; a machine to drive. Raises `Problem`, `Refusal`."""
        sessions = partial(reading, self._engine), partial(writing, self._engine)
        return provisions.refill(*sessions, world, self._place, today.isoformat())

    def branches(self) -> dict[str, str]:
        """The names of all branches by code, as the centre last said; without this one."""
        with reading(self._engine) as session:
            here = session.get_one(Office, 1).branch
            rows = session.scalars(select(BranchName).order_by(BranchName.name))
            return {one.code: one.name for one in rows if one.code != here}


def _issued(session: Session, pen: Pen, member: str, place: str) -> Written | None:
    record = session.get(Member, member)
    if record is not None and record.card_no and not is_provisional(record.card_no):
        return None
    number = _free_number(session, place)
    if not number and record is not None and record.card_no:
        return None  # one provisional number is as good as another
    values: dict[str, Value] = {"card_no": number or PROVISIONAL + secrets.token_hex(4).upper()}
    if number:
        values["card_issued_on"] = pen.today
    return editing.edit(session, pen, Member, member, values)


def _free_number(session: Session, place: str) -> str:
    """The next of the pool that nobody wrote by hand meanwhile; "" when there is none."""
    while number := provisions.next_number(session, place):
        if session.scalar(select(Member.id).where(Member.card_no == number).limit(1)) is None:
            return number
    return ""


def _provisional(session: Session) -> list[str]:
    here = session.get_one(Office, 1).branch
    query = select(Member.id).where(
        Member.card_no.startswith(PROVISIONAL), Member.deleted.is_(False), Member.scope == here
    )
    return list(session.scalars(query.order_by(Member.id)))


def _is_given_by(session: Session, member: str, device: str) -> bool:
    """Whether this device wrote the number: of two PCs one puts the real one in its place."""
    query = select(Entry).where(Entry.record == member).order_by(Entry.seq.is_(None), Entry.seq)
    wrote = [entry.id for entry in session.scalars(query) if "card_no" in entry.values]
    return bool(wrote) and wrote[-1][:DEVICE_DIGITS] == device


def give_up_pools(session: Session, pen: Pen) -> set[tuple[str, str]]:
    """What an earlier incarnation was given is another office's by now, see `Renewal`.

    Numbers of it that are on their way from here get a provisional one in their place: the other
    may have given them out too. Returns the records that it touched, as (kind, id).
    """
    office = session.get_one(Office, 1)
    stale = list(
        session.scalars(
            select(Pool).where(Pool.incarnation != office.incarnation, Pool.given_up.is_(False))
        )
    )
    if not stale or is_renewal_due(session, office):
        return set()
    touched = set()
    for member in _on_their_way(session):
        if any(_is_of(pool, member.card_no) for pool in stale):
            values: dict[str, Value] = {"card_no": PROVISIONAL + secrets.token_hex(4).upper()}
            editing.put_right(session, pen, Member, member.id, values)
            touched.add((name_of(Member), member.id))
    for pool in stale:
        pool.given_up = True
    session.flush()
    return touched


def _on_their_way(session: Session) -> list[Member]:
    query = select(Entry).where(
        Entry.kind == name_of(Member), Entry.seq.is_(None), Entry.digest == "",
        Entry.setback != Setback.WITHDRAWN.value,
    )  # fmt: skip
    ids = {entry.record for entry in session.scalars(query) if entry.values.get("card_no")}
    return [one for each in sorted(ids) if (one := session.get(Member, each)) is not None]


def _is_of(pool: Pool, card_no: str) -> bool:
    digits = card_no.removeprefix(pool.prefix)
    if not (card_no.startswith(pool.prefix) and digits.isascii() and digits.isdigit()):
        return False
    block = Block(pool.begins, pool.count, pool.prefix, pool.digits)
    number = int(digits)
    return pool.begins <= number < pool.begins + pool.count and block.written(number) == card_no
