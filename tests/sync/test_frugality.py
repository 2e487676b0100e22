"""How many requests and bytes an exchange takes. These figures are the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.columns import Sort
from sync.records.library import Library
from sync.server.centre import Centre
from sync.server.embedded import settings_of
from tests.builders import DirectWire, a_library, an_office, exchange, join
from vla_desktop.office import Office
from vla_desktop.store.store import Query

MANY = 1000
WORDS = [
    "Đã",
    "nộp",
    "đủ",
    "hội",
    "phí",
    "năm",
    "kiểm",
    "kê",
    "kho",
    "sách",
    "tặng",
    "thẻ",
    "bạn",
    "đọc",
    "luân",
    "chuyển",
    "tuần",
    "tháng",
]


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, office_template: Path
) -> Iterator[tuple[Office, Centre]]:
    """An office with many libraries, all of them at the centre."""
    folder = tmp_path_factory.mktemp("frugality")
    centre = Centre(settings_of(folder / "centre.db"))
    office = an_office(folder / "office", office_template)
    join(office, centre)
    office.store.save_many(
        (Library, a_library(name=f"Thư viện số {number}", phone=f"0100{number:06}"), None)
        for number in range(MANY)
    )
    yield office, centre
    office.close()
    centre.close()


def test_new_records_take_few_requests_and_less_than_their_text(
    office: tuple[Office, Centre],
) -> None:
    wire = DirectWire(office[1])
    outcome = exchange(office[0], wire)
    assert (outcome.accepted, wire.requests) == (MANY, 1)
    assert wire.bytes_up < 12 * MANY
    assert wire.bytes_down < 450


def test_nothing_to_do_is_one_small_request(office: tuple[Office, Centre]) -> None:
    exchange(office[0], DirectWire(office[1]))
    wire = DirectWire(office[1])
    exchange(office[0], wire)
    assert wire.requests == 1
    assert wire.bytes_up + wire.bytes_down < 450


def test_a_thousand_edits_are_one_request_of_twelve_kilobytes(
    office: tuple[Office, Centre],
) -> None:
    exchange(office[0], DirectWire(office[1]))
    chance = random.Random(8)
    ids = office[0].store.ids(Library, Query())
    chance.shuffle(ids)
    office[0].store.save_many(
        (Library, {"note": f"{' '.join(chance.choices(WORDS, k=6))} {chance.random():.5}"}, one)
        for one in ids
    )
    wire = DirectWire(office[1])
    outcome = exchange(office[0], wire)
    assert (outcome.accepted, wire.requests) == (MANY, 1)
    assert wire.bytes_up + wire.bytes_down < 12_000


def test_a_wire_that_carries_values_as_they_come_would_be_noticed(
    office: tuple[Office, Centre], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.consignments.column", lambda values: [Sort.PLAIN, list(values)])
    monkeypatch.setattr("sync.consignments.wholes", lambda values: [Sort.PLAIN, list(values)])
    with pytest.raises(AssertionError):
        test_a_thousand_edits_are_one_request_of_twelve_kilobytes(office)
