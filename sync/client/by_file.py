"""The exchange without a network: a file goes to the centre, another one comes back.

What goes out is everything that is pending, from the oldest change on, as in any exchange; nothing
is marked as sent. A later file, or the network, may carry the same again: changes keep their
identities. What comes back is taken in like any answer, less what has become known meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.changes import ASSOCIATION, Change, Entry, Ledger, unwritten_ledger
from sync.client.epochs import NewEpoch
from sync.client.exchange import MOST_LABEL, Outcome, Sessions, pending_entries
from sync.client.holding import Incoming, Limits, held_back
from sync.client.intake import Intake
from sync.client.obstacles import obstacle
from sync.client.proof import last_receipt
from sync.client.renewal import Copied, is_renewal_due
from sync.client.tables import Office
from sync.files import SECRET_BYTES, acknowledged, batch, file_problem
from sync.frames import MOST_CHANGES
from sync.migrations import schema_known
from sync.problems import Problem
from sync.protocol import Page, SyncAnswer, SyncRequest
from sync.receipts import Receipt
from sync.texts import N_, _

# Of canonical text; packed it stays far below what a file may hold.
MOST_TEXT_BYTES = 8 * 1024 * 1024

_NETWORK = N_("Anh/chị nối mạng và bấm Đồng bộ một lần; công việc trên máy này vẫn còn nguyên.")
_SENTENCES = MappingProxyType(
    {
        "no_key": (N_("Máy này chưa có khóa của Trung ương để niêm phong tệp."), _NETWORK),
        "renewal": (
            N_("Văn phòng này vừa được sao chép hoặc khôi phục nên chưa gửi bằng tệp được."),
            _NETWORK,
        ),
        "incarnation": (
            N_("Biên nhận này có từ trước khi văn phòng được sao chép hoặc khôi phục."),
            _NETWORK,
        ),
        "future": (N_("Biên nhận này trả lời một tệp mà văn phòng này chưa hề xuất."), _NETWORK),
        "branch": (
            N_("Biên nhận này thuộc một chi hội khác."),
            N_("Anh/chị mở nó ở đúng máy đã xuất tệp gửi."),
        ),
    }
)

# An answer from a file is held against its receipt; what was asked is not at hand any more.
_NOT_AT_HAND = Change("", "", "", "", "", {}, 0, "", "")


@dataclass(frozen=True)
class Written:
    """A batch as a file. `left` counts pending changes that it had no room for, `held` those of
    which somebody must say first that so much is to be deleted.
    """

    content: bytes
    number: int
    changes: int
    left: int
    held: int = 0


@dataclass(frozen=True)
class Taken:
    """What an acknowledgement came to. Without news it was known already, and changed nothing."""

    outcome: Outcome
    is_news: bool


class FileExchange:
    """Writes batches and takes in acknowledgements for one office.

    `applied` is told inside the writing transaction which records changed, as (kind, id). `draw`
    gives so many bytes that nobody can guess.
    """

    def __init__(
        self,
        reading: Sessions,
        writing: Sessions,
        applied: Callable[[Session, set[tuple[str, str]]], None],
        draw: Callable[[int], bytes],
        label: Callable[[], str],
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits
        self._reading, self._writing = reading, writing
        self._applied, self._draw, self._label = applied, draw, label

    def write(self) -> Written:
        """All that is pending, as far as it fits. Raises `Problem`."""
        with self._writing() as session:
            office = session.get_one(Office, 1)
            _assert_able(session, office)
            back = held_back(session, self._limits)
            changes, total = _pending(session, back)
            # The numbers of files and of requests are one row, so that no two receipts share one.
            office.exchange += 1
            request = SyncRequest(
                office.device, office.incarnation, office.exchange, office.centre,
                {scope: _seq(session, scope) for scope in (office.branch, ASSOCIATION)},
                changes, self._label()[:MOST_LABEL], schema=schema_known(),
            )  # fmt: skip
            drawn = self._draw(SECRET_BYTES)
            content = batch(request, office.key, office.sealing_key, drawn)
        left = total - len(changes)
        return Written(content, request.exchange, len(changes), left, len(back))

    def take_in(self, content: bytes) -> Taken:
        """Keep an acknowledgement: all of it, or nothing. Raises `Problem`."""
        with self._writing() as session:
            office = session.get_one(Office, 1)
            if not office.branch:
                raise obstacle("not_enrolled")
            answer = acknowledged(
                content, office.centre, office.centre_key, office.device, office.key
            )
            _assert_expected(office, answer)
            receipt = answer.receipt
            cursors, pages = _trimmed(session, answer)
            if _is_known(session, receipt):
                return Taken(_outcome(receipt), is_news=False)
            request = SyncRequest(
                receipt.device, receipt.incarnation, receipt.number, office.centre, cursors,
                [_NOT_AT_HAND] * receipt.sent,
            )  # fmt: skip
            intake = Intake(session, office, request, replace(answer, pages=pages))
            try:
                received = intake.keep()
                Incoming(self._limits).note(session, request, answer)
            except Copied as fault:
                raise _problem("incarnation") from fault
            except NewEpoch as fault:
                # Going back takes questions and answers, which a file cannot carry.
                raise obstacle("epoch") from fault
            self._applied(session, intake.altered)
        outcome = _outcome(receipt)
        outcome.received, outcome.touched = received, intake.touched
        return Taken(outcome, is_news=True)


def _assert_able(session: Session, office: Office) -> None:
    if not office.branch:
        raise obstacle("not_enrolled")
    if not office.sealing_key:
        raise _problem("no_key")
    if is_renewal_due(session, office):
        raise _problem("renewal")


def _pending(session: Session, back: set[str]) -> tuple[list[Change], int]:
    """The oldest pending changes but those held `back`, as many as fit, and how many there are."""
    query = select(Entry).where(*pending_entries())
    changes: list[Change] = []
    room = MOST_TEXT_BYTES
    most = MOST_CHANGES + len(back)
    for entry in session.scalars(query.order_by(func.substr(Entry.id, 21)).limit(most)):
        if entry.id in back or len(changes) == MOST_CHANGES:
            continue
        change = entry.change()
        room -= len(change.text().encode())
        if changes and room < 0:
            break
        changes.append(change)
    counting = select(func.count()).select_from(Entry)
    total = session.scalar(counting.where(*pending_entries()))
    return changes, (total or 0) - len(back)


def _assert_expected(office: Office, answer: SyncAnswer) -> None:
    """What tells an acknowledgement that is not for this life of this office."""
    receipt = answer.receipt
    if not receipt.is_genuine(office.centre_key, answer.signature):
        raise file_problem("signature")
    if receipt.device != office.device:
        raise file_problem("recipient")
    if receipt.incarnation != office.incarnation:
        raise _problem("incarnation")
    if receipt.number > office.exchange:
        raise _problem("future")
    if set(receipt.positions) != {office.branch, ASSOCIATION}:
        raise _problem("branch")
    if receipt.sent > MOST_CHANGES:
        raise file_problem("version")


def _trimmed(session: Session, answer: SyncAnswer) -> tuple[dict[str, int], list[Page]]:
    """Where this office stands, and what of each page lies after that.

    The digest at the page's end proves that what was left out is what is here already.
    """
    items = {page.scope: page.items for page in answer.pages}
    cursors, pages = {}, []
    for scope, place in answer.receipt.positions.items():
        here = _seq(session, scope)
        its = items.get(scope, ())
        began = place.seq - len(its)
        if here < began:
            raise _problem("future")
        cursors[scope] = here
        pages.append(Page(scope, list(its[here - began :])))
    return cursors, pages


def _is_known(session: Session, receipt: Receipt) -> bool:
    """Whether this office has read further, or as far by a later receipt or this very one."""
    heres = {scope: _seq(session, scope) for scope in receipt.positions}
    if any(heres[scope] > place.seq for scope, place in receipt.positions.items()):
        return True
    if any(heres[scope] < place.seq for scope, place in receipt.positions.items()):
        return False
    kept = last_receipt(session)
    if kept is None or kept.receipt.incarnation != receipt.incarnation:
        return False
    return kept.receipt.number >= receipt.number


def _seq(session: Session, scope: str) -> int:
    return (session.get(Ledger, scope) or unwritten_ledger(scope)).seq


def _outcome(receipt: Receipt) -> Outcome:
    return Outcome(
        sent=receipt.sent, accepted=receipt.accepted, waiting=receipt.waiting,
        rejected=receipt.rejected, receipt=receipt,
    )  # fmt: skip


def _problem(code: str) -> Problem:
    what, advice = _SENTENCES[code]
    return Problem(_(what), _(advice), code=f"file.{code}")


__all__ = ["FileExchange", "Taken", "Written"]
