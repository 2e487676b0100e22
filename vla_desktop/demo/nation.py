"""The whole association, invented: a branch in every province of the day."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from sync.changes import Action, Change
from sync.identity import INCARNATION_DIGITS, Origin
from sync.places import Catalogue
from sync.progress import Progress
from sync.records import name_of
from sync.server import ledger
from sync.server.centre import Centre
from sync.server.database import add_if_absent, writing
from sync.server.moving import centre_device
from sync.server.tables import Branch
from sync.texts import _
from vla_desktop import paths
from vla_desktop.demo.branch import invented
from vla_desktop.demo.invention.ground import Ground, Names, Scale, shares
from vla_desktop.demo.shelf import Names as Ids

AT_ONCE = 5_000
_AUTHOR = "Văn thư chi hội"


class Reach(enum.IntEnum):
    """How many members the whole association has."""

    T2 = 100_000
    T3 = 1_000_000


def grounds(
    catalogue: Catalogue, members: int, seed: int, today: dt.date,
    wanted: Callable[[str], bool] = lambda _province: True,
) -> Iterator[Ground]:  # fmt: skip
    """A branch in each province that is `wanted`, the more communes the more members.

    The same arguments give the same branches, each with ten years of history.
    """
    names = Names(paths.resources() / "names")
    codes = sorted(place.code for place in catalogue.provinces(today) if wanted(place.code))
    sizes = shares(members, [len(catalogue.communes(code)) for code in codes])
    for code, size in zip(codes, sizes, strict=True):
        yield Ground(catalogue, names, scale_of(size), seed, today, code)


def scale_of(members: int) -> Scale:
    """A branch of so many members. Lists of who came are few: no figure rests on their number."""
    listed = min(200, members // 15)
    return Scale(
        libraries=members * 2 // 15, members=members, activities=members // 3, listed=listed,
        participations=listed * 10, years=10,
    )  # fmt: skip


def branch_name(ground: Ground) -> str:
    """What the centre calls the branch."""
    return f"Chi hội Thư viện {ground.province_title}"


def fill_centre(centre: Centre, some: Iterable[Ground], progress: Progress) -> int:
    """Write these branches into the ledgers of a centre, each under its province's code.

    How many records there were. The centre is their author, as there is no office that was.
    """
    device, total, filled = centre_device(centre.identity.key.public), 0, list(some)
    for at, ground in enumerate(filled):
        progress.report(at, len(filled), _("Đang tạo các chi hội của cả nước"))
        scope = ground.province
        life = hashlib.sha256(f"nation {scope}".encode()).hexdigest()[:INCARNATION_DIGITS]
        origin = Origin(device, life)
        with writing(centre.engine, scope) as session:
            add_if_absent(session, Branch, {"code": scope, "name": branch_name(ground)})
        changes = _changes(ground, scope, origin)
        while chunk := list(islice(changes, AT_ONCE)):
            with writing(centre.engine, scope) as session:
                ledger.number(session, ledger.lock(session, scope), chunk)
            total += len(chunk)
    progress.report(len(filled), len(filled), _("Đã tạo xong các chi hội của cả nước"))
    return total


def _changes(ground: Ground, scope: str, origin: Origin) -> Iterator[Change]:
    ids = Ids(origin.id_at(0)[:20])
    written_at = f"{ground.today.isoformat()}T00:00:00+00:00"
    for each in invented(ground):
        values = ids.wire(each)
        identity = ids.name(each.key)
        yield Change(
            identity, scope, name_of(each.kind), identity, Action.CREATE.value, values, 0,
            _AUTHOR, written_at,
        )  # fmt: skip
