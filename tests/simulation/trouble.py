"""What should not happen, and what a clerk does about it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from sync.changes import Change, Entry
from sync.problems import InvalidRecord
from sync.protocol import Refusal, SyncRequest
from sync.records import BY_NAME
from tests.simulation.kinds import TEXTS
from tests.simulation.machine import BRANCHES, CENTRE_ID
from tests.simulation.replica import Replica

if TYPE_CHECKING:
    from tests.simulation.world import World

DAYS, LINES = ("opened_on", "joined_on", "decision_on"), ("email", "phone", "decision_no")
A_DAY = dt.date(2020, 1, 2)


def poison(world: World, replica: Replica) -> str:
    """A fault below the form puts a value into a change that no form lets through."""
    known = len(replica.typed)
    deed = world.random.choice([world.edit, world.create])
    told = deed(replica)
    values = world.random.choice([dict.fromkeys(DAYS, "hôm qua"), dict.fromkeys(LINES, "x" * 999)])
    if len(replica.typed) == known:
        return told
    with replica.writing() as session:
        found = session.scalars(select(Entry).where(Entry.written_at == replica.typed[-1]))
        entry = found.one()
        entry.values = {**entry.values, **values}
    save = world.truth.saves[replica.typed[-1]]
    world.truth.saves[save.stamp] = replace(save, values=dict(entry.values))
    return f"{told} {sorted(values)}"


def repair(world: World, replica: Replica) -> str:
    """The clerk opens what was refused, and types anew."""
    refused = replica.rows(
        "SELECT kind, record FROM change WHERE seq IS NULL AND setback = 'refused' ORDER BY id"
    )
    told = []
    for kind, record in refused:
        if kind in BY_NAME:
            told.append(world.attempt(partial(_type_anew, world, replica, kind, record)))
    fetch_back(replica)
    return " ".join(told)


def _type_anew(world: World, replica: Replica, kind: str, record: str) -> str:
    """Where the form points to other fields, the clerk corrects those too."""
    values: dict[str, Any] = {TEXTS[kind][0]: world.word()}
    try:
        return replica.save(BY_NAME[kind], values, record)
    except InvalidRecord as invalid:
        values |= {name: A_DAY if name in DAYS else "" for name in invalid.by_field}
        return replica.save(BY_NAME[kind], values, record)


def fetch_back(replica: Replica) -> None:
    """The clerk sees what waits for a record that was thrown away before it ever travelled."""
    waiting = replica.rows("SELECT reason FROM change WHERE seq IS NULL AND setback = 'waiting'")
    for record in sorted({json.loads(reason)["waiting_for"] for (reason,) in waiting}):
        for (kind,) in replica.rows(
            "SELECT kind FROM change WHERE record = ? AND action = 'create' AND seq IS NULL"
            " AND setback = 'withdrawn' AND digest = ''", record,
        ):  # fmt: skip
            if kind in BY_NAME:
                replica.bin(BY_NAME[kind], record, False)


def newer(world: World, replica: Replica) -> str:
    """A newer version writes a field, or a kind, that this one does not know."""
    _kind, name, record = world.any_record(replica)
    if world.random.random() < 0.5:
        replica.insert("asset", "", "create", {"title": world.word()})
        return "kind"
    if record:
        replica.insert(name, record, "edit", {"shelf": world.word(), "note": world.word()})
    return "field"


def snoop(world: World, replica: Replica) -> str:
    """Somebody with the device's key asks for another branch, or writes into it."""
    other = BRANCHES[0] if replica.branch == BRANCHES[1] else BRANCHES[1]
    is_asking = world.random.random() < 0.5
    counter = world.random.randint(10**6, 10**9)
    incarnation = f"f{world.random.getrandbits(28):07x}"
    forged = Change(
        f"{replica.device}{incarnation}{counter:012x}", other, "library",
        f"{replica.device}{incarnation}{counter + 1:012x}", "create",
        {"name": world.word(), "type": "public", "commune": "00004"}, 0, "Kẻ lạ", "",
    )  # fmt: skip
    request = SyncRequest(
        replica.device, incarnation, 1, CENTRE_ID, {other if is_asking else replica.branch: 0},
        [] if is_asking else [forged],
    )  # fmt: skip
    body = request.to_bytes(replica.key())
    try:
        world.network.deliver(replica.device, replica.branch, "/v1/sync", body)
    except Refusal as refusal:
        return refusal.code
    return "answered"


TROUBLES: dict[str, Callable[[World, Replica], str]] = {
    "poison": poison, "repair": repair, "newer": newer, "snoop": snoop,
}  # fmt: skip
