"""What the form of a member can do beyond its fields: card, past days, going to another branch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sync.indicators.life import LifeOn, life_on
from sync.problems import InvalidRecord, Problem
from sync.records.fields import fields_by_name
from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.texts import _
from vla_desktop.store import transfers
from vla_desktop.store.cards import Cards
from vla_desktop.store.database import reading
from vla_desktop.store.store import Store


@dataclass(frozen=True)
class Transfer:
    """How far a member is on the way to another branch."""

    to_name: str
    requested_on: dt.date | None
    deadline: dt.date | None
    is_agreed: bool


class MembershipDesk:
    """For one office; every method opens its own short transaction."""

    def __init__(self, store: Store) -> None:
        self._store, self._engine = store, store.engine
        self.cards = Cards(store)

    def today(self) -> dt.date:
        """By the clock of this office."""
        return self._store.today()

    def deadline(self) -> dt.date:
        """By when another branch should answer a request of today."""
        return self.today() + dt.timedelta(days=self._store.transfer_days())

    def branches(self) -> dict[str, str]:
        """Where a member can go: names by code."""
        return self.cards.branches()

    def told_on(self, member: str, as_of: dt.date) -> str:
        """A member on a day, in words."""
        with reading(self._engine) as session:
            life = life_on(session, member, as_of)
            last = life.last
            event = ""
            if last is not None and last.happened_on:
                word = fields_by_name(MemberEvent)["type"].type.show(last.type)
                event = f"{word}, {last.happened_on.strftime('%d/%m/%Y')}"
                event += f" ({last.decision_no})" if last.decision_no else ""
        if not life.status:
            return _("Chưa vào Hội.")
        return " · ".join(part for part in (*self._parts(life), event) if part)

    def _parts(self, life: LifeOn) -> list[str]:
        known = fields_by_name(Member)
        status = known["status"].type.show(life.status)
        kind = known["membership"].type.show(life.membership)
        where = self._store.title("library", life.workplace) if life.workplace else ""
        card = _("thẻ {number}").format(number=life.card_no) if life.card_no else ""
        return [status, kind, where, card]

    def transfer_of(self, member: str) -> Transfer | None:
        """The request about a member that stands; None when there is none."""
        with reading(self._engine) as session:
            paper = transfers.standing(session, member)
            if paper is None:
                return None
            return Transfer(paper.to_name, paper.requested_on, paper.due_on, bool(paper.answer))

    def ask_transfer(self, member: str, branch: str, reason: str, deadline: dt.date) -> None:
        """Ask another branch to take a member over. Raises `Problem`, `InvalidRecord`."""
        self._store.do(
            lambda session, pen: transfers.ask(session, pen, member, branch, reason, deadline),
            is_undoable=False,
        )

    def complete_agreed(self) -> int:
        """Carry out what was agreed to; returns how many."""
        with reading(self._engine) as session:
            papers = transfers.agreed(session)
        return sum(map(self._complete, papers))

    def _complete(self, paper: str) -> bool:
        """Whether it went; what stands in the way is listed for review by itself."""
        try:
            self._store.do(
                lambda session, pen: transfers.complete(session, pen, paper), is_undoable=False
            )
        except (Problem, InvalidRecord):
            return False
        return True
