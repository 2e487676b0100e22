"""One synchronisation, from the office's side.

1. Note what is pending now; what is typed later goes with the next one.
2. In a short transaction, take a number for the request and read the next batch.
3. With no transaction open, send it and wait for the answer.
4. Check the centre's signature, then the chain of every page against the receipt.
5. In one transaction: number what was accepted, apply what others wrote, move the cursors, keep
   the receipt. Fields with a pending local change keep their local value.
6. Go on until the batches are sent and no page is left. While a request is on its way the next
   batch is made ready; and where an answer cannot alter the next request, that is sent before the
   answer is kept (`sitting.py`), so that both ends work at once.

A request that was cut off, timed out or was too large is made smaller and sent again, a few times
in a row; a single change that is still too large is set aside. When the centre was restored from a
backup, the office first goes back to where both ledgers agree (`epochs.py`).

When the centre has seen a later request of ours, or other things under our ids, this office is a
copy or was restored: it becomes a new incarnation and catches up before it sends anything.

All this is one machine that yields steps and is sent replies (`steps.py`); only the database is
asked directly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from sqlalchemy.orm import Session

from sync.canonical import canonical
from sync.changes import ASSOCIATION, Change, Entry, Ledger, Setback, unwritten_ledger
from sync.client.batches import Batch, Outbox, Sessions, Span, pending_entries
from sync.client.bootstrap import Bootstrap
from sync.client.epochs import EpochRefused, NewEpoch
from sync.client.following import follow
from sync.client.halving import Asking
from sync.client.holding import Incoming, Limits
from sync.client.intake import Intake, is_sound
from sync.client.obstacles import obstacle, obstacle_of
from sync.client.patience import wait_s
from sync.client.readmitted import Forgotten, come_back
from sync.client.renewal import Copied, Renewal, is_renewal_due
from sync.client.sitting import Flight, Outcome, Sitting, lets_go_ahead
from sync.client.steps import (
    Answered,
    Ask,
    Failed,
    Hear,
    Post,
    Reply,
    Steps,
    Tell,
    Wait,
    Wire,
    World,
    drive,
)
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
from sync.texts import _

MOST_LABEL = 120
# Whoever refuses even so little on the wire refuses everything: that is no fault of the change.
LEAST_TOO_LARGE_BYTES = 4 * 1024
# Another copy may send in between what this one has not read yet.
MOST_DISCOVERIES = 2
_DISCOVERIES = MappingProxyType(
    {"stale_exchange": Copied, "epoch": EpochRefused, "unknown_device": Forgotten}
)


def _assert_faced(found_out: Sequence[Exception]) -> None:
    """Raises `Problem` when facing the latest discovery does not help."""
    latest = found_out[-1]
    times = [type(one) for one in found_out].count(type(latest))
    if isinstance(latest, Forgotten) and times > 1:  # it was made known, and is not
        raise obstacle("unknown_device")
    if times > MOST_DISCOVERIES:
        raise obstacle("digest" if isinstance(latest, Copied) else "epoch")


class SyncClient:
    """Runs exchanges for one office.

    `reading` and `writing` open sessions; `applied` is told inside the writing transaction which
    records changed, as (kind, id). `new_incarnation` draws eight hexadecimal digits. `world` is
    where time passes. Deletions beyond the `limits` are asked about; None lets everything pass.
    """

    def __init__(
        self, reading: Sessions, writing: Sessions,
        applied: Callable[[Session, set[tuple[str, str]]], None],
        new_incarnation: Callable[[], str], label: Callable[[], str], world: World, span: Span,
        limits: Limits | None = None,
    ) -> None:  # fmt: skip
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
        sitting = Sitting(Outbox(self._reading, self._limits), Incoming(self._limits))
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
                sitting.ahead = None
                _assert_faced(found_out)
                is_due = is_due or isinstance(discovery, Copied)

    def _face(self, discovery: Exception, sitting: Sitting) -> Steps[None]:
        """What there is to do about it before the exchange goes on."""
        if isinstance(discovery, NewEpoch | EpochRefused):
            yield from self._go_back(discovery, sitting)
        elif isinstance(discovery, Forgotten):
            label = self._label()[:MOST_LABEL]
            yield from come_back(self._reading, self._asking(sitting), label)
        else:
            self._become_new()

    def _push_and_pull(self, sitting: Sitting) -> Steps[None]:
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

    def _catch_up(self, sitting: Sitting) -> Steps[None]:
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

    def _go_back(self, discovery: NewEpoch | EpochRefused, sitting: Sitting) -> Steps[None]:
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
        ends, ask = (self._reading, self._writing), self._asking(sitting)
        sitting.outcome.touched |= yield from follow(
            ends, discovery, ask, self._new_incarnation, self._applied
        )

    def _turn(self, sitting: Sitting) -> Steps[bool]:
        """One request and its answer; says whether pages are left.

        Where the next request can be told before this answer was kept, it is sent first: the
        centre works on it meanwhile. A break costs no more than what was on its way.
        """
        flight, reply = yield from self._landed(sitting)
        answer = _read(reply.body)
        before = len(sitting.outbox)
        known = sitting.outbox.answered(flight.batch, answer)
        was_full, is_more = flight.batch.filled(self._span), _left(answer) > 0
        self._span.answered(reply.took_s, batch_was_full=was_full, page_was_full=is_more)
        yield from self._go_ahead(flight, answer, sitting)
        self._take(flight, answer, sitting)
        sitting.handled += before - len(sitting.outbox)
        sitting.outcome.count_known(known)
        return is_more

    def _landed(self, sitting: Sitting) -> Steps[tuple[Flight, Answered]]:
        """A request that was answered; while it is on its way the next batch is made ready."""
        while True:
            flight = sitting.ahead or self._compose(sitting.outbox.batch(self._span))
            sitting.ahead = None
            reply: Reply
            if flight.is_sent or flight.batch.is_cut_short:
                if not flight.is_sent:
                    yield Post("/v1/sync", flight.body)
                sitting.outbox.prepare(self._span, flight.batch)
                reply = yield Hear()
            else:
                reply = yield Ask("/v1/sync", flight.body)
            if isinstance(reply, Answered):
                sitting.reached()
                return flight, reply
            assert isinstance(reply, Failed)  # noqa: S101  what the driver owes the machine
            sitting.outbox.forget()
            carried = flight.request.changes
            yield from self._overcome(reply.reason, carried, len(flight.body), sitting)

    def _go_ahead(self, flight: Flight, answer: SyncAnswer, sitting: Sitting) -> Steps[None]:
        """Sends the next request, if there is one and this answer cannot alter it."""
        is_left, request = len(sitting.outbox) > 0, flight.request
        if not is_left and _left(answer) <= 0:
            return
        if not lets_go_ahead(request, answer, is_anything_left=is_left):
            return
        with self._reading() as session:
            if not is_sound(session.get_one(Office, 1), request, answer):
                return
        if self._bootstrap.wanting(answer.receipt):
            return
        cursors = {scope: place.seq for scope, place in answer.receipt.positions.items()}
        sitting.ahead = self._compose(sitting.outbox.batch(self._span), cursors)
        sitting.ahead.is_sent = True
        yield Post("/v1/sync", sitting.ahead.body)

    def _asking(self, sitting: Sitting) -> Asking:
        """Asks beside the exchange until there is an answer, or no point in asking."""

        def ask(path: str, body: bytes) -> Steps[bytes]:
            while True:
                reply = yield Ask(path, body)
                if isinstance(reply, Answered):
                    sitting.reached()
                    return reply.body
                assert isinstance(reply, Failed)  # noqa: S101  what the driver owes the machine
                yield from self._overcome(reply.reason, (), len(body), sitting)

        return ask

    def _overcome(
        self, reason: Problem | Refusal, batch: Sequence[Change], length: int, sitting: Sitting
    ) -> Steps[None]:
        """Returns when it is worth trying again, in another size perhaps; else raises.

        `length` is that of the request on the wire.
        """
        if isinstance(reason, Refusal):
            if discovery := _DISCOVERIES.get(reason.code):
                raise discovery from reason
            if reason.code == "proof":
                raise reason
            earlier = _earlier_version(reason, self._version)
            if earlier:
                self._version = earlier
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

    def _compose(self, batch: Batch, cursors: Mapping[str, int] | None = None) -> Flight:
        """A request with this batch, from where the ledgers end here unless `cursors` say more."""
        with self._writing() as session:
            office = session.get_one(Office, 1)
            if not office.branch:
                raise obstacle("not_enrolled")
            office.exchange += 1
            if cursors is None:
                cursors = {
                    scope: (session.get(Ledger, scope) or unwritten_ledger(scope)).seq
                    for scope in (office.branch, ASSOCIATION)
                }
            request = SyncRequest(
                office.device, office.incarnation, office.exchange, office.centre, cursors,
                batch.changes, self._label()[:MOST_LABEL], self._span.page_bytes, office.epoch,
                schema_known(), self._version,
            )  # fmt: skip
            return Flight(request, request.to_bytes(office.key, batch.wire), batch)

    def _take(self, flight: Flight, answer: SyncAnswer, sitting: Sitting) -> None:
        """Keeps an answer."""
        with self._writing() as session:
            office, texts = session.get_one(Office, 1), flight.batch.texts
            intake = Intake(session, office, flight.request, answer, texts)
            received = intake.keep()
            sitting.incoming.note(session, flight.request, answer)
            self._applied(session, intake.altered)
        sitting.outcome.count(answer.receipt, received)
        sitting.outcome.touched |= intake.touched
        sitting.left = _left(answer)


def _refuse_as_too_long(session: Session, change: Change) -> set[tuple[str, str]]:
    """A change that nobody on the way takes, however alone it comes, is for the clerk."""
    sentence = _("Thay đổi này dài quá mức Trung ương nhận.")
    entry = session.get_one(Entry, change.id)
    entry.setback = Setback.REFUSED.value
    entry.reason = canonical({"code": "size", "field": "", "sentence": sentence})
    session.flush()
    return {(entry.kind, entry.record)}


def _earlier_version(reason: Refusal, version: int) -> int:
    """One that the centre hears and we speak, where it does not hear this one; else 0."""
    heard = versions_in(reason) if reason.code == "version" else []
    return max((v for v in SPOKEN if v in heard and v < version), default=0)


def _left(answer: SyncAnswer) -> int:
    """How many changes lie beyond its pages."""
    return sum(place.head - place.seq for place in answer.receipt.positions.values())


def _is_renewal_due(sessions: Sessions) -> bool:
    with sessions() as session:
        return is_renewal_due(session, session.get_one(Office, 1))


def _read(body: bytes) -> SyncAnswer:
    try:
        return sync_answer_from(body)
    except BadMessage as fault:
        raise obstacle("message") from fault


__all__ = ["MOST_LABEL", "Outcome", "Problem", "Sessions", "SyncClient", "pending_entries"]
