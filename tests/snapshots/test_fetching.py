"""Whatever breaks off, what was fetched is never fetched again, and nothing stands half-loaded."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sync.client import bootstrap
from sync.client.loading import Loading
from sync.client.obstacles import obstacle
from sync.client.tables import KeptPage, KeptSnapshot
from sync.problems import Problem
from sync.progress import Cancelled, Silent
from sync.protocol import Refusal
from sync.records.library import Library
from sync.server import building, snapshots
from sync.server.centre import Centre
from sync.server.database import reading
from sync.server.embedded import EmbeddedCentre
from sync.server.tables import Snapshot, SnapshotPage
from sync.snapshots import pages_wire_from, snapshot_request_from
from tests.builders import DirectWire, LostAnswer, a_library, an_office, exchange, join
from tests.faults.proxy import BrittleLine, Cut, Way
from tests.faults.test_byte_cuts import done_at_last
from tests.snapshots.seen import a_library_of, place, records
from tests.snapshots.worker import synchronise
from vla_desktop.office import Office
from vla_desktop.store.database import assert_whole, writing
from vla_desktop.store.rows import Query

Opening = Callable[[str], Office]


class Counting(DirectWire):
    """Counts which pages went over the line; the requests from `lost` on lose their answers."""

    def __init__(self, centre: Centre, lost: int = 10**9) -> None:
        super().__init__(centre)
        self.pages: Counter[str] = Counter()
        self.manifests, self._lost = 0, lost

    def post(self, path: str, body: bytes) -> bytes:
        answer = super().post(path, body)
        if path == "/v1/snapshot":
            asked = snapshot_request_from(body)[0].pages
            self.manifests += not asked
            if self.manifests + sum(self.pages.values()) >= self._lost:
                raise LostAnswer
            self.pages.update(asked[: len(pages_wire_from(answer))] if asked else ())
        return answer


def test_a_page_that_came_never_comes_again(
    enrolled: Opening, first: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "MOST_ASKED_PAGES", 1)
    office = enrolled("a")
    fetched: Counter[str] = Counter()
    for _attempt in range(3):
        wire = Counting(near_centre, lost=2)
        with pytest.raises(LostAnswer):
            exchange(office, wire)
        fetched += wire.pages
        assert place(office)[0] == 0
    last = Counting(near_centre)
    exchange(office, last)
    fetched += last.pages
    assert len(fetched) > 3
    assert set(fetched.values()) == {1}
    assert last.manifests == 0
    assert records(office) == records(first)


def test_an_office_that_forgets_its_pages_would_be_caught(
    enrolled: Opening, first: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "missing_pages", lambda _session, manifest: manifest.pages)
    with pytest.raises(AssertionError):
        test_a_page_that_came_never_comes_again(enrolled, first, near_centre, monkeypatch)


def test_a_line_that_breaks_is_asked_for_less_and_tried_again(
    enrolled: Opening, first: Office, near_centre: Centre
) -> None:
    broken = iter([False, True, False, True, True])
    sizes: list[int] = []

    class Brittle(DirectWire):
        def post(self, path: str, body: bytes) -> bytes:
            if path == "/v1/snapshot":
                sizes.append(len(snapshot_request_from(body)[0].pages))
                if next(broken, False):
                    raise obstacle("offline")
            return super().post(path, body)

    office = enrolled("a")
    exchange(office, Brittle(near_centre))
    assert sizes[:6] == [0, 1, 1, 2, 1, 1]
    assert records(office) == records(first)


def test_who_stops_it_finds_it_where_it_was(
    enrolled: Opening, first: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Impatient:
        def report(self, done: int, total: int, what: str) -> None:
            if what.startswith("Đang nhận"):
                raise Cancelled

    office = enrolled("a")
    with pytest.raises(Cancelled):
        office._client().run(DirectWire(near_centre), Impatient())
    assert place(office)[0] == 0
    exchange(office, DirectWire(near_centre))
    assert records(office) == records(first)


def test_progress_only_grows(enrolled: Opening, first: Office, near_centre: Centre) -> None:
    told: list[tuple[int, int]] = []

    class Watching:
        def report(self, done: int, total: int, what: str) -> None:
            told.append((done, total))

    enrolled("a")._client().run(DirectWire(near_centre), Watching())
    assert told == sorted(told)
    assert all(done <= total for done, total in told)
    assert told[-1][0] == told[-1][1]


def test_a_loading_that_breaks_off_leaves_everything_as_it_was(
    enrolled: Opening, first: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = enrolled("a")

    def broken(_loading: Loading) -> None:
        raise obstacle("message")

    with monkeypatch.context() as patch:
        patch.setattr(Loading, "_keep_histories", broken)
        with pytest.raises(Problem):
            exchange(office, DirectWire(near_centre))
    begins, seq = place(office)
    assert (begins, len(office.store.ids(Library, Query())) < 8) == (0, True)
    assert seq < place(first)[1]
    exchange(office, DirectWire(near_centre))
    assert records(office) == records(first)


def test_a_snapshot_that_the_centre_has_no_more_is_asked_for_anew(
    enrolled: Opening, first: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "MOST_ASKED_PAGES", 1)
    office = enrolled("a")
    with pytest.raises(LostAnswer):
        exchange(office, Counting(near_centre, lost=4))
    for turn in range(3):
        for n in range(9):
            first.store.save(Library, a_library(name=f"Thư viện mới {turn} {n}"))
        exchange(first, DirectWire(near_centre))
        near_centre.snapshot(_asking(first))
    wire = Counting(near_centre)
    exchange(office, wire)
    exchange(office, wire)
    assert records(office) == records(first)
    with office._reading() as session:
        assert session.scalar(select(func.count()).select_from(KeptSnapshot)) == 1
        assert (session.scalar(select(func.count()).select_from(KeptPage)) or 0) > 0


def _asking(office: Office) -> bytes:
    from sync.client.tables import Office as Identity
    from sync.snapshots import SnapshotRequest

    with office._reading() as session:
        own = session.get_one(Identity, 1)
    return SnapshotRequest(own.device, own.centre, "HN").to_bytes(own.key)


def test_the_centre_makes_one_for_many(
    first: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = building.Builder.pages

    def counted(builder: building.Builder) -> list[building.Page]:
        made.append(1)
        return real(builder)

    monkeypatch.setattr(building.Builder, "pages", counted)
    one = near_centre.snapshot(_asking(first))
    assert near_centre.snapshot(_asking(first)) == one
    first.store.save(Library, {"note": "một"}, a_library_of(first))
    exchange(first, DirectWire(near_centre))
    assert near_centre.snapshot(_asking(first)) == one
    assert made == [1]
    monkeypatch.setattr(snapshots, "OLDER_THAN_CHANGES", 0)
    assert near_centre.snapshot(_asking(first)) != one
    assert made == [1, 1]
    with reading(near_centre.engine, "HN") as session:
        standing = session.scalars(select(Snapshot)).all()
        pages = set(session.scalars(select(SnapshotPage.digest)).all())
    named = [set(one.pages.split()) for one in standing]
    assert len(named) == 2
    assert named[0] & named[1], "pages that did not change are shared"
    assert pages == named[0] | named[1]


def test_the_same_ledger_gives_the_same_snapshot(first: Office, near_centre: Centre) -> None:
    one = near_centre.snapshot(_asking(first))
    with near_centre.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM snapshot")
        connection.exec_driver_sql("DELETE FROM snapshot_page")
    assert near_centre.snapshot(_asking(first)) == one


def test_of_an_empty_ledger_there_is_none(enrolled: Opening, near_centre: Centre) -> None:
    with pytest.raises(Refusal) as no:
        near_centre.snapshot(_asking(enrolled("a")))
    assert no.value.code == "gone"


@pytest.fixture
def line(centre: EmbeddedCentre) -> Iterator[BrittleLine]:
    with BrittleLine(centre.url) as line:
        yield line


@pytest.fixture
def served(open_office: Opening, centre: EmbeddedCentre) -> Office:
    """An office that filled a centre behind a real socket."""
    office = open_office("filling")
    join(office, centre.centre)
    office.move(centre.url)
    office.store.save_many((Library, a_library(name=f"Thư viện {n}"), None) for n in range(25))
    office.synchronise(Silent())
    return office


@pytest.mark.parametrize("place_of_cut", range(0, 2400, 160))
def test_a_line_cut_anywhere_costs_no_more_than_what_was_on_its_way(
    place_of_cut: int, open_office: Opening, centre: EmbeddedCentre, served: Office,
    line: BrittleLine, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level("ERROR", logger="urllib3.connection")
    office = open_office("a")
    join(office, centre.centre)
    office.move(line.url)
    line.cut = Cut(Way.DOWN, place_of_cut, abrupt=place_of_cut % 320 == 0)
    done_at_last(lambda: office.synchronise(Silent()))
    assert line.has_cut
    assert records(office) == records(served)
    assert place(office)[0] > 0


def test_killed_at_any_instant_it_goes_on(
    tmp_path: Path, office_template: Path, centre: EmbeddedCentre, served: Office
) -> None:
    home = tmp_path / "killed"
    office = an_office(home, office_template)
    join(office, centre.centre)
    office.move(centre.url)
    office.close()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.snapshots.worker"])
    chance = random.Random(1)
    for _kill in range(12):
        process = context.Process(target=synchronise, args=(home,))
        process.start()
        time.sleep(chance.uniform(0.1, 0.6))
        process.kill()
        process.join(20)
    office = an_office(home, office_template)
    assert_whole(office._engine)
    office.synchronise(Silent())
    assert records(office) == records(served)
    assert place(office)[0] > 0
    with writing(office._engine) as session:
        assert session.scalars(select(KeptSnapshot.stands)).all() == [True]
    office.close()
