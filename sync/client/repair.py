"""Mending a ledger, or records, that are not what the centre signed.

1. Every link of the chain here is computed anew, from the place where the ledger begins; and the
   centre is asked for its digests by halves. So the piece that differs is known.
2. Where the centre's own chain contradicts a receipt that it signed for this office, nothing is
   touched: the receipt, and the centre's signed word against it, are kept as evidence.
3. Else the piece is fetched again, held against the chain at both of its ends, and laid aside.
4. In one transaction it takes the place of what was here, and the records concerned are made anew.
   What this office wrote and the ledger does not have is pending again; nothing of it is deleted.
5. At last every record is held against the ledger, and what differs is made anew.

Nobody is asked to choose a side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from sync.applying import CHUNK, standing_rows
from sync.canonical import canonical, next_digest
from sync.changes import Entry, Ledger, Setback, entry_values, unwritten_ledger
from sync.client.asking import insist
from sync.client.batches import Sessions
from sync.client.beginnings import BaseRows, beginning, clear_pages
from sync.client.epochs import rebuild
from sync.client.exchange import Outcome, SyncClient
from sync.client.halving import agreed_places
from sync.client.obstacles import obstacle
from sync.client.older import Applied, History, find_anew
from sync.client.steps import Steps, Wire, World, drive
from sync.client.tables import KeptPage, KeptReceipt, Office
from sync.digests import DigestRequest, digests_from
from sync.frames import BadMessage
from sync.problems import Problem
from sync.progress import Progress
from sync.protocol import Refusal
from sync.records import BY_NAME
from sync.snapshots import Numbered, digest_of, histories_from, histories_page

Touched = set[tuple[str, str]]
CHANGES_A_PAGE = 500


@dataclass(frozen=True)
class Mended:
    """Whether anything was amiss, and which records were made anew, as (kind, id)."""

    is_any: bool
    touched: Touched


@dataclass(frozen=True)
class Damage:
    """Which links of a chain do not hold: all is well up to `below` and again after `last`.

    `top` is how far the ledger reaches by the centre's own receipts.
    """

    below: int
    last: int
    top: int
    is_any: bool


def damage(session: Session, scope: str) -> Damage:
    """Walk the chain of a scope, each link from the digest that is kept before it."""
    start = beginning(session, scope)
    ledger = session.get(Ledger, scope) or unwritten_ledger(scope)
    signed = [seq for seq, _digest, _kept in _signed(session, scope)]
    top = max([start.seq, *signed]) if signed else ledger.seq
    bad: list[int] = []
    digest, seq = start.digest, start.seq
    query = select(Entry).where(Entry.scope == scope, Entry.seq > start.seq).order_by(Entry.seq)
    for entry in session.scalars(query.execution_options(yield_per=CHUNK)):
        place = entry.seq or 0
        if place != seq + 1:
            bad += [min(seq + 1, place), place]
        elif next_digest(digest, entry.change().text()) != entry.digest:
            bad.append(place)
        digest, seq = entry.digest, place
        session.expunge(entry)
    if seq != top:
        bad += [min(seq, top) + 1, top]
    if (ledger.seq, ledger.digest) != (seq, digest):
        bad.append(top)
    below = min([top, *(place - 1 for place in bad)])
    return Damage(max(below, start.seq), min(top, max([below, *bad])), top, bool(bad))


def _signed(session: Session, scope: str) -> Iterator[tuple[int, str, KeptReceipt]]:
    """What genuine receipts of this epoch say of a scope: place, digest, and the receipt."""
    office = session.get_one(Office, 1)
    for kept in session.scalars(select(KeptReceipt).order_by(KeptReceipt.id.desc()).limit(CHUNK)):
        receipt = kept.receipt
        place = receipt.positions.get(scope)
        is_of_now = (receipt.epoch, receipt.centre) == (office.epoch, office.centre)
        if place and is_of_now and receipt.is_genuine(office.centre_key, kept.signature):
            yield place.seq, place.digest, kept


class Repair:
    """Mends one office. `mark` draws what tells one question from every other."""

    def __init__(
        self, reading: Sessions, writing: Sessions, applied: Applied, world: World,
        mark: Callable[[], str],
    ) -> None:  # fmt: skip
        self._reading, self._writing, self._world = reading, writing, world
        self._applied, self._mark = applied, mark
        self._history = History(reading, writing, applied, world)

    def steps(self) -> Steps[Mended]:
        """Mend all. Raises `Problem`: "sync.contradiction" where the centre denies its own word.

        "sync.epoch" where the centre is known to be restored: what it had signed before, it may
        have lost, and an exchange brings that back.
        """
        with self._reading() as session:
            if session.get_one(Office, 1).next_epoch:
                raise obstacle("epoch")
            scopes = session.scalars(select(Ledger.scope)).all()
        is_any, touched = False, set[tuple[str, str]]()
        for scope in scopes:
            mended = yield from self._mend(scope)
            is_any |= mended.is_any
            touched |= mended.touched
        with self._writing() as session:
            differing = mend_records(session)
            self._applied(session, differing)
        return Mended(is_any or bool(differing), touched | differing)

    def _mend(self, scope: str) -> Steps[Mended]:
        with self._reading() as session:
            found = damage(session, scope)
        agreed = (yield from agreed_places(
            self._reading, {scope: found.top}, self._ask, self._mark))[scope]  # fmt: skip
        if agreed < found.top:
            yield from self._assert_no_contradiction(scope, agreed)
        if not found.is_any and agreed == found.top:
            return Mended(is_any=False, touched=set())
        below = min(found.below, agreed)
        last = found.top if agreed < found.top else found.last
        digests = yield from self._digests({scope: last})
        if not digests[scope]:
            raise obstacle("contradiction")
        pages = yield from self._fetch(scope, below, last, digests[scope])
        with self._writing() as session:
            touched = _swap(session, scope, (below, last), pages, is_top=last == found.top)
            self._applied(session, touched)
        return Mended(is_any=True, touched=touched)

    def _ask(self, path: str, body: bytes) -> Steps[bytes]:
        try:
            return (yield from insist(path, lambda: body, self._world)).body
        except Refusal as no:
            raise obstacle(no.code) from no

    def _digests(self, places: dict[str, int]) -> Steps[dict[str, str]]:
        digests, _asked, _said = yield from self._sworn(places)
        return digests

    def _sworn(self, places: dict[str, int]) -> Steps[tuple[dict[str, str], bytes, bytes]]:
        """The centre's digests, what it was asked and what it answered, signature and all."""
        with self._reading() as session:
            office = session.get_one(Office, 1)
        asked = DigestRequest(office.device, office.centre, places, self._mark())
        body = asked.to_bytes(office.key)
        said = yield from self._ask("/v1/digest", body)
        try:
            return digests_from(said, body, office.centre_key), body, said
        except BadMessage as fault:
            raise obstacle("message") from fault

    def _assert_no_contradiction(self, scope: str, agreed: int) -> Steps[None]:
        with self._reading() as session:
            signed = sorted(
                (seq, digest, kept.id)
                for seq, digest, kept in _signed(session, scope)
                if seq > agreed
            )
        if not signed:
            return
        seq, digest, receipt = signed[0]
        digests, asked, said = yield from self._sworn({scope: seq})
        if digests[scope] == digest:
            return
        with self._writing() as session:
            kept = session.get_one(KeptReceipt, receipt)
            kept.note = canonical(
                {"scope": scope, "seq": seq, "denied": digests[scope],
                 "asked": asked.hex(), "said": said.hex()}
            )  # fmt: skip
        raise obstacle("contradiction")

    def _fetch(self, scope: str, below: int, last: int, digest: str) -> Steps[list[str]]:
        """The piece of the ledger, proved and laid aside in pages; their names in order."""
        with self._reading() as session:
            link = _digest_at(session, scope, below)
        pages: list[str] = []
        reached = below
        while reached < last:
            answer = yield from self._history.asked(scope, (reached, last), None)
            expected = range(reached + 1, answer.reached + 1)
            if [one.seq for one in answer.changes] != list(expected):
                raise obstacle("message")
            for one in answer.changes:
                link = next_digest(link, one.change.text())
                if link != one.digest:
                    raise obstacle("digest")
            pages += self._lay_aside(answer.changes)
            reached = answer.reached
        if link != digest:
            raise obstacle("digest")
        return pages

    def _lay_aside(self, changes: Sequence[Numbered]) -> list[str]:
        names = []
        with self._writing() as session:
            for start in range(0, len(changes), CHANGES_A_PAGE):
                content = histories_page(changes[start : start + CHANGES_A_PAGE])
                names.append(digest_of(content))
                session.merge(KeptPage(digest=names[-1], content=content))
        return names


def _digest_at(session: Session, scope: str, seq: int) -> str:
    start = beginning(session, scope)
    if seq == start.seq:
        return start.digest
    query = select(Entry.digest).where(Entry.scope == scope, Entry.seq == seq)
    return session.scalar(query) or ""


def _swap(
    session: Session, scope: str, between: tuple[int, int], pages: Sequence[str], *, is_top: bool
) -> Touched:
    below, last = between
    within = (Entry.scope == scope, Entry.seq > below, *([] if is_top else [Entry.seq <= last]))
    columns = select(Entry.kind, Entry.record).where(*within)
    touched = {(row.kind, row.record) for row in session.execute(columns.distinct())}
    office = session.get_one(Office, 1)
    is_ours = Entry.id.startswith(office.device, autoescape=True)
    # What is ours and not the ledger's goes to the centre anew; it may have been numbered wrongly.
    pending = {"seq": None, "digest": "", "setback": Setback.NONE.value, "reason": ""}
    quiet = {"synchronize_session": False}
    session.execute(update(Entry).where(*within, is_ours).values(pending), execution_options=quiet)
    session.execute(delete(Entry).where(*within), execution_options=quiet)
    session.expire_all()
    digest = _digest_at(session, scope, below)
    for name in pages:
        for one in histories_from(session.get_one(KeptPage, name).content):
            _put(session, one)
            touched.add((one.change.kind, one.change.record))
            digest = one.digest
        session.flush()
    if is_top:
        ledger = session.get_one(Ledger, scope)
        ledger.seq, ledger.digest = last, digest
    session.flush()
    clear_pages(session)
    rebuild(session, touched)
    find_anew(session, sorted(record for _kind, record in touched))
    return touched


def _put(session: Session, one: Numbered) -> None:
    """The change at its place, whatever stood under its name."""
    values = entry_values(one.change, seq=one.seq, digest=one.digest)
    standing = session.get(Entry, one.change.id)
    if standing is None:
        session.execute(insert(Entry), [values])
        return
    for name in ("before", "closed", "settled"):
        values.pop(name)
    for name, value in values.items():
        setattr(standing, name, value)


def mend_records(session: Session) -> Touched:
    """Hold every record against the ledger, and make anew those that differ; returns them."""
    differing: Touched = set()
    for name, kind in BY_NAME.items():
        local = select(Entry.record).where(Entry.kind == name, Entry.seq.is_(None))
        known = select(Entry.record).where(Entry.kind == name, Entry.seq.is_not(None))
        ids = set(session.scalars(select(kind.id))) | set(session.scalars(known.distinct()))
        # What no centre ever had is nowhere but here: its row says what it is.
        own = set(session.scalars(local.distinct())) - set(session.scalars(known.distinct()))
        wanted = sorted(ids - own | _of_snapshots(session, name))
        for start in range(0, len(wanted), CHUNK):
            some = wanted[start : start + CHUNK]
            before = standing_rows(session, kind, some)
            rebuild(session, {(name, record) for record in some})
            after = standing_rows(session, kind, some)
            differing |= {(name, one) for one in some if before.get(one) != after.get(one)}
            session.expunge_all()
    return differing


def _of_snapshots(session: Session, kind: str) -> set[str]:
    """The records of a kind that came with a snapshot."""
    scopes = session.scalars(select(Ledger.scope).where(Ledger.begins > 0)).all()
    return {identity for scope in scopes for identity in BaseRows(session, scope).ids(kind)}


def run_mending(
    client: SyncClient, repair: Repair, wire: Wire, progress: Progress, world: World
) -> Outcome:
    """Synchronise; where the chains differ, mend what can be mended and go on. Raises `Problem`."""
    try:
        return client.run(wire, progress)
    except Problem as problem:
        if problem.code != "sync.digest":
            raise
        mended = drive(repair.steps(), wire, progress, world)
        if not mended.is_any:
            raise
    outcome = client.run(wire, progress)
    outcome.touched |= mended.touched
    return outcome
