"""A clerk in a process of its own, who writes down what the program told to be done."""

from __future__ import annotations

import os
import random
from pathlib import Path

from sync.progress import Silent
from sync.records.library import Library
from tests.builders import a_library
from vla_desktop.office import Office
from vla_desktop.store.database import open_engine

KEY = bytes(range(32))


def work(home: Path, diary: Path, seed: int, *, is_hasty: bool = False) -> None:
    """Saves and synchronises until the process is killed.

    A line of the diary is `name note`, written when the save came back. A hasty clerk writes it
    before.
    """
    chance = random.Random(seed)
    with os.fdopen(os.open(diary, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "wb", 0) as page:
        office = opened(home)
        page.write(b"opened 0-0\n")
        known: dict[str, str] = {}
        number = 0
        while True:
            number += 1
            if chance.random() < 0.3:
                office.synchronise(Silent())
                page.write(f"synced {seed}-{number}\n".encode())
                continue
            name = chance.choice(sorted(known)) if known and chance.random() < 0.4 else ""
            values = {"note": f"{seed}-{number}"}
            title = name or f"Thư_viện_{seed}-{number}"
            line = f"{title} {values['note']}\n".encode()
            if is_hasty:
                page.write(line)
            if name:
                office.store.save(Library, values, known[name])
            else:
                saved = office.store.save(Library, a_library(name=title, **values))
                known[title] = saved.id
            if not is_hasty:
                page.write(line)


def opened(home: Path) -> Office:
    """The office in this folder, as durable as on a clerk's PC."""
    from contextlib import ExitStack

    from tests.builders import NOW

    engine = open_engine(home / "office.db", KEY)
    resources = ExitStack()
    resources.callback(engine.dispose)
    return Office(home, engine, resources, lambda: NOW)
