"""One synchronisation, from the office's side.

1. Note what is pending now; what is typed later goes with the next one.
2. In a short transaction, take a number for the request and read the next batch.
3. With no transaction open, send it and wait for the answer.
4. Check the centre's signature, then the chain of every page against the receipt.
5. In one transaction: number what was accepted, apply what others wrote, move the cursors, keep
   the receipt. Fields with a pending local change keep their local value.
6. Go on until the batches are sent and no page is left.

A request that was cut off, timed out or was too large is made smaller and sent again, a few times
in a row; a single change that is still too large is set aside. When the centre was restored from a
backup, the office first goes back to where both ledgers agree (`epochs.py`).

When the centre has seen a later request of ours, or other things under our ids, this office is a
copy or was restored: it becomes a new incarnation and catches up before it sends anything.

All this is one machine that yields steps and is sent replies (`steps.py`); only the database is
asked directly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy.orm import Session

from sync.canonical import canonical
from sync.changes import ASSOCIATION, Change, Entry, Ledger, Setback, unwritten_ledger
from sync.client.batches import Outbox, Sessions, Span, pending_entries
from sync.client.bootstrap import Bootstrap
from sync.client.epochs import EpochRefused, NewEpoch, go_back, heights
from sync.client.giving_back import give_back
from sync.client.halving import Asking, agreed_places
from sync.client.holding import Incoming, Limits
from sync.client.intake import Intake
from sync.client.obstacles import obstacle, obstacle_of
from sync.client.patience import wait_s
from sync.client.readmitted import Forgotten, come_back
from sync.client.renewal import Copied, Renewal, is_renewal_due
from sync.client.steps import Answered, Ask, Failed, Steps, Tell, Wait, Wire, World, drive
from sync.client.tables import Office
from sync.frames import BadMessage
from sync.migrations import schema_known
from sync.problems import Problem
from sync.progress import Progress
from sync.protocol import (
    SPOKEN,
    Refusal,
    SyncAnswer,
    SyncRequest,
    sync_answer_from,
    versions_in,
)
from sync.receipts import Receipt
from sync.texts import _

MOST_LABEL = 120
# Whoever refuses even so little on the wire refuses everything: that is no fault of the change.
LEAST_TOO_LARGE_BYTES = 4 * 1024
# Another copy may send in between what this one has not read yet.
MOST_DISCOVERIES = 2
_DISCOVERIES = MappingProxyType(
    {"stale_exchange": Copied, "epoch": EpochRefused, "unknown_device": Forgotten}
)


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

    def count_refused(self, touched: set[tuple[str, str]]) -> None:
        """One change came so far and no further."""
        self.touched |= touched
        self.sent += 1
        self.rejected += 1


@dataclass
class _Sitting:
    """One exchange under way. What it tells of itself only grows."""

    outbox: Outbox
    incoming: Incoming
    outcome: Outcome = field(default_factory=Outcome)
    handled: int = 0
    left: int = 0
    tries: int = 0
    was_reached: bool = False
    told: Tell = field(default_factory=lambda: Tell(0, 0, ""))

    def tell(self, what: str) -> Tell:
        """How far it is: changes sent and received, of those that are known of."""
        done = max(self.told.done, self.handled + self.outcome.received)
        total = max(self.told.total, done, done + len(self.outbox) + self.left)
        self.told = Tell(done, total, what)
        return self.told


class SyncClient:
    """Runs exchanges for one office.

    `reading` and `writing` open sessions; `applied` is told inside the writing transaction which
    records changed, as (kind, id). `new_incarnation` draws eight hexadecimal digits. `world` is
    where time passes. Deletions beyond the `limits` are asked about; None lets everything pass.
    """

    def __init__(
        self,
        reading: Sessions,
        writing: Sessions,
        applied: Callable[[Session, set[tuple[str, str]]], None],
        new_incarnation: Callable[[], str],
        label: Callable[[], str],
        world: World,
        span: Span,
        limits: Limits | None = None,
    ) -> None:
        self._reading, self._writing = reading, writing
        self._world, self._span, self._limits = world, span, limits
        self._applied, self._label = applied, label
        self._new_incarnation = new_incarnation
        self._version = max(SPOKEN)
        self._bootstrap = Bootstrap(reading, writing, applied, world)

    def run(self, wire: Wire, progress: Progress) -> Outcome:
        """Send what is pending, take what is new. Raises `Problem`; the work stays as it was."""
        outcome = drive(self.steps(), wire, progress, self._world)
        outcome.requests = wire.requests
        outcome.bytes_up, outcome.bytes_down = wire.bytes_up, wire.bytes_down
        return outcome

    def steps(self) -> Steps[Outcome]:
        """The whole exchange as a machine that takes bytes and gives bytes."""
        sitting = _Sitting(Outbox(self._reading, self._limits), Incoming(self._limits))
        is_due, found_out = _is_renewal_due(self._reading), list[Exception]()
        while True:
            try:
                if found_out:
                    yield from self._face(found_out[-1], sitting)
                if is_due:
                    yield from self._catch_up(sitting)
                is_due = False
                yield from self._push_and_pull(sitting)
                return sitting.outcome
            except (Copied, NewEpoch, EpochRefused, Forgotten) as discovery:
                found_out.append(discovery)
                if [type(one) for one in found_out].count(type(discovery)) > MOST_DISCOVERIES:
                    raise obstacle("digest") from None
                is_due = is_due or isinstance(discovery, Copied)

    def _face(self, discovery: Exception, sitting: _Sitting) -> Steps[None]:
        """What there is to do about it before the exchange goes on."""
        if isinstance(discovery, NewEpoch | EpochRefused):
            yield from self._go_back(discovery, sitting)
        elif isinstance(discovery, Forgotten):
            label = self._label()[:MOST_LABEL]
            yield from come_back(self._reading, self._asking(sitting), label)
        else:
            self._become_new()

    def _push_and_pull(self, sitting: _Sitting) -> Steps[None]:
        yield from self._bootstrap.go_on(sitting)
        sitting.outbox.fill()
        sitting.outcome.held = sitting.outbox.held
        is_more = True
        while is_more:
            yield sitting.tell(_("Đang trao đổi với Trung ương"))
            is_more = (yield from self._turn(sitting)) or bool(len(sitting.outbox))
            yield from self._bootstrap.begin(sitting.outcome.receipt, sitting)
        sitting.outcome.touched |= yield from self._bootstrap.look_behind()
        total = sitting.told.total
        yield Tell(total, total, _("Đã xong"))

    def _catch_up(self, sitting: _Sitting) -> Steps[None]:
        """Read the ledger to its end without sending anything, then take new names.

        What the centre already has of ours is known by then, so nothing is sent twice.
        """
        sitting.outbox = Outbox(self._reading, self._limits)
        while (yield from self._turn(sitting)):
            yield sitting.tell(_("Đang trao đổi với Trung ương"))
        with self._writing() as session:
            renewal = Renewal(session, session.get_one(Office, 1))
            renewal.everything()
            self._applied(session, renewal.touched)
        sitting.outcome.touched |= renewal.touched

    def _go_back(self, discovery: NewEpoch | EpochRefused, sitting: _Sitting) -> Steps[None]:
        """The centre was restored: it is given back what it lacks, before anything new is sent.

        What it does not take is not numbered any more, here as there.
        """
        # What others deleted long ago may come once more by it, and is no news.
        sitting.outbox, sitting.incoming = Outbox(self._reading), Incoming(None)
        if isinstance(discovery, EpochRefused):
            # Anybody can refuse; an exchange that carries nothing is answered by the centre's key.
            try:
                yield from self._turn(sitting)
            except NewEpoch as signed:
                discovery = signed
            else:
                raise obstacle("epoch")
        ask = self._asking(sitting)
        with self._writing() as session:
            # From here on the receipts of the old epoch prove nothing.
            session.get_one(Office, 1).next_epoch = discovery.epoch
            most = heights(session, discovery.heads)
        agreed = yield from agreed_places(self._reading, most, ask, self._new_incarnation)
        if (yield from give_back(self._reading, agreed, ask)):
            with self._reading() as session:
                most = heights(session)
            agreed = yield from agreed_places(self._reading, most, ask, self._new_incarnation)
        with self._writing() as session:
            touched = go_back(session, agreed, discovery.epoch)
            self._applied(session, touched)
        sitting.outcome.touched |= touched

    def _turn(self, sitting: _Sitting) -> Steps[bool]:
        """One request and its answer; says whether pages are left.

        The batch leaves the outbox when its answer was kept, so that a break costs no more than
        what was on its way.
        """
        asked: list[SyncRequest] = []

        def compose() -> tuple[Sequence[Change], bytes]:
            request, body = self._compose(sitting.outbox.batch(self._span))
            asked[:] = [request]
            return request.changes, body

        reply = yield from self._answered("/v1/sync", compose, sitting)
        request, answer = asked[0], _read(reply.body)
        is_more = self._take(request, answer, sitting)
        was_full = sitting.outbox.is_cut_short
        before = len(sitting.outbox)
        known = sitting.outbox.answered(request.changes, answer)
        sitting.outcome.sent += known
        sitting.outcome.accepted += known
        sitting.handled += before - len(sitting.outbox)
        self._span.answered(reply.took_s, batch_was_full=was_full, page_was_full=is_more)
        return is_more

    def _asking(self, sitting: _Sitting) -> Asking:
        def ask(path: str, body: bytes) -> Steps[bytes]:
            return (yield from self._answered(path, lambda: ((), body), sitting)).body

        return ask

    def _answered(
        self, path: str, compose: Callable[[], tuple[Sequence[Change], bytes]], sitting: _Sitting
    ) -> Steps[Answered]:
        """Asks until there is an answer, or no point in asking.

        `compose` gives the changes and the bytes of a request; it is asked anew for every try.
        """
        while True:
            batch, body = compose()
            reply = yield Ask(path, body)
            if isinstance(reply, Answered):
                sitting.tries, sitting.was_reached = 0, True
                return reply
            assert isinstance(reply, Failed)  # noqa: S101  what the driver owes the machine
            yield from self._overcome(reply.reason, batch, len(body), sitting)

    def _overcome(
        self, reason: Problem | Refusal, batch: Sequence[Change], length: int, sitting: _Sitting
    ) -> Steps[None]:
        """Returns when it is worth trying again, in another size perhaps; else raises.

        `length` is that of the request on the wire.
        """
        if isinstance(reason, Refusal):
            if discovery := _DISCOVERIES.get(reason.code):
                raise discovery from reason
            if reason.code == "proof":
                raise reason
            if self._speaks_older(reason):
                return
        problem = obstacle_of(reason) if isinstance(reason, Refusal) else reason
        if problem.code == "sync.too_large" and len(batch) > 1:
            self._span.refused_as_too_large(batch)
            return
        if problem.code == "sync.too_large" and batch and length > LEAST_TOO_LARGE_BYTES:
            self._set_aside(batch[0], sitting.outcome)
            return
        sitting.tries += 1
        chance = self._world.chance()
        wait = wait_s(problem, sitting.tries, chance, was_reached=sitting.was_reached)
        if wait is None:
            raise problem from reason
        if problem.code in ("sync.offline", "sync.timeout"):
            self._span.cut(batch)
        yield Wait(wait)

    def _speaks_older(self, reason: Refusal) -> bool:
        """Whether a centre that does not hear our version hears an earlier one that we speak."""
        if reason.code != "version":
            return False
        heard = versions_in(reason)
        earlier = [v for v in SPOKEN if v in heard and v < self._version]
        self._version = max(earlier, default=self._version)
        return bool(earlier)

    def _set_aside(self, change: Change, outcome: Outcome) -> None:
        with self._writing() as session:
            touched = _refuse_as_too_long(session, change)
            self._applied(session, touched)
        outcome.count_refused(touched)

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
                batch, self._label()[:MOST_LABEL], self._span.page_bytes, office.epoch,
                schema_known(), self._version,
            )  # fmt: skip
            return request, request.to_bytes(office.key)

    def _take(self, request: SyncRequest, answer: SyncAnswer, sitting: _Sitting) -> bool:
        """Keeps an answer; says whether pages are left."""
        with self._writing() as session:
            office, texts = session.get_one(Office, 1), sitting.outbox.texts
            intake = Intake(session, office, request, answer, texts)
            received = intake.keep()
            sitting.incoming.note(session, request, answer)
            self._applied(session, intake.altered)
        sitting.outcome.count(answer.receipt, received)
        sitting.outcome.touched |= intake.touched
        positions = answer.receipt.positions.values()
        sitting.left = sum(place.head - place.seq for place in positions)
        return sitting.left > 0


def _refuse_as_too_long(session: Session, change: Change) -> set[tuple[str, str]]:
    """A change that nobody on the way takes, however alone it comes, is for the clerk."""
    sentence = _("Thay đổi này dài quá mức Trung ương nhận.")
    entry = session.get_one(Entry, change.id)
    entry.setback = Setback.REFUSED.value
    entry.reason = canonical({"code": "size", "field": "", "sentence": sentence})
    session.flush()
    return {(entry.kind, entry.record)}


def _is_renewal_due(sessions: Sessions) -> bool:
    with sessions() as session:
        return is_renewal_due(session, session.get_one(Office, 1))


def _read(body: bytes) -> SyncAnswer:
    try:
        return sync_answer_from(body)
    except BadMessage as fault:
        raise obstacle("message") from fault


__all__ = ["MOST_LABEL", "Outcome", "Problem", "Sessions", "SyncClient", "pending_entries"]
