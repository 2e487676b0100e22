"""No branch learns of another or alters anything there, whatever it asks, on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, text
from starlette.routing import Route

from sync.changes import ASSOCIATION, Change
from sync.server import centre as centre_module
from sync.server import judging, ledger
from sync.server.app import application_of
from sync.server.database import writing
from sync.server.embedded import EmbeddedCentre
from sync.server.isolation import protected
from sync.server.settings import Settings
from tests.centre.conftest import Roles
from tests.centre.outsiders import ATTEMPTS, SECRET, VICTIM, Attempt, World, trespasses, words_of

SEEING = tuple(
    a
    for a in ATTEMPTS
    if a.name in ("the victim's ledger", "all ledgers", "the victim's ledger, by file")
)
WRITING = tuple(a for a in ATTEMPTS if "for the victim" in a.name)


@pytest.fixture
def world(serving_url: str) -> Iterator[World]:
    with EmbeddedCentre(Settings(database=serving_url, port=0)) as centre:
        yield World(centre)


@pytest.fixture
def sqlite_world(centre: EmbeddedCentre) -> World:
    return World(centre)


@pytest.fixture
def postgres_world(roles: Roles) -> Iterator[World]:
    with EmbeddedCentre(Settings(database=roles.serving, port=0)) as centre:
        yield World(centre)


def test_outsiders_learn_and_alter_nothing_at_any_address(world: World) -> None:
    assert trespasses(world) == []


def test_every_address_is_tried(sqlite_world: World) -> None:
    app = application_of(sqlite_world.centre.centre)
    assert {attempt.path for attempt in ATTEMPTS} == {
        route.path for route in app.routes if isinstance(route, Route)
    }


def test_the_branch_itself_learns_what_is_its_own(world: World) -> None:
    attempts = {attempt.name: attempt for attempt in ATTEMPTS}
    colleague = type(world.victim)(world.centre.url)
    colleague.enrol(world.centre.invite(VICTIM))
    for name in (
        "the victim's ledger", "pages of the victim's snapshot", "the victim's ledger, for repair",
        "the victim's ledger, by file",
    ):  # fmt: skip
        answer = attempts[name].ask(world, colleague)
        assert SECRET in words_of(answer, colleague), name


def test_what_is_the_associations_is_read_by_all(world: World) -> None:
    engine = world.centre.centre.engine
    change = world.victim.library("Thư viện Quốc gia", scope=ASSOCIATION)
    with writing(engine, ASSOCIATION) as session:
        ledger.ensure_ledger(session, ASSOCIATION)
        assert ledger.take(session, ASSOCIATION, world.victim.device, [change]).accepted == 1
    for pc in (world.victim, world.neighbour):
        said = pc.sync()
        assert [item for page in said.pages for item in page.items] in ([change], [change.id])
    edit = world.neighbour.change("library", {"name": "Khác"}, record=change.record, action="edit")
    assert world.neighbour.sync(edit).setbacks[0].code == "scope"


def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The centre forgets to ask whose ledger is read."""
    monkeypatch.setattr(centre_module, "_assert_visible", lambda *_: None)


def credulous(monkeypatch: pytest.MonkeyPatch) -> None:
    """The centre believes the branch that a change names."""

    def forged(judge: judging.Judge, change: Change) -> None:
        judge._scope = change.scope

    monkeypatch.setattr(judging.Judge, "_forged", forged)


FAULTS = pytest.mark.parametrize(
    ("plant", "attempts"), [(blind, SEEING), (credulous, WRITING)], ids=["blind", "credulous"]
)
Plant = Callable[[pytest.MonkeyPatch], None]


@FAULTS
def test_a_fault_of_the_program_would_be_seen_on_sqlite(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch, plant: Plant,
    attempts: tuple[Attempt, ...],
) -> None:  # fmt: skip
    plant(monkeypatch)
    assert trespasses(sqlite_world, attempts) != []


@pytest.mark.postgres
@FAULTS
def test_postgres_stands_in_for_a_fault_of_the_program(
    postgres_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    plant: Plant, attempts: tuple[Attempt, ...],
) -> None:  # fmt: skip
    plant(monkeypatch)
    assert trespasses(postgres_world, attempts) == []
    caplog.clear()


@pytest.mark.postgres
@FAULTS
def test_with_the_policies_gone_the_fault_would_be_seen_on_postgres_too(
    postgres_world: World, roles: Roles, monkeypatch: pytest.MonkeyPatch, plant: Plant,
    attempts: tuple[Attempt, ...],
) -> None:  # fmt: skip
    engine = create_engine(roles.owner)
    with engine.begin() as connection:
        for table in protected():
            connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    engine.dispose()
    plant(monkeypatch)
    assert trespasses(postgres_world, attempts) != []
