"""`python3 dev.py bench snapshot`: 100,000 members come to an empty office as a signed snapshot."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from sync.changes import Change
from sync.editing import to_wire
from sync.identity import Origin
from sync.records.base import Record, blank
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import Value
from sync.server import ledger
from sync.server.centre import Centre
from sync.server.database import writing
from sync.server.embedded import settings_of
from tests.bench.figures import Figures
from tests.bench.people import People
from tests.builders import DirectWire, a_unit, an_office, exchange, join, office_template

MEMBERS = 100_000
AT_ONCE = 2000
WRITER = Origin("0123456789ab", "00000001")
MOST_BYTES, MOST_CPU_S, MOST_MEMORY_MB = 6_500_000, 4.0, 150


def changes(count: int) -> list[Change]:
    """A unit and its members, as one PC wrote them."""
    people = People()
    unit = WRITER.id_at(1)
    rows: list[tuple[str, type[Record], dict[str, Value]]] = [
        (unit, OrganisationUnit, {**blank(OrganisationUnit), **a_unit()})
    ]
    rows += [
        (WRITER.id_at(2 * number + 1), Member, values)
        for number, values in enumerate(people.members(count, unit), 1)
    ]
    found = []
    for number, (record, kind, values) in enumerate(rows, 1):
        given = {name: value for name, value in values.items() if value != blank(kind)[name]}
        found.append(
            Change(
                WRITER.id_at(2 * number + 2), "HN", str(kind.__tablename__), record, "create",
                to_wire(kind, given), 0, "Văn thư", "2026-05-04T08:00:00+00:00",
            )
        )  # fmt: skip
    return found


def fill(centre: Centre, count: int) -> None:
    """The branch HN has so many members in its ledger."""
    written = changes(count)
    for start in range(0, len(written), AT_ONCE):
        with writing(centre.engine) as session:
            ledger.take(session, "HN", WRITER.device, written[start : start + AT_ONCE])


def measure(figures: Figures, count: int = MEMBERS) -> None:
    """Bytes on the wire, processor time at both ends, memory of this process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        centre = Centre(settings_of(folder / "centre.db"))
        office = an_office(folder / "a", office_template(folder))
        join(office, centre)
        fill(centre, count)
        began = time.process_time()
        centre._snapshots._manifest("HN")
        figures.add("centre makes the snapshot: processor", time.process_time() - began, "s")
        began = time.process_time()
        wire = DirectWire(centre)
        outcome = exchange(office, wire)
        figures.add("empty office: requests", outcome.requests, "")
        figures.add("empty office: bytes down", outcome.bytes_down, "B", MOST_BYTES)
        figures.add("empty office: processor, both ends", time.process_time() - began, "s")
        with office._reading() as session:
            there = len(session.scalars(select(Member.id)).all())
        figures.add("members there", there, "")
        figures.add(
            "memory, both ends", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"
        )
        office.close()
        centre.close()
