"""Whoever answers instead of the centre while an office begins: all or nothing, and a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync.client import bootstrap
from sync.problems import Problem
from sync.progress import Silent
from sync.protocol import CONTENT_TYPE, LEAST_PAGE_BYTES
from sync.records.library import Library
from sync.server import building
from sync.server.embedded import EmbeddedCentre
from tests.builders import a_library
from tests.faults.meddler import Centre, Said, meddler
from tests.sync.test_strangers import ANSWERS
from vla_desktop.office import Office
from vla_desktop.store.store import Query

SNAPSHOT = "/v1/snapshot"
LIBRARIES = 600
# What needs headers or lengths of its own is tried where whole exchanges are.
OF_THE_LINE = ("redirect", "too many, absurd", "ends too soon", "encoded")
# A centre without a snapshot in the office's words stops nothing, see tests/snapshots.
NO_OBSTACLE = ("newer",)


class At:
    """Answers at one address; elsewhere, and from the `after`-th question on, it is honest."""

    def __init__(self, said: Said, honest_first: int = 0) -> None:
        self._said, self._honest = said, honest_first
        self.asked = 0

    def __call__(self, path: str, body: bytes, centre: Centre) -> Said:
        if path != SNAPSHOT:
            return centre(path, body)
        self.asked += 1
        return centre(path, body) if self.asked <= self._honest else self._said


@pytest.fixture
def newcomer(
    centre: EmbeddedCentre, open_office: Callable[[str], Office], monkeypatch: pytest.MonkeyPatch
) -> Office:
    """An office at the beginning of a ledger so long that it asks for a snapshot in pages."""
    monkeypatch.setattr(bootstrap, "AFTER_CHANGES", 20)
    monkeypatch.setattr(building, "ROWS_A_PAGE", 100)
    first = open_office("first")
    first.enrol(centre.url, centre.invite("HN"))
    first.store.save_many((Library, a_library(name=f"Sách {n}"), None) for n in range(LIBRARIES))
    first.synchronise(Silent())
    office = open_office("a")
    office.enrol(centre.url, centre.invite("HN"))
    office._span.page_bytes = LEAST_PAGE_BYTES
    return office


@pytest.mark.parametrize("honest_first", [0, 1])
def test_a_beginning_that_is_disturbed_is_said_and_gone_on_with(
    honest_first: int, newcomer: Office, centre: EmbeddedCentre
) -> None:
    """At the manifest, and at the pages once the manifest is here."""
    own = newcomer.store.save(Library, a_library(name="Của máy này")).id
    found = {}
    passed_over = OF_THE_LINE + NO_OBSTACLE
    wanted = {name: code for name, (_a, code) in ANSWERS.items() if name not in passed_over}
    for name in wanted:
        answer = ANSWERS[name][0]
        kind = answer.headers.get("Content-Type", CONTENT_TYPE)
        meddling = At(Said(answer.status, kind, answer.body), honest_first)
        honest_first = 0  # the manifest is here from then on
        newcomer._span.page_bytes = LEAST_PAGE_BYTES
        with meddler(centre.url, meddling) as url:
            newcomer.move(url)
            with pytest.raises(Problem) as met:
                newcomer.synchronise(Silent())
        assert meddling.asked
        assert met.value.advice
        found[name] = met.value.code.removeprefix("sync.")
        assert newcomer.store.get(Library, own) is not None
    assert found == wanted
    newcomer.move(centre.url)
    newcomer.synchronise(Silent())
    assert newcomer.store.count(Library, Query()) == LIBRARIES + 1
    assert newcomer.standing().pending == 0
    assert newcomer.verify_receipt(online=True).holds
