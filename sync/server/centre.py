"""The centre without its wire: what each message comes to."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from sync.changes import ASSOCIATION, Ledger
from sync.digests import DIGEST_PURPOSE, digest_request_from, digests_to_bytes
from sync.files import (
    FILE_PURPOSE,
    SECRET_BYTES,
    Sort,
    acknowledgement,
    batch_from,
    centre_sealing,
    offer_of,
    opened,
)
from sync.frames import BadMessage
from sync.identity import DEVICE_DIGITS, INCARNATION_DIGITS, device_of
from sync.keys import SigningKey
from sync.migrations import schema_known
from sync.problems import Problem
from sync.protocol import (
    SYNC_PURPOSE,
    EnrolAnswer,
    Page,
    Sealed,
    SyncAnswer,
    SyncRequest,
    enrol_request_from,
    sync_request_from,
)
from sync.provisions import PROVISIONS_PURPOSE, provisions_request_from
from sync.readmission import readmission_answer_to_bytes, readmission_request_from
from sync.receipts import Receipt
from sync.records.base import Record
from sync.records.types import Value
from sync.returns import RETURN_PURPOSE, return_answer_to_bytes, return_request_from
from sync.server import accounts, codes, isolation, issuing, ledger, provisions
from sync.server.database import add_if_absent, open_engine, reading, writing
from sync.server.issuing import Desk
from sync.server.limits import Limit
from sync.server.refusals import refusal
from sync.server.returned import take_back
from sync.server.settings import Settings
from sync.server.snapshots import Snapshots
from sync.server.speech import assert_served, speech
from sync.server.tables import ONLY, Identity
from sync.server.upgrading import assert_up_to_date, bring_up_to_date
from sync.texts import _

HASHES_AT_ONCE = 2

Clock = Callable[[], dt.datetime]
Draw = Callable[[int], bytes]


def utc_now() -> dt.datetime:
    """The clock on the wall."""
    return dt.datetime.now(dt.UTC)


def drawn(length: int) -> bytes:
    """So many bytes that nobody can guess."""
    return os.urandom(length)


@dataclass(frozen=True)
class Self:
    """Who this centre is, and the key by which it signs."""

    id: str
    epoch: str
    key: SigningKey


def open_database(settings: Settings) -> Engine:
    """The centre's database with all its tables, up to date and each of them protected.

    Raises `Problem` "database.newer", "database.older", "database.unprotected".
    """
    engine = open_engine(
        settings.database, busy_timeout_s=settings.busy_timeout_s, pool_size=settings.pool_size
    )
    try:
        bring_up_to_date(engine)
        isolation.ensure(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def who_we_are(engine: Engine, centre_key: bytes | None, draw: Draw = drawn) -> Self:
    """The centre's identity, made at the first start.

    Raises `Problem` "centre.key" when the key given is not the one that offices know.
    """
    secret = centre_key or draw(32)
    with writing(engine) as session:
        fresh = {
            "row": ONLY,
            "id": draw(8).hex(),
            "epoch": draw(8).hex(),
            "public_key": SigningKey(secret).public,
            "secret": None if centre_key else secret,
        }
        add_if_absent(session, Identity, fresh)
        identity = session.get_one(Identity, ONLY)
    key_bytes = centre_key or identity.secret
    if key_bytes is None or SigningKey(key_bytes).public != identity.public_key:
        raise Problem(
            _("Khóa ký không phải khóa mà các chi hội đã biết."),
            _("Đặt lại đúng khóa cũ vào biến VLA_CENTRE_KEY rồi khởi động lại."),
            code="centre.key",
        )
    return Self(identity.id, identity.epoch, SigningKey(key_bytes))


@dataclass(frozen=True)
class Acknowledged:
    """What goes back to the PC as a file, and the receipt inside it."""

    content: bytes
    receipt: Receipt


def new_epoch(engine: Engine, draw: Draw = drawn) -> str:
    """To be called when the database was restored from a copy, before the centre runs again.

    Offices learn by it that numbers they hold may be gone here, and bring back what they wrote.
    """
    with writing(engine) as session:
        identity = session.get_one(Identity, ONLY, with_for_update=True)
        identity.epoch = draw(8).hex()
        provisions.leap(session)
        return identity.epoch


class Centre:
    """Answers messages. Safe to call from several threads, and from several processes."""

    def __init__(self, settings: Settings, clock: Clock = utc_now, draw: Draw = drawn) -> None:
        self.settings = settings
        self.engine = open_database(settings)
        try:
            self.identity = who_we_are(self.engine, settings.centre_key, draw)
        except BaseException:
            self.close()
            raise
        self._clock, self._draw = clock, draw
        self._devices = Limit(settings.device_per_minute, settings.device_burst)
        self._snapshots = Snapshots(self.engine, lambda: self.identity, clock, self._known)
        # A hash takes 19 MiB; a crowd of guessers must not take the machine.
        self._hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def invite(self, branch: str, name: str = "", label: str = "") -> str:
        """A one-time code for a PC of this branch."""
        with writing(self.engine) as session:
            return accounts.invite(
                session, branch, name=name, label=label, now=self._clock(),
                lifetime_h=self.settings.code_lifetime_h,
            )  # fmt: skip

    def is_well(self) -> bool:
        """Whether the database answers. Raises SQLAlchemy's errors when it does not."""
        with reading(self.engine) as session:
            return bool(session.scalar(text("SELECT 1")))

    def now(self) -> str:
        """The centre's time."""
        return accounts.stamp(self._clock())

    def enrol(self, body: bytes) -> bytes:
        """A PC joins. Raises `Refusal`, `BadMessage`."""
        request = enrol_request_from(body)
        code = codes.code_from(request.code)
        if code is None:
            raise refusal("code")
        with writing(self.engine) as session:
            attempt = accounts.count_attempt(session, code)
        if attempt.is_locked:
            raise refusal("code", "tries")
        with self._hashing:
            is_right = codes.matches(code.secret, attempt.salt, attempt.secret_hash)
        if not is_right:
            raise refusal("code")
        with writing(self.engine) as session:
            branch = accounts.enrol(session, attempt, request, self._clock())
        us, offer = self.identity, offer_of(self.identity.key)
        answer = EnrolAnswer(us.id, us.key.public, us.epoch, branch.code, branch.name, offer)
        return answer.to_bytes()

    def sync(self, body: bytes) -> bytes:
        """One exchange. Raises `Refusal`, `BadMessage`."""
        request, sealed = sync_request_from(body)
        return self._answer(request, sealed, SYNC_PURPOSE).to_bytes(request.version)

    def take_file(self, content: bytes) -> Acknowledged:
        """The same exchange by a file. Raises `Problem`, `Refusal`, `BadMessage`.

        Its number is not judged: files come late, twice, in any order. A change is known by its
        identity and content, so taking it again does nothing.
        """
        us = self.identity
        body = opened(content, Sort.BATCH, us.id, "", centre_sealing(us.key))
        asked = batch_from(body)
        request, _its_own = sync_request_from(asked.request)
        answer = self._answer(request, asked.sealed, FILE_PURPOSE)
        said = acknowledgement(
            answer, us.key, request.device, asked.reply_key, self._draw(SECRET_BYTES),
            request.version,
        )  # fmt: skip
        return Acknowledged(said, answer.receipt)

    def _answer(self, request: SyncRequest, sealed: Sealed, purpose: str) -> SyncAnswer:
        _assert_named(request)
        with writing(self.engine) as session:
            caller = self._known(session, request.device, sealed, purpose)
            self._assert_ours(request.centre)
            _assert_visible(caller, request.cursors)
            lives = 0
            if purpose == SYNC_PURPOSE:
                self._assert_same_epoch(request)
                lives = accounts.count_exchange(session, request, sealed, self._clock())
            if request.label:
                accounts.rename(session, caller, request.label)
            return self._exchange(session, caller, request, is_alone=lives == 1)

    def _exchange(
        self, session: Session, caller: accounts.Caller, request: SyncRequest, *, is_alone: bool
    ) -> SyncAnswer:
        branch = caller.branch
        taken = ledger.Taken(0, [])
        if request.changes:
            assert_up_to_date(session)
            taken = ledger.take(
                session, branch, request.device, request.changes,
                is_newer=request.schema > schema_known(), is_alone=is_alone,
            )  # fmt: skip
        cursors = {branch: 0, ASSOCIATION: 0, **request.cursors}
        pages, positions = ledger.pages(
            session, cursors, request.device, request.incarnation, request.page_bytes,
            speech(request.version, self.settings.least_served), taken.numbered,
        )  # fmt: skip
        assert_served(request, pages, positions)
        waiting = sum(1 for verdict in taken.setbacks if verdict.waiting_for)
        receipt = Receipt(
            centre=self.identity.id,
            epoch=self.identity.epoch,
            device=request.device,
            incarnation=request.incarnation,
            number=request.exchange,
            at=self.now(),
            accepted=taken.accepted,
            waiting=waiting,
            rejected=len(taken.setbacks) - waiting,
            positions=positions,
        )
        writers = _writers(pages)
        named = {caller.device: request.label or caller.label} if caller.device in writers else {}
        us = device_of(self.identity.key.public)
        others = writers - {caller.device, us}
        named |= accounts.labels(session, branch, others) if others else {}
        named |= {us: _("Trung ương")} if us in writers else {}
        key = self.identity.key
        # Who has something to send may want to send it by file; an idle exchange stays small.
        offer = offer_of(key) if request.changes else b""
        return SyncAnswer(taken.setbacks, pages, receipt, receipt.signed(key), named, offer)

    def desk(self, author: str = "") -> AbstractContextManager[Desk]:
        """One transaction in which records of the association are written and numbered."""
        return issuing.desk(self.engine, self._clock(), author)

    def write(
        self, kind: type[Record], values: Mapping[str, Value], record_id: str | None = None
    ) -> str:
        """One record of the association, new or with new values; its id. See `Desk.write`."""
        with self.desk() as desk:
            return desk.write(kind, values, record_id).record

    def digest(self, body: bytes) -> bytes:
        """The digests at the places asked for. Raises `Refusal`, `BadMessage`."""
        request, sealed = digest_request_from(body)
        with writing(self.engine) as session:
            caller = self._known(session, request.device, sealed, DIGEST_PURPOSE)
            self._assert_ours(request.centre)
            _assert_visible(caller, request.places)
            found = ledger.digests_at(session, request.places)
        return digests_to_bytes(found, request, sealed, self.identity.key)

    def take_back(self, body: bytes) -> bytes:
        """An office brings what a restored centre lost. Raises `Refusal`, `BadMessage`."""
        request, sealed = return_request_from(body)
        us = self.identity
        with writing(self.engine) as session:
            caller = self._known(session, request.device, sealed, RETURN_PURPOSE)
            self._assert_ours(request.centre)
            _assert_visible(caller, [request.scope])
            assert_up_to_date(session)
            return return_answer_to_bytes(take_back(session, request, us.id, us.key.public))

    def readmit(self, body: bytes) -> bytes:
        """A PC that joined after the backup. Raises `Refusal`, `BadMessage`."""
        request = readmission_request_from(body)
        self._assert_ours(request.centre)
        with writing(self.engine) as session:
            us = self.identity
            branch = accounts.readmit(session, request, us.epoch, us.key.public, self._clock())
        return readmission_answer_to_bytes(branch)

    def _known(
        self, session: Session, device: str, sealed: Sealed, purpose: str
    ) -> accounts.Caller:
        """Who signed, unless it was too often: nobody is slowed by others who use his name."""
        found = accounts.authenticate(session, device, sealed, purpose, self._clock())
        self._devices.count(device, self._clock().timestamp())
        return found

    def _assert_same_epoch(self, request: SyncRequest) -> None:
        """Before anything new is numbered, an office gives back what was numbered already."""
        if request.changes and request.epoch not in ("", self.identity.epoch):
            raise refusal("epoch")

    def snapshot(self, body: bytes) -> bytes:
        """A scope's records at one place, or pages of them. Raises `Refusal`, `BadMessage`."""
        return self._snapshots.snapshot(body)

    def history(self, body: bytes) -> bytes:
        """What happened before that place. Raises `Refusal`, `BadMessage`."""
        return self._snapshots.history(body)

    def provide(self, body: bytes) -> bytes:
        """What an office needs to work alone. Raises `Refusal`, `BadMessage`."""
        request, sealed = provisions_request_from(body)
        with writing(self.engine) as session:
            enrolment = self._known(session, request.device, sealed, PROVISIONS_PURPOSE)
            self._assert_ours(request.centre)
            branch, now = enrolment.branch, self._clock()
            given = provisions.provide(session, branch, request, self.settings, now)
        return given.to_bytes(sealed, self.identity.key)

    def _assert_ours(self, centre: str) -> None:
        if centre != self.identity.id:
            raise refusal("centre")


def digests(session: Session) -> list[tuple[str, int, str]]:
    """Scope, seq and digest of every ledger."""
    query = select(Ledger.scope, Ledger.seq, Ledger.digest).order_by(Ledger.scope)
    return [(row.scope, row.seq, row.digest) for row in session.execute(query)]


def _assert_named(request: SyncRequest) -> None:
    names = ((request.device, DEVICE_DIGITS), (request.incarnation, INCARNATION_DIGITS))
    if any(len(n) != digits or set(n) - set("0123456789abcdef") for n, digits in names):
        raise BadMessage("device or incarnation")


def _assert_visible(caller: accounts.Caller, scopes: Iterable[str]) -> None:
    if set(scopes) - {caller.branch, ASSOCIATION}:
        raise refusal("scope")


def _writers(pages: Iterable[Page]) -> set[str]:
    """The devices whose changes are in the pages."""
    return {
        (item if isinstance(item, str) else item.id)[:DEVICE_DIGITS]
        for page in pages
        for item in page.items
    }
