"""Who may speak to the centre: branches, their invitations, and the PCs that joined by them."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from sync.changes import ASSOCIATION
from sync.identity import device_of
from sync.problems import Problem
from sync.protocol import EnrolRequest, Sealed, SyncRequest
from sync.readmission import ReadmissionRequest
from sync.server import codes, isolation
from sync.server.database import add_if_absent
from sync.server.refusals import refusal
from sync.server.tables import Branch, Enrolment, Incarnation, Invitation
from sync.texts import _

MOST_TRIES = 5
MOST_ECHO = dt.timedelta(minutes=2)
MOST_CODE = 32

# What every request asks, past the object mapper.
_enrolment: Any = Enrolment.__table__
_incarnation: Any = Incarnation.__table__
_is_wanted = _enrolment.c.device == bindparam("wanted")
_is_of_wanted = _incarnation.c.device == bindparam("wanted")
_AT_THE_DOOR: Final = (
    select(
        _enrolment.c.public_key, _enrolment.c.branch, _enrolment.c.label,
        _enrolment.c.revoked_at, _enrolment.c.last_seen_at,
    ).where(_is_wanted).with_for_update()
)  # fmt: skip
_SEEN: Final = update(_enrolment).where(_is_wanted).values(last_seen_at=bindparam("at"))
_NAMED: Final = update(_enrolment).where(_is_wanted).values(label=bindparam("name"))
_LIVES: Final = select(_incarnation).where(_is_of_wanted)
_FIRST_EXCHANGE: Final = insert(_incarnation).values(
    device=bindparam("wanted"), incarnation=bindparam("life"), exchange=bindparam("number"),
    request=bindparam("hash"), asked_at=bindparam("at"),
)  # fmt: skip
_NEXT_EXCHANGE: Final = (
    update(_incarnation)
    .where(_is_of_wanted, _incarnation.c.incarnation == bindparam("life"))
    .values(exchange=bindparam("number"), request=bindparam("hash"), asked_at=bindparam("at"))
)


def stamp(at: dt.datetime) -> str:
    """An instant as the tables keep it; such texts sort like the instants."""
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")


def invite(
    session: Session, branch: str, *, name: str = "", label: str = "", now: dt.datetime,
    lifetime_h: int,
) -> str:  # fmt: skip
    """A one-time code for a PC of the branch, which is made when it is new.

    Raises `Problem` "branch.code" when no branch may be called so.
    """
    if branch in isolation.RESERVED or len(branch) > MOST_CODE:
        raise Problem(
            _("Mã chi hội này không dùng được."),
            _("Mã có từ 1 đến 32 ký tự, và không phải association, * hay ?."),
            code="branch.code",
        )
    isolation.enter(session, branch)
    standing = session.get(Branch, branch)
    if standing is None:
        standing = Branch(code=branch, name=name or branch)
        session.add(standing)
        session.flush()
    elif name:
        standing.name = name
    code = _free_code(session, branch)
    salt = os.urandom(codes.SALT_BYTES)
    session.add(
        Invitation(
            selector=code.selector,
            salt=salt,
            secret_hash=codes.hash_of(code.secret, salt),
            branch=branch,
            label=label,
            made_at=stamp(now),
            expires_at=stamp(now + dt.timedelta(hours=lifetime_h)),
            tries=0,
            used_at="",
            used_by="",
        )
    )
    session.flush()
    return str(code)


def _free_code(session: Session, branch: str) -> codes.Code:
    while True:
        code = codes.new_code()
        isolation.enter(session, branch, code.selector)
        if session.get(Invitation, code.selector) is None:
            return code


@dataclass(frozen=True)
class Attempt:
    """A code that was shown and counted, before anybody looked whether it is right."""

    selector: str
    salt: bytes
    secret_hash: bytes
    is_locked: bool


def count_attempt(session: Session, code: codes.Code) -> Attempt:
    """Count a try, in a transaction of its own, so that guessing at once gains nothing."""
    isolation.enter(session, isolation.DOOR, code.selector)
    invitation = session.get(Invitation, code.selector, with_for_update=True)
    if invitation is None:
        return Attempt(code.selector, bytes(codes.SALT_BYTES), bytes(32), is_locked=False)
    isolation.enter(session, invitation.branch, code.selector)
    is_locked = invitation.tries >= MOST_TRIES
    invitation.tries += 0 if is_locked else 1
    return Attempt(code.selector, invitation.salt, invitation.secret_hash, is_locked)


def enrol(session: Session, attempt: Attempt, request: EnrolRequest, now: dt.datetime) -> Branch:
    """The PC joins by a code that was found right. Raises `Refusal`.

    The same key with the same code gets the same answer again: the first may have been lost.
    """
    isolation.enter(session, isolation.DOOR, attempt.selector)
    invitation = session.get(Invitation, attempt.selector, with_for_update=True)
    if invitation is None:
        raise refusal("code")
    device = device_of(request.public_key)
    isolation.enter(session, invitation.branch, device)
    if invitation.used_by and invitation.used_by != device:
        raise refusal("code", "used")
    if not invitation.used_by and invitation.expires_at <= stamp(now):
        raise refusal("code", "expired")
    label = request.label or invitation.label
    _join(session, device, request.public_key, invitation.branch, label, now)
    invitation.tries -= 1  # this one was no guess
    invitation.used_by = device
    invitation.used_at = invitation.used_at or stamp(now)
    return session.get_one(Branch, invitation.branch)


def _join(
    session: Session, device: str, public_key: bytes, branch: str, label: str, now: dt.datetime
) -> None:
    fresh = {
        "device": device, "public_key": public_key, "branch": branch, "label": label,
        "enrolled_at": stamp(now), "revoked_at": "", "last_seen_at": "",
    }  # fmt: skip
    add_if_absent(session, Enrolment, fresh)
    standing = session.get_one(Enrolment, device, with_for_update=True)
    if standing.public_key != public_key:
        raise refusal("signature", "another key has this name")
    if standing.revoked_at:
        raise refusal("revoked")
    if standing.branch != branch:
        raise refusal("enrolled")
    standing.label = label


def readmit(
    session: Session, request: ReadmissionRequest, epoch: str, centre_key: bytes, now: dt.datetime
) -> str:
    """A PC that an earlier epoch knew joins again; returns its branch. Raises `Refusal`.

    A receipt of this epoch is no ground: whoever has one is known, or was taken out on purpose.
    """
    receipt, device = request.proof.receipt, device_of(request.public_key)
    branches_proven = set(receipt.positions) - {ASSOCIATION}
    is_ours = receipt.centre == request.centre and receipt.epoch != epoch
    is_its_own = receipt.device == device and request.branch in branches_proven
    if not (is_ours and is_its_own and receipt.is_genuine(centre_key, request.proof.signature)):
        raise refusal("proof")
    isolation.enter(session, request.branch, device)
    add_if_absent(session, Branch, {"code": request.branch, "name": request.branch_name})
    _join(session, device, request.public_key, request.branch, request.label, now)
    return request.branch


@dataclass(frozen=True)
class Caller:
    """The PC that signed a request, its row held until the transaction ends."""

    device: str
    branch: str
    label: str


def authenticate(
    session: Session, device: str, sealed: Sealed, purpose: str, now: dt.datetime
) -> Caller:
    """The PC that signed. Raises `Refusal`.

    From here on the transaction sees the rows of this PC's branch, and the association's. One
    device has one request at a time, and a revocation waits for the request that is running.
    """
    isolation.enter(session, isolation.DOOR, device)
    row = session.execute(_AT_THE_DOOR, {"wanted": device}).first()
    if row is None:
        raise refusal("unknown_device")
    sealed.check(row.public_key, purpose)
    if row.revoked_at:
        raise refusal("revoked")
    isolation.enter(session, row.branch, device)
    if row.last_seen_at != stamp(now):
        session.execute(_SEEN, {"wanted": device, "at": stamp(now)})
    return Caller(device, row.branch, row.label)


def rename(session: Session, caller: Caller, label: str) -> None:
    """The PC is called so from now on."""
    if label != caller.label:
        session.execute(_NAMED, {"wanted": caller.device, "name": label})


def count_exchange(session: Session, request: SyncRequest, sealed: Sealed, now: dt.datetime) -> int:
    """Takes the request's number, which must be new. Raises `Refusal` "stale_exchange".

    Returns under how many incarnations the device has spoken so far.

    Something on the way may send a request twice and bring back the second answer. So the newest
    request of an incarnation, byte for byte the same and soon after, is answered once more: two
    offices of which both hold exactly this have nothing yet in which they differ.
    """
    # The device's row is held, and with it the numbers of all its incarnations.
    lives = session.execute(_LIVES, {"wanted": request.device}).all()
    standing = next((life for life in lives if life.incarnation == request.incarnation), None)
    its_hash = hashlib.sha256(sealed.payload).hexdigest()
    taken = {"number": request.exchange, "hash": its_hash, "at": stamp(now)}
    key = {"wanted": request.device, "life": request.incarnation}
    if standing is None:
        if request.exchange <= 0:
            raise refusal("stale_exchange", "0")
        session.execute(_FIRST_EXCHANGE, taken | key)
        return len(lives) + 1
    if _is_echo(standing, request.exchange, its_hash, now):
        return len(lives)
    if request.exchange <= standing.exchange:
        raise refusal("stale_exchange", str(standing.exchange))
    session.execute(_NEXT_EXCHANGE, taken | key)
    return len(lives)


def _is_echo(standing: Row[Any], exchange: int, its_hash: str, now: dt.datetime) -> bool:
    if (exchange, its_hash) != (standing.exchange, standing.request):
        return False
    since = now - dt.datetime.fromisoformat(standing.asked_at)
    return dt.timedelta(0) <= since <= MOST_ECHO


def revoke(session: Session, device: str, now: dt.datetime) -> Enrolment:
    """From now on every request of the device is refused. Raises `Problem` "device.unknown"."""
    enrolment = _held(session, device)
    enrolment.revoked_at = enrolment.revoked_at or stamp(now)
    return enrolment


def reinstate(session: Session, device: str) -> Enrolment:
    """A revocation was a mistake: the device is heard again, and what it kept is sent.

    Raises `Problem` "device.unknown".
    """
    enrolment = _held(session, device)
    enrolment.revoked_at = ""
    return enrolment


def _held(session: Session, device: str) -> Enrolment:
    isolation.enter(session, isolation.EVERYWHERE)
    enrolment = session.get(Enrolment, device.lower())
    if enrolment is None:
        raise Problem(
            _("Không có máy nào mang mã này."),
            _("Xem mã của máy bằng lệnh devices."),
            code="device.unknown",
        )
    isolation.enter(session, enrolment.branch)
    session.refresh(enrolment, with_for_update=True)
    return enrolment


def branches(session: Session) -> Sequence[Branch]:
    """Every branch, by code."""
    return session.scalars(select(Branch).order_by(Branch.code)).all()


def devices(session: Session) -> Sequence[Enrolment]:
    """Every PC that ever joined, by branch."""
    return session.scalars(select(Enrolment).order_by(Enrolment.branch, Enrolment.device)).all()


def labels(session: Session, branch: str, named: set[str]) -> dict[str, str]:
    """The names of those of the branch's PCs that are asked for."""
    query = select(Enrolment.device, Enrolment.label).where(Enrolment.branch == branch)
    return {device: label for device, label in session.execute(query) if device in named}
