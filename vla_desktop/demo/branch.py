"""The demonstration branch: a province's libraries, members and work, all of it invented."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping

from sync.places import Catalogue
from sync.progress import Progress
from sync.records.fields import fields
from sync.records.types import Link, Value
from sync.texts import _
from vla_desktop import paths
from vla_desktop.demo.invention import (
    activities,
    boards,
    dues,
    emulation,
    libraries,
    people,
    units,
    works,
)
from vla_desktop.demo.invention.ground import Ground, Invented, Names, Scale
from vla_desktop.store.store import Store

CHUNK = 500
SEED = 2026


class Size(enum.Enum):
    """How large the branch is. T1, with ten years, is what the figures of speed are of."""

    SMALL = Scale(libraries=24, members=60, activities=60, listed=10, participations=60, years=4)
    T1 = Scale(
        libraries=400, members=3_000, activities=5_000, listed=600, participations=6_000, years=10
    )


def demonstration(
    catalogue: Catalogue, names: Names, size: Size, seed: int, today: dt.date
) -> Iterator[Invented]:
    """Every record of the branch; each links only to those before it.

    The same arguments give the same branch. No day in it lies after `today`.
    """
    return invented(Ground(catalogue, names, size.value, seed, today))


def invented(ground: Ground) -> Iterator[Invented]:
    """Every record of the branch of a province, as above."""
    houses = libraries.houses(ground)
    known = people.people(ground, houses)
    yield from units.units(ground)
    yield from libraries.library_records(ground, houses)
    yield from libraries.headcounts(ground, houses)
    yield from (person.record for person in known)
    yield from people.event_records(known)
    done = activities.activity_records(ground, houses)
    yield from done
    yield from activities.participations(ground, done, known)
    yield from boards.boards(ground, known)
    yield from emulation.criteria(ground)
    yield from emulation.assessments(ground, houses)
    yield from emulation.pledges(ground, known, houses)
    yield from emulation.awards(ground, known, houses)
    yield from dues.dues_records(ground, known)
    yield from dues.data_protection(ground, known)
    yield from works.plans(ground)
    yield from works.certificates(ground, done, known)
    yield from works.dossiers(ground)
    yield from works.welfare(ground, known)
    yield from works.heritage(ground, houses)
    yield from works.world(ground, known)
    yield from works.development(ground, houses)


def fill(
    store: Store,
    catalogue: Catalogue,
    size: Size,
    seed: int,
    progress: Progress,
    today: dt.date | None = None,
) -> int:
    """Write the branch into an office, some hundred records at a time; how many there were.

    `today` is the clock's day when None. Raises Cancelled when whoever watches wants no more;
    what was written by then stays.
    """
    today = today or dt.datetime.now().astimezone().date()
    names = Names(paths.resources() / "names")
    branch = list(demonstration(catalogue, names, size, seed, today))
    ids: dict[str, str] = {}
    for chunk in _chunks(branch):
        progress.report(len(ids), len(branch), _("Đang tạo văn phòng mẫu"))
        saved = store.save_many([(each.kind, _linked(each, ids), None) for each in chunk])
        ids |= {each.key: done.id for each, done in zip(chunk, saved, strict=True)}
    progress.report(len(ids), len(branch), _("Đã tạo xong văn phòng mẫu"))
    return len(ids)


def _chunks(branch: list[Invented]) -> Iterator[list[Invented]]:
    """Pieces in which nothing links to its own piece: ids are known once a piece is saved."""
    chunk: list[Invented] = []
    keys: set[str] = set()
    for each in branch:
        linked = {each.values[name] for name in _links(each) if name in each.values}
        if chunk and (len(chunk) >= CHUNK or linked & keys):
            yield chunk
            chunk, keys = [], set()
        chunk.append(each)
        keys.add(each.key)
    if chunk:
        yield chunk


def _links(each: Invented) -> list[str]:
    return [field.name for field in fields(each.kind) if isinstance(field.type, Link)]


def _linked(each: Invented, ids: Mapping[str, str]) -> dict[str, Value]:
    links = {name: ids[str(each.values[name])] for name in _links(each) if each.values.get(name)}
    return {**each.values, **links}
