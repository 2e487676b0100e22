"""One synchronisation, from the office's side.

1. Note what is pending now; what is typed later goes with the next one.
2. In a short transaction, take a number for the request and read the next batch.
3. With no transaction open, send it and wait for the answer.
4. Check the centre's signature, then the chain of every page against the receipt.
5. In one transaction: number what was accepted, apply what others wrote, move the cursors, keep
   the receipt. Fields with a pending local change keep their local value.
6. Go on until the batches are sent and no page is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.changes import ASSOCIATION, Change, Entry, Ledger, Setback, unwritten_ledger
from sync.client.intake import Intake
from sync.client.obstacles import obstacle
from sync.client.tables import Office
from sync.client.wire import Wire
from sync.problems import Problem
from sync.progress import Progress
from sync.protocol import BadMessage, Refusal, SyncAnswer, SyncRequest, sync_answer_from
from sync.receipts import Receipt
from sync.texts import _

BATCH_CHANGES = 1000
BATCH_BYTES = 512 * 1024

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
    records changed, as (kind, id). `new_incarnation` draws eight hexadecimal digits.
    """

    def __init__(
        self,
        reading: Sessions,
        writing: Sessions,
        applied: Callable[[Session, set[tuple[str, str]]], None],
        new_incarnation: Callable[[], str],
        label: Callable[[], str],
    ) -> None:
        self._reading, self._writing = reading, writing
        self._applied = applied
        self._new_incarnation = new_incarnation
        self._label = label

    def run(self, wire: Wire, progress: Progress) -> Outcome:
        """Send what is pending, take what is new. Raises `Problem`; the work stays as it was."""
        queue = self._queue()
        outcome = Outcome()
        total, is_more = len(queue), True
        while is_more:
            progress.report(outcome.sent, total, _("Đang trao đổi với Trung ương"))
            batch = self._batch(queue)
            answer, request = self._ask(wire, batch)
            is_more = self._take(request, answer, outcome) or bool(queue)
        outcome.requests = wire.requests
        outcome.bytes_up, outcome.bytes_down = wire.bytes_up, wire.bytes_down
        progress.report(total, total, _("Đã xong"))
        return outcome

    def _queue(self) -> list[str]:
        """Ids of what is pending, in the order it was written (the end of an id counts)."""
        query = select(Entry.id).where(*pending_entries())  # type: ignore[arg-type]
        with self._reading() as session:
            return list(session.scalars(query.order_by(func.substr(Entry.id, 21))))

    def _batch(self, queue: list[str]) -> list[Change]:
        """Takes the next changes from the queue, as many as fit."""
        wanted = queue[:BATCH_CHANGES]
        with self._reading() as session:
            found = {
                entry.id: entry.change()
                for start in range(0, len(wanted), 500)
                for entry in session.scalars(
                    select(Entry).where(Entry.id.in_(wanted[start : start + 500]))
                )
            }
        batch: list[Change] = []
        room = BATCH_BYTES
        for identity in wanted:
            room -= len(found[identity].text())
            if batch and room < 0:
                break
            batch.append(found[identity])
        del queue[: len(batch)]
        return batch

    def _ask(self, wire: Wire, batch: Sequence[Change]) -> tuple[SyncAnswer, SyncRequest]:
        for _attempt in range(2):
            request, body = self._compose(batch)
            try:
                return sync_answer_from(wire.post("/v1/sync", body)), request
            except BadMessage as fault:
                raise obstacle("message") from fault
            except Refusal as refusal:
                if refusal.code != "stale_exchange":
                    raise obstacle(refusal.code) from refusal
                self._become_new(refusal)
        raise obstacle("refused")

    def _become_new(self, refusal: Refusal) -> None:
        """The centre has seen a later request of ours: this office is a copy, or was restored.

        It takes a new incarnation, so that nothing it names from now on was named before.
        """
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
                batch, self._label(),
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


__all__ = ["Outcome", "Problem", "SyncClient", "pending_entries"]
