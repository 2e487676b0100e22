"""A real, encrypted store with invented people in it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path

from sync.client.tables import Office as Identity
from sync.migrations import SHARED, upgrade
from sync.places import Catalogue
from sync.records.activity import Activity
from sync.records.base import Record
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import Value
from vla_desktop import paths
from vla_desktop.store.database import open_engine, writing
from vla_desktop.store.store import Hand, Store
from vla_desktop.store.tables import OFFICE

COMMUNE = "00004"
NOW = dt.datetime(2026, 4, 21, 7, 30, tzinfo=dt.UTC)

Entries = list[tuple[type[Record], dict[str, Value], str | None]]


def open_store(folder: Path) -> Store:
    """The store in this folder; new and empty when there is none."""
    catalogue = Catalogue.load(paths.resources() / "catalogues")
    is_new = not (folder / "office.db").exists()
    engine = open_engine(folder / "office.db", b"k" * 32, create=is_new)
    if is_new:
        upgrade(engine, SHARED)
        upgrade(engine, OFFICE)
        with writing(engine) as session:
            session.add(
                Identity(id=1, device="0" * 11 + "1", secret=b"s" * 32, incarnation="00000001")
            )
    return Store(engine, catalogue, Hand(lambda: "Lê Thị Hòa", lambda: "VP-01", lambda: NOW))


def unit(store: Store, name: str = "Chi hội Thư viện tỉnh") -> str:
    """A branch; returns its id."""
    return store.save(OrganisationUnit, {"name": name, "type": "branch"}).id


def library(store: Store, name: str = "Thư viện tỉnh") -> str:
    """A library; returns its id."""
    values: dict[str, Value] = {"name": name, "type": "public", "commune": COMMUNE}
    return store.save(Library, values).id


def activity(store: Store, name: str = "Tập huấn biên mục") -> str:
    """A training; returns its id."""
    values: dict[str, Value] = {
        "name": name, "type": "training", "task_no": 3, "starts_on": dt.date(2026, 3, 5),
    }  # fmt: skip
    return store.save(Activity, values).id


def member_values(name: str, of_unit: str, **more: Value) -> dict[str, Value]:
    """What a member's form needs at least."""
    return {
        "full_name": name,
        "subject": "person",
        "membership": "official",
        "born_on": "1980",
        "occupation": "Thủ thư",
        "outside_reason": "Đã nghỉ hưu",
        "address": "Số 1",
        "commune": COMMUNE,
        "unit": of_unit,
        "joined_on": dt.date(2015, 5, 19),
        "status": "active",
        **more,
    }


def members(store: Store, names: Sequence[str], of_unit: str = "") -> list[str]:
    """Members by these names; returns their ids."""
    of_unit = of_unit or unit(store)
    saved = store.save_many([(Member, member_values(name, of_unit), None) for name in names])
    return [each.id for each in saved]


def many_members(store: Store, count: int, seed: int = 4) -> list[str]:
    """So many invented members, spread over three branches and some libraries."""
    chance = random.Random(seed)
    women, men = _lines("given-names-female"), _lines("given-names-male")
    shares = [line.split("\t") for line in _lines("surnames")]
    surnames, weights = [share[0] for share in shares], [int(share[1]) for share in shares]
    units = [unit(store, f"Chi hội {name}") for name in ("Thư viện tỉnh", "Trường học", "Quân đội")]
    places = [library(store, f"Thư viện xã {chance.choice(women)}") for _ in range(20)]
    entries: Entries = []
    for number in range(count):
        female = chance.random() < 0.7
        surname = chance.choices(surnames, weights)[0]
        name = f"{surname} {chance.choice(women if female else men)}"
        values = member_values(
            name,
            chance.choice(units),
            gender="female" if female else "male",
            born_on=str(chance.randint(1955, 2003)),
            workplace=chance.choice(places),
            phone=f"0100 {chance.randint(100, 999)} {chance.randint(100, 999)}",
            card_no=f"{number + 1:05}",
            joined_on=dt.date(chance.randint(2007, 2025), chance.randint(1, 12), 15),
            status=chance.choice(["active"] * 8 + ["paused", "left"]),
        )
        entries.append((Member, values, None))
    return [each.id for each in store.save_many(entries)]


def _lines(file: str) -> list[str]:
    text = (paths.resources() / "names" / f"{file}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]
