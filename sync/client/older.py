"""What happened to a record before this office's ledger begins, asked of the centre and kept.

It is asked for when somebody looks, and when a change comes whose author had seen less than the
snapshot: only the older changes tell whether two people wrote the same field unseen. What comes is
signed by the centre, its links are checked against the chain wherever two places follow each other,
and together it must give the very record that the signed snapshot holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sync.applying import CHUNK, find_overlaps
from sync.canonical import first_digest, next_digest
from sync.changes import Change, Device, Entry, Ledger, entry_values
from sync.client.asking import insist
from sync.client.batches import Sessions
from sync.client.beginnings import (
    BaseRows,
    beginning,
    is_older_missing,
    kept_snapshot,
    with_base_before,
)
from sync.client.obstacles import obstacle
from sync.client.steps import Steps, World
from sync.client.tables import KeptHistory, Office
from sync.frames import BadMessage
from sync.protocol import Refusal
from sync.records.types import WireValue
from sync.snapshots import (
    MOST_ASKED_IDS,
    HistoryAnswer,
    HistoryRequest,
    Known,
    Numbered,
    about,
    folded,
    history_answer_from,
)

Applied = Callable[[Session, set[tuple[str, str]]], None]


class History:
    """Asks for pieces of the ledger and keeps the older ones, for one office."""

    def __init__(
        self, reading: Sessions, writing: Sessions, applied: Applied, world: World
    ) -> None:
        self._reading, self._writing = reading, writing
        self._applied, self._world = applied, world
        self.touched: set[tuple[str, str]] = set()

    def of_records(self, scope: str, records: Sequence[str]) -> Steps[None]:
        """Fetch and keep the older changes of these records. Raises `Problem`."""
        with self._reading() as session:
            upto = beginning(session, scope).seq
            missing = [one for one in records if is_older_missing(session, scope, one)]
        for start in range(0, len(missing), CHUNK):
            some = missing[start : start + CHUNK]
            labels: dict[str, str] = {}
            changes: list[Numbered] = []
            reached = 0
            while reached < upto:
                answer = yield from self.asked(scope, (reached, upto), some)
                changes += answer.changes
                labels |= answer.labels
                reached = answer.reached
            with self._writing() as session:
                keep_older(session, scope, some, changes)
                _keep_labels(session, scope, labels)
                touched = {(one.change.kind, one.change.record) for one in changes}
                self._applied(session, touched)
            self.touched |= touched

    def behind_bases(self, scope: str) -> Steps[None]:
        """Look for overlaps with what lies before this ledger's beginning. Raises `Problem`."""
        with self._reading() as session:
            ledger = session.get(Ledger, scope)
            upto = ledger.seq if ledger else 0
            records = list(with_base_before(session, scope))
        if records:
            yield from self.of_records(scope, records)
        with self._writing() as session:
            kept = kept_snapshot(session, scope, stands=True)
            if kept is not None:
                kept.looked = max(kept.looked, upto)

    def known(self, scope: str, upto: int, changes: Sequence[str]) -> Steps[dict[str, Known]]:
        """Which of these changes the ledger holds up to a place. Raises `Problem`."""
        found: dict[str, Known] = {}
        for start in range(0, len(changes), MOST_ASKED_IDS):
            some = changes[start : start + MOST_ASKED_IDS]
            answer = yield from self.asked(scope, (0, upto), (), some)
            found |= {one.change: one for one in answer.known if one.seq <= upto}
        return found

    def asked(
        self, scope: str, between: tuple[int, int], records: Sequence[str] | None,
        changes: Sequence[str] = (),
    ) -> Steps[HistoryAnswer]:  # fmt: skip
        """One answer, its signature and its being about this question checked. Raises `Problem`."""
        with self._reading() as session:
            office = session.get_one(Office, 1)
        after, upto = between
        request = HistoryRequest(office.device, office.centre, scope, after, upto, records, changes)
        body = request.to_bytes(office.key)
        try:
            reply = yield from insist("/v1/history", lambda: body, self._world)
            answer = history_answer_from(reply.body, office.centre_key)
        except Refusal as no:
            raise obstacle(no.code) from no
        except BadMessage as fault:
            raise obstacle("message") from fault
        if answer is None or answer.about != about(body) or answer.centre != office.centre:
            raise obstacle("unproven")
        if answer.epoch != office.epoch:
            raise obstacle("epoch")
        if not after < answer.reached <= upto or not _is_in_order(answer, scope, after):
            raise obstacle("message")
        return answer


def _is_in_order(answer: HistoryAnswer, scope: str, after: int) -> bool:
    places = [after, *(one.seq for one in answer.changes)]
    if any(one.change.scope != scope for one in answer.changes):
        return False
    return all(a < b for a, b in pairwise(places)) and places[-1] <= max(answer.reached, after)


def keep_older(
    session: Session, scope: str, records: Sequence[str], changes: Sequence[Numbered]
) -> None:
    """Keep all the changes that these records have up to where the ledger begins.

    Raises `Problem` "sync.digest" when they contradict what is here.
    """
    start = beginning(session, scope)
    _assert_linked(scope, changes)
    by_record: dict[str, list[Change]] = {}
    for one in sorted(changes, key=lambda one: one.seq):
        by_record.setdefault(one.change.record, []).append(one.change)
    if not set(by_record) <= set(records):
        raise obstacle("message")
    _assert_folding(session, scope, records, by_record)
    for one in changes:
        if one.seq == start.seq and one.digest != start.digest:
            raise obstacle("digest")
    _insert(session, changes, by_record)
    for record in records:
        session.merge(KeptHistory(record=record, seq=start.seq))
    session.flush()
    find_anew(session, records)


def _assert_linked(scope: str, changes: Sequence[Numbered]) -> None:
    """Wherever two places follow each other, the chain must lead from one to the other."""
    digests = {one.seq: one.digest for one in changes} | {0: first_digest(scope)}
    for one in changes:
        previous = digests.get(one.seq - 1)
        if previous and next_digest(previous, one.change.text()) != one.digest:
            raise obstacle("digest")


def _assert_folding(
    session: Session, scope: str, records: Sequence[str], by_record: dict[str, list[Change]]
) -> None:
    """What happened to a record must come to what the snapshot says that it is."""
    rows = BaseRows(session, scope)
    for kind in sorted(rows.kinds):
        for record in sorted(records):
            own = [change for change in by_record.get(record, ()) if change.kind == kind]
            if rows.row(kind, record) != (folded(own) if own else None):
                raise obstacle("digest")


def _insert(
    session: Session, changes: Sequence[Numbered], by_record: dict[str, list[Change]]
) -> None:
    before = _before(by_record)
    here = _standing(session, [one.change.id for one in changes])
    fresh = []
    for one in changes:
        standing = here.get(one.change.id)
        if standing is None:
            place = {"seq": one.seq, "digest": one.digest, "before": before[one.change.id]}
            fresh.append(entry_values(one.change, **place))
        elif standing.seq != one.seq or standing.change().text() != one.change.text():
            raise obstacle("digest")
    if fresh:
        session.execute(insert(Entry), fresh)


def _before(by_record: dict[str, list[Change]]) -> dict[str, dict[str, WireValue]]:
    """What the changed fields held before each change; nothing for those that held nothing."""
    found: dict[str, dict[str, WireValue]] = {}
    for changes in by_record.values():
        values: dict[str, WireValue] = {}
        for change in changes:
            found[change.id] = {name: values[name] for name in change.values if name in values}
            values.update(change.values)
    return found


def _standing(session: Session, ids: Sequence[str]) -> dict[str, Entry]:
    here: dict[str, Entry] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(Entry).where(Entry.id.in_(ids[start : start + CHUNK]))
        here |= {entry.id: entry for entry in session.scalars(query)}
    return here


def find_anew(session: Session, records: Sequence[str]) -> None:
    """Find the overlaps of these records again, now that more of their history is here."""
    for start in range(0, len(records), CHUNK):
        some = Entry.record.in_(records[start : start + CHUNK])
        query = select(Entry).where(some, Entry.seq.is_not(None)).order_by(Entry.seq)
        numbered = [(entry.seq or 0, entry.change()) for entry in session.scalars(query)]
        for identity, overlaps in find_overlaps(session, numbered).items():
            statement = update(Entry).where(Entry.id == identity).values(overlaps=overlaps)
            session.execute(statement)


def _keep_labels(session: Session, scope: str, labels: dict[str, str]) -> None:
    for device, label in labels.items():
        if session.get(Device, device) is None:
            session.add(Device(id=device, scope=scope, label=label))
