"""Numbers without gaps, whoever writes at once, and one chain that anybody can reckon again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Barrier, Event, Thread
from time import sleep

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from sync.canonical import canonical, first_digest, next_digest
from sync.changes import Change, Entry, Ledger
from sync.identity import Origin
from sync.server import ledger
from sync.server.centre import open_database
from sync.server.database import reading, writing
from sync.server.ledger import ensure_ledger
from sync.server.settings import Settings
from tests.sync.pc import LIBRARY

WRITERS, ROUNDS, BATCH = 16, 5, 4


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(Settings(database=database_url, pool_size=WRITERS + 2))
    yield engine
    engine.dispose()


@pytest.fixture
def on_postgres(postgres: str) -> Iterator[Engine]:
    engine = open_database(Settings(database=postgres, pool_size=WRITERS + 2))
    yield engine
    engine.dispose()


def libraries(writer: int, since: int, scope: str = "hn") -> list[Change]:
    """New libraries of one device."""
    origin = Origin(f"{writer:012x}", "00000001")
    ids = [origin.id_at(since + place) for place in range(1, 2 * BATCH + 1)]
    return [
        Change(
            change, scope, "library", record, "create", LIBRARY, 0, "Văn thư",
            "2026-05-04T08:00:00+00:00",
        )
        for change, record in zip(ids[::2], ids[1::2], strict=True)
    ]  # fmt: skip


def write(engine: Engine, writer: int, since: int, scope: str = "hn") -> int:
    with writing(engine, scope) as session:
        ensure_ledger(session, scope)
        changes = libraries(writer, since, scope)
        return ledger.take(session, scope, f"{writer:012x}", changes).accepted


def together(jobs: list[Callable[[], object]]) -> list[BaseException]:
    """Run all at once; what they raised."""
    start, failures = Barrier(len(jobs)), list[BaseException]()

    def run(job: Callable[[], object]) -> None:
        start.wait()
        try:
            job()
        except BaseException as failure:  # noqa: BLE001  a thread's failure must be seen
            failures.append(failure)

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def faults(engine: Engine, scope: str = "hn") -> list[str]:
    """What is wrong with a ledger."""
    found, digest = [], first_digest(scope)
    with reading(engine, scope) as session:
        query = select(Entry).where(Entry.scope == scope).order_by(Entry.seq)
        entries = session.scalars(query).all()
        for place, entry in enumerate(entries, start=1):
            digest = next_digest(digest, entry.change().text())
            if entry.seq != place:
                found.append(f"{place}: numbered {entry.seq}")
            elif entry.digest != digest:
                found.append(f"{place}: the chain is broken")
        end = session.get_one(Ledger, scope)
        if (end.seq, end.digest) != (len(entries), digest):
            found.append("the row of the scope is elsewhere")
    return found


def crowd(engine: Engine) -> list[str]:
    """Sixteen devices write in one scope at once, while somebody reads; what went wrong."""
    done, seen = Event(), list[str]()

    def write_on(writer: int) -> None:
        for step in range(ROUNDS):
            assert write(engine, writer, step * BATCH * 2) == BATCH

    def read_on() -> None:
        while not done.is_set():
            with reading(engine, "hn") as session:
                query = select(Entry.seq).where(Entry.scope == "hn").order_by(Entry.seq)
                seqs = list(session.scalars(query))
            if seqs != list(range(1, len(seqs) + 1)):
                seen.append(f"a reader saw {seqs}")

    reader = Thread(target=read_on)
    reader.start()
    jobs = [lambda writer=writer: write_on(writer) for writer in range(1, WRITERS + 1)]
    failures = together(jobs)  # type: ignore[arg-type]
    done.set()
    reader.join()
    return [*seen, *map(repr, failures), *faults(engine)]


def test_sixteen_writers_in_one_scope_leave_no_gap_and_one_chain(engine: Engine) -> None:
    assert crowd(engine) == []
    with reading(engine, "hn") as session:
        assert session.get_one(Ledger, "hn").seq == WRITERS * ROUNDS * BATCH


@pytest.mark.postgres
def test_numbering_by_the_highest_seq_without_a_lock_would_be_caught(
    on_postgres: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def naive(session: Session, scope: str) -> Ledger:
        found = session.get_one(Ledger, scope)
        query = select(Entry.seq, Entry.digest).where(Entry.scope == scope)
        last = session.execute(query.order_by(Entry.seq.desc()).limit(1)).first()
        if last:
            found.seq, found.digest = last.seq, last.digest
        return found

    monkeypatch.setattr(ledger, "lock", naive)
    assert crowd(on_postgres) != []


@pytest.mark.postgres
def test_a_sequence_of_the_database_would_skip_what_commits_late(on_postgres: Engine) -> None:
    """The naive way: numbers are given at the insert and seen at the commit, in another order."""
    with on_postgres.begin() as connection:
        connection.execute(text("CREATE TABLE naive (seq bigserial PRIMARY KEY, writer int)"))
    done, seen = Event(), list[int]()

    def write_on(writer: int) -> None:
        for step in range(ROUNDS * BATCH):
            with on_postgres.begin() as connection:
                connection.execute(text("INSERT INTO naive (writer) VALUES (:w)"), {"w": writer})
                sleep((writer * 7 + step * 3) % 5 / 1000)

    def follow() -> None:
        query = text("SELECT seq FROM naive WHERE seq > :cursor ORDER BY seq")
        while not done.is_set():
            with on_postgres.connect() as connection:
                seen.extend(connection.scalars(query, {"cursor": seen[-1] if seen else 0}))

    reader = Thread(target=follow)
    reader.start()
    jobs = [lambda writer=writer: write_on(writer) for writer in range(1, WRITERS + 1)]
    assert together(jobs) == []  # type: ignore[arg-type]
    sleep(0.2)
    done.set()
    reader.join()
    assert len(seen) < WRITERS * ROUNDS * BATCH


def test_a_scope_that_is_new_may_be_begun_by_many_at_once(engine: Engine) -> None:
    for number in range(4):
        scope = f"b{number}"
        jobs = [
            lambda writer=writer, scope=scope: write(engine, writer, 100 * int(scope[1:]), scope)
            for writer in range(1, WRITERS + 1)
        ]
        assert together(jobs) == []  # type: ignore[arg-type]
        assert faults(engine, scope) == []


@pytest.mark.postgres
def test_no_scope_waits_for_another(on_postgres: Engine) -> None:
    with writing(on_postgres, "hn") as session:
        ensure_ledger(session, "hn")
        ledger.lock(session, "hn")
        other = Thread(target=write, args=(on_postgres, 2, 0, "hue"))
        other.start()
        other.join(timeout=20)
        waited = other.is_alive()
    other.join()
    assert not waited
    assert faults(on_postgres, "hue") == []


def test_a_page_ends_at_the_head_that_its_receipt_names(engine: Engine) -> None:
    write(engine, 1, 0)
    with reading(engine, "hn") as session:
        found, places = ledger.pages(session, {"hn": 1, "empty": 0}, "f" * 12, "f" * 8)
    assert [len(page.items) for page in found] == [BATCH - 1]
    assert (places["hn"].seq, places["hn"].head) == (BATCH, BATCH)
    assert (places["empty"].seq, places["empty"].digest) == (0, first_digest("empty"))


def test_a_cursor_from_before_a_restore_stays_and_bears_no_digest(engine: Engine) -> None:
    write(engine, 1, 0)
    with reading(engine, "hn") as session:
        found, places = ledger.pages(session, {"hn": 99}, "f" * 12, "f" * 8)
    assert found == []
    assert (places["hn"].seq, places["hn"].digest, places["hn"].head) == (99, "", BATCH)


def test_a_page_keeps_within_its_bytes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    write(engine, 1, 0)
    monkeypatch.setattr(ledger, "PAGE_BYTES", 1)
    with reading(engine, "hn") as session:
        found, places = ledger.pages(session, {"hn": 0}, "f" * 12, "f" * 8)
    assert [len(page.items) for page in found] == [1]
    assert (places["hn"].seq, places["hn"].head) == (1, BATCH)


def test_a_record_that_points_to_itself_does_not_wait_for_itself(engine: Engine) -> None:
    change = libraries(7, 0)[0]
    itself = replace(change, values={**change.values, "merged_into": change.record})
    with writing(engine, "hn") as session:
        ensure_ledger(session, "hn")
        taken = ledger.take(session, "hn", f"{7:012x}", [itself])

    assert (taken.accepted, taken.setbacks) == (1, [])


def test_the_canonical_form_is_json_with_sorted_keys_and_no_spaces() -> None:
    awkward = {
        "z": "“a”\n\\ \"b\"\x7f\u2028", "a": None, "é": True, "b": False, "": -(10**20), "\"": "",
    }  # fmt: skip
    for value in (awkward, {}, {"list": ["b", 1], "map": {"b": 1, "a": None}}, [awkward], "x", 7):
        plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert canonical(value) == plain
