"""Whoever answers instead of the centre where a record's older history is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import ANY

import pytest

from sync.client import bootstrap, older
from sync.client.tables import Office as Identity
from sync.problems import Problem
from sync.progress import Silent
from sync.protocol import LEAST_PAGE_BYTES
from sync.records.library import Library
from sync.server.embedded import EmbeddedCentre
from sync.snapshots import history_request_from
from tests.builders import a_library, everything
from tests.faults.meddler import Centre, Said, meddler
from tests.faults.test_http_faults import FURTHER, WRITINGS
from tests.strangers import stranger
from tests.sync.test_strangers import ANSWERS
from vla_desktop.office import Office
from vla_desktop.store.database import reading

HISTORY = "/v1/history"
EDITS = 60


@pytest.fixture
def looking(
    centre: EmbeddedCentre, open_office: Callable[[str], Office], monkeypatch: pytest.MonkeyPatch
) -> tuple[Office, str]:
    """An office that began with a snapshot, and a record of which it knows only the end."""
    monkeypatch.setattr(bootstrap, "AFTER_CHANGES", 20)
    first = open_office("first")
    first.enrol(centre.url, centre.invite("HN"))
    record = first.store.save(Library, a_library(name="Trước")).id
    for number in range(EDITS):
        first.store.save(Library, {"note": f"lần {number} " + "dài " * 300}, record)
    first.synchronise(Silent())
    office = open_office("a")
    office.enrol(centre.url, centre.invite("HN"))
    office._span.page_bytes = LEAST_PAGE_BYTES
    office.synchronise(Silent())
    assert office.elsewhere.has_more(Library, record)
    return office, record


@contextmanager
def at(office: Office, url: str) -> Iterator[None]:
    """The office asks there for as long as the block runs."""
    before = office.standing().server
    office.move(url)
    try:
        yield
    finally:
        office.move(before)


def look(office: Office, url: str, record: str) -> str:
    """One look back that may fail, and then alters nothing; the code of what it came to."""
    before = everything(office)
    try:
        with at(office, url):
            office.elsewhere.fetch(Library, record)
    except Problem as problem:
        assert everything(office) == before
        assert office.elsewhere.has_more(Library, record)
        return problem.code.removeprefix("sync.") if problem.advice else "speechless"
    return ""


def assert_whole(office: Office, record: str) -> None:
    """Asked for honestly, the history is there to its beginning, and once."""
    office.elsewhere.fetch(Library, record)
    assert not office.elsewhere.has_more(Library, record)
    assert len(office.store.history(Library, record)) == EDITS + 1


def test_whoever_answers_instead_is_called_by_its_name(looking: tuple[Office, str]) -> None:
    office, record = looking
    answers = ANSWERS | FURTHER
    found = {}
    for name, (answer, _code) in answers.items():
        with stranger(answer) as url:
            found[name] = look(office, url, record)
    assert found == {name: code for name, (_answer, code) in answers.items()}
    assert_whole(office, record)


def test_an_answer_mangled_on_its_way_is_all_or_nothing(
    looking: tuple[Office, str], centre: EmbeddedCentre
) -> None:
    office, record = looking
    found = {}
    for writing in (one for one, code in WRITINGS.items() if code):
        with meddler(centre.url, writing=writing) as url:
            found[writing] = look(office, url, record)
    assert found == {writing: code for writing, code in WRITINGS.items() if code}
    assert_whole(office, record)


def test_a_genuine_answer_to_another_question_is_not_taken(
    looking: tuple[Office, str], centre: EmbeddedCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, record = looking

    def other_question(path: str, body: bytes, honest: Centre) -> Said:
        with reading(office._engine) as session:
            us = session.get_one(Identity, 1)
        asked = history_request_from(body)[0]
        return honest(path, replace(asked, upto=asked.upto - 1).to_bytes(us.key))

    with meddler(centre.url, other_question) as url:
        assert look(office, url, record) == "unproven"
        monkeypatch.setattr(older, "about", lambda _body: ANY)
        with pytest.raises(AssertionError):  # planted: whatever is genuine is believed
            assert look(office, url, record) == "unproven"
