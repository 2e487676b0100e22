"""Offices and centres of different versions of the wire understand each other, or say so."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest
from sqlalchemy import select

from sync import first_wire
from sync.changes import Entry
from sync.frames import unpack
from sync.problems import Problem
from sync.protocol import Refusal, enrol_request_from
from sync.records.library import Library
from sync.records.types import Day
from sync.server import accounts
from sync.server.centre import Centre
from sync.server.database import reading, writing
from sync.server.isolation import EVERYWHERE
from sync.server.settings import Settings
from sync.server.tables import Branch
from tests.builders import NOW, DirectWire, a_library, entries, exchange, join, poison
from tests.versions.first_office import FirstOffice
from vla_desktop.office import Light, Office

RECORDED = Path(__file__).parents[1] / "data" / "wire-1.json"
LIBRARY = {"name": "Thư viện tỉnh", "type": "public", "commune": "00004"}


@pytest.fixture
def recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def centre(database_url: str, recorded: dict[str, Any]) -> Iterator[Centre]:
    """The centre of the record, of today's version, knowing the recorded computers."""
    drawn = recorded["drawn"]
    at = dt.datetime.fromisoformat(recorded["at"])
    centre = Centre(Settings(database_url), lambda: at, lambda length: bytes([drawn]) * length)
    with writing(centre.engine, "HN") as session:
        session.add(Branch(code="HN", name="Chi hội HN"))
        session.flush()
        for label, seed in recorded["devices"].items():
            office = FirstOffice(seed, "", centre.identity.key.public, label)
            accounts._join(session, office.device, office.public, "HN", label, NOW)
    yield centre
    centre.close()


@pytest.fixture
def first(centre: Centre) -> FirstOffice:
    return FirstOffice(1, centre.identity.id, centre.identity.key.public, "Máy một")


def posted(centre: Centre) -> Callable[[str, bytes], bytes]:
    return DirectWire(centre).post


def held(centre: Centre) -> list[Entry]:
    with reading(centre.engine, EVERYWHERE) as session:
        return list(session.scalars(select(Entry).order_by(Entry.scope, Entry.seq)))


def test_whoever_speaks_the_first_version_is_answered_as_it_was_then(
    centre: Centre, recorded: dict[str, Any]
) -> None:
    for message in recorded["messages"]:
        body, said = base64.b64decode(message["asked"]), base64.b64decode(message["said"])
        answered = DirectWire(centre).post(message["path"], body)
        assert in_first_words(unpack(answered)) == in_first_words(unpack(said))


def in_first_words(answer: list[Any]) -> list[Any]:
    """An answer with the sentences for clerks left out, which may be put better any day."""
    if len(answer) < 6:
        return answer
    setbacks = [verdict[:5] for verdict in answer[1]]
    return [answer[0], setbacks, *answer[2:]]


def test_the_frozen_office_says_what_was_recorded(recorded: dict[str, Any]) -> None:
    body = base64.b64decode(recorded["messages"][0]["asked"])
    payload = msgpack.unpackb(unpack(body)[0])
    office = FirstOffice(1, payload[4], bytes(32), "Máy một")
    assert unpack(office.request(payload[6])) == unpack(body)


def test_a_file_and_a_request_to_join_of_the_first_version_are_read(
    centre: Centre, recorded: dict[str, Any]
) -> None:
    taken = centre.take_file(base64.b64decode(recorded["file"]))
    assert (taken.receipt.accepted, held(centre)[-1].values["name"]) == (1, "Bằng tệp")
    assert enrol_request_from(base64.b64decode(recorded["enrol"])).label == "Máy một"


def test_what_an_old_office_sends_is_taken_though_it_cannot_read_on(
    centre: Centre, first: FirstOffice, open_office: Callable[[str], Office]
) -> None:
    record = first.write("library", LIBRARY)
    first.synchronise(posted(centre))
    newest = open_office("newest")
    join(newest, centre)
    exchange(newest, DirectWire(centre))
    newest.store.save(Library, {"note": "có mốc"}, record.hex())
    exchange(newest, DirectWire(centre))
    for number in range(3):
        first.write("library", {**LIBRARY, "name": f"Thư viện {number}"})
    for _again in range(2):
        with pytest.raises(Refusal) as refused:
            first.synchronise(posted(centre), batch=2)
        assert refused.value.code == "version"
    names = [entry.values.get("name") for entry in held(centre)]
    assert names == [LIBRARY["name"], None, "Thư viện 0", "Thư viện 1", "Thư viện 2"]
    exchange(newest, DirectWire(centre))
    assert newest.standing().light is Light.GREEN
    assert [change[3] for change in first.ledger] == [record]


def test_a_planted_fault_in_what_an_old_office_is_given_is_seen(
    centre: Centre, first: FirstOffice, open_office: Callable[[str], Office],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(first_wire, "has_words_for", lambda _change: True)
    with pytest.raises(AssertionError):
        test_what_an_old_office_sends_is_taken_though_it_cannot_read_on(centre, first, open_office)


def test_an_old_office_that_is_not_told_to_stop_would_ask_for_ever(
    centre: Centre, first: FirstOffice, open_office: Callable[[str], Office],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("sync.server.centre.assert_served", lambda *_: None)
    with pytest.raises(AssertionError, match="for ever"):
        test_what_an_old_office_sends_is_taken_though_it_cannot_read_on(centre, first, open_office)


def test_an_office_below_the_minimum_sends_everything_and_is_told_to_upgrade(
    centre: Centre, open_office: Callable[[str], Office]
) -> None:
    other, office = open_office("other"), open_office("office")
    for each in (other, office):
        join(each, centre)
    other.store.save(Library, a_library(name="Của máy khác"))
    exchange(other, DirectWire(centre))
    for number in range(3):
        office.store.save(Library, a_library(name=f"Thư viện {number}"))
    office._span.changes = 1
    strict = Centre(Settings(centre.settings.database, least_served=9), lambda: NOW)
    with pytest.raises(Problem) as told:
        exchange(office, DirectWire(strict))
    assert told.value.code == "sync.version"
    assert "cài bản mới" in told.value.advice
    strict.close()
    assert len(held(centre)) == 4
    assert len(office.pending()) == 3
    assert office.standing().light is not Light.GREEN
    exchange(office, DirectWire(centre))
    assert office.standing().light is Light.GREEN
    assert len(held(centre)) == 4


def test_an_office_of_a_later_version_falls_back_to_what_the_centre_hears(
    centre: Centre, open_office: Callable[[str], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office("office")
    join(office, centre)
    office.store.save(Library, a_library())
    monkeypatch.setattr("sync.client.exchange.SPOKEN", (3, 2))
    wire = DirectWire(centre)
    exchange(office, wire)
    assert wire.requests == 2
    assert office.standing().light is Light.GREEN


def test_without_a_common_version_the_work_waits_and_the_centre_is_named(
    centre: Centre, open_office: Callable[[str], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office("office")
    join(office, centre)
    office.store.save(Library, a_library())
    with monkeypatch.context() as later:
        for module in ("sync.client.exchange", "sync.client.obstacles"):
            later.setattr(f"{module}.SPOKEN", (9,))
        with pytest.raises(Problem) as told:
            exchange(office, DirectWire(centre))
    assert told.value.code == "sync.older_centre"
    assert len(office.pending()) == 1
    exchange(office, DirectWire(centre))
    assert office.standing().light is Light.GREEN


def as_text_too(_type: Day, value: Any) -> Any:
    """How a later version reads a day: also a mere year."""
    return dt.date(int(value), 1, 1) if value and len(value) == 4 else read_day(Day(), value)


read_day = Day.from_wire


def test_what_only_a_later_centre_can_judge_waits_for_it(
    centre: Centre, open_office: Callable[[str], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office("office")
    join(office, centre)
    library = office.store.save(Library, a_library()).id
    poison(office, library, {"opened_on": "1975"})
    office.store.save(Library, {"note": "theo sau"}, library)
    other = office.store.save(Library, a_library(name="Khác")).id
    monkeypatch.setattr("sync.client.exchange.schema_known", lambda: 9999)
    exchange(office, DirectWire(centre))
    assert [entry.record for entry in held(centre)] == [other]
    waiting = [item for item in office.store.review() if item.sort == "waiting"]
    assert ["nâng cấp" in item.sentence for item in waiting] == [True, False]
    monkeypatch.setattr(Day, "from_wire", as_text_too)
    exchange(office, DirectWire(centre))
    assert office.standing().light is Light.GREEN
    with reading(centre.engine, EVERYWHERE) as session:
        assert session.get_one(Library, library).opened_on == dt.date(1975, 1, 1)


def test_what_breaks_the_rules_of_both_is_refused_as_ever(
    centre: Centre, open_office: Callable[[str], Office]
) -> None:
    office = open_office("office")
    join(office, centre)
    library = office.store.save(Library, a_library()).id
    poison(office, library, {"opened_on": "1975"})
    exchange(office, DirectWire(centre))
    assert [entry.setback for entry in entries(office)] == ["refused"]
