"""Bringing back to a restored centre the pieces of its ledger that this office can prove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.bulk import CHUNK
from sync.changes import ASSOCIATION, Change, Entry
from sync.client.batches import Sessions
from sync.client.halving import Asking
from sync.client.obstacles import obstacle
from sync.client.steps import Steps
from sync.client.tables import KeptReceipt, Office
from sync.frames import BadMessage
from sync.problems import Problem
from sync.protocol import Refusal
from sync.returns import Proof, ReturnRequest, return_answer_from


@dataclass(frozen=True)
class _Piece:
    """A stretch of a scope's ledger between two places that the centre has signed for."""

    scope: str
    after: int
    start: Proof | None
    end: Proof

    @property
    def last(self) -> int:
        return self.end.receipt.positions[self.scope].seq


def pieces(session: Session, agreed: Mapping[str, int]) -> list[_Piece]:
    """What lies above the agreed places here, cut where receipts stand, in order.

    What the association gave comes first, since branches' records point to it.
    """
    proofs = _proofs(session, agreed)
    found = []
    for scope in sorted(proofs, key=lambda scope: (scope != ASSOCIATION, scope)):
        after, start = agreed[scope], None
        here = _digests(session, scope, {seq for seq, _digest in proofs[scope]})
        for seq, digest in sorted(here.items()):
            # A place may have been numbered anew since: other receipts are about what is no more.
            proof = proofs[scope].get((seq, digest))
            if proof is not None:
                found.append(_Piece(scope, after, start, proof))
                after, start = seq, proof
    return found


def _proofs(session: Session, agreed: Mapping[str, int]) -> dict[str, dict[tuple[int, str], Proof]]:
    """By place and digest, the newest receipt above the agreed places that the centre signed.

    All receipts are looked through, newer ones hide none: after several restores an old one may
    be about what stands here again, and those after it about what is no more.
    """
    office = session.get_one(Office, 1)
    found: dict[str, dict[tuple[int, str], Proof]] = {scope: {} for scope in agreed}
    query = select(KeptReceipt).order_by(KeptReceipt.id.desc())
    for kept in session.scalars(query.execution_options(yield_per=CHUNK)):
        receipt = kept.receipt
        lacking = [
            (scope, (place.seq, place.digest))
            for scope, place in receipt.positions.items()
            if scope in agreed
            and place.seq > agreed[scope]
            and (place.seq, place.digest) not in found[scope]
        ]
        is_ours = receipt.centre == office.centre
        if lacking and is_ours and receipt.is_genuine(office.centre_key, kept.signature):
            for scope, place_and_digest in lacking:
                found[scope][place_and_digest] = Proof(receipt, kept.signature)
    return found


def give_back(reading: Sessions, agreed: Mapping[str, int], ask: Asking) -> Steps[int]:
    """Sends every piece above the agreed places; returns how many changes the centre lacked.

    A piece that the centre does not take ends the matter: what is this office's own travels as
    pending changes in any case.
    """
    with reading() as session:
        found = pieces(session, agreed)
    taken = 0
    for piece in found:
        with reading() as session:
            office = session.get_one(Office, 1)
            request = ReturnRequest(
                office.device, office.centre, piece.scope, piece.after, piece.start,
                _changes(session, piece), piece.end,
            )  # fmt: skip
        try:
            body = yield from ask("/v1/return", request.to_bytes(office.key))
            taken += return_answer_from(body)
        except (Refusal, Problem) as no:
            if no.code in ("proof", "sync.too_large"):
                break
            raise
        except BadMessage as fault:
            raise obstacle("message") from fault
    return taken


def _digests(session: Session, scope: str, places: Iterable[int]) -> dict[int, str]:
    """The chain here at those places that this ledger has."""
    wanted = set(places)
    query = select(Entry.seq, Entry.digest).where(Entry.scope == scope, Entry.seq.is_not(None))
    return {row.seq: row.digest for row in session.execute(query) if row.seq in wanted}


def _changes(session: Session, piece: _Piece) -> list[Change]:
    query = (
        select(Entry)
        .where(Entry.scope == piece.scope, Entry.seq > piece.after, Entry.seq <= piece.last)
        .order_by(Entry.seq)
    )
    return [entry.change() for entry in session.scalars(query)]
