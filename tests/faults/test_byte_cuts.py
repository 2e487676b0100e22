"""The line breaks after every single byte of a request and of its answer; nothing is lost."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import sync.server.centre as centre_module
from sync.changes import ASSOCIATION, Entry
from sync.client.obstacles import obstacle
from sync.client.renewal import Renewal
from sync.client.tables import Office as Identity
from sync.client.wire import HttpWire
from sync.problems import Problem
from sync.progress import Silent
from sync.records.library import Library
from sync.server.centre import Centre, digests
from sync.server.database import reading
from sync.server.embedded import EmbeddedCentre
from sync.server.tables import Enrolment, Invitation
from tests.builders import a_library, everything, join
from tests.faults.proxy import BrittleLine, Cut, Way
from tests.sync.pc import Pc
from vla_desktop.office import Office
from vla_desktop.store.database import writing

BRANCH = "HN"
MISSES = 3
# A long history of one record makes every exchange slow.
FRESH_EVERY = 50
# A code's hash is dear on purpose; VLA_ENROLMENT_STEP=1 cuts after every byte.
ENROLMENT_STEP = int(os.environ.get("VLA_ENROLMENT_STEP", "7"))
BLAMELESS = ("sync.offline", "sync.timeout")


class NearPc(Pc):
    """A colleague's PC, which needs no socket."""

    def __init__(self, centre: Centre) -> None:
        super().__init__("")
        self._centre = centre
        self.enrol(centre.invite(BRANCH))

    def ask(self, path: str, body: bytes) -> bytes:
        return {"/v1/enrol": self._centre.enrol, "/v1/sync": self._centre.sync}[path](body)


class Bench:
    """An office behind a brittle line, and a colleague who writes the ledger on."""

    def __init__(self, office: Office, centre: Centre, line: BrittleLine) -> None:
        self.office, self.centre, self.line = office, centre, line
        self.pc = NearPc(centre)
        join(office, centre, BRANCH)
        office.move(line.url)
        self.mine = office.store.save(Library, a_library(name="Một")).id
        theirs = self.pc.library("Hai")
        self.theirs = theirs.record
        self.pc.sync(theirs)
        office.synchronise(Silent())
        self.written, self.turns = 2, 0
        self.incarnation = self.identity().incarnation

    def identity(self) -> Identity:
        """Who the office is."""
        with self.office._reading() as session:
            return session.get_one(Identity, 1)

    def broken_sync(self, cut: Cut) -> None:
        """One change up and one down over a line that breaks, then once more over a whole one."""
        self.written += 2
        text = f"lần {self.written}"
        self.turns += 1
        if self.turns % FRESH_EVERY == 0:
            self.mine = self.office.store.save(Library, a_library(name=text)).id
            self.written += 1
        self.office.store.save(Library, {"note": text}, self.mine)
        edit = self.pc.change(
            "library", {"note": text}, action="edit", record=self.theirs, base=self.written - 2
        )
        self.pc.sync(edit)
        self.line.cut = cut
        done_at_last(lambda: self.office.synchronise(Silent()))
        self.assert_once(text)

    def assert_once(self, text: str) -> None:
        """Everything stands once, here and there, and the office is who it was."""
        with reading(self.centre.engine) as session:
            count = session.scalar(select(func.count()).select_from(Entry))
            there = {scope: (seq, digest) for scope, seq, digest in digests(session)}
        here = {k: v for k, v in self.office.digests().items() if k != ASSOCIATION}
        assert count == self.written
        assert here == there
        assert there[BRANCH][0] == self.written
        assert self.office.standing().pending == 0
        assert self.identity().incarnation == self.incarnation
        for identity in (self.mine, self.theirs):
            row = self.office.store.get(Library, identity)
            assert row is not None
            assert row.values["note"] == text


def done_at_last(work: Callable[[], object]) -> None:
    """Works over a line that may break once, and again when it did."""
    try:
        work()
    except Problem as problem:
        if problem.code not in BLAMELESS:
            raise
        work()


def every_cut(line: BrittleLine, way: Way, work: Callable[[Cut], None], step: int = 1) -> int:
    """Does the work with a cut after each byte that goes this way; says how many went."""
    place, misses = 0, 0
    while misses < MISSES:
        work(Cut(way, place, abrupt=place // step % 2 == 0))
        misses = 0 if line.has_cut else misses + 1
        place += step
    return place


@pytest.fixture
def line(centre: EmbeddedCentre, caplog: pytest.LogCaptureFixture) -> Iterator[BrittleLine]:
    # urllib3 wonders at every header that was cut in two.
    caplog.set_level(logging.ERROR, logger="urllib3.connection")
    with BrittleLine(centre.url) as line:
        yield line


@pytest.fixture
def bench(open_office: Callable[[str], Office], centre: EmbeddedCentre, line: BrittleLine) -> Bench:
    return Bench(open_office("a"), centre.centre, line)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", Way)
def test_a_sync_cut_at_any_byte_is_done_once_by_the_next(way: Way, bench: Bench) -> None:
    assert every_cut(bench.line, way, bench.broken_sync) > 400


@pytest.mark.parametrize("way", Way)
def test_a_digest_cut_at_any_byte_changes_nothing_and_is_told_by_the_next(
    way: Way, bench: Bench
) -> None:
    bench.broken_sync(Cut(Way.DOWN, 1 << 20, abrupt=True))
    before = everything(bench.office)

    def broken_digest(cut: Cut) -> None:
        bench.line.cut = cut
        done_at_last(lambda: bench.office.verify_receipt(online=True))
        proof = bench.office.verify_receipt(online=True)
        assert proof.holds
        assert proof.scopes[BRANCH].centre == bench.office.digests()[BRANCH][1]

    assert every_cut(bench.line, way, broken_digest) > 200
    assert everything(bench.office) == before


@pytest.mark.parametrize("way", Way)
def test_an_enrolment_cut_at_any_byte_is_done_by_the_next(
    way: Way, open_office: Callable[[str], Office], centre: EmbeddedCentre, line: BrittleLine
) -> None:
    office = open_office("a")
    code = centre.invite(BRANCH)

    def broken_enrolment(cut: Cut) -> None:
        leave(office)
        line.cut = cut
        done_at_last(lambda: office.enrol(line.url, code))
        assert office.standing().branch == BRANCH

    assert every_cut(line, way, broken_enrolment, ENROLMENT_STEP) > 200
    with reading(centre.centre.engine) as session:
        assert session.scalars(select(Enrolment.branch)).all() == [BRANCH]
        assert session.scalars(select(Invitation.tries)).all() == [0]


def leave(office: Office) -> None:
    """The office forgets that it was enrolled; the centre does not."""
    with writing(office._engine) as session:
        session.get_one(Identity, 1).branch = ""


def test_a_centre_that_answers_before_it_commits_would_be_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def forgetting(engine: Engine) -> Iterator[Session]:
        with Session(engine) as session:
            yield session
            session.rollback()

    monkeypatch.setattr(centre_module, "writing", forgetting)
    with pytest.raises(AssertionError):
        bench.broken_sync(Cut(Way.DOWN, 1 << 20, abrupt=True))


def test_an_office_that_names_its_changes_anew_for_each_try_would_be_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = HttpWire.post

    def forgetful(wire: HttpWire, path: str, body: bytes) -> bytes:
        try:
            return post(wire, path, body)
        except Problem as problem:
            with writing(bench.office._engine) as session:
                office = session.get_one(Identity, 1)
                office.incarnation = "0000000f"
                Renewal(session, office).everything()
            raise obstacle("offline") from problem

    monkeypatch.setattr(HttpWire, "post", forgetful)
    with pytest.raises(AssertionError):
        bench.broken_sync(Cut(Way.DOWN, 100, abrupt=True))
