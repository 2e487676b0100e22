"""After an upgrade: what earlier versions had to leave in their changes becomes records.

A version that does not know a kind or a field, or cannot read a value, keeps the change as it is.
Each database notes what its records were made with; when the program knows more, the changes that
hold it are applied anew, in the caller's transaction: all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Text, bindparam, case, exists, func, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from sync.applying import apply
from sync.bulk import CHUNK
from sync.changes import DELETED, Action, Change, Entry, Ledger, Setback
from sync.identity import DEVICE_DIGITS
from sync.knowledge import ONLY, Knowledge, Lesson, is_beyond, known_now, lessons, newer_database
from sync.problems import Problem

Earlier = Callable[[Session, Lesson], Iterable[Sequence[Change]]]


def nothing_earlier(_session: Session, _lesson: Lesson) -> Iterable[Sequence[Change]]:
    """Of a ledger that is here from its first change on."""
    return ()


def catch_up(session: Session, earlier: Earlier = nothing_earlier) -> list[tuple[Lesson, set[str]]]:
    """Apply what this version knows and those before did not; gives the records touched by each.

    `earlier` tells what records were where their ledger begins here; when it raises `Problem`, what
    could be read is applied, and the kind is asked for again the next time.

    What stands in the end is what would stand had this version been here from the first change
    on: the ledger in order, with what has no number on top. Raises `Problem` "database.newer"
    when a later version was here.
    """
    knowledge, now = session.get(Knowledge, ONLY), known_now()
    if knowledge is not None and is_beyond(knowledge.kinds, now):
        raise newer_database()
    if knowledge is None:
        knowledge = Knowledge(id=ONLY, kinds={})
        session.add(knowledge)
    learnt, before, after = [], knowledge.kinds, dict(now)
    for lesson in lessons(before, now):
        touched, is_whole = _told_earlier(session, lesson, earlier)
        learnt.append((lesson, touched | _learnt(session, lesson)))
        if not is_whole:
            del after[lesson.kind]
            after |= {lesson.kind: before[lesson.kind]} if lesson.kind in before else {}
    knowledge.kinds = after
    session.flush()
    return learnt


def _told_earlier(session: Session, lesson: Lesson, earlier: Earlier) -> tuple[set[str], bool]:
    touched: set[str] = set()
    try:
        for changes in earlier(session, lesson):
            apply(session, changes)
            touched |= {change.record for change in changes}
    except Problem:
        return touched, False
    return touched, True


def _learnt(session: Session, lesson: Lesson) -> set[str]:
    owners = _owners(session, lesson.kind) if lesson.is_new else {}
    names = lesson.fields | {DELETED} if lesson.is_new else lesson.fields
    touched: set[str] = set()
    in_order = list(session.scalars(_entries(lesson)))
    for start in range(0, len(in_order), CHUNK):
        rows = _rows(session, in_order[start : start + CHUNK])
        changes = [
            _narrowed(row, names) for row in rows if owners.get(row.record, row.scope) == row.scope
        ]
        applied = apply(session, changes)
        _remember(session, rows, applied.before)
        touched |= {record for _kind, record in applied.touched}
    return touched


def _entries(lesson: Lesson) -> Any:
    """The ids of the changes that may hold what was learnt, in the order in which they count.

    What was withdrawn counts least: whatever was meant to stand of it travelled anew. What was set
    aside, since the centre was restored, comes back by itself. What lies before the beginning of
    the ledger is told otherwise.
    """
    rank = case((Entry.setback == Setback.WITHDRAWN.value, 0), (Entry.seq.is_not(None), 1), else_=2)
    is_withdrawn = Entry.setback == Setback.WITHDRAWN.value
    rank = case((is_withdrawn, 0), (Entry.seq.is_not(None), 1), else_=2)
    is_aside = is_withdrawn & (Entry.digest != "")
    is_earlier = exists().where(Ledger.scope == Entry.scope, Entry.seq <= Ledger.begins)
    query = select(Entry.id).where(Entry.kind == lesson.kind, ~is_aside, ~is_earlier)
    if not lesson.is_new:
        text = type_coerce(Entry.values, Text)
        query = query.where(or_(*(text.like(f'%"{name}":%') for name in sorted(lesson.fields))))
    return query.order_by(rank, Entry.seq, func.substr(Entry.id, 21))


def _rows(session: Session, ids: Sequence[str]) -> list[Any]:
    query = select(
        Entry.id, Entry.scope, Entry.kind, Entry.record, Entry.values, Entry.before
    ).where(Entry.id.in_(ids))
    found = {row.id: row for row in session.execute(query)}
    return [found[identity] for identity in ids]


def _narrowed(row: Any, names: frozenset[str]) -> Change:
    """The change as far as it is news."""
    values = {name: value for name, value in row.values.items() if name in names}
    return Change(row.id, row.scope, row.kind, row.record, "", values, 0, "", "")


def _remember(session: Session, rows: Sequence[Any], before: Mapping[str, Any]) -> None:
    """What the fields held until then, for the history of the record."""
    news = [
        {"the_id": row.id, "new_before": {**row.before, **before[row.id]}}
        for row in rows
        if before.get(row.id)
    ]
    if news:
        table = Entry.__table__
        statement = (
            update(table)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("the_id"))
            .values(before=bindparam("new_before"))
        )
        session.connection().execute(statement, news)


def _owners(session: Session, kind: str) -> dict[str, str]:
    """Whose the records are that changes of several scopes speak of, by record.

    Who does not know a kind cannot tell whose its records are, and keeps every change. A record
    belongs where its own device created it.
    """
    several = (
        select(Entry.record)
        .where(Entry.kind == kind)
        .group_by(Entry.record)
        .having(func.count(Entry.scope.distinct()) > 1)
    )
    query = select(Entry.id, Entry.record, Entry.scope, Entry.action)
    query = query.where(Entry.kind == kind, Entry.record.in_(several))
    claims: dict[str, list[tuple[bool, bool, str]]] = {}
    for row in session.execute(query):
        is_creation = row.action == Action.CREATE
        is_genuine = is_creation and row.id[:DEVICE_DIGITS] == row.record[:DEVICE_DIGITS]
        claims.setdefault(row.record, []).append((not is_genuine, not is_creation, row.scope))
    return {record: min(found)[2] for record, found in claims.items()}
