"""Any order of edits and exchanges ends the same, and the proof of it can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from sync.changes import Change, Ledger
from sync.client import intake
from sync.client.intake import Intake
from sync.problems import Problem
from sync.protocol import Page
from sync.server import ledger
from sync.server.centre import Centre
from sync.server.embedded import settings_of
from sync.server.settings import Settings
from tests.builders import an_office, join
from tests.histories import History, assert_converged
from vla_desktop.office import Office

SEEDS = range(1, 16)
MUTANT_SEEDS = range(201, 211)

Offices = Callable[[Centre, int], list[Office]]


@pytest.fixture
def offices(tmp_path: Path, office_template: Path) -> Iterator[Offices]:
    """Opens three offices of one branch for a seed; all are closed after the test."""
    opened: list[Office] = []

    def opening(centre: Centre, seed: int) -> list[Office]:
        three = [an_office(tmp_path / f"{seed}" / name, office_template) for name in "abc"]
        opened.extend(three)
        for office in three:
            join(office, centre)
        return three

    yield opening
    for office in opened:
        office.close()


@pytest.fixture
def central(database_url: str) -> Iterator[Centre]:
    """A centre that is called directly, on SQLite and on PostgreSQL."""
    centre = Centre(Settings(database=database_url, port=0))
    yield centre
    centre.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_any_history_ends_the_same_everywhere(seed: int, offices: Offices, central: Centre) -> None:
    history = History(seed, central, offices(central, seed))
    history.run()
    try:
        assert_converged(history)
    except AssertionError as failed:
        raise AssertionError(f"seed {seed}: {failed}\n" + "\n".join(history.told)) from failed


# Faults planted on purpose: each must be found by what is asserted above.


def cursor_runs_ahead(patch: pytest.MonkeyPatch) -> None:
    """Every third page with somebody's news is counted as read and not applied."""
    real, calls = Intake._apply, iter(range(10_000))

    def forgetful(self: Intake, numbered: list[Any], fresh: list[Any]) -> None:
        if fresh and next(calls) % 3 == 2:
            return
        real(self, numbered, fresh)

    patch.setattr(Intake, "_apply", forgetful)


def pending_is_overwritten(patch: pytest.MonkeyPatch) -> None:
    """What others wrote replaces what waits here."""
    patch.setattr(Intake, "_kept", lambda _self, _records: {})


def known_is_not_recognised(patch: pytest.MonkeyPatch) -> None:
    """A change whose answer was lost is numbered once more."""
    patch.setattr(ledger, "known", lambda *_asked: {})


def numbers_have_gaps(patch: pytest.MonkeyPatch) -> None:
    """The centre leaves a number out now and then."""
    real = ledger.number

    def skipping(session: Any, of: Ledger, changes: list[Change], *more: Any) -> None:
        of.seq += 1 if len(changes) > 2 else 0
        real(session, of, changes, *more)

    patch.setattr(ledger, "number", skipping)


def page_is_altered_unseen(patch: pytest.MonkeyPatch) -> None:
    """Digests say nothing any more, and somebody alters what is handed out."""
    for module in (ledger, intake):
        patch.setattr(module, "digests_after", lambda digest, texts: (digest for _ in texts))
    page_is_altered(patch)


def _altered(item: Change | str) -> Change | str:
    if isinstance(item, Change) and "note" in item.values:
        return replace(item, values={**item.values, "note": "khác"})
    return item


def page_is_altered(patch: pytest.MonkeyPatch) -> None:
    """Somebody alters what is handed out, while digests are compared."""
    real = ledger.pages

    def altering(*asked: Any) -> Any:
        found, places = real(*asked)
        return [Page(page.scope, [_altered(item) for item in page.items]) for page in found], places

    patch.setattr(ledger, "pages", altering)


def overlaps_are_not_found(patch: pytest.MonkeyPatch) -> None:
    """An office does not mark what was overwritten unseen."""
    patch.setattr(intake, "find_overlaps", lambda _session, _numbered: {})


@pytest.mark.parametrize(
    "mutant",
    [
        cursor_runs_ahead,
        pending_is_overwritten,
        known_is_not_recognised,
        numbers_have_gaps,
        page_is_altered_unseen,
        page_is_altered,
        overlaps_are_not_found,
    ],
)
def test_a_planted_fault_is_found(
    mutant: Callable[[pytest.MonkeyPatch], None], offices: Offices, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    mutant(monkeypatch)
    for seed in MUTANT_SEEDS:
        centre = Centre(settings_of(tmp_path / f"{seed}.db"))
        try:
            history = History(seed, centre, offices(centre, seed))
            history.run()
            assert_converged(history)
        except (AssertionError, Problem, IntegrityError):
            return
        finally:
            centre.close()
    pytest.fail("nobody noticed")
