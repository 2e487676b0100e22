"""A clerk's work: offline, to the centre, and to the list of another office of the branch."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sync.problems import Problem
from sync.progress import Cancelled, Silent
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server import accounts
from sync.server.centre import utc_now
from sync.server.database import writing
from sync.server.embedded import EmbeddedCentre
from tests.builders import a_library, a_member, a_unit, entries, poison
from vla_desktop.office import Office
from vla_desktop.store.rows import Query, RecordState
from vla_desktop.store.standing import Light

PASSPHRASE = "mùa xuân nho nhỏ 21/4"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    """The office where the work is typed."""
    with Office.create(tmp_path / "here", PASSPHRASE) as office:
        office.change_settings(replace(office.settings, author="Lê Thị Hòa", computer="Máy A"))
        yield office


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Office]:
    """Another PC of the same branch."""
    with Office.create(tmp_path / "there", PASSPHRASE) as office:
        office.change_settings(replace(office.settings, author="Trần Văn Ba", computer="Máy B"))
        yield office


def join(office: Office, centre: EmbeddedCentre) -> None:
    office.enrol(centre.url, centre.invite("HN", "Chi hội Hà Nội"))


def titles(office: Office, query: Query | None = None) -> list[str]:
    ids = office.store.ids(Member, query or Query())
    return [row.title for row in office.store.rows(Member, ids)]


def a_day_offline(office: Office) -> tuple[str, str]:
    """A unit, a library and a member; returns the ids of the last two."""
    unit = office.store.save(OrganisationUnit, a_unit()).id
    library = office.store.save(Library, a_library()).id
    return library, office.store.save(Member, a_member(unit=unit, workplace=library)).id


def test_a_day_from_the_form_of_one_office_to_the_list_of_another(
    here: Office, there: Office, centre: EmbeddedCentre
) -> None:
    library, member = a_day_offline(here)
    assert here.standing().light is Light.GREY
    join(here, centre)
    assert {entry.scope for entry in entries(here)} == {"HN"}, "typed before, yet the branch's"
    assert here.standing().branch_name == "Chi hội Hà Nội"
    go_on_typing_while_synchronising(here, library)
    lose_the_centre_and_go_on(here, centre, member)
    centre.start()
    get_a_receipt(here)

    join(there, centre)
    assert there.synchronise(Silent()).received == len(entries(here))
    assert titles(there) == ["Nguyễn Thị Hòa"]
    there.store.save(Member, {"full_name": "Nguyễn Thị Hoà An"}, member)
    there.synchronise(Silent())
    assert here.synchronise(Silent()).received == 1
    assert titles(here, Query(search="hoa an")) == ["Nguyễn Thị Hoà An"]
    newest = here.store.history(Member, member)[0]
    assert (newest.author, newest.computer) == ("Trần Văn Ba", "Máy B")
    line = newest.lines[0]
    assert (line.label, line.old, line.new) == ("Họ và tên", "Nguyễn Thị Hòa", "Nguyễn Thị Hoà An")
    assert here.digests() == there.digests()


def go_on_typing_while_synchronising(office: Office, library: str) -> None:
    """Every save succeeds while another thread exchanges."""
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(office.synchronise, Silent())
        typed = 0
        while not running.done() or not typed:
            office.store.save(Library, {"note": f"lần {typed}"}, library)
            typed += 1
        first = running.result()
    assert (first.accepted >= 3, first.waiting, first.rejected) == (True, 0, 0)
    row = office.store.get(Library, library)
    assert row is not None
    assert row.values["note"] == f"lần {typed - 1}"


def lose_the_centre_and_go_on(office: Office, centre: EmbeddedCentre, member: str) -> None:
    """What is typed is kept, and what waits is told."""
    centre.stop()
    office.store.save(Member, {"phone": "0100 123 456"}, member)
    with pytest.raises(Problem) as lost:
        office.synchronise(Silent())
    assert lost.value.code == "sync.offline"
    standing = office.standing()
    assert (standing.light, standing.last_problem) == (Light.AMBER, lost.value)
    assert standing.pending == len(office.pending()) > 0
    assert office.pending()[-1].title == "Nguyễn Thị Hòa"
    shown = office.store.get(Member, member)
    assert shown is not None
    assert shown.state is RecordState.UNSENT


def get_a_receipt(office: Office) -> None:
    """Everything that waited arrives, and only then the light is green."""
    waited = office.standing()
    assert waited.light is Light.AMBER
    outcome = office.synchronise(Silent())
    assert outcome.receipt is not None
    assert outcome.accepted == waited.pending
    now = office.standing()
    assert (now.light, now.pending, now.last_problem) == (Light.GREEN, 0, None)
    assert now.receipt == outcome.receipt
    assert office.verify_receipt(online=False).holds
    assert office.verify_receipt(online=True).holds


def test_deleting_and_bringing_back_travel(
    here: Office, there: Office, centre: EmbeddedCentre
) -> None:
    _library, member = a_day_offline(here)
    for office in (here, there):
        join(office, centre)
        office.synchronise(Silent())
    here.store.delete(Member, member)
    here.synchronise(Silent())
    there.synchronise(Silent())
    assert titles(there) == []
    assert titles(there, Query(bin=True)) == ["Nguyễn Thị Hòa"]
    there.store.restore(Member, member)
    there.synchronise(Silent())
    here.synchronise(Silent())
    assert titles(here) == ["Nguyễn Thị Hòa"]


def test_nothing_new_is_one_request(here: Office, centre: EmbeddedCentre) -> None:
    a_day_offline(here)
    join(here, centre)
    here.synchronise(Silent())
    again = here.synchronise(Silent())
    assert (again.requests, again.sent, again.received) == (1, 0, 0)
    assert again.bytes_up + again.bytes_down < 1500


def test_a_thousand_changes_both_ways_are_one_request(
    here: Office, there: Office, centre: EmbeddedCentre
) -> None:
    join(here, centre)
    join(there, centre)
    for office in (here, there):
        office.store.save_many(
            (Library, a_library(name=f"Thư viện {n}"), None) for n in range(1000)
        )
    assert here.synchronise(Silent()).requests == 1
    both = there.synchronise(Silent())
    assert (both.requests, both.accepted, both.received) == (1, 1000, 1000)
    assert both.bytes_up < 100_000
    assert both.bytes_down < 150_000


def test_a_refused_change_is_listed_and_everything_else_goes_through(
    here: Office, centre: EmbeddedCentre
) -> None:
    library, member = a_day_offline(here)
    poison(here, library, {"commune": ""})
    join(here, centre)
    outcome = here.synchronise(Silent())
    assert (outcome.accepted, outcome.waiting, outcome.rejected) == (1, 1, 1)
    refused, waiting = here.store.review()
    assert (refused.sort, refused.id, refused.field) == ("refused", library, "commune")
    assert refused.sentence == "Cần ghi “Xã, phường”."
    assert (waiting.sort, waiting.id) == ("waiting", member)
    assert waiting.sentence == "Đang chờ “Thư viện tỉnh” được gửi trước."
    assert here.standing().light is Light.RED

    here.store.save(Library, {"address": "Số 2"}, library)
    assert here.standing().refused == 0
    mended = here.synchronise(Silent())
    assert (mended.accepted, mended.waiting, mended.rejected) == (2, 0, 0)
    assert here.store.review() == []
    assert here.standing().light is Light.GREEN


def test_whoever_stops_the_exchange_keeps_the_work(here: Office, centre: EmbeddedCentre) -> None:
    class Impatient:
        def report(self, done: int, total: int, what: str) -> None:
            raise Cancelled

    a_day_offline(here)
    join(here, centre)
    with pytest.raises(Cancelled):
        here.synchronise(Impatient())
    assert here.standing().pending == 3
    assert here.standing().last_problem is None
    assert here.synchronise(Silent()).accepted == 3


def test_another_branch_sees_nothing(here: Office, there: Office, centre: EmbeddedCentre) -> None:
    a_day_offline(here)
    join(here, centre)
    here.synchronise(Silent())
    there.enrol(centre.url, centre.invite("HCM"))
    assert there.synchronise(Silent()).received == 0
    assert entries(there) == []


def test_listeners_hear_what_came_after_it_stands(
    here: Office, there: Office, centre: EmbeddedCentre
) -> None:
    _library, member = a_day_offline(here)
    join(here, centre)
    join(there, centre)
    here.synchronise(Silent())
    heard: list[tuple[str, bool]] = []

    def hear(touched: frozenset[tuple[str, str]]) -> None:
        heard.extend((kind, there.store.get(Member, member) is not None) for kind, _ in touched)

    there.store.listen(hear)
    there.synchronise(Silent())
    assert sorted(heard) == [("library", True), ("member", True), ("organisation_unit", True)]


def test_a_revoked_pc_is_told_so_and_keeps_its_work(here: Office, centre: EmbeddedCentre) -> None:
    a_day_offline(here)
    join(here, centre)
    with writing(centre.centre.engine) as session:
        accounts.revoke(session, entries(here)[0].id[:12], utc_now())
    with pytest.raises(Problem) as revoked:
        here.synchronise(Silent())
    assert revoked.value.code == "sync.revoked"
    assert here.standing().pending == 3


def test_an_office_that_does_not_open_lets_go_of_its_folder(tmp_path: Path) -> None:
    home = tmp_path / "office"
    Office.create(home, PASSPHRASE).close()
    settings = next(home.glob("*.toml"))
    settings.rename(tmp_path / "aside")
    settings.mkdir()
    with pytest.raises(IsADirectoryError):
        Office.open(home, PASSPHRASE)
    settings.rmdir()
    (tmp_path / "aside").rename(settings)
    with Office.open(home, PASSPHRASE) as office:
        assert office.settings.computer
