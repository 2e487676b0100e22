"""One exchange under way, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from sync.client.batches import Batch, Outbox
from sync.client.holding import Incoming
from sync.client.steps import Tell
from sync.protocol import SyncAnswer, SyncRequest
from sync.receipts import Receipt


@dataclass
class Flight:
    """A request that was composed; `is_sent` when it went to the centre already."""

    request: SyncRequest
    body: bytes
    batch: Batch
    is_sent: bool = False


def lets_go_ahead(request: SyncRequest, answer: SyncAnswer, *, is_anything_left: bool) -> bool:
    """Whether the next request says the same whether or not this answer was kept before.

    What is ours and was just numbered alters nothing that is still to be sent; what others wrote
    may, if there is anything. The receipt must have been found genuine.
    """
    if answer.setbacks or answer.receipt.sent != len(request.changes):
        return False
    items = {type(item) for page in answer.pages for item in page.items}
    return items <= {str} or not is_anything_left


@dataclass
class Outcome:
    """What a synchronisation came to. Counts are changes; `receipt` is the last one.

    `held` were not sent: they delete so much that somebody is asked first.
    """

    sent: int = 0
    accepted: int = 0
    waiting: int = 0
    rejected: int = 0
    held: int = 0
    received: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    receipt: Receipt | None = None
    touched: set[tuple[str, str]] = field(default_factory=set)

    def count(self, receipt: Receipt, received: int) -> None:
        """One more answer was taken in."""
        self.sent += receipt.sent
        self.accepted += receipt.accepted
        self.waiting += receipt.waiting
        self.rejected += receipt.rejected
        self.received += received
        self.receipt = receipt

    def count_known(self, number: int) -> None:
        """So many had been accepted before, and the answer had been lost."""
        self.sent += number
        self.accepted += number

    def count_refused(self, touched: set[tuple[str, str]]) -> None:
        """One change came so far and no further."""
        self.touched |= touched
        self.sent += 1
        self.rejected += 1


@dataclass
class Sitting:
    """One exchange under way. What it tells of itself only grows.

    `ahead` is the request that was sent before the last answer was kept.
    """

    outbox: Outbox
    incoming: Incoming
    ahead: Flight | None = None
    outcome: Outcome = field(default_factory=Outcome)
    handled: int = 0
    left: int = 0
    tries: int = 0
    was_reached: bool = False
    told: Tell = field(default_factory=lambda: Tell(0, 0, ""))

    def reached(self) -> None:
        """The centre answered."""
        self.tries, self.was_reached = 0, True

    def tell(self, what: str) -> Tell:
        """How far it is: changes sent and received, of those that are known of."""
        done = max(self.told.done, self.handled + self.outcome.received)
        total = max(self.told.total, done, done + len(self.outbox) + self.left)
        self.told = Tell(done, total, what)
        return self.told
