"""Clerks in processes of their own, who write down what the program told to be done."""

from __future__ import annotations

import json
import os
import random
import sys
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select

from sync.changes import Ledger
from sync.client import bootstrap
from sync.client.proof import digest_here
from sync.progress import Silent
from sync.records.library import Library
from tests.builders import NOW, a_library
from vla_desktop.office import Office
from vla_desktop.store.database import assert_whole, open_engine

KEY = bytes(range(32))
BRANCH = "HN"
NEWCOMERS_PAGE_BYTES = 16 * 1024
# So long a ledger is not read through by those who begin with a snapshot.
ALREADY_LONG = 50


@dataclass(frozen=True)
class Life:
    """One life of an office's program.

    The diary goes on from life to life. A hasty clerk writes down what is not done yet; a newcomer
    only reads the branch's ledger, from wherever the last life got to; or a snapshot of it.
    """

    home: str
    diary: str
    number: int
    name: str
    is_hasty: bool = False
    is_newcomer: bool = False
    with_snapshot: bool = False


def live(life: Life) -> None:
    """Begins with a look at what the lives before have promised; ends by being killed.

    A line of the diary is `name note`, written when the save came back.
    """
    with os.fdopen(os.open(life.diary, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "wb", 0) as page:
        try:
            if life.with_snapshot:
                bootstrap.AFTER_CHANGES = ALREADY_LONG
            office = opened(Path(life.home))
            assert_kept(office, Path(life.diary))
            page.write(b"opened 0-0\n")
            if life.is_newcomer:
                page.write(f"read {caught_up(office)}\n".encode())
                return
            work(office, life, page.write)
        except Exception as fault:  # noqa: BLE001  whatever it is, the test must hear of it
            words = " ".join(f"{type(fault).__name__} {fault}".split())
            page.write(f"FAULT {words[:300]}\n".encode())


def work(office: Office, life: Life, write: object) -> None:
    """Saves and synchronises for ever."""
    assert callable(write)
    chance = random.Random(f"{life.name}{life.number}")
    known: dict[str, str] = {}
    number = 0
    while True:
        number += 1
        note = f"{life.number}-{number}"
        if chance.random() < 0.3:
            office.synchronise(Silent())
            write(f"synced {note}\n".encode())
            continue
        name = chance.choice(sorted(known)) if known and chance.random() < 0.4 else ""
        title = name or f"Thư_viện_{life.name}_{note}"
        line = f"{title} {note}\n".encode()
        if life.is_hasty:
            write(line)
        if name:
            office.store.save(Library, {"note": note}, known[name])
        else:
            known[title] = office.store.save(Library, a_library(name=title, note=note)).id
        if not life.is_hasty:
            write(line)


def caught_up(office: Office) -> str:
    """Reads the branch's ledger to its end, in small pages; says how far that is."""
    office._span.page_bytes = NEWCOMERS_PAGE_BYTES
    office.synchronise(Silent())
    seq, digest = office.digests()[BRANCH]
    return f"{seq} {digest}"


def assert_kept(office: Office, diary: Path) -> None:
    """Everything promised is here, and the ledger is what its digest says."""
    assert_whole(office._engine)
    found = notes(office)
    for name, note in promised(diary).items():
        # A later note may have been saved without anybody having been told.
        assert place_of(found.get(name, "0-0")) >= place_of(note), f"lost: {name} {note}"
    with office._reading() as session:
        ledger = session.get(Ledger, BRANCH)
        if ledger is not None:
            assert digest_here(session, BRANCH, ledger.seq) == ledger.digest, "another ledger"


def notes(office: Office) -> dict[str, str]:
    """The note of each library by its name, of which there is one."""
    with office._reading() as session:
        rows = session.execute(select(Library.name, Library.note)).all()
    found = {row.name: row.note for row in rows}
    assert len(found) == len(rows), "doubled"
    return found


def lines_of(diary: Path) -> list[tuple[str, str]]:
    """What was written down so far: a first word and the rest."""
    lines = diary.read_text("utf-8").splitlines() if diary.exists() else []
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def promised(diary: Path) -> dict[str, str]:
    """The last note of each library, as the program said that it was saved."""
    return {name: note for name, note in lines_of(diary) if name.startswith("Thư_viện_")}


def place_of(note: str) -> tuple[int, int]:
    """The life in which a note was written, and its place there."""
    life, _, number = note.partition("-")
    return int(life), int(number)


def opened(home: Path) -> Office:
    """The office in this folder, as durable as on a clerk's PC."""
    engine = open_engine(home / "office.db", KEY)
    resources = ExitStack()
    resources.callback(engine.dispose)
    return Office(home, engine, resources, lambda: NOW)


def serve() -> None:
    """Lets one life after another begin by a fork: everything is imported already.

    Reads a life as a line of JSON, says the number of its process, and once that is gone, so.
    """
    for line in sys.stdin:
        sys.stdout.flush()
        process = os.fork()
        if process == 0:
            with suppress(BaseException):
                live(Life(**json.loads(line)))
            os._exit(0)
        print(process, flush=True)  # noqa: T201  this is how it speaks to the test
        os.waitpid(process, 0)
        print("gone", flush=True)  # noqa: T201


def order(life: Life) -> str:
    """A life as a line for `serve`."""
    return json.dumps(asdict(life)) + "\n"


if __name__ == "__main__":
    serve()
