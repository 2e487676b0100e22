"""The demonstration: a centre of its own, an enrolled office full of invented work, all on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import sync
from sync.changes import Entry
from sync.progress import Progress
from sync.records import KINDS
from sync.records.fields import fields
from sync.server.embedded import EmbeddedCentre, settings_of
from sync.server.resolutions import load, read
from vla_desktop import paths
from vla_desktop.demo.branch import SEED, Size, fill
from vla_desktop.office import Office

PASSPHRASE = "mật khẩu trình diễn"  # noqa: S105 - everything behind it is invented
BRANCH = "TN"
BRANCH_NAME = "Chi hội Thư viện tỉnh Thái Nguyên"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Stage:
    """A folder with a centre's database and the homes of offices beside it."""

    folder: Path

    @property
    def first(self) -> Path:
        """The home of the office that is filled."""
        return self.folder / "van-phong-1"

    @property
    def second(self) -> Path:
        """The home of the branch's other PC, empty at first."""
        return self.folder / "van-phong-2"

    @property
    def database(self) -> Path:
        """The centre's database."""
        return self.folder / "trung-uong.db"

    def centre(self) -> EmbeddedCentre:
        """The centre, reachable on a free port of this machine."""
        return EmbeddedCentre(settings_of(self.database))

    def copied_to(self, folder: Path) -> Stage:
        """A copy to play with; whatever was there is gone."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Stage(folder)


def prepare(folder: Path, size: Size, say: Say, progress: Progress) -> Stage:
    """The stage in `folder`; made when it is not there yet, or was made by another version."""
    stage, stamp = Stage(folder), folder / "ready"
    wanted = _edition(size)
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return stage
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    say("making the demonstration branch (once)")
    with stage.centre() as centre, Office.create(stage.first, PASSPHRASE) as office:
        office.change_settings(replace(office.settings, author="Văn thư chi hội", computer="Máy 1"))
        with centre.centre.desk() as desk:
            load(desk, read(paths.resources() / "resolutions" / "terms.json"))
        number = fill(office.store, office.store.catalogue, size, SEED, progress)
        say(f"{number:,} records invented; sending them to the centre")
        office.enrol(centre.url, centre.invite(BRANCH, BRANCH_NAME, "Máy 1"))
        outcome = office.synchronise(progress)
        say(f"{outcome.accepted:,} accepted in {outcome.requests} requests")
    stamp.write_text(wanted, "utf-8")
    return stage


def _edition(size: Size) -> str:
    """Names what the stage was made of, so that a stage of another kind is made anew."""
    declared = ",".join(f"{kind.__tablename__}:{len(fields(kind))}" for kind in KINDS)
    grown = f"{size.name} {size.value} {SEED}"
    return f"{sync.__version__} {grown} {len(Entry.__table__.columns)} {declared}"


def open_second(stage: Stage, centre: EmbeddedCentre, progress: Progress) -> Office:
    """The branch's second PC: made, enrolled, and brought up to date."""
    office = Office.create(stage.second, PASSPHRASE)
    office.change_settings(replace(office.settings, author="Văn thư thứ hai", computer="Máy 2"))
    office.enrol(centre.url, centre.invite(BRANCH, label="Máy 2"))
    office.synchronise(progress)
    return office
