"""One office of ours, driven by lines of JSON. Usage: office_driver.py HOME

The database is encrypted and kept as in daily work; only the vault around the key is left out.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.applying import apply
from sync.changes import Change, Entry, Ledger, entry_values, mark_of
from sync.client.batches import pending_entries
from sync.client.tables import Office as Identity
from sync.editing import to_wire
from sync.problems import Problem
from sync.progress import Silent
from sync.records.base import initial
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import Value
from sync.stored import write_entries
from tests.bench.people import People
from tests.builders import KEY, a_unit
from vla_desktop.office import Office, utc_now
from vla_desktop.settings import Settings
from vla_desktop.store.database import open_engine
from vla_desktop.store.store import Query

CHUNK = 2000
FIRST_AT = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)


class Driver:
    """What a clerk does."""

    def __init__(self, home: str) -> None:
        folder = Path(home)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "office.db"
        if not path.exists():
            Settings(author="Văn thư", computer="Máy 1").save(folder)
        engine = open_engine(path, KEY, create=not path.exists())
        stack = ExitStack()
        self.office = Office._opened(folder, engine, stack, utc_now)

    def enrol(self, server: str, code: str) -> None:
        """Join a branch."""
        self.office.enrol(server, code)

    def move(self, server: str) -> None:
        """The centre is somewhere else."""
        self.office.move(server)

    def load(self, count: int, seed: int = 7) -> None:
        """Write so many members: the rows that saving them one by one would leave, quicker."""
        store, people = self.office.store, People(seed)
        unit = store.save(OrganisationUnit, a_unit()).id
        members = people.members(count, unit)
        for start in range(0, count, CHUNK):
            with self.office._writing() as session:
                identity = session.get_one(Identity, 1)
                changes = [
                    _creation(identity, values, start + place)
                    for place, values in enumerate(islice(members, CHUNK))
                ]
                _write(session, changes)
                store.exchanged(session, {("member", change.record) for change in changes})

    def edit(self, first: int, notes: list[str]) -> None:
        """Write these notes into members from the first on, as quickly as they were loaded."""
        ids = sorted(self.office.store.ids(Member, Query()))[first : first + len(notes)]
        with self.office._writing() as session:
            identity = session.get_one(Identity, 1)
            ledger = session.get_one(Ledger, identity.branch)
            now = utc_now().isoformat(timespec="seconds")
            changes = [
                Change(
                    identity.next_id(), identity.branch, "member", record, "edit", {"note": note},
                    ledger.seq, "Văn thư", now, mark_of(ledger.digest),
                )
                for record, note in zip(ids, notes, strict=True)
            ]  # fmt: skip
            _write(session, changes)
            self.office.store.exchanged(session, {("member", record) for record in ids})

    def sync(self) -> dict[str, Any]:
        """Press the button until nothing is left to be sent."""
        again, requests, up, down = 0, 0, 0, 0
        while True:
            try:
                outcome = self.office.synchronise(Silent())
            except Problem:
                again += 1
                continue
            requests += outcome.requests
            up, down = up + outcome.bytes_up, down + outcome.bytes_down
            if not self._is_pending():
                return {
                    "requests": requests, "up": up, "down": down, "again": again,
                    "sent": outcome.sent, "received": outcome.received,
                }  # fmt: skip

    def _is_pending(self) -> bool:
        with self.office._reading() as session:
            return session.scalar(select(Entry.id).where(*pending_entries()).limit(1)) is not None

    def count(self) -> dict[str, Any]:
        """How many members there are, and how far the ledger goes."""
        return {
            "count": len(self.office.store.ids(Member, Query())),
            "digests": self.office.digests(),
        }

    def close(self) -> None:
        """Let go of the file."""
        self.office.close()


def _creation(identity: Identity, values: Mapping[str, Value], number: int) -> Change:
    written_at = FIRST_AT + dt.timedelta(seconds=97 * number)
    record = identity.next_id()
    return Change(
        identity.next_id(), identity.branch, "member", record, "create",
        to_wire(Member, {**initial(Member), **values}), 0, "Văn thư", written_at.isoformat(),
    )  # fmt: skip


def _write(session: Session, changes: list[Change]) -> None:
    applied = apply(session, changes)
    rows = [entry_values(one, before=applied.before[one.id]) for one in changes]
    write_entries(session, rows, {})


def main() -> None:
    """Obey until the input ends."""
    driver = Driver(sys.argv[1])
    for line in sys.stdin:
        wanted = json.loads(line)
        began = time.perf_counter()
        said = getattr(driver, wanted.pop("do"))(**wanted) or {}
        said |= {"took_s": time.perf_counter() - began}
        said |= {"peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
