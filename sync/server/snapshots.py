"""The centre's snapshots: made when somebody asks, kept by their digests, handed out by pages.

Also the older history of records, for those that began with a snapshot, and pieces of the ledger
for those that have to mend theirs. Everything is for devices of the branch alone.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from sync.applying import CHUNK
from sync.changes import ASSOCIATION, Entry, Ledger
from sync.frames import MOST_CHANGES
from sync.identity import DEVICE_DIGITS
from sync.keys import SigningKey
from sync.protocol import Sealed
from sync.server import accounts
from sync.server.building import Builder, Page, numbered
from sync.server.database import add_if_absent, reading, writing
from sync.server.refusals import refusal
from sync.server.tables import Snapshot, SnapshotPage
from sync.snapshots import (
    HISTORY_PURPOSE,
    SNAPSHOT_PURPOSE,
    HistoryAnswer,
    HistoryRequest,
    Known,
    Manifest,
    Numbered,
    about,
    history_request_from,
    manifest_to_wire,
    mark_of_text,
    pages_to_wire,
    snapshot_request_from,
)

# So many changes behind its ledger a snapshot may be; what follows it goes by ordinary pages.
OLDER_THAN_CHANGES = 5000
OLDER_THAN_SHARE = 20
KEPT_SNAPSHOTS = 2
ANSWER_BYTES = 2 * 1024 * 1024
HISTORY_BYTES = 2 * 1024 * 1024


class Signer(Protocol):
    """In whose name snapshots are signed."""

    @property
    def id(self) -> str:
        """The centre's name."""

    @property
    def epoch(self) -> str:
        """Its life since the last restore."""

    @property
    def key(self) -> SigningKey:
        """The key that offices know."""


class Snapshots:
    """Answers /v1/snapshot and /v1/history. Safe to call from several threads and processes."""

    def __init__(
        self, engine: Engine, signer: Callable[[], Signer], clock: Callable[[], dt.datetime],
        know: Callable[[Session, str, Sealed, str], accounts.Caller],
    ) -> None:  # fmt: skip
        self._engine, self._signer, self._clock, self._know = engine, signer, clock, know
        # Two processes may both make one; within one, the second waits and finds it made.
        self._one_build = threading.Lock()

    def snapshot(self, body: bytes) -> bytes:
        """A manifest, or pages of one. Raises `Refusal`, `BadMessage`."""
        request, sealed = snapshot_request_from(body)
        with writing(self._engine) as session:
            self._admit(session, request.device, sealed, SNAPSHOT_PURPOSE,
                        (request.centre, request.scope))  # fmt: skip
        if request.pages:
            return pages_to_wire(self._contents(request.scope, request.pages))
        return manifest_to_wire(*self._manifest(request.scope))

    def history(self, body: bytes) -> bytes:
        """A piece of the ledger, or of some records' part in it. Raises `Refusal`, `BadMessage`."""
        request, sealed = history_request_from(body)
        with writing(self._engine) as session:
            enrolment = self._admit(session, request.device, sealed, HISTORY_PURPOSE,
                                    (request.centre, request.scope))  # fmt: skip
            changes, reached = _changes(session, request)
            known = _known(session, request)
            devices = {one.change.id[:DEVICE_DIGITS] for one in changes}
            labels = accounts.labels(session, enrolment.branch, devices)
        us = self._signer()
        answer = HistoryAnswer(us.id, us.epoch, about(body), reached, changes, known, labels)
        return answer.to_bytes(us.key)

    def _admit(
        self, session: Session, device: str, sealed: Sealed, purpose: str, named: tuple[str, str]
    ) -> accounts.Caller:
        """The device that signed, if the centre and the scope named are its own."""
        centre, scope = named
        enrolment = self._know(session, device, sealed, purpose)
        if centre != self._signer().id:
            raise refusal("centre")
        if scope not in (enrolment.branch, ASSOCIATION):
            raise refusal("scope")
        return enrolment

    def _contents(self, scope: str, digests: Sequence[str]) -> list[bytes]:
        """As many pages as fit, from the first one asked for on."""
        contents: list[bytes] = []
        room = ANSWER_BYTES
        with reading(self._engine, scope) as session:
            for digest in digests:
                page = session.get(SnapshotPage, (scope, digest))
                if page is None:
                    break
                room -= len(page.content)
                if contents and room < 0:
                    break
                contents.append(page.content)
        if not contents:
            raise refusal("gone")
        return contents

    def _manifest(self, scope: str) -> tuple[bytes, bytes]:
        """The newest, made now when there is none or it is too old."""
        with self._one_build:
            with reading(self._engine, scope) as session:
                ledger = session.get(Ledger, scope)
                seq, digest = (ledger.seq, ledger.digest) if ledger else (0, "")
                newest = self._newest(session, scope)
                if newest is not None and not _is_old(newest.seq, seq):
                    return newest.manifest, newest.signature
                if not seq:
                    raise refusal("gone", "nothing to take")
                pages = Builder(session, scope, seq, self._clock().date()).pages()
            us = self._signer()
            facts = tuple(page for page, _content in pages)
            manifest = Manifest(us.id, us.epoch, scope, seq, digest, facts)
            signature = manifest.signed(us.key)
            self._keep(manifest, signature, pages)
            return manifest.to_bytes(), signature

    def _newest(self, session: Session, scope: str) -> Snapshot | None:
        query = select(Snapshot).where(
            Snapshot.scope == scope, Snapshot.epoch == self._signer().epoch
        )
        return session.scalars(query.order_by(Snapshot.seq.desc()).limit(1)).first()

    def _keep(self, manifest: Manifest, signature: bytes, pages: Sequence[Page]) -> None:
        with writing(self._engine, manifest.scope) as session:
            for facts, content in pages:
                page = {"scope": manifest.scope, "digest": facts.digest, "content": content}
                add_if_absent(session, SnapshotPage, page)
            fresh = {
                "scope": manifest.scope, "epoch": manifest.epoch, "seq": manifest.seq,
                "manifest": manifest.to_bytes(), "signature": signature,
                "pages": " ".join(facts.digest for facts, _content in pages),
            }  # fmt: skip
            add_if_absent(session, Snapshot, fresh)
            _clear(session, manifest)


def _is_old(seq: int, head: int) -> bool:
    return head - seq > max(OLDER_THAN_CHANGES, seq // OLDER_THAN_SHARE)


def _clear(session: Session, newest: Manifest) -> None:
    """Forget all but the newest snapshots of a scope, and the pages that no other one has."""
    scope = newest.scope
    query = select(Snapshot).where(Snapshot.scope == scope).order_by(Snapshot.seq.desc())
    standing = session.scalars(query).all()
    kept = [one for one in standing if one.epoch == newest.epoch][:KEPT_SNAPSHOTS]
    for old in standing:
        if old not in kept:
            session.delete(old)
    named = {digest for one in kept for digest in one.pages.split()}
    there = session.scalars(select(SnapshotPage.digest).where(SnapshotPage.scope == scope)).all()
    gone = [digest for digest in there if digest not in named]
    for start in range(0, len(gone), CHUNK):
        some = SnapshotPage.digest.in_(gone[start : start + CHUNK])
        session.execute(delete(SnapshotPage).where(SnapshotPage.scope == scope, some))


def _changes(session: Session, request: HistoryRequest) -> tuple[list[Numbered], int]:
    """What is asked for, in order, as much as fits, and how far that reaches."""
    if request.records is not None and not request.records:
        return [], request.upto
    query = select(Entry).where(
        Entry.scope == request.scope, Entry.seq > request.after, Entry.seq <= request.upto
    )
    if request.records is not None:
        query = query.where(Entry.record.in_(request.records))
    found: list[Numbered] = []
    room = HISTORY_BYTES
    query = query.order_by(Entry.seq).limit(MOST_CHANGES)
    for entry in session.scalars(query.execution_options(yield_per=CHUNK)):
        found.append(numbered(entry))
        room -= len(found[-1].change.text().encode())
        if room < 0:
            break
    is_cut = room < 0 or len(found) == MOST_CHANGES
    return found, found[-1].seq if is_cut else request.upto


def _known(session: Session, request: HistoryRequest) -> list[Known]:
    known: list[Known] = []
    for start in range(0, len(request.changes), CHUNK):
        some = Entry.id.in_(request.changes[start : start + CHUNK])
        query = select(Entry).where(Entry.scope == request.scope, Entry.seq <= request.upto, some)
        known += [
            Known(entry.id, entry.seq or 0, entry.digest, mark_of_text(entry.change()))
            for entry in session.scalars(query)
        ]
    return known
