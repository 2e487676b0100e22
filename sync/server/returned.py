"""Taking back what the centre had numbered once and lost, from whoever can prove it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from sync.canonical import next_digest
from sync.receipts import Position
from sync.returns import Proof, ReturnRequest
from sync.server import ledger
from sync.server.isolation import enter
from sync.server.refusals import refusal


def take_back(session: Session, request: ReturnRequest, centre: str, centre_key: bytes) -> int:
    """Numbers what is missing, in its old order; returns how many changes that were.

    Where the ledger still ends at `request.after`, everything gets its old number and digest.
    A change whose identity was given to something else since stays out: its author's office
    names it anew. Raises `Refusal` "proof" unless the centre itself had signed for this piece.
    """
    # The centre's own signature is what allows it, in the association's ledger too.
    enter(session, request.scope, request.device)
    ledger.ensure_ledger(session, request.scope)
    place = ledger.lock(session, request.scope)
    digest = ledger.digest_at(session, request.scope, request.after)
    if request.start is not None:
        start = _proven(request.start, request.scope, centre, centre_key)
        digest = start.digest if start.seq == request.after else ""
    end = _proven(request.end, request.scope, centre, centre_key)
    if not digest or request.after + len(request.changes) != end.seq:
        raise refusal("proof")
    for change in request.changes:
        digest = next_digest(digest, change.text())
        if change.scope != request.scope:
            raise refusal("proof")
    if digest != end.digest:
        raise refusal("proof")
    known = ledger.known(session, request.scope, request.changes)
    missing = [change for change in request.changes if change.id not in known]
    ledger.number(session, place, missing)
    return len(missing)


def _proven(proof: Proof, scope: str, centre: str, centre_key: bytes) -> Position:
    """The place that the centre signed for, in whichever epoch."""
    position = proof.receipt.positions.get(scope)
    is_ours = proof.receipt.centre == centre and proof.receipt.is_genuine(
        centre_key, proof.signature
    )
    if position is None or not is_ours:
        raise refusal("proof")
    return position
