"""Taking in one answer of the centre, in the caller's transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sync.applying import CHUNK, apply, find_overlaps
from sync.canonical import canonical, next_digest
from sync.changes import (
    Action,
    Change,
    Device,
    Entry,
    Ledger,
    Setback,
    entry_values,
    unwritten_ledger,
)
from sync.client.epochs import NewEpoch, rebuild, set_aside
from sync.client.obstacles import obstacle
from sync.client.renewal import Copied, Renewal
from sync.client.tables import KeptReceipt, Office
from sync.files import sealing_key_in
from sync.protocol import Page, SyncAnswer, SyncRequest


class Intake:
    """One answer being taken in. `touched` names the records it changed, as (kind, id)."""

    def __init__(
        self, session: Session, office: Office, request: SyncRequest, answer: SyncAnswer
    ) -> None:
        self._session, self._office = session, office
        self._request, self._answer = request, answer
        self.touched: set[tuple[str, str]] = set()
        self._renewal = Renewal(session, office)

    def keep(self) -> int:
        """Keeps everything; returns how many changes of others came.

        Raises `Problem`, `Copied`, `NewEpoch`.
        """
        self._check_receipt()
        received = sum(self._keep_page(page) for page in self._pages())
        self._keep_setbacks()
        self._keep_labels()
        offered = sealing_key_in(self._answer.sealing, self._office.centre_key)
        self._office.sealing_key = offered or self._office.sealing_key
        self._session.add(
            KeptReceipt(
                facts=self._answer.receipt.facts(),
                signature=self._answer.signature,
                centre_key=self._office.centre_key,
                received=received,
            )
        )
        return received

    def _check_receipt(self) -> None:
        receipt, office = self._answer.receipt, self._office
        if not receipt.is_genuine(office.centre_key, self._answer.signature):
            raise obstacle("receipt")
        if receipt.centre != office.centre:
            raise obstacle("centre")
        about = (receipt.device, receipt.incarnation, receipt.number)
        request = self._request
        if about != (request.device, request.incarnation, request.exchange):
            raise obstacle("receipt")
        if receipt.sent != len(request.changes) or set(receipt.positions) != set(request.cursors):
            raise obstacle("receipt")
        if receipt.epoch != office.epoch:
            heads = {scope: place.head for scope, place in receipt.positions.items()}
            raise NewEpoch(receipt.epoch, heads)

    def _pages(self) -> list[Page]:
        """A page for every scope, empty where nothing is new, so that its digest is checked."""
        found = {page.scope: page for page in self._answer.pages}
        return [found.get(scope, Page(scope, ())) for scope in self._request.cursors]

    def _keep_page(self, page: Page) -> int:
        ledger = self._session.get(Ledger, page.scope)
        if ledger is None:
            ledger = unwritten_ledger(page.scope)
            self._session.add(ledger)
        if ledger.seq != self._request.cursors[page.scope]:
            raise obstacle("message")
        self._make_way(page)
        here = self._standing(page)
        numbered: list[tuple[int, Change]] = []
        fresh: list[dict[str, object]] = []
        for item in page.items:
            own = here.get(item if isinstance(item, str) else item.id)
            change = own.change() if own and isinstance(item, str) else item
            if isinstance(change, str):
                raise Copied
            if change.scope != page.scope:
                raise obstacle("digest")
            ledger.seq += 1
            ledger.digest = next_digest(ledger.digest, change.text())
            numbered.append((ledger.seq, change))
            if own:
                self._number(own, change, ledger)
            else:
                fresh.append(entry_values(change, seq=ledger.seq, digest=ledger.digest))
        place = self._answer.receipt.positions[page.scope]
        if (ledger.seq, ledger.digest) != (place.seq, place.digest):
            # What goes by its id alone may mean something else here than at the centre.
            if any(isinstance(item, str) for item in page.items):
                raise Copied
            raise obstacle("digest")
        self._apply(numbered, fresh)
        return len(fresh)

    def _make_way(self, page: Page) -> None:
        """Names of ours that stand for something else at the centre are given up."""
        device = self._office.device
        for item in page.items:
            if not isinstance(item, str) and item.id.startswith(device):
                self._renewal.make_way(item)
        self.touched |= self._renewal.touched

    def _standing(self, page: Page) -> dict[str, Entry]:
        """What of the page was written here, by id."""
        ids = [item if isinstance(item, str) else item.id for item in page.items]
        here: dict[str, Entry] = {}
        for start in range(0, len(ids), CHUNK):
            query = select(Entry).where(Entry.id.in_(ids[start : start + CHUNK]))
            here |= {entry.id: entry for entry in self._session.scalars(query)}
        return here

    def _number(self, entry: Entry, change: Change, ledger: Ledger) -> None:
        if entry.seq is not None or entry.change().text() != change.text():
            raise obstacle("digest")
        if entry.setback == Setback.WITHDRAWN and entry.action == Action.CREATE:
            self._renewal.belated(entry)
        entry.seq, entry.digest = ledger.seq, ledger.digest
        entry.setback, entry.reason = Setback.NONE.value, ""
        self.touched.add((change.kind, change.record))

    def _apply(self, numbered: list[tuple[int, Change]], fresh: list[dict[str, object]]) -> None:
        if not numbered:
            return
        self._session.flush()
        changes = [change for _, change in numbered]
        applied = apply(self._session, changes, self._kept({c.record for c in changes}))
        for row in fresh:
            row["before"] = applied.before.get(str(row["id"]), {})
        if fresh:
            self._session.execute(insert(Entry), fresh)
        for identity, overlaps in find_overlaps(self._session, numbered).items():
            statement = update(Entry).where(Entry.id == identity).values(overlaps=overlaps)
            self._session.execute(statement)
        # A record that was shown with what is set aside is made anew as soon as it need not be.
        rebuild(self._session, set_aside(self._session, {change.record for change in changes}))
        self.touched |= applied.touched

    def _kept(self, records: set[str]) -> Mapping[str, set[str]]:
        """Fields that were changed here and wait for their number, by record."""
        kept: dict[str, set[str]] = {}
        query = select(Entry.record, Entry.values).where(
            Entry.seq.is_(None), Entry.setback != Setback.WITHDRAWN.value
        )
        for record, values in self._session.execute(query):
            if record in records:
                kept.setdefault(record, set()).update(values)
        return kept

    def _keep_setbacks(self) -> None:
        for verdict in self._answer.setbacks:
            entry = self._session.get(Entry, verdict.change)
            if entry is None or entry.seq is not None or entry.setback == Setback.WITHDRAWN:
                continue
            if verdict.waiting_for:
                entry.setback = Setback.WAITING.value
                entry.reason = canonical({"waiting_for": verdict.waiting_for})
            else:
                entry.setback = Setback.REFUSED.value
                entry.reason = canonical(
                    {"code": verdict.code, "field": verdict.field, "sentence": verdict.sentence}
                )
            self.touched.add((entry.kind, entry.record))

    def _keep_labels(self) -> None:
        for device, label in self._answer.labels.items():
            known = self._session.get(Device, device)
            if known is None:
                self._session.add(Device(id=device, scope=self._office.branch, label=label))
            else:
                known.label = label
