"""A ledger too long to be read through: its records come as a signed snapshot instead.

1. Ask for the manifest, unless one is being fetched already; it must bear the centre's signature.
2. Fetch the pages that are missing, as many at once as the line bears. Each is held against the
   digest that the manifest names, and kept: what was fetched is never fetched again.
3. Ask which of the pending changes the ledger holds already: their answers may have been lost.
4. In one transaction: the rows take the place of those that were here, the ledger begins anew at
   the snapshot's place, and what is pending lies on top, with the bases that its authors had.

From there on the ordinary pages go on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import select

from sync.changes import Entry, Ledger
from sync.client.asking import insist
from sync.client.batches import Sessions
from sync.client.beginnings import fetched_manifest, kept_snapshot, missing_pages
from sync.client.loading import Loading
from sync.client.obstacles import obstacle
from sync.client.older import Applied, History
from sync.client.patience import PASSING
from sync.client.steps import Steps, Tell, World
from sync.client.tables import KeptPage, KeptSnapshot, Office
from sync.frames import BadMessage
from sync.problems import Problem
from sync.protocol import Refusal
from sync.receipts import Receipt
from sync.snapshots import (
    MOST_ASKED_PAGES,
    Manifest,
    PageFacts,
    SnapshotRequest,
    digest_of,
    manifest_from,
    manifest_wire_from,
    pages_wire_from,
)
from sync.texts import _

# With so many changes left to read, the records themselves are quicker.
AFTER_CHANGES = 5000
QUICK_S = 2.0
# A centre without this address has no snapshots, one that lost them makes new ones, and of another
# version it may have none in our words: its pages do as well, they only take longer.
_ABSENT = ("not_found", "method", "gone", "version")

Told = Callable[[int, int], Tell]


class Telling(Protocol):
    """Whoever remembers what was told last of the exchange."""

    told: Tell


def _telling(telling: Telling) -> Told:
    """Tells how many rows are here as a share of what was left when they began to come."""
    before = telling.told

    def told(done: int, total: int) -> Tell:
        share = (before.total - before.done) * done // max(total, 1)
        telling.told = Tell(before.done + share, before.total, _("Đang nhận hồ sơ của chi hội"))
        return telling.told

    return told


class Bootstrap:
    """Fetches and loads snapshots for one office."""

    def __init__(
        self, reading: Sessions, writing: Sessions, applied: Applied, world: World
    ) -> None:
        self._reading, self._writing = reading, writing
        self._applied, self._world = applied, world
        self._history = History(reading, writing, applied, world)
        self._at_once = 1
        # A centre that has none is not asked twice in one exchange.
        self._refused: set[str] = set()

    def go_on(self, telling: Telling) -> Steps[None]:
        """Fetch on where a snapshot is being fetched. Raises as `steps` does."""
        with self._reading() as session:
            query = select(KeptSnapshot.scope).where(KeptSnapshot.stands.is_(False))
            begun = session.scalars(query).all()
        for scope in begun:
            yield from self.steps(scope, _telling(telling))

    def begin(self, receipt: Receipt | None, telling: Telling) -> Steps[None]:
        """Begin where too much is left to read. Raises as `steps` does."""
        for scope in self.wanting(receipt) if receipt else ():
            yield from self.steps(scope, _telling(telling))

    def wanting(self, receipt: Receipt) -> list[str]:
        """The scopes that have too much left to read."""
        adrift = self._adrift()
        return [
            scope
            for scope, place in receipt.positions.items()
            if scope not in self._refused
            and (place.head - place.seq > AFTER_CHANGES or scope in adrift)
        ]

    def look_behind(self) -> Steps[set[tuple[str, str]]]:
        """What was written by people who had seen less than the snapshot is held against what
        lies before it. Without a connection that waits for the next time. Returns the records.
        """
        with self._reading() as session:
            scopes = session.scalars(select(Ledger.scope).where(Ledger.begins > 0)).all()
        for scope in scopes:
            try:
                yield from self._history.behind_bases(scope)
            except Problem as problem:
                if problem.code not in PASSING:
                    raise
        return self._history.touched

    def _adrift(self) -> frozenset[str]:
        """Where the ledger went back behind the snapshot with which it began: rows of that one
        may be here of which the centre, restored from a backup, knows nothing any more.
        """
        begun = select(KeptSnapshot.scope).where(KeptSnapshot.stands)
        with self._reading() as session:
            query = select(Ledger.scope).where(Ledger.begins == 0, Ledger.scope.in_(begun))
            return frozenset(session.scalars(query))

    def steps(self, scope: str, told: Told) -> Steps[bool]:
        """Fetch and load; says whether the ledger begins at a snapshot now.

        `told` makes a `Tell` of rows that are here and rows that there are. Raises `Problem`, and
        `Copied` when another office writes under this one's names.
        """
        self._refused.add(scope)
        try:
            manifest = yield from self._manifest(scope)
            if manifest is None:
                return False
            yield from self._fetch(manifest, told)
        except Refusal as no:
            if no.code not in _ABSENT:
                raise obstacle(no.code) from no
            self._forget(scope)
            return False
        with self._reading() as session:
            query = select(Entry.id).where(Entry.scope == scope, Entry.seq.is_(None))
            pending = list(session.scalars(query))
        known = yield from self._history.known(scope, manifest.seq, pending)
        with self._writing() as session:
            Loading(session, session.get_one(Office, 1), manifest, self._applied).swap(known)
        return True

    def _manifest(self, scope: str) -> Steps[Manifest | None]:
        """The one being fetched, or the centre's newest; None when it would be a step back."""
        with self._reading() as session:
            manifest, office = fetched_manifest(session, scope), session.get_one(Office, 1)
        if manifest is None or not self._is_useful(manifest, office):
            manifest = yield from self._asked(scope, office)
            if not self._is_useful(manifest, office):
                self._forget(scope)
                return None
        return manifest

    def _is_useful(self, manifest: Manifest, office: Office) -> bool:
        with self._reading() as session:
            ledger = session.get(Ledger, manifest.scope)
        # Going back behind its snapshot an office may have read as far as the next one already.
        least = -1 if ledger is None else ledger.seq - (manifest.scope in self._adrift())
        return manifest.seq > least and manifest.epoch == office.epoch

    def _asked(self, scope: str, office: Office) -> Steps[Manifest]:
        request = SnapshotRequest(office.device, office.centre, scope)
        body = request.to_bytes(office.key)
        reply = yield from insist("/v1/snapshot", lambda: body, self._world)
        try:
            content, signature = manifest_wire_from(reply.body)
            manifest = manifest_from(content, signature, office.centre_key)
        except BadMessage as fault:
            raise obstacle("message") from fault
        if manifest is None or (manifest.centre, manifest.scope) != (office.centre, scope):
            raise obstacle("unproven")
        if manifest.epoch != office.epoch:
            raise obstacle("epoch")
        with self._writing() as session:
            former = kept_snapshot(session, scope, stands=False)
            if former is not None:
                session.delete(former)
            session.add(
                KeptSnapshot(
                    scope=scope, seq=manifest.seq, manifest=content, signature=signature,
                    centre_key=office.centre_key,
                )
            )  # fmt: skip
        return manifest

    def _fetch(self, manifest: Manifest, told: Told) -> Steps[None]:
        with self._reading() as session:
            missing, office = missing_pages(session, manifest), session.get_one(Office, 1)
        while missing:
            yield told(manifest.rows - sum(page.rows for page in missing), manifest.rows)

            def body(missing: list[PageFacts] = missing) -> bytes:
                wanted = [page.digest for page in missing[: self._at_once]]
                request = SnapshotRequest(office.device, office.centre, manifest.scope, wanted)
                return request.to_bytes(office.key)

            reply = yield from insist("/v1/snapshot", body, self._world, self._halve)
            came = self._keep(reply.body, {page.digest for page in missing})
            missing = [page for page in missing if page.digest not in came]
            if reply.took_s <= QUICK_S:
                self._at_once = min(MOST_ASKED_PAGES, self._at_once * 2)
        yield told(manifest.rows, manifest.rows)

    def _halve(self) -> None:
        self._at_once = max(1, self._at_once // 2)

    def _keep(self, body: bytes, missing: set[str]) -> set[str]:
        """Keep the pages in an answer, once their digests were found right. Raises `Problem`."""
        try:
            contents = {digest_of(content): content for content in pages_wire_from(body)}
        except BadMessage as fault:
            raise obstacle("message") from fault
        if not set(contents) <= missing:
            raise obstacle("unproven")
        with self._writing() as session:
            for digest, content in contents.items():
                session.merge(KeptPage(digest=digest, content=content))
        return set(contents)

    def _forget(self, scope: str) -> None:
        """The centre has it no more: the next one is fetched from the manifest on, and whatever
        pages it has in common with this one are here.
        """
        with self._writing() as session:
            former = kept_snapshot(session, scope, stands=False)
            if former is not None:
                session.delete(former)
