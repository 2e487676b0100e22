"""How far an author had seen the ledger, also after the centre was restored from a backup."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from sync.bases import bases_here
from sync.canonical import first_digest, next_digest
from sync.changes import Change, Entry, Ledger, entry_values, mark_of
from sync.identity import Origin
from sync.migrations import SHARED, upgrade
from sync.server.database import open_engine, writing

MINE, THEIRS = Origin("a" * 12, "00000001"), Origin("b" * 12, "00000001")
ELSEWHERE = "0" * 64


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = open_engine(database_url)
    upgrade(engine, SHARED)
    with writing(engine) as session:
        yield session
    engine.dispose()


def a_change(origin: Origin, number: int, base: int, digest: str) -> Change:
    return Change(
        origin.id_at(number), "HN", "library", THEIRS.id_at(99), "edit", {"note": str(number)},
        base, "", "", mark_of(digest) if base else "",
    )  # fmt: skip


class Chain:
    """A ledger as it grows."""

    def __init__(self, session: Session, first: int = 0) -> None:
        self._session, self.seq = session, first
        self.digests = {first: first_digest("HN")}
        session.add(Ledger(scope="HN", seq=first, digest=first_digest("HN"), begins=first))

    def add(self, change: Change) -> tuple[int, Change]:
        """The next change, numbered."""
        digest = next_digest(self.digests[self.seq], change.text())
        self.seq += 1
        self.digests[self.seq] = digest
        row = entry_values(change, seq=self.seq, digest=digest)
        self._session.execute(insert(Entry), [row])
        return self.seq, change


def test_a_place_counts_where_the_digest_is_the_one_that_was_seen(session: Session) -> None:
    chain = Chain(session)
    chain.add(a_change(THEIRS, 1, 0, ""))
    chain.add(a_change(THEIRS, 2, 0, ""))
    seen = chain.add(a_change(MINE, 3, 2, chain.digests[2]))
    assert bases_here(session, [seen]) == {MINE.id_at(3): 2}


def test_a_place_that_now_holds_something_else_was_not_seen(session: Session) -> None:
    chain = Chain(session)
    chain.add(a_change(THEIRS, 1, 0, ""))
    chain.add(a_change(THEIRS, 2, 0, ""))
    other = chain.add(a_change(MINE, 3, 2, ELSEWHERE))
    assert bases_here(session, [other]) == {MINE.id_at(3): 0}


def test_the_author_had_seen_at_least_what_his_earlier_change_had(session: Session) -> None:
    chain = Chain(session)
    chain.add(a_change(THEIRS, 1, 0, ""))
    chain.add(a_change(MINE, 2, 1, chain.digests[1]))
    chain.add(a_change(THEIRS, 3, 2, chain.digests[2]))
    chain.add(a_change(THEIRS, 4, 3, chain.digests[3]))
    chain.add(a_change(MINE, 5, 3, ELSEWHERE))
    lost = chain.add(a_change(MINE, 6, 4, ELSEWHERE))
    assert bases_here(session, [lost]) == {MINE.id_at(6): 1}


def test_nobody_has_seen_his_own_place_or_one_above(session: Session) -> None:
    chain = Chain(session)
    chain.add(a_change(THEIRS, 1, 0, ""))
    ahead = chain.add(a_change(MINE, 2, 7, ELSEWHERE))
    assert bases_here(session, [ahead]) == {MINE.id_at(2): 0}


def test_below_where_this_ledger_begins_a_place_is_taken_at_its_word(session: Session) -> None:
    chain = Chain(session, first=10)
    chain.add(a_change(THEIRS, 1, 9, ELSEWHERE))
    early = chain.add(a_change(MINE, 2, 5, ELSEWHERE))
    assert bases_here(session, [early]) == {MINE.id_at(2): 5}


def test_a_change_of_before_the_mark_is_taken_at_its_word(session: Session) -> None:
    chain = Chain(session)
    chain.add(a_change(THEIRS, 1, 0, ""))
    chain.add(a_change(THEIRS, 2, 0, ""))
    old = chain.add(Change(MINE.id_at(3), "HN", "library", "r" * 32, "edit", {}, 2, "", ""))
    assert bases_here(session, [old]) == {MINE.id_at(3): 2}
