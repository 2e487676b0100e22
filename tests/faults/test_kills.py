"""Killed at any instant of saving and synchronising, an office loses nothing it promised."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.changes import ASSOCIATION, Entry
from sync.progress import Silent
from sync.records.library import Library
from sync.server import building
from sync.server.database import reading
from sync.server.embedded import EmbeddedCentre
from tests.builders import a_library, an_office, join
from tests.faults.worker import BRANCH, Life, assert_kept, lines_of, notes, opened, order, promised

KILLS = int(os.environ.get("VLA_KILLS", "500"))
SEED = int(os.environ.get("VLA_SEED", "1"))
LIVES_S = 0.16
LANES = ("một", "hai")
ALREADY_THERE = 400
ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """A process in which everything is imported, and from which lives are forked."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self._orders, self._news = process.stdin, process.stdout

        self._opening_s = 0.02

    def live(self, life: Life, share: float, *, after_opening: bool) -> None:
        """One life, ended by force, if it does not end before.

        `share` from 0 to 1 says after how long. A machine that has much else to do takes longer to
        open an office, and gives it longer to live.
        """
        begun_at = time.monotonic()
        begun = len(lines_of(Path(life.diary)))
        self._orders.write(order(life))
        self._orders.flush()
        process = int(self._news.readline())
        patience_until = time.monotonic() + 20
        while (
            after_opening
            and len(lines_of(Path(life.diary))) == begun
            and time.monotonic() < patience_until
        ):
            time.sleep(0.002)
        if after_opening:
            self._opening_s = min(1.0, time.monotonic() - begun_at)
        time.sleep(share * max(LIVES_S, 3 * self._opening_s))
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        assert self._news.readline() == "gone\n"


@contextmanager
def a_nursery() -> Iterator[Nursery]:
    """Open until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.worker"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield Nursery(process)
        finally:
            process.kill()


class Lane:
    """One PC of the branch, which is killed again and again, and newcomers beside it."""

    def __init__(self, name: str, folder: Path, template: Path, centre: EmbeddedCentre) -> None:
        self.name, self._folder, self._template = name, folder, template
        self._centre = centre
        self._chance = random.Random(f"{name}{SEED}")
        self.home, self.diary = self._enrolled(name), folder / f"{name}.diary"
        self.kills = self.newcomers = self.snapshots = 0
        self._newcomer = self._a_newcomer()

    def run(self, kills: int, *, is_hasty: bool = False) -> None:
        """So many lives, each ended by force; every fourth is a newcomer's."""
        with a_nursery() as nursery:
            for number in range(1, kills + 1):
                share = self._chance.random()
                life = Life(str(self.home), str(self.diary), number, self.name, is_hasty)
                if number % 4 == 0 and not is_hasty:
                    life = replace(self._newcomer, number=number)
                nursery.live(life, share, after_opening=bool(number % 2))
                self.kills += 1
                self._look(life)

    def _look(self, life: Life) -> None:
        lines = lines_of(Path(life.diary))
        faults = [rest for word, rest in lines if word == "FAULT"]
        assert faults == [], f"life {life.number} of {life.name}, seed {SEED}: {faults}"
        if life.is_newcomer and any(word == "read" for word, _rest in lines):
            seq, digest = next(rest for word, rest in lines if word == "read").split()
            assert self.digest_at(int(seq)) == digest
            self.newcomers += 1
            self.snapshots += life.with_snapshot
            self._newcomer = self._a_newcomer()

    def digest_at(self, seq: int) -> str | None:
        """The centre's digest at this place."""
        query = select(Entry.digest).where(Entry.scope == BRANCH, Entry.seq == seq)
        with reading(self._centre.centre.engine) as session:
            return session.scalar(query)

    def _a_newcomer(self) -> Life:
        name = f"{self.name}-{self.newcomers}"
        diary = self._folder / f"{name}.diary"
        return Life(
            str(self._enrolled(name)), str(diary), 0, name, is_newcomer=True,
            with_snapshot=self.newcomers % 2 == 0,
        )  # fmt: skip

    def _enrolled(self, name: str) -> Path:
        """The folder of an enrolled office that nobody has open."""
        office = an_office(self._folder / name, self._template)
        join(office, self._centre.centre)
        office.move(self._centre.url)
        office.close()
        return office.home


def assert_whole_branch(lanes: list[Lane], centre: EmbeddedCentre) -> int:
    """All that was promised is here and, after synchronising, once at the centre, and everywhere.

    Returns how many libraries that are.
    """
    found = []
    for lane in (*lanes, *lanes):
        office = opened(lane.home)
        assert_kept(office, lane.diary)
        office.synchronise(Silent())
        assert office.standing().pending == 0
        assert office.verify_receipt(online=True).holds
        mine = office.digests()
        mine.pop(ASSOCIATION, None)
        found.append((notes(office), mine))
        office.close()
    with reading(centre.centre.engine) as session:
        entries = session.scalars(select(Entry).order_by(Entry.seq)).all()
    created = Counter(e.values["name"] for e in entries if e.action == "create")
    here, places = found[-1]
    assert all(one == (here, places) for one in found[len(lanes) :])
    assert created == Counter(list(here))
    assert [e.seq for e in entries] == list(range(1, len(entries) + 1))
    assert places == {BRANCH: (len(entries), entries[-1].digest)}
    return len(here)


@pytest.fixture
def lanes(
    tmp_path: Path, office_template: Path, centre: EmbeddedCentre, monkeypatch: pytest.MonkeyPatch
) -> list[Lane]:
    """Two PCs of a branch that has something in its ledger."""
    # So that a snapshot comes in many pages.
    monkeypatch.setattr(building, "ROWS_A_PAGE", 10)
    first = an_office(tmp_path / "first", office_template)
    join(first, centre.centre)
    first.move(centre.url)
    first.store.save_many(
        (Library, a_library(name=f"Thư viện {n}", note="0-0"), None) for n in range(ALREADY_THERE)
    )
    first.synchronise(Silent())
    first.close()
    return [Lane(name, tmp_path, office_template, centre) for name in LANES]


@pytest.mark.timeout(120 + KILLS * 2)
def test_nothing_promised_is_lost_by_kills_at_any_instant(
    lanes: list[Lane], centre: EmbeddedCentre
) -> None:
    with ThreadPoolExecutor(len(lanes)) as pool:
        for done in [pool.submit(lane.run, KILLS // len(lanes)) for lane in lanes]:
            done.result()
    assert sum(lane.kills for lane in lanes) == KILLS // 2 * 2
    count = assert_whole_branch(lanes, centre)
    told = [line for lane in lanes for line in lines_of(lane.diary)]
    print(  # noqa: T201  read when somebody asks how much work lay between the kills
        f"{KILLS} kills; {count} libraries, {sum(len(promised(lane.diary)) for lane in lanes)} "
        f"promised, {sum(word == 'synced' for word, _ in told)} exchanges, "
        f"{sum(lane.newcomers for lane in lanes)} newcomers, "
        f"{sum(lane.snapshots for lane in lanes)} by a snapshot"
    )
    assert count - ALREADY_THERE > KILLS // 4
    assert sum(lane.newcomers for lane in lanes) >= KILLS // 100
    assert sum(lane.snapshots for lane in lanes) >= KILLS // 200


def test_a_program_that_promises_too_early_would_be_caught(lanes: list[Lane]) -> None:
    with pytest.raises(AssertionError, match="lost: Thư_viện_một"):
        lanes[0].run(200, is_hasty=True)
