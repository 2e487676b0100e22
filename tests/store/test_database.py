"""What was saved is on the disk and sealed, and readers and writers leave each other alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from sync.problems import Problem
from sync.vietnamese import fold, text_key
from tests.store.conftest import KEY
from vla_desktop.store.database import (
    BUSY_TIMEOUT_S,
    CACHE_KIB,
    OLDEST_SQLITE,
    _assert_release,
    assert_whole,
    open_engine,
    reading,
    writing,
)

CANARY = "Nguyễn Thị Chim Hoàng Yến"


def add(session: Session, title: str) -> None:
    session.execute(text("INSERT INTO book (title) VALUES (:title)"), {"title": title})


def titles(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT title FROM book ORDER BY id")))


def refusal(action: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        action()
    return caught.value


def pragma(engine: Engine, name: str) -> Any:
    with reading(engine) as session:
        return session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()


def test_no_file_of_the_office_holds_a_word_of_it(engine: Engine, path: Path) -> None:
    with writing(engine) as session:
        for _number in range(200):
            add(session, CANARY)

    written = [(file.name, file.read_bytes()) for file in path.parent.iterdir()]

    assert sorted(name for name, _ in written) == ["office.db", "office.db-shm", "office.db-wal"]
    for name, content in written:
        assert CANARY.encode() not in content, name
        assert "Hoàng Yến".encode("utf-16-le") not in content, name
        assert b"SQLite format 3" not in content, name
        assert b"title" not in content, name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("mmap_size", 0),
        ("temp_store", 2),
        ("cache_size", -CACHE_KIB),
    ],
)
def test_every_connection_is_durable_and_careful(engine: Engine, name: str, value: object) -> None:
    with reading(engine):  # so that the next session must open a second connection
        assert pragma(engine, name) == value
    assert pragma(engine, name) == value


def test_a_wrong_key_has_its_own_sentence_and_prints_nothing(
    engine: Engine, path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    engine.dispose()

    assert refusal(lambda: open_engine(path, bytes(32))).code == "database.key"
    assert capfd.readouterr() == ("", "")


def test_a_key_of_another_length_is_a_fault_of_ours(path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        open_engine(path, b"short", create=True)


def test_a_missing_database_is_not_made_anew(engine: Engine, path: Path) -> None:
    engine.dispose()
    path.unlink()

    assert refusal(lambda: open_engine(path, KEY)).code == "database.missing"
    assert not path.exists()


def test_a_database_that_vanishes_is_not_made_anew_by_the_next_session(
    engine: Engine, path: Path
) -> None:
    engine.dispose()
    path.unlink()

    with pytest.raises(Problem) as caught, reading(engine) as session:
        titles(session)
    assert caught.value.code == "database.missing"
    assert not path.exists()


def test_an_emptied_file_is_damage_and_not_a_new_office(engine: Engine, path: Path) -> None:
    engine.dispose()
    path.write_bytes(b"")

    assert refusal(lambda: open_engine(path, KEY)).code == "database.damaged"
    assert path.stat().st_size == 0


def test_an_interrupted_creation_can_be_done_again(path: Path) -> None:
    path.write_bytes(b"")

    open_engine(path, KEY, create=True).dispose()

    assert path.stat().st_size > 0


def test_creating_opens_an_office_that_is_there_already(engine: Engine, path: Path) -> None:
    with writing(engine) as session:
        add(session, "Truyện Kiều")
    engine.dispose()

    again = open_engine(path, KEY, create=True)

    with reading(again) as session:
        assert titles(session) == ["Truyện Kiều"]
    again.dispose()


def test_one_flipped_bit_anywhere_is_noticed(engine: Engine, path: Path) -> None:
    with writing(engine) as session:
        for number in range(300):
            add(session, f"{number} {'x' * 90}")
    assert_whole(engine)
    engine.dispose()
    whole = path.read_bytes()

    for place in range(4096 + 11, len(whole), 1777):
        flipped = bytearray(whole)
        flipped[place] ^= 0x10
        path.write_bytes(flipped)
        damaged = open_engine(path, KEY)
        assert refusal(partial(assert_whole, damaged)).code == "database.damaged", place
        damaged.dispose()


def test_reading_a_damaged_page_gives_the_sentence(engine: Engine, path: Path) -> None:
    with writing(engine) as session:
        for number in range(300):
            add(session, f"{number} {'x' * 90}")
    engine.dispose()
    flipped = bytearray(path.read_bytes())
    flipped[4096 * 4 + 100] ^= 0x10
    path.write_bytes(flipped)

    damaged = open_engine(path, KEY)
    with pytest.raises(Problem) as caught, reading(damaged) as session:
        titles(session)
    assert caught.value.code == "database.damaged"
    damaged.dispose()


def test_a_file_cut_short_gives_the_sentence(engine: Engine, path: Path) -> None:
    with writing(engine) as session:
        for number in range(300):
            add(session, f"{number} {'x' * 90}")
    engine.dispose()
    whole = path.read_bytes()

    path.write_bytes(whole[: 4096 * 4])
    assert refusal(lambda: open_engine(path, KEY)).code == "database.damaged"
    path.write_bytes(whole[:100])
    assert refusal(lambda: open_engine(path, KEY)).code == "database.key"


def test_an_exception_leaves_nothing_of_the_session_behind(engine: Engine) -> None:
    def fail_halfway() -> None:
        with writing(engine) as session:
            add(session, "Số đỏ")
            session.execute(text("CREATE TABLE half_made (id INTEGER)"))
            raise KeyError("planted")

    with pytest.raises(KeyError):
        fail_halfway()

    with reading(engine) as session:
        assert titles(session) == []
        assert session.scalar(text("SELECT count(*) FROM sqlite_master")) == 1


def test_what_was_written_is_there_for_a_connection_of_its_own(engine: Engine, path: Path) -> None:
    with writing(engine) as session:
        add(session, "Tắt đèn")

    other = open_engine(path, KEY)
    with reading(other) as session:
        assert titles(session) == ["Tắt đèn"]
    other.dispose()


def test_a_reading_session_cannot_write(engine: Engine) -> None:
    with pytest.raises(AssertionError, match=r"use writing\(\)"), reading(engine) as session:
        add(session, "Chí Phèo")

    with writing(engine) as session:  # the same connection, now allowed again
        add(session, "Lão Hạc")
    with reading(engine) as session:
        assert titles(session) == ["Lão Hạc"]


def test_a_reader_keeps_seeing_what_it_saw_while_others_save(engine: Engine) -> None:
    with reading(engine) as session:
        before = titles(session)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_save, engine, "Dế Mèn").result(timeout=2)
        assert titles(session) == before

    with reading(engine) as session:
        assert titles(session) == ["Dế Mèn"]


def test_many_threads_save_while_others_read_and_none_is_refused(engine: Engine) -> None:
    def read_for_a_while() -> bool:
        with reading(engine) as session:
            return all(len(titles(session)) == len(titles(session)) for _ in range(30))

    with ThreadPoolExecutor(6) as pool:
        reads = [pool.submit(read_for_a_while) for _ in range(10)]
        saves = [pool.submit(_read_then_save, engine, f"{n}") for n in range(40)]
        assert all(read.result() for read in reads)
        for save in saves:
            save.result()

    with reading(engine) as session:
        assert sorted(titles(session), key=int) == [str(n) for n in range(40)]


def test_a_plain_begin_would_lose_against_a_save_in_between(engine: Engine) -> None:
    """The reason of BEGIN IMMEDIATE, planted: what two sessions did before there was one."""
    lender = engine.raw_connection()
    driver: Any = lender.driver_connection
    driver.execute("BEGIN")
    driver.execute("SELECT count(*) FROM book").fetchone()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_save, engine, "saved in between").result()

    asked_s = time.monotonic()
    with pytest.raises(dbapi2.OperationalError) as caught:
        driver.execute("INSERT INTO book (title) VALUES ('late')")
    assert caught.value.sqlite_errorcode == dbapi2.SQLITE_BUSY
    assert time.monotonic() - asked_s < BUSY_TIMEOUT_S / 5  # refused without waiting
    driver.execute("ROLLBACK")
    lender.close()


def test_a_session_that_reads_and_then_writes_makes_the_other_wait(engine: Engine) -> None:
    begun, saved = threading.Event(), threading.Event()

    def save_meanwhile() -> None:
        begun.wait()
        _save(engine, "second")
        saved.set()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(save_meanwhile)
        with writing(engine) as session:
            assert titles(session) == []
            begun.set()
            assert not saved.wait(0.3)
            add(session, "first")
        other.result(timeout=5)

    with reading(engine) as session:
        assert titles(session) == ["first", "second"]


def test_a_database_held_by_another_program_has_its_own_sentence(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    monkeypatch.setattr("vla_desktop.store.database.BUSY_TIMEOUT_S", 0.05)
    hasty = open_engine(path, KEY)

    with writing(engine) as session:
        add(session, "first")
        with pytest.raises(Problem) as caught, writing(hasty) as late:
            add(late, "second")
    assert caught.value.code == "database.busy"
    hasty.dispose()


def test_what_breaks_a_rule_of_the_database_stays_an_error_of_ours(engine: Engine) -> None:
    twice = text("INSERT INTO book (id, title) VALUES (1, :title), (1, :title)")

    with pytest.raises(IntegrityError) as caught, writing(engine) as session:
        session.execute(twice, {"title": CANARY})
    assert CANARY not in str(caught.value)


def test_sql_knows_the_order_and_the_search_form_of_vietnamese(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(text("CREATE INDEX book_order ON book (vietnamese_key(title))"))
        for title in ("Đất", "Da", "Ếch", "Em"):
            add(session, title)

    with reading(engine) as session:
        ordered = session.scalars(text("SELECT title FROM book ORDER BY vietnamese_key(title)"))
        assert list(ordered) == ["Da", "Đất", "Em", "Ếch"]
        row = session.execute(text("SELECT folded('Đặng'), vietnamese_key('Đặng')")).one()
        assert row == (fold("Đặng"), text_key("Đặng"))
        empty = session.execute(text("SELECT folded(NULL), vietnamese_key(NULL)")).one()
        assert empty == (None, None)


def test_an_sqlite_that_can_damage_its_log_is_refused() -> None:
    _assert_release(OLDEST_SQLITE)
    _assert_release(dbapi2.sqlite_version_info)

    assert refusal(lambda: _assert_release((3, 51, 2))).code == "database.release"


def _save(engine: Engine, title: str) -> None:
    with writing(engine) as session:
        add(session, title)


def _read_then_save(engine: Engine, title: str) -> None:
    with writing(engine) as session:
        titles(session)
        add(session, title)
