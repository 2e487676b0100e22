"""What every history is played on: a centre and places for offices, made once and wiped often."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from sync.changes import unwritten_ledger
from sync.client.tables import Office as Identity
from sync.client.tables import Private
from sync.identity import device_of
from sync.keys import SigningKey
from sync.migrations import SHARED, upgrade
from sync.places import Catalogue
from sync.records.base import Shared
from sync.server.centre import Centre, new_epoch, open_database, who_we_are
from sync.server.database import writing as centre_writing
from sync.server.settings import Settings
from sync.server.tables import Branch, Enrolment
from sync.server.tables import Identity as CentreIdentity
from tests.simulation.disks import Disk, Image, hurry, memory_folder, plain_engine, template
from vla_desktop import paths
from vla_desktop.store.database import open_engine
from vla_desktop.store.tables import OFFICE

KEY = bytes(range(32))
EPOCH = "e" * 16
CENTRE_ID = "c" * 16
START = dt.datetime(2026, 5, 4, 8, 0, tzinfo=dt.UTC)
BRANCHES = ("HN", "HUE")


@dataclass
class Machine:
    """Use it in a `with` block. `now` is the centre's clock."""

    folder: Path = field(default_factory=memory_folder)
    now: dt.datetime = START
    disks: dict[str, Disk] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.catalogue = Catalogue.load(paths.resources() / "catalogues")
        self._plain = template(plain_engine, _bare_tables)
        self._sealed = template(_sealed_engine, _office_tables)
        settings = Settings(database=f"sqlite:///{self.folder / 'centre.db'}", port=0)
        _found_centre(settings)
        self.centre = Centre(settings, lambda: self.now)
        event.listen(self.centre.engine, "connect", hurry)
        self.centre_disk = Disk(self.folder / "centre.db", self.centre.engine)
        self.centre.engine.dispose()
        self._empty_centre = self.centre_disk.image()

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_: object) -> None:
        self.centre.close()
        for disk in self.disks.values():
            disk.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wipe(self) -> None:
        """The centre knows nobody, and its clock stands where it began."""
        self.now = START
        self._begin_with(self._empty_centre)
        self.centre_disk.statements = 0

    def restore(self, image: Image, epoch: str) -> None:
        """The centre is put back to a copy, as its operator does it."""
        self.centre_disk.put(image)
        new_epoch(self.centre.engine, lambda length: bytes.fromhex(epoch)[:length])
        self._begin_with(None)

    def _begin_with(self, image: Image | None) -> None:
        if image is not None:
            self.centre_disk.put(image)
        self.centre.identity = who_we_are(self.centre.engine, None)

    def disk(self, place: int, *, sealed: bool) -> Disk:
        """A place for an office: encrypted as the program has it, or plain."""
        name = f"{'sealed' if sealed else 'plain'}{place}"
        if name not in self.disks:
            path = self.folder / f"{name}.db"
            path.write_bytes((self._sealed if sealed else self._plain)[""])
            self.disks[name] = Disk(path, (_sealed_engine if sealed else plain_engine)(path))
        return self.disks[name]

    def empty(self, *, sealed: bool) -> Image:
        """An office in which nobody has written yet."""
        return self._sealed if sealed else self._plain

    def enrol(self, device: str, public_key: bytes, branch: str) -> None:
        """A PC is known to the centre from now on."""
        with centre_writing(self.centre.engine) as session:
            session.add(
                Enrolment(
                    device=device, public_key=public_key, branch=branch, label=device,
                    enrolled_at="", revoked_at="", last_seen_at="",
                )
            )  # fmt: skip

    def identity(self, secret: bytes, branch: str) -> Identity:
        """The row that says who an office is, as enrolment leaves it."""
        us = self.centre.identity
        return Identity(
            id=1, device=device_of(SigningKey(secret).public), secret=secret,
            incarnation="00000001", counter=0, exchange=0, server="https://trung-uong.example",
            branch=branch, branch_name=branch, centre=us.id, centre_key=us.key.public,
            epoch=us.epoch,
        )  # fmt: skip


def _sealed_engine(path: Path) -> Engine:
    engine = open_engine(path, KEY, create=True)
    event.listen(engine, "connect", hurry)
    return engine


def _bare_tables(engine: Engine) -> None:
    """What the exchange needs, without lists and search."""
    for metadata in (Shared.metadata, Private.metadata):
        metadata.create_all(engine)


def _office_tables(engine: Engine) -> None:
    upgrade(engine, SHARED)
    upgrade(engine, OFFICE)


def _found_centre(settings: Settings) -> None:
    """A centre whose name and key are the same every time."""
    engine = open_database(settings)
    secret = bytes(range(32))
    facts: dict[str, Any] = {"public_key": SigningKey(secret).public, "secret": secret}
    with centre_writing(engine) as session:
        session.add(CentreIdentity(row=1, id=CENTRE_ID, epoch=EPOCH, **facts))
        session.add_all(Branch(code=branch, name=branch) for branch in BRANCHES)
        session.add_all(unwritten_ledger(scope) for scope in BRANCHES)
    engine.dispose()
