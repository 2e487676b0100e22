"""Checking a receipt anew: its signature, and the chain from the first change to the last."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.canonical import next_digest
from sync.changes import Entry
from sync.client.beginnings import beginning
from sync.client.obstacles import obstacle, obstacle_of
from sync.client.steps import Wire
from sync.client.tables import KeptReceipt, Office
from sync.digests import DigestRequest, Unproven, digests_from
from sync.frames import BadMessage
from sync.protocol import Refusal
from sync.receipts import Receipt


@dataclass(frozen=True)
class ScopeProof:
    """One scope at the receipt's place: the digest signed, the one recomputed here, the centre's.

    `centre` is None when the centre was not asked, "" when its ledger does not reach so far.
    """

    seq: int
    signed: str
    here: str
    centre: str | None = None

    @property
    def holds(self) -> bool:
        """Whether all that are known agree."""
        return self.signed == self.here and self.centre in (None, self.signed)


@dataclass(frozen=True)
class Proof:
    """What checking a receipt came to."""

    receipt: Receipt
    is_genuine: bool
    scopes: dict[str, ScopeProof]

    @property
    def holds(self) -> bool:
        """Whether the centre signed it and every ledger gives the digest it names."""
        return self.is_genuine and all(scope.holds for scope in self.scopes.values())


def last_receipt(session: Session) -> KeptReceipt | None:
    """The newest receipt; None before the first synchronisation."""
    return session.scalar(select(KeptReceipt).order_by(KeptReceipt.id.desc()).limit(1))


def digest_here(session: Session, scope: str, seq: int) -> str:
    """The digest at a place, computed from the changes themselves; "" when some are missing.

    It begins at the first change, or at the snapshot with which this office began.
    """
    start = beginning(session, scope)
    if not start.is_proved:
        return ""
    digest, expected = start.digest, start.seq
    query = (
        select(Entry)
        .where(Entry.scope == scope, Entry.seq > start.seq, Entry.seq <= seq)
        .order_by(Entry.seq)
    )
    for entry in session.scalars(query.execution_options(yield_per=1000)):
        expected += 1
        if entry.seq != expected:
            return ""
        digest = next_digest(digest, entry.change().text())
    return digest if expected == seq else ""


def verify(session: Session, kept: KeptReceipt) -> Proof:
    """Checks a receipt against this office's own ledger."""
    receipt = kept.receipt
    return Proof(
        receipt,
        receipt.is_genuine(kept.centre_key, kept.signature),
        {
            scope: ScopeProof(place.seq, place.digest, digest_here(session, scope, place.seq))
            for scope, place in receipt.positions.items()
        },
    )


def ask_centre(wire: Wire, office: Office, proof: Proof, mark: str) -> Proof:
    """The same proof with the centre's own digests. Raises `Problem` when it cannot be asked.

    `mark` must be new, so that no answer of an earlier day can be passed off as today's.
    """
    places = {scope: one.seq for scope, one in proof.scopes.items()}
    asked = DigestRequest(office.device, office.centre, places, mark).to_bytes(office.key)
    try:
        digests = digests_from(wire.post("/v1/digest", asked), asked, office.centre_key)
    except Unproven as fault:
        raise obstacle("unproven") from fault
    except BadMessage as fault:
        raise obstacle("message") from fault
    except Refusal as refusal:
        raise obstacle_of(refusal) from refusal
    scopes = {
        scope: ScopeProof(one.seq, one.signed, one.here, digests.get(scope, ""))
        for scope, one in proof.scopes.items()
    }
    return Proof(proof.receipt, proof.is_genuine, scopes)
