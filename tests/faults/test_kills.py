"""Killed at any instant of saving and synchronising, an office loses nothing it promised."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.changes import ASSOCIATION, Entry
from sync.progress import Silent
from sync.records.library import Library
from sync.server.database import reading
from sync.server.embedded import EmbeddedCentre
from tests.builders import an_office, join
from tests.faults.worker import opened, work
from vla_desktop.store.database import assert_whole
from vla_desktop.store.store import Query

KILLS = int(os.environ.get("VLA_KILLS", "120"))
SEED = int(os.environ.get("VLA_SEED", "1"))
LIVES_S = 0.3


@pytest.fixture
def home(tmp_path: Path, office_template: Path, centre: EmbeddedCentre) -> Path:
    """The folder of an enrolled office that nobody has open."""
    home = tmp_path / "office"
    office = an_office(home, office_template)
    join(office, centre.centre)
    office.move(centre.url)
    office.close()
    return home


def killed(home: Path, diary: Path, seed: int, lives_s: float, *, is_hasty: bool = False) -> None:
    """Lets a clerk work in a process of its own for so long, in every other life from when the
    office is open.
    """
    # A fork server has everything imported, so that a life is spent on work.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.worker"])
    process = context.Process(target=work, args=(home, diary, seed), kwargs={"is_hasty": is_hasty})
    process.start()
    patience_until = time.monotonic() + 20
    while seed % 2 and not promises(diary) and time.monotonic() < patience_until:
        time.sleep(0.002)
    time.sleep(lives_s)
    process.kill()
    process.join(20)


def promises(diary: Path) -> list[tuple[str, str]]:
    """What was written down in one life: names and notes."""
    lines = diary.read_text("utf-8").splitlines() if diary.exists() else []
    return [(name, note) for name, _, note in (line.partition(" ") for line in lines)]


def promised(diary: Path) -> dict[str, str]:
    """The last note of each library, as the program said that it was saved."""
    return {name: note for name, note in promises(diary) if name not in ("opened", "synced")}


def number_of(note: str) -> int:
    """The place of a note in its life."""
    return int(note.rpartition("-")[2])


def assert_kept(home: Path, diary: Path, centre: EmbeddedCentre) -> int:
    """Everything promised is here and, after a synchronisation, once at the centre."""
    office = opened(home)
    try:
        assert_whole(office._engine)
        store = office.store
        rows = store.rows(Library, store.ids(Library, Query()))
        here = {str(row.values["name"]): str(row.values["note"]) for row in rows}
        assert len(here) == len(rows)
        for name, note in promised(diary).items():
            # A later note may have been saved without anybody having been told.
            assert number_of(here[name]) >= number_of(note)
        office.synchronise(Silent())
        assert office.standing().pending == 0
        with reading(centre.centre.engine) as session:
            entries = session.scalars(select(Entry)).all()
        created = Counter(e.values["name"] for e in entries if e.action == "create")
        assert created == Counter(list(here))
        mine = office.digests()
        mine.pop(ASSOCIATION, None)
        assert {scope: seq for scope, (seq, _digest) in mine.items()} == {"HN": len(entries)}
        assert mine["HN"][1] == max(entries, key=lambda e: e.seq or 0).digest
        assert office.verify_receipt(online=True).holds
        return len(here)
    finally:
        office.close()


def fresh_diary(home: Path, life: int) -> Path:
    """A page for one life."""
    return home.parent / f"diary-{life}"


@pytest.mark.timeout(60 + KILLS * 3)
def test_nothing_promised_is_lost_by_kills_at_any_instant(
    home: Path, centre: EmbeddedCentre
) -> None:
    chance = random.Random(SEED)
    count = 0
    for life in range(KILLS):
        diary = fresh_diary(home, life)
        killed(home, diary, life, chance.uniform(0.0, LIVES_S))
        if count or promised(diary):
            count = assert_kept(home, diary, centre)
    assert count > KILLS // 4


def test_a_program_that_promises_too_early_would_be_caught(
    home: Path, centre: EmbeddedCentre
) -> None:
    chance = random.Random(SEED)

    def lives() -> None:
        for life in range(60):
            diary = fresh_diary(home, life)
            killed(home, diary, life, chance.uniform(0.1, LIVES_S), is_hasty=True)
            if promised(diary):
                assert_kept(home, diary, centre)

    with pytest.raises((AssertionError, KeyError)):
        lives()
