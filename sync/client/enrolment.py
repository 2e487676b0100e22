"""How a new PC becomes a member of its branch: a one-time code, shown once to the centre."""

from __future__ import annotations

import re

from sqlalchemy import update
from sqlalchemy.orm import Session

from sync.changes import Entry
from sync.client.exchange import MOST_LABEL, Sessions
from sync.client.obstacles import obstacle, obstacle_of
from sync.client.proof import last_receipt
from sync.client.steps import Wire
from sync.client.tables import Office
from sync.files import sealing_key_in
from sync.frames import BadMessage
from sync.protocol import EnrolAnswer, EnrolRequest, Refusal, enrol_answer_from
from sync.records import KINDS


def enrol(
    reading: Sessions, writing: Sessions, wire: Wire, server: str, code: str, label: str
) -> EnrolAnswer:
    """Show the code and keep what the centre answers.

    What was typed before goes to the branch from now on. Asking again after a lost answer does no
    harm. Raises `Problem`; the office then is as it was.
    """
    with reading() as session:
        office = session.get_one(Office, 1)
        key, joined = office.key, (office.centre, office.centre_key, office.branch)
        is_member, receipt = bool(office.branch), last_receipt(session)
        # With a receipt the centre takes it back by itself; without one a new code is the only way.
        if is_member and receipt is not None:
            raise obstacle("enrolled")
    request = EnrolRequest(re.sub(r"[\s\-]", "", code).upper(), key.public, label[:MOST_LABEL])
    try:
        answer = enrol_answer_from(wire.post("/v1/enrol", request.to_bytes(key)))
    except BadMessage as fault:
        raise obstacle("message") from fault
    except Refusal as refusal:
        raise obstacle_of(refusal) from refusal
    if is_member and joined != (answer.centre, answer.centre_key, answer.branch):
        raise obstacle("enrolled")
    with writing() as session:
        _belong(session, server, answer)
    return answer


def _belong(session: Session, server: str, answer: EnrolAnswer) -> None:
    office = session.get_one(Office, 1)
    office.server, office.branch, office.branch_name = server, answer.branch, answer.branch_name
    office.centre, office.centre_key, office.epoch = (
        answer.centre,
        answer.centre_key,
        answer.epoch,
    )
    office.sealing_key = sealing_key_in(answer.sealing, answer.centre_key)
    session.execute(update(Entry).where(Entry.scope == "").values(scope=answer.branch))
    for kind in KINDS:
        session.execute(update(kind).where(kind.scope == "").values(scope=answer.branch))
