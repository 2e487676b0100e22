"""What tests arrange with: invented records, offices that open fast, and a wire without sockets."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, event, select
from sqlalchemy.orm import Session

from sync import sealing
from sync.changes import Entry
from sync.client import enrolment
from sync.client.exchange import Outcome
from sync.client.tables import Office as Identity
from sync.client.tables import Private
from sync.files import offer_of
from sync.frames import BadMessage
from sync.identity import device_of
from sync.keys import SigningKey
from sync.migrations import SHARED, upgrade
from sync.progress import Silent
from sync.protocol import EnrolAnswer, Refusal
from sync.records import KINDS
from sync.records.base import Keeper, Shared
from sync.records.frozen_figure import FrozenFigure
from sync.records.frozen_list import FrozenList
from sync.records.key_holder import KeyHolder
from sync.records.transfer_request import TransferRequest
from sync.records.types import Value
from sync.server import accounts
from sync.server.centre import Centre
from sync.server.database import writing as centre_writing
from sync.server.tables import Branch
from vla_desktop.office import Office
from vla_desktop.settings import Settings
from vla_desktop.store.database import open_engine, writing
from vla_desktop.store.tables import OFFICE

COMMUNE = "00004"
SEALED_SAMPLE = sealing.seal(bytes(32), "narrative", "Dòng một\nDòng hai", bytes(12))
KEY = bytes(range(32))
NOW = dt.datetime(2026, 5, 4, 8, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 5, 4)
_BY_ITS_OWN_PAGE = (TransferRequest, FrozenFigure, FrozenList, KeyHolder)
INVENTED = [
    kind for kind in KINDS if kind.keeper is not Keeper.CENTRE and kind not in _BY_ITS_OWN_PAGE
]
"""The kinds that the demonstration has: what one branch types into forms."""

# What an exchange moves even when it comes to nothing: the number of the request.
_RESTLESS = {"office": ("exchange", "incarnation")}


def a_unit(**values: Value) -> dict[str, Value]:
    """The values of a branch."""
    return {"name": "Chi hội Thư viện tỉnh", "type": "branch", **values}


def a_library(**values: Value) -> dict[str, Value]:
    """The values of a library."""
    return {"name": "Thư viện tỉnh", "type": "public", "commune": COMMUNE, **values}


def a_member(**values: Value) -> dict[str, Value]:
    """The values of a member; `unit` must be given, and `workplace` when it is wanted."""
    return {
        "full_name": "Nguyễn Thị Hòa", "born_on": "1980", "occupation": "Thủ thư",
        "outside_reason": "Đã nghỉ hưu", "address": "Số 1", "commune": COMMUNE,
        "joined_on": dt.date(2020, 1, 5), **values,
    }  # fmt: skip


def an_activity(**values: Value) -> dict[str, Value]:
    """The values of an activity."""
    return {
        "name": "Tập huấn biên mục", "type": "training", "task_no": 3,
        "starts_on": dt.date(2026, 3, 2), **values,
    }  # fmt: skip


def office_template(folder: Path) -> Path:
    """An empty encrypted database with every table, to be copied."""
    path = folder / "template.db"
    engine = open_engine(path, KEY, create=True)
    upgrade(engine, SHARED)
    upgrade(engine, OFFICE)
    engine.dispose()
    return path


def an_office(home: Path, template: Path, *, author: str = "", computer: str = "") -> Office:
    """An open office without vault and migrations, each of which takes its time.

    Opened again where it stands already.
    """
    home.mkdir(parents=True, exist_ok=True)
    database = home / "office.db"
    is_new = not database.exists()
    if is_new:
        shutil.copyfile(template, database)
        Settings(author=author or home.name, computer=computer or f"PC {home.name}").save(home)
    engine = open_engine(database, KEY)
    event.listen(engine, "connect", _hurry)
    if is_new:
        secret = secrets.token_bytes(32)
        device = device_of(SigningKey(secret).public)
        with writing(engine) as session:
            session.add(Identity(id=1, device=device, secret=secret, incarnation="00000001"))
    resources = ExitStack()
    resources.callback(engine.dispose)
    return Office(home, engine, resources, lambda: NOW)


def _hurry(driver: Any, _record: object) -> None:
    """A test survives no power cut, and need not wait for the disk."""
    driver.execute("PRAGMA synchronous = OFF")


def join(office: Office, centre: Centre, branch: str = "HN") -> None:
    """Enrol an office in a branch without a code, whose hashing takes its time."""
    with office._reading() as session:
        identity = session.get_one(Identity, 1)
    name = f"Chi hội {branch}"
    with centre_writing(centre.engine, branch) as session:
        if session.get(Branch, branch) is None:
            session.add(Branch(code=branch, name=name))
            session.flush()
        accounts._join(session, identity.device, identity.key.public, branch,
                       office.settings.computer[:120], NOW)  # fmt: skip
    us = centre.identity
    with office._writing() as session:
        offer = offer_of(us.key)
        answer = EnrolAnswer(us.id, us.key.public, us.epoch, branch, name, offer)
        enrolment._belong(session, "https://trung-uong.example", answer)


def exchange(office: Office, wire: DirectWire) -> Outcome:
    """Synchronise an office over a given wire."""
    return office._client().run(wire, Silent())


class LostAnswer(Exception):
    """The connection broke after the centre had done its work."""


class DirectWire:
    """Carries bytes to a centre in this process.

    `drops` answers get lost on the way back; `meanwhile` happens while the first one travels.
    """

    def __init__(self, centre: Centre, drops: int = 0) -> None:
        self.centre, self.drops = centre, drops
        self.meanwhile: Callable[[], None] | None = None
        self.bytes_up = self.bytes_down = self.requests = 0

    def post(self, path: str, body: bytes) -> bytes:
        """The centre's answer, judged as `HttpWire` would."""
        answer = {
            "/v1/sync": self.centre.sync,
            "/v1/enrol": self.centre.enrol,
            "/v1/digest": self.centre.digest,
            "/v1/return": self.centre.take_back,
            "/v1/readmission": self.centre.readmit,
            "/v1/snapshot": self.centre.snapshot,
            "/v1/history": self.centre.history,
            "/v1/numbers": self.centre.provide,
        }[path]
        self.requests += 1
        self.bytes_up += len(body)
        try:
            answered = answer(body)
        except BadMessage as fault:
            raise Refusal("message", detail=str(fault)) from fault
        if self.meanwhile:
            happening, self.meanwhile = self.meanwhile, None
            happening()
        if self.drops:
            self.drops -= 1
            raise LostAnswer
        self.bytes_down += len(answered)
        return answered


def everything(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """All that stands in the office's tables, but for the number of the last request."""
    with office._reading() as session:
        return {
            name: rows
            for metadata in (Shared.metadata, Private.metadata)
            for name, rows in _tables(session, metadata).items()
        }


def _tables(session: Session, metadata: MetaData) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for table in metadata.sorted_tables:
        columns = [c for c in table.columns if c.name not in _RESTLESS.get(table.name, ())]
        query = select(*columns).order_by(*table.primary_key.columns)
        found[table.name] = [tuple(row) for row in session.execute(query)]
    return found


def entries(office: Office, **wanted: object) -> list[Entry]:
    """The changes in an office's table, in the order of their counters."""
    with office._reading() as session:
        found = session.scalars(select(Entry).filter_by(**wanted))
        return sorted(found, key=lambda entry: entry.id[20:])


def poison(office: Office, record: str, values: Mapping[str, Any]) -> None:
    """Put values past the form into the newest pending change of a record, as a bug would."""
    with writing(office._engine) as session:
        query = select(Entry).where(Entry.record == record, Entry.seq.is_(None))
        entry = session.scalars(query.order_by(Entry.id.desc()).limit(1)).one()
        entry.values = {**entry.values, **values}
