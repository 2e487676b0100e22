"""Files between an office and a centre without sockets, for the tests of files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from sync import files
from sync.changes import Entry
from sync.client.tables import Office as Identity
from sync.problems import Problem
from sync.protocol import Refusal, SyncAnswer, SyncRequest
from sync.server.centre import Centre
from sync.server.database import reading as centre_reading
from sync.server.isolation import EVERYWHERE
from tests.builders import entries
from vla_desktop.office import Office


def ledger_of(centre: Centre) -> list[tuple[Any, ...]]:
    """The centre's ledgers, change by change."""
    with centre_reading(centre.engine, EVERYWHERE) as session:
        found = session.scalars(select(Entry).order_by(Entry.scope, Entry.seq))
        return [(entry.scope, entry.seq, entry.digest, entry.change()) for entry in found]


def identity_of(office: Office) -> Identity:
    with office._reading() as session:
        return session.get_one(Identity, 1)


def refused(work: Callable[[], object]) -> str:
    """The code of the problem or refusal that the work meets."""
    with pytest.raises((Problem, Refusal)) as found:
        work()
    assert isinstance(found.value, Problem | Refusal)
    if isinstance(found.value, Problem):
        assert found.value.what.endswith(".")
        assert found.value.advice.endswith(".")
    return found.value.code


def request_of(office: Office, **other: Any) -> SyncRequest:
    """What the office would write into a file, altered."""
    us = identity_of(office)
    facts: dict[str, Any] = {
        "device": us.device, "incarnation": us.incarnation, "exchange": 50, "centre": us.centre,
        "cursors": {"HN": 0, "association": 0},
        "changes": [entry.change() for entry in entries(office, seq=None)],
    } | other  # fmt: skip
    return SyncRequest(**facts)


def answer_in(office: Office, content: bytes) -> SyncAnswer:
    """The answer inside an acknowledgement."""
    us = identity_of(office)
    return files.acknowledged(content, us.centre, us.centre_key, us.device, us.key)
