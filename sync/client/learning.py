"""What the pages of snapshots hold, for a version that can read more of them than those before."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.changes import Change, Ledger
from sync.client.beginnings import page_of, standing_manifest
from sync.client.obstacles import obstacle
from sync.frames import BadMessage
from sync.knowledge import Lesson
from sync.snapshots import PageFacts, Rows, rows_from


def told_by_snapshots(session: Session, lesson: Lesson) -> Iterator[list[Change]]:
    """What the records of a kind were where their ledgers begin here, page by page, as changes.

    Raises `Problem` when a page is missing or damaged.
    """
    for scope, facts in _pages(session):
        if facts.kind == lesson.kind:
            rows = _read(session, facts)
            names = rows.columns.keys() if lesson.is_new else rows.columns.keys() & lesson.fields
            if names:
                yield [
                    Change(identity, scope, lesson.kind, identity, "", values, 0, "", "")
                    for place, identity in enumerate(rows.ids)
                    if (values := {n: v for n, v in rows.row(place).items() if n in names})
                ]


def records_of_others(session: Session, known: set[str]) -> set[str]:
    """The ids of the records in snapshots whose kinds are not among the known ones.

    Raises `Problem` when a page is missing or damaged.
    """
    found: set[str] = set()
    for _scope, facts in _pages(session):
        if facts.kind and facts.kind not in known:
            found |= set(_read(session, facts).ids)
    return found


def _pages(session: Session) -> Iterator[tuple[str, PageFacts]]:
    for scope in session.scalars(select(Ledger.scope).where(Ledger.begins > 0)).all():
        manifest = standing_manifest(session, scope)
        if manifest is None:
            raise obstacle("digest")
        yield from ((scope, facts) for facts in manifest.pages)


def _read(session: Session, facts: PageFacts) -> Rows:
    try:
        return rows_from(page_of(session, facts))
    except BadMessage as fault:
        raise obstacle("digest") from fault
