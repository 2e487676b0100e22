"""Whole programs of three versions work in one branch, and are upgraded one after the other."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.versions.grown import NEWEST, Running, grow

Records = Mapping[str, Mapping[str, Mapping[str, Any]]]
LIBRARY = {"type": "public", "commune": "00004"}
FAULTS = {
    "a catch-up that does nothing": (
        "sync/catching_up.py", "    in_order = list(session.scalars(_entries(lesson)))",
        "    in_order = []",
    ),
    "an office that keeps of a change only what it knows": (
        "sync/client/intake.py", "entry_values(item,",
        "shorn(item,",
    ),
}  # fmt: skip

SHORN = """

def shorn(change, **place):
    kept = {n: v for n, v in change.values.items() if n not in ("colour", "fax", "floor")}
    return entry_values(change, **place) | {"values": kept}
"""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return grow(tmp_path_factory.mktemp("programs"))


def free_port() -> int:
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return int(some.getsockname()[1])


class Branch:
    """A centre and three offices of one branch, each of a version of its own."""

    def __init__(self, programs: list[Path], folder: Path, centre: int) -> None:
        self._programs, self._folder = programs, folder
        self._port = str(free_port())
        self._database = f"sqlite:///{folder / 'centre.db'}"
        self._stack = ExitStack()
        self.centre = self.start_centre(centre)
        self.offices = [self.start_office(name, name) for name in range(NEWEST + 1)]
        for office in self.offices:
            office.do("enrol", self.centre.do("address"), self.centre.do("invite", "HN"))

    def start_centre(self, version: int) -> Running:
        running = Running(self._programs[version], "centre", self._database, self._port)
        return self._stack.enter_context(running)

    def start_office(self, name: int, version: int) -> Running:
        home = str(self._folder / f"office {name}")
        return self._stack.enter_context(Running(self._programs[version], "office", home))

    def upgrade(self) -> None:
        """Everything becomes of the newest version."""
        for running in (self.centre, *self.offices):
            running.stop()
        self.centre = self.start_centre(NEWEST)
        self.offices = [self.start_office(name, NEWEST) for name in range(NEWEST + 1)]

    def talk(self, rounds: int = 2) -> None:
        for _round in range(rounds):
            lights = [office.do("synchronise") for office in self.offices]
        assert set(lights) == {"green"}

    def close(self) -> None:
        self._stack.close()


@pytest.fixture
def branch(
    programs: list[Path], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Branch]:
    branch = Branch(programs, tmp_path, request.param)
    yield branch
    branch.close()


def work(branch: Branch) -> None:
    """Each writes what it knows, and changes what the others wrote."""
    first, second, third = branch.offices
    one = first.do("save", "library", {**LIBRARY, "name": "Một"})
    two = second.do("save", "library", {**LIBRARY, "name": "Hai", "colour": "đỏ"})
    three = third.do("save", "library", {**LIBRARY, "name": "Ba", "colour": "tím", "fax": "0100 3"})
    room = second.do("save", "reading_room", {"library": two, "name": "Phòng A", "seats": 20})
    theirs = {"library": three, "name": "Phòng B", "seats": 30, "floor": 2}
    hall = third.do("save", "reading_room", theirs)
    branch.talk(3)
    first.do("save", "library", {"phone": "0100 1"}, three)
    first.do("delete", "library", two)
    first.do("restore", "library", two)
    second.do("save", "library", {"colour": "vàng"}, three)
    second.do("save", "reading_room", {"seats": 31}, hall)
    third.do("save", "library", {"fax": "0100 9", "colour": "xanh"}, one)
    third.do("save", "reading_room", {"floor": 4}, room)
    third.do("delete", "reading_room", hall)
    branch.talk(3)


def known_to(records: Records, other: Records) -> Records:
    """Of one office's records what another one knows as well."""
    return {
        kind: {
            record: {name: v for name, v in values.items() if name in some_values(other[kind])}
            for record, values in records[kind].items()
        }
        for kind in other
    }


def some_values(records: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    return next(iter(records.values()), {})


def assert_all_have_it(branch: Branch) -> None:
    older = [office.do("tell") for office in branch.offices]
    newest = older[NEWEST]
    for told in older:
        assert told["digests"] == newest["digests"]
        assert (told["pending"], told["records"]) == (
            0, known_to(newest["records"], told["records"]))  # fmt: skip
    assert [told["newer"] for told in older] == [2, 0, 0]
    branch.upgrade()
    after = [office.do("tell") for office in branch.offices]
    assert after == [newest] * len(after)
    assert branch.centre.do("tell")["records"] == newest["records"]
    branch.talk()


@pytest.mark.parametrize("branch", range(NEWEST + 1), indirect=True, ids="centre {}".format)
def test_three_versions_at_any_centre_lose_nothing(
    branch: Branch, programs: list[Path], tmp_path: Path
) -> None:
    live_through(branch)
    branch.close()
    home = tmp_path / "office 0"
    before = hashlib.sha256((home / "office.db").read_bytes()).hexdigest()
    for role, place in (("office", str(home)), ("centre", f"sqlite:///{tmp_path / 'centre.db'}")):
        with Running(programs[0], role, place) as old:
            assert old.began == {"problem": "database.newer"}
    assert hashlib.sha256((home / "office.db").read_bytes()).hexdigest() == before


def live_through(branch: Branch) -> None:
    work(branch)
    assert_all_have_it(branch)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_in_a_program_is_seen(
    name: str, programs: list[Path], tmp_path: Path
) -> None:
    faulty = [programs[0], *(tmp_path / program.name for program in programs[1:])]
    file, right, wrong = FAULTS[name]
    for sound, program in zip(programs[1:], faulty[1:], strict=True):
        copytree(sound, program, symlinks=True)
        text = (program / file).read_text(encoding="utf-8")
        assert right in text
        (program / file).write_text(text.replace(right, wrong) + SHORN, encoding="utf-8")
    with closing(Branch(faulty, tmp_path, 1)) as branch, pytest.raises(AssertionError):
        live_through(branch)
