"""Whoever answers instead of a restored centre, where an office brings back what it had lost."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sync.problems import Problem
from sync.progress import Silent
from sync.protocol import CONTENT_TYPE
from sync.records.library import Library
from sync.server.cli import main
from sync.server.embedded import EmbeddedCentre, settings_of
from tests.builders import a_library
from tests.faults.meddler import (
    Centre,
    Said,
    Writing,
    chunk_cut_short,
    head,
    honest,
    length_too_short,
    meddler,
    nothing,
)
from tests.sync.test_strangers import ANSWERS
from vla_desktop.office import Office
from vla_desktop.store.standing import Light
from vla_desktop.store.store import Query

RETURN, READMISSION = "/v1/return", "/v1/readmission"
# What needs headers or lengths of its own is tried where whole exchanges are. A piece that is too
# large is not brought back as a piece.
OF_THE_LINE = ("redirect", "too many, absurd", "ends too soon", "encoded", "too large")
MANGLED = ((nothing, "offline"), (chunk_cut_short, "offline"), (length_too_short, "message"))


@dataclass
class Meddling:
    """Says this, or writes so, at one address, and is honest everywhere else."""

    at: str
    said: Said | None = None
    writes: Writing | None = None
    path: str = field(default="", init=False)
    asked: int = field(default=0, init=False)

    def __call__(self, path: str, body: bytes, centre: Centre) -> Said:
        self.path = path
        self.asked += path == self.at
        if path == self.at and self.said:
            return self.said
        self.heard = honest(path, body, centre)
        return self.heard

    def writing(self, line: socket.socket, answer: bytes) -> None:
        """As a whole answer is written, or not."""
        if self.path == self.at and self.writes:
            self.writes(line, answer)
            return
        kind = self.heard.content_type.encode()
        begin = head(len(answer)).replace(CONTENT_TYPE.encode(), kind)
        line.sendall(begin.replace(b"200 OK", f"{self.heard.status} -".encode()) + answer)


@contextmanager
def restored(folder: Path, *, knows: bool, office: Office) -> Iterator[EmbeddedCentre]:
    """A centre that was put back to before the office had written, or before it had joined."""
    database, backup = folder / "centre.db", folder / "backup.db"
    with EmbeddedCentre(settings_of(database)) as centre:
        code = centre.invite("HN")
        if knows:
            office.enrol(centre.url, code)
    shutil.copy(database, backup)
    with EmbeddedCentre(settings_of(database)) as centre:
        if knows:
            office.move(centre.url)
        else:
            office.enrol(centre.url, code)
        office.store.save(Library, a_library(name="Trước"))
        office.synchronise(Silent())
    for beside in ("-wal", "-shm"):
        database.with_name(database.name + beside).unlink(missing_ok=True)
    shutil.copy(backup, database)
    assert main(["new-epoch", "--database", f"sqlite:///{database}"]) == 0
    office.store.save(Library, a_library(name="Sau"))
    with EmbeddedCentre(settings_of(database)) as centre:
        yield centre


def suffer(office: Office, centre: EmbeddedCentre, meddling: Meddling) -> str:
    """One attempt, in which nothing gets lost; the code of what it came to, "" when it is done."""
    writing = meddling.writing if meddling.writes else None
    with meddler(centre.url, meddling, writing) as url:
        office.move(url)
        try:
            office.synchronise(Silent())
            found = ""
        except Problem as problem:
            found = problem.code.removeprefix("sync.") if problem.advice else "speechless"
        finally:
            office.move(centre.url)
    assert meddling.asked
    assert office.store.count(Library, Query()) == 2
    return found


@pytest.mark.parametrize("path", [RETURN, READMISSION])
def test_a_return_that_is_disturbed_is_said_and_gone_on_with(
    path: str, open_office: Callable[[str], Office], tmp_path: Path
) -> None:
    office = open_office("a")
    wanted = {name: code for name, (_a, code) in ANSWERS.items() if name not in OF_THE_LINE}
    found = {}
    with restored(tmp_path, knows=path == RETURN, office=office) as centre:
        for name in wanted:
            answer = ANSWERS[name][0]
            kind = answer.headers.get("Content-Type", "text/html")
            meddling = Meddling(path, Said(answer.status, kind, answer.body))
            found[name] = suffer(office, centre, meddling)
            assert office.standing().light is not Light.GREEN
        assert found == wanted
        assert_back(office)


@pytest.mark.parametrize(("writes", "code"), MANGLED)
@pytest.mark.parametrize("path", [RETURN, READMISSION])
def test_an_answer_to_a_return_that_is_mangled_is_all_or_nothing(
    path: str, writes: Writing, code: str, open_office: Callable[[str], Office], tmp_path: Path
) -> None:
    """The centre has taken what was brought, and the office learns of it at the next attempt."""
    office = open_office("a")
    with restored(tmp_path, knows=path == RETURN, office=office) as centre:
        assert suffer(office, centre, Meddling(path, writes=writes)) == code
        assert_back(office)


def assert_back(office: Office) -> None:
    """The next attempt brings everything, once."""
    office.synchronise(Silent())
    assert office.standing().light is Light.GREEN
    assert office.standing().pending == 0
    assert office.verify_receipt(online=True).holds
    assert office.digests()["HN"][0] == 2
