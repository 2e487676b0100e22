"""One synchronisation, from the office's side.

1. Note what is pending now; what is typed later goes with the next one.
2. In a short transaction, take a number for the request and read the next batch.
3. With no transaction open, send it and wait for the answer.
4. Check the centre's signature, then the chain of every page against the receipt.
5. In one transaction: number what was accepted, apply what others wrote, move the cursors, keep
   the receipt. Fields with a pending local change keep their local value.
6. Go on until the batches are sent and no page is left.

When the centre has seen a later request of ours, or other things under our ids, this office is a
copy or was restored: it becomes a new incarnation and catches up before it sends anything.

All this is one machine that yields steps and is sent replies (`steps.py`); only the database is
asked directly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.applying import CHUNK
from sync.changes import ASSOCIATION, Change, Entry, Ledger, Setback, unwritten_ledger
from sync.client.intake import Intake
from sync.client.obstacles import obstacle
from sync.client.renewal import Copied, Renewal, is_renewal_due
from sync.client.steps import Answered, Ask, Failed, Steps, Tell, Wire, World, drive
from sync.client.tables import Office
from sync.frames import BadMessage
from sync.problems import Problem
from sync.progress import Progress
from sync.protocol import Refusal, SyncAnswer, SyncRequest, sync_answer_from
from sync.receipts import Receipt
from sync.texts import _

BATCH_CHANGES = 1000
BATCH_BYTES = 512 * 1024
MOST_LABEL = 120

Sessions = Callable[[], AbstractContextManager[Session]]


@dataclass
class Outcome:
    """What a synchronisation came to. Counts are changes; `receipt` is the last one."""

    sent: int = 0
    accepted: int = 0
    waiting: int = 0
    rejected: int = 0
    received: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    receipt: Receipt | None = None
    touched: set[tuple[str, str]] = field(default_factory=set)


def pending_entries() -> tuple[object, ...]:
    """The condition for what the centre may still be sent."""
    return (
        Entry.seq.is_(None),
        Entry.setback.in_([Setback.NONE.value, Setback.WAITING.value]),
    )


class SyncClient:
    """Runs exchanges for one office.

    `reading` and `writing` open sessions; `applied` is told inside the writing transaction which
    records changed, as (kind, id). `new_incarnation` draws eight hexadecimal digits. `world` is
    where time passes.
    """

    def __init__(
        self,
        reading: Sessions,
        writing: Sessions,
        applied: Callable[[Session, set[tuple[str, str]]], None],
        new_incarnation: Callable[[], str],
        label: Callable[[], str],
        world: World,
    ) -> None:
        self._reading, self._writing = reading, writing
        self._world = world
        self._applied = applied
        self._new_incarnation = new_incarnation
        self._label = label

    def run(self, wire: Wire, progress: Progress) -> Outcome:
        """Send what is pending, take what is new. Raises `Problem`; the work stays as it was."""
        outcome = drive(self.steps(), wire, progress, self._world)
        outcome.requests = wire.requests
        outcome.bytes_up, outcome.bytes_down = wire.bytes_up, wire.bytes_down
        return outcome

    def steps(self) -> Steps[Outcome]:
        """The whole exchange as a machine that takes bytes and gives bytes."""
        outcome = Outcome()
        if self._is_renewal_due():
            yield from self._catch_up(outcome)
        try:
            yield from self._push_and_pull(outcome)
        except Copied:
            self._become_new()
            yield from self._catch_up(outcome)
            try:
                yield from self._push_and_pull(outcome)
            except Copied:
                raise obstacle("digest") from None
        return outcome

    def _push_and_pull(self, outcome: Outcome) -> Steps[None]:
        queue = self._queue()
        total, done, is_more = len(queue), 0, True
        waiting: set[str] = set()
        while is_more:
            yield Tell(done, total, _("Đang trao đổi với Trung ương"))
            batch = self._batch(queue, waiting)
            is_more = (yield from self._turn(batch, outcome, waiting)) or bool(queue)
            done = total - len(queue)
        yield Tell(total, total, _("Đã xong"))

    def _catch_up(self, outcome: Outcome) -> Steps[None]:
        """Read the ledger to its end without sending anything, then take new names.

        What the centre already has of ours is known by then, so nothing is sent twice.
        """
        try:
            while (yield from self._turn([], outcome, set())):
                yield Tell(0, 0, _("Đang trao đổi với Trung ương"))
        except Copied:
            raise obstacle("digest") from None
        with self._writing() as session:
            renewal = Renewal(session, session.get_one(Office, 1))
            renewal.everything()
            self._applied(session, renewal.touched)
        outcome.touched |= renewal.touched

    def _turn(self, batch: Sequence[Change], outcome: Outcome, waiting: set[str]) -> Steps[bool]:
        """One request and its answer; says whether pages are left.

        `waiting` grows by the records of which a change waits.
        """
        request, body = self._compose(batch)
        answer = yield from _asked(body)
        waiting |= _waiting(request, answer)
        return self._take(request, answer, outcome)

    def _queue(self) -> list[str]:
        """Ids of what is pending, in the order it was written (the end of an id counts)."""
        query = select(Entry.id).where(*pending_entries())  # type: ignore[arg-type]
        with self._reading() as session:
            return list(session.scalars(query.order_by(func.substr(Entry.id, 21))))

    def _batch(self, queue: list[str], waiting: set[str]) -> list[Change]:
        """Takes the next changes from the queue, as many as fit.

        Those of records in `waiting` stay here: nothing may overtake an earlier change.
        """
        wanted = queue[:BATCH_CHANGES]
        with self._reading() as session:
            found = {
                entry.id: entry.change()
                for start in range(0, len(wanted), CHUNK)
                for entry in session.scalars(
                    select(Entry).where(
                        Entry.id.in_(wanted[start : start + CHUNK]),
                        *pending_entries(),  # type: ignore[arg-type]
                    )
                )
                if entry.record not in waiting
            }
        batch: list[Change] = []
        room, taken = BATCH_BYTES, 0
        for identity in wanted:
            change = found.get(identity)
            room -= len(change.text().encode()) if change else 0
            if batch and room < 0:
                break
            batch += [change] if change else []
            taken += 1
        del queue[:taken]
        return batch

    def _is_renewal_due(self) -> bool:
        with self._reading() as session:
            return is_renewal_due(session, session.get_one(Office, 1))

    def _become_new(self) -> None:
        """This office is a copy, or was restored: what it names from now on is its own."""
        with self._writing() as session:
            office = session.get_one(Office, 1)
            office.incarnation = self._new_incarnation()
            office.exchange = 0

    def _compose(self, batch: Sequence[Change]) -> tuple[SyncRequest, bytes]:
        with self._writing() as session:
            office = session.get_one(Office, 1)
            if not office.branch:
                raise obstacle("not_enrolled")
            office.exchange += 1
            cursors = {
                scope: (session.get(Ledger, scope) or unwritten_ledger(scope)).seq
                for scope in (office.branch, ASSOCIATION)
            }
            request = SyncRequest(
                office.device, office.incarnation, office.exchange, office.centre, cursors,
                batch, self._label()[:MOST_LABEL],
            )  # fmt: skip
            return request, request.to_bytes(office.key)

    def _take(self, request: SyncRequest, answer: SyncAnswer, outcome: Outcome) -> bool:
        """Keeps an answer; says whether pages are left."""
        with self._writing() as session:
            intake = Intake(session, session.get_one(Office, 1), request, answer)
            received = intake.keep()
            self._applied(session, intake.touched)
        receipt = answer.receipt
        outcome.sent += receipt.sent
        outcome.accepted += receipt.accepted
        outcome.waiting += receipt.waiting
        outcome.rejected += receipt.rejected
        outcome.received += received
        outcome.receipt = receipt
        outcome.touched |= intake.touched
        return any(place.seq < place.head for place in receipt.positions.values())


def _asked(body: bytes) -> Steps[SyncAnswer]:
    reply = yield Ask("/v1/sync", body)
    if isinstance(reply, Failed):
        if not isinstance(reply.reason, Refusal):
            raise reply.reason
        if reply.reason.code == "stale_exchange":
            raise Copied from reply.reason
        raise obstacle(reply.reason.code) from reply.reason
    assert isinstance(reply, Answered)  # noqa: S101  what the driver owes the machine
    try:
        return sync_answer_from(reply.body)
    except BadMessage as fault:
        raise obstacle("message") from fault


def _waiting(request: SyncRequest, answer: SyncAnswer) -> set[str]:
    ids = {verdict.change for verdict in answer.setbacks if verdict.waiting_for}
    return {change.record for change in request.changes if change.id in ids}


__all__ = ["Outcome", "Problem", "SyncClient", "pending_entries"]
