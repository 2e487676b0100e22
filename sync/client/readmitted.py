"""Making oneself known again to a centre that was restored to before this PC joined."""

from __future__ import annotations

from sync.client.batches import Sessions
from sync.client.halving import Asking
from sync.client.obstacles import obstacle
from sync.client.proof import last_receipt
from sync.client.steps import Steps
from sync.client.tables import Office
from sync.frames import BadMessage
from sync.protocol import Refusal
from sync.readmission import ReadmissionRequest, readmission_answer_from
from sync.returns import Proof


class Forgotten(Exception):
    """The centre does not know this PC, which once joined it."""


def come_back(reading: Sessions, ask: Asking, label: str) -> Steps[None]:
    """Shows the newest receipt. Raises `Problem` "sync.unknown_device" when it does not help."""
    with reading() as session:
        office, kept = session.get_one(Office, 1), last_receipt(session)
        if kept is None:
            raise obstacle("unknown_device")
        request = ReadmissionRequest(
            office.key.public, office.centre, office.branch, office.branch_name, label,
            Proof(kept.receipt, kept.signature),
        )  # fmt: skip
    try:
        body = yield from ask("/v1/readmission", request.to_bytes(office.key))
        if readmission_answer_from(body) != request.branch:
            raise obstacle("unknown_device")
    except (Refusal, Forgotten) as no:
        raise obstacle("unknown_device") from no
    except BadMessage as fault:
        raise obstacle("message") from fault
