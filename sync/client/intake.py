"""Taking in one answer of the centre, in the caller's transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from sync.applying import apply, find_overlaps
from sync.bulk import forget, spans, update_rows
from sync.canonical import canonical, digests_after
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
from sync.client.epochs import NewEpoch, give_way, rebuild, set_aside
from sync.client.moved import stay
from sync.client.numbering import ENTRIES, Places, also_written_elsewhere, as_sent, give_numbers
from sync.client.obstacles import obstacle
from sync.client.renewal import Copied, Renewal
from sync.client.tables import KeptReceipt, Office
from sync.files import sealing_key_in
from sync.problems import Problem
from sync.protocol import Page, SyncAnswer, SyncRequest
from sync.stored import change_of, stored, text_of, write_entries

_UNKNOWN: Mapping[str, str] = MappingProxyType({})


class Intake:
    """One answer being taken in.

    `touched` names the records of which it brought news, as (kind, id); `altered` those among them
    that may hold other values now, and not only be numbered. `texts` are the canonical forms of
    changes in the request, by id, so far as whoever sent them has them still.
    """

    def __init__(
        self, session: Session, office: Office, request: SyncRequest, answer: SyncAnswer,
        texts: Mapping[str, str] = _UNKNOWN,
    ) -> None:  # fmt: skip
        self._session, self._office = session, office
        self._request, self._answer, self._texts = request, answer, texts
        self.touched: set[tuple[str, str]] = set()
        self.altered: set[tuple[str, str]] = set()
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
        check_receipt(self._office, self._request, self._answer)
        receipt = self._answer.receipt
        if receipt.epoch != self._office.epoch:
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
        self._session.flush()
        ids = _ids_of(page)
        sent = as_sent(self._session, page, self._request, self._texts)
        here = stored(self._session, ids) if sent is None else {}
        texts: list[str] = [] if sent is None else [self._texts[one.id] for one in sent]
        for item in page.items if sent is None else ():
            if isinstance(item, str):
                if item not in here:
                    raise Copied
                texts.append(text_of(here[item]))
            else:
                if item.scope != page.scope:
                    raise obstacle("digest")
                texts.append(item.text())
        place = self._answer.receipt.positions[page.scope]
        digests = list(digests_after(ledger.digest, texts))
        reached = (ledger.seq + len(digests), digests[-1] if digests else ledger.digest)
        if reached != (place.seq, place.digest):
            # What goes by its id alone may mean something else here than at the centre.
            if any(isinstance(item, str) for item in page.items):
                raise Copied
            raise obstacle("digest")
        places = (ledger.seq, digests)
        if sent is None:
            numbered, fresh = self._number(page, here, texts, places)
        else:
            numbered, fresh = self._number_sent(sent, places), []
        ledger.seq, ledger.digest = reached
        self._apply(numbered, fresh)
        return len(fresh)

    def _make_way(self, page: Page) -> None:
        """Names of ours that stand for something else at the centre are given up."""
        device = self._office.device
        for item in page.items:
            if not isinstance(item, str) and item.id.startswith(device):
                self._renewal.make_way(item)
        self.touched |= self._renewal.touched
        self.altered |= self._renewal.touched

    def _number_sent(self, sent: Sequence[Change], places: Places) -> list[tuple[int, Change]]:
        """Numbers what went out as it stands here; returns what concerns others too."""
        give_numbers(self._session, [change.id for change in sent], places)
        self.touched.update([(change.kind, change.record) for change in sent])
        doubtful = {change.record for change in sent if change.action != Action.CREATE}
        shared = also_written_elsewhere(self._session, self._office, doubtful)
        return [
            (seq, change)
            for seq, change in enumerate(sent, start=places[0] + 1)
            if change.record in shared
        ]

    def _number(
        self, page: Page, here: Mapping[str, Row[Any]], texts: Sequence[str],
        places: tuple[int, Sequence[str]],
    ) -> tuple[list[tuple[int, Change]], list[dict[str, object]]]:  # fmt: skip
        """Gives what is ours its numbers; returns what concerns others too, and what is theirs."""
        numbered: list[tuple[int, Change | Row[Any]]] = []
        fresh: list[dict[str, object]] = []
        ours: list[tuple[object, ...]] = []
        first, digests = places
        for seq, (item, text, digest) in enumerate(
            zip(page.items, texts, digests, strict=True), start=first + 1
        ):
            own = here.get(_id_of(item))
            if own is not None and isinstance(item, Change) and text_of(own) != text:
                give_way(self._session, own)
                own = None
            if own is None and not isinstance(item, str):
                numbered.append((seq, item))
                fresh.append(entry_values(item, seq=seq, digest=digest))
            elif own is not None:
                if own.seq is not None:
                    raise obstacle("digest")
                ours.append((seq, digest, Setback.NONE.value, "", own.id))
                self.touched.add((own.kind, own.record))
                if own.setback == Setback.WITHDRAWN and own.action == Action.CREATE:
                    self._renewal.belated(self._session.get_one(Entry, own.id))
                numbered.append((seq, own if isinstance(item, str) else item))
        update_rows(self._session, ENTRIES, ("seq", "digest", "setback", "reason"), ours)
        forget(self._session, Entry)
        shared = self._shared(numbered)
        return [
            (seq, one if isinstance(one, Change) else change_of(one))
            for seq, one in numbered
            if one.record in shared
        ], fresh

    def _shared(self, numbered: Sequence[tuple[int, Change | Row[Any]]]) -> set[str]:
        """The records in these changes that somebody else has written to as well.

        What stands in all the others stands there already: it was written here. A digest tells
        that it was numbered once, before the centre was restored.
        """
        shared = {one.record for _, one in numbered if isinstance(one, Change)}
        doubtful = {
            one.record
            for _, one in numbered
            if not isinstance(one, Change) and (one.action != Action.CREATE or one.digest)
        }
        shared |= {
            one.record
            for _, one in numbered
            if not isinstance(one, Change) and one.setback == Setback.WITHDRAWN
        }
        return shared | also_written_elsewhere(self._session, self._office, doubtful - shared)

    def _apply(self, numbered: list[tuple[int, Change]], fresh: list[dict[str, object]]) -> None:
        if not numbered:
            return
        self._session.flush()
        changes = [change for _, change in numbered]
        applied = apply(self._session, changes, self._kept({c.record for c in changes}))
        nothing: dict[str, object] = {}
        for row in fresh:
            row["before"] = applied.before.get(str(row["id"]), nothing)
        write_entries(self._session, fresh, {})
        for identity, overlaps in find_overlaps(self._session, numbered).items():
            statement = update(Entry).where(Entry.id == identity).values(overlaps=overlaps)
            self._session.execute(statement)
        # A record that was shown with what is set aside is made anew as soon as it need not be.
        rebuild(self._session, set_aside(self._session, {change.record for change in changes}))
        self.touched |= applied.touched
        self.altered |= {(change.kind, change.record) for change in changes}

    def _kept(self, records: set[str]) -> Mapping[str, set[str]]:
        """Fields that were changed here and wait for their number, by record."""
        kept: dict[str, set[str]] = {}
        for some in spans(self._session, Entry.record, records):
            query = select(Entry.record, Entry.values).where(
                some, Entry.seq.is_(None), Entry.setback != Setback.WITHDRAWN.value
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
                if entry.action == Action.MOVE:
                    stay(self._session, entry)
                    self.altered.add((entry.kind, entry.record))
                entry.reason = canonical(
                    {"code": verdict.code, "field": verdict.field, "sentence": verdict.sentence}
                )
            self.touched.add((entry.kind, entry.record))

    def _keep_labels(self) -> None:
        labels = self._answer.labels
        query = select(Device).where(Device.id.in_(list(labels)))
        known = {one.id: one for one in self._session.scalars(query)} if labels else {}
        for device, label in labels.items():
            if device in known:
                known[device].label = label
            else:
                self._session.add(Device(id=device, scope=self._office.branch, label=label))


def check_receipt(office: Office, request: SyncRequest, answer: SyncAnswer) -> None:
    """That the centre signed it, about this very request. Raises `Problem`."""
    receipt = answer.receipt
    if not receipt.is_genuine(office.centre_key, answer.signature):
        raise obstacle("receipt")
    if receipt.centre != office.centre:
        raise obstacle("centre")
    about = (receipt.device, receipt.incarnation, receipt.number)
    if about != (request.device, request.incarnation, request.exchange):
        raise obstacle("receipt")
    if receipt.sent != len(request.changes) or set(receipt.positions) != set(request.cursors):
        raise obstacle("receipt")


def is_sound(office: Office, request: SyncRequest, answer: SyncAnswer) -> bool:
    """Whether the receipt is one that the office keeps, under the epoch that it knows."""
    try:
        check_receipt(office, request, answer)
    except Problem:
        return False
    return answer.receipt.epoch == office.epoch


def _id_of(item: Change | str) -> str:
    return item if isinstance(item, str) else item.id


def _ids_of(page: Page) -> set[str]:
    ids = {_id_of(item) for item in page.items}
    if len(ids) < len(page.items):
        raise obstacle("digest")
    return ids
