"""The centre's ledger: takes changes, numbers them without gaps, hands them out.

The row of the scope is locked first, so changes of one scope are numbered one after another and
no reader can see a number before those below it. Scopes do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from sync.applying import apply, find_overlaps
from sync.canonical import canonical, digests_after, first_digest
from sync.changes import (
    Action,
    Change,
    Entry,
    Ledger,
    entry_values,
    mark_of,
)
from sync.frames import MOST_CHANGES
from sync.identity import origin_of
from sync.protocol import LEAST_PAGE_BYTES, Page, Verdict
from sync.receipts import Position
from sync.records import BY_NAME
from sync.server import moving
from sync.server.database import add_if_absent
from sync.server.judging import Judge
from sync.server.refusals import refusal
from sync.server.twins import has_twin
from sync.stored import after, change_of, known_ids, stored, text_of, write_entries

PAGE_BYTES = 2 * 1024 * 1024
_CREATE = Action.CREATE.value
_ledger: Any = Ledger.__table__
_ADVANCE: Final = (
    update(_ledger)
    .where(_ledger.c.scope == bindparam("of"))
    .values(seq=bindparam("to"), digest=bindparam("link"))
)
_HEADS: Final = select(_ledger.c.scope, _ledger.c.seq, _ledger.c.digest).where(
    _ledger.c.scope.in_(bindparam("of", expanding=True))
)


@dataclass(frozen=True)
class Numbered:
    """What this transaction wrote at the end of a ledger: all that follows `after`."""

    ledger: Ledger
    after: int
    changes: Sequence[Change]

    def __bool__(self) -> bool:
        return self.ledger.seq == self.after + len(self.changes)


@dataclass(frozen=True)
class Taken:
    """What became of the changes of a request."""

    accepted: int
    setbacks: list[Verdict]
    numbered: Numbered | None = None


def lock(session: Session, scope: str) -> Ledger:
    """The scope's row, held until the transaction ends; made when it is the first time."""
    ledger = session.get(Ledger, scope, with_for_update=True)
    if ledger is None:
        ensure_ledger(session, scope)
        ledger = session.get_one(Ledger, scope, with_for_update=True)
    return ledger


def ensure_ledger(session: Session, scope: str) -> None:
    """Make the scope's row when there is none; another process may be making it just now."""
    fresh = {"scope": scope, "seq": 0, "digest": first_digest(scope)}
    add_if_absent(session, Ledger, fresh)


def take(
    session: Session, scope: str, device: str, changes: Sequence[Change], *,
    is_newer: bool = False, is_alone: bool = False,
) -> Taken:  # fmt: skip
    """Number what may be numbered. Known changes are accepted again as they were.

    An office that `is_newer` may keep rules that this centre does not know yet: what breaks ours
    waits until the centre is upgraded. A device that `is_alone` has had one incarnation only.

    Raises `Refusal` "stale_exchange" when an id stands for something else already: two copies of
    one office are in use, and which of them means what by an id cannot be told.
    """
    ledger = lock(session, scope)
    start = ledger.seq
    texts = known(session, scope, changes)
    new: list[Change] = []
    for change in changes:
        if change.id not in texts:
            texts[change.id] = ""
            new.append(change)
        elif (texts[change.id] or _first(new, change.id).text()) != change.text():
            raise refusal("stale_exchange", "identity reused")
    if not is_alone and has_twin(session, device, new):
        raise refusal("stale_exchange", "sent by a copy")
    judge = Judge(session, scope, device, new, is_newer)
    fresh, setbacks = judge.decide(new)
    number(session, ledger, fresh, judge.late)
    for told in moving.consequences(session, fresh, judge.late):
        with moving.within(session, told.scope):
            number(session, lock(session, told.scope), [told])
    return Taken(len(changes) - len(setbacks), setbacks, Numbered(ledger, start, fresh))


def known(session: Session, scope: str, changes: Sequence[Change]) -> dict[str, str]:
    """The canonical texts of those that the scope's ledger has, by id."""
    ids = known_ids(session, [change.id for change in changes])
    return {
        identity: text_of(row)
        for identity, row in stored(session, ids, Entry.scope == scope).items()
    }


def _first(changes: Sequence[Change], identity: str) -> Change:
    """A request that says something twice says the same twice, or it is one of two copies."""
    return next(change for change in changes if change.id == identity)


def number(
    session: Session, ledger: Ledger, changes: Sequence[Change], late: Container[str] = ()
) -> None:
    """Gives changes the next numbers of a scope that is locked, and applies them.

    Those that are `late`, by id, are about records that have gone to another branch.
    """
    if not changes:
        return
    plain = {change.id: canonical(change.values) for change in changes}
    texts = [change.text_around(plain[change.id]) for change in changes]
    start, mark = ledger.seq, mark_of(ledger.digest)
    digests = list(digests_after(ledger.digest, texts))
    rows = [
        entry_values(change, seq=seq, digest=digest)
        for seq, (change, digest) in enumerate(zip(changes, digests, strict=True), start + 1)
    ]
    _advance(session, ledger, start + len(changes), digests[-1])
    at_home = [change for change in changes if change.id not in late]
    applied = apply(session, at_home, give_away=moving.give_away(session))
    nothing: dict[str, Any] = {}
    for row in rows:
        row["before"] = applied.before.get(row["id"], nothing)
    write_entries(session, rows, plain)
    doubtful = _maybe_unseeing(changes, start, mark)
    for identity, overlaps in find_overlaps(session, doubtful).items() if doubtful else ():
        session.execute(update(Entry).where(Entry.id == identity).values(overlaps=overlaps))
    session.flush()


def _advance(session: Session, ledger: Ledger, seq: int, digest: str) -> None:
    """The ledger reaches up to here now."""
    session.flush()
    session.execute(_ADVANCE, {"of": ledger.scope, "to": seq, "link": digest})
    set_committed_value(ledger, "seq", seq)
    set_committed_value(ledger, "digest", digest)


def _maybe_unseeing(changes: Sequence[Change], start: int, mark: str) -> list[tuple[int, Change]]:
    """Those, with their numbers, whose authors may have overlooked something."""
    # Before its creation there was nothing of a record that anybody could have overlooked.
    later = [
        (seq, c)
        for seq, c in enumerate(changes, start + 1)
        if c.action != _CREATE or c.kind not in BY_NAME
    ]
    if len({origin_of(change.id) for change in changes}) > 1:
        return later
    # Who had seen all that was there when his work came overlooked nothing of others.
    return [(seq, c) for seq, c in later if c.base != start or c.base_digest not in ("", mark)]


def pages(
    session: Session, cursors: Mapping[str, int], device: str, incarnation: str, wanted: int = 0,
    may_go: Callable[[Change | str], bool] = lambda _item: True, numbered: Numbered | None = None,
) -> tuple[list[Page], dict[str, Position]]:  # fmt: skip
    """What lies after the cursors, and where each scope stands at the end of its page.

    `wanted` bytes of text are obeyed within bounds, 0 asks for none in particular; one change
    goes in any case. A change that this very incarnation wrote goes by its id alone: it is still
    there. A cursor beyond the head comes from before the centre was restored; it stays where it
    is, undigested. A page ends before the first item that may not go. `numbered` is at hand.
    """
    found: list[Page] = []
    places: dict[str, Position] = {}
    room = min(PAGE_BYTES, max(LEAST_PAGE_BYTES, wanted)) if wanted else PAGE_BYTES
    count = MOST_CHANGES
    heads = _heads(session, cursors, numbered)
    for scope, cursor in sorted(cursors.items()):
        new = numbered if numbered and numbered.ledger.scope == scope else None
        head, last = heads.get(scope, (0, ""))
        items: list[Change | str] = []
        seq, digest = cursor, ""
        news = _after(session, scope, (cursor, head), count, new)
        for place, link, one in news if cursor < head and room > 0 else ():
            is_own = one.id.startswith(device + incarnation)
            item = one.id if is_own else one if isinstance(one, Change) else change_of(one)
            if not may_go(item):
                break
            items.append(item)
            room -= 16 if is_own else len(_text(one).encode())
            seq, digest, count = place, link, count - 1
            if room <= 0 or not count:
                break
        if items:
            found.append(Page(scope, items))
        if not digest and (seq <= head or not seq):
            digest = last if last and seq == head else digest_at(session, scope, seq)
        places[scope] = Position(seq, digest, head)
    return found, places


def _heads(
    session: Session, scopes: Iterable[str], numbered: Numbered | None
) -> dict[str, tuple[int, str]]:
    """How far each ledger reaches, and its digest there. What we hold ourselves is known."""
    held = numbered.ledger if numbered else None
    heads = {held.scope: (held.seq, held.digest)} if held else {}
    asked = sorted(set(scopes) - heads.keys())
    for row in session.execute(_HEADS, {"of": asked}) if asked else ():
        heads[row.scope] = (row.seq, row.digest)
    return heads


def _after(
    session: Session, scope: str, places: tuple[int, int], most: int, new: Numbered | None
) -> Iterator[tuple[int, str, Any]]:
    """Seq, digest where it is at hand, and the change or its row, after one place up to another."""
    cursor, head = places
    until = new.after if new else head
    if cursor < until:
        for row in after(session, scope, (cursor, until), most):
            yield row.seq, row.digest, row
    for seq, change in enumerate(new.changes, until + 1) if new else ():
        if seq > cursor:
            yield seq, "", change


def _text(one: Any) -> str:
    return one.text() if isinstance(one, Change) else text_of(one)


def digest_at(session: Session, scope: str, seq: int) -> str:
    """The digest of a scope at a place; "" when the ledger does not reach it."""
    if seq == 0:
        return first_digest(scope)
    query = select(Entry.digest).where(Entry.scope == scope, Entry.seq == seq)
    return session.scalar(query) or ""


def digests_at(session: Session, places: Mapping[str, int]) -> dict[str, str]:
    """The digest of each scope at its place."""
    return {scope: digest_at(session, scope, seq) for scope, seq in places.items()}
