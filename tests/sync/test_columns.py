"""Columns say what was put into them, shortly, and unfold to nothing that is out of bounds."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.changes import Change
from sync.columns import Sort, column, ids, instant_of
from sync.consignments import changes_from_wire, changes_to_wire, items_from_wire, items_to_wire
from sync.frames import BadMessage, pack, unpack
from sync.identity import Origin
from sync.records.types import WireValue
from sync.unfolding import Reader

HERE, THERE = Origin("a" * 12, "b" * 8), Origin("0" * 12, "1" * 8)
PLAIN = Change(
    HERE.id_at(2), "hn", "library", HERE.id_at(1), "create",
    {"name": "Thư viện", "books": 3, "open": True, "note": None}, 4, "Văn thư",
    "2026-05-04T08:00:00+00:00", "5" * 8,
)  # fmt: skip


def through_the_wire(wire: Any) -> Any:
    """What the other end gets to read."""
    return unpack(pack(wire))


def read(wire: Any, count: int) -> list[Any]:
    """The values, whose types count as well."""
    return Reader().values(through_the_wire(wire), count)


def typed(values: list[Any]) -> list[tuple[type, Any]]:
    """So that 1 and True are two."""
    return [(type(value), value) for value in values]


COLUMNS: dict[str, tuple[list[WireValue], Sort | None]] = {
    "one value": (["Kinh"] * 7, None),
    "one after the other": (list(range(7, 900, 2)), Sort.STEPS),
    "here and there": ([5, 70_000, 3, 2**52, 9], Sort.WHOLES),
    "down": (list(range(0, -99, -3)), Sort.STEPS),
    "few words": (["nam", "nữ", "nữ", "nam", "khác", "nam"], Sort.TABLE),
    "names": ([f"Ông {a} {b}" for a in "ABCDEF" for b in "GHIJKL"], Sort.PHRASES),
    "texts": (["một", "hai ba", "bốn\nnăm"], Sort.TEXTS),
    "a zero in a text": (["a\0b", "c"], Sort.PLAIN),
    "days": (["2026-01-31", "1999-12-01", "0001-01-01"], Sort.DAYS),
    "no day": (["2026-02-31", "2026-02-28"], Sort.DIGITS),
    "instants": (["2026-05-04T08:00:00+00:00", "1969-05-04T08:00:00+00:00"], Sort.INSTANTS),
    "instants of another sort": (["2026-05-04T08:00:00+07:00", "x"], Sort.TEXTS),
    "telephones": (["0100 123 456", "0100 900 056", "0100 777 777"], Sort.DIGITS),
    "numbered": (["HV-%{0001", "HV-%{9992"], Sort.DIGITS),
    "ids": ([HERE.id_at(3), THERE.id_at(9), HERE.id_at(4)], Sort.IDS),
    "gaps of text": (["", "2026-01-31", "", "2026-01-30"], Sort.SPARSE),
    "more gaps of text": (["", "2026-01-31", "2026-01-29", "2026-01-30"], Sort.SPARSE),
    "gaps": ([None, 7, None, 9], Sort.SPARSE),
    "yes and no": ([True, False, False, True], Sort.TABLE),
    "yes and one": ([True, 1, 0, False], Sort.PLAIN),
    "all sorts": ([None, 1, "x", True, 1, False], Sort.SPARSE),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_says_what_was_put_into_it(name: str) -> None:
    values, sort = COLUMNS[name]
    wire = column(values)
    assert typed(read(wire, len(values))) == typed(values)
    if sort is None:
        assert not isinstance(wire, list)
    else:
        assert wire[0] == sort


def test_every_sort_is_written_somewhere_above() -> None:
    assert {sort for _values, sort in COLUMNS.values()} == {None, *Sort}


DAYS = st.dates().map(str)
TEXTS = st.text(max_size=20).filter(lambda text: text.isprintable() or "\n" in text)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(1 - 2**53, 2**53 - 1), TEXTS, DAYS,
    st.integers(-62_135_596_800, 253_402_300_799).map(instant_of),
    st.from_regex("[0-9a-f]{32}", fullmatch=True), st.from_regex("0100 [0-9]{6}", fullmatch=True),
    st.sampled_from(["", "", "một", "hai", "ba"]),
)  # fmt: skip
LISTS = st.lists(VALUES, min_size=1, max_size=30) | st.one_of(
    *(
        st.lists(one, min_size=1, max_size=40)
        for one in (
            TEXTS, DAYS, st.integers(0, 9), st.sampled_from(["", "x y", "y x", "z"]),
            st.none() | st.integers(-5, 5), st.just("") | DAYS,
            st.from_regex("HV-[0-9]{4}", fullmatch=True), st.booleans(),
        )
    )
)  # fmt: skip


@settings(max_examples=1000, deadline=None, derandomize=True, database=None)
@given(values=LISTS)
def test_any_column_says_what_was_put_into_it(values: list[WireValue]) -> None:
    assert typed(read(column(values), len(values))) == typed(values)


CHANGES = st.builds(
    Change,
    id=st.integers(0, 2**48 - 1).map(HERE.id_at), scope=st.sampled_from(["hn", "hue"]),
    kind=st.sampled_from(["library", "member"]), record=st.integers(0, 99).map(THERE.id_at),
    action=st.sampled_from(["create", "edit"]),
    values=st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4),
    base=st.integers(0, 2**31 - 1), author=st.sampled_from(["", "Lê", "Văn thư"]),
    written_at=st.sampled_from(["", "2026", PLAIN.written_at]),
    base_digest=st.sampled_from(["", "0" * 8, "a" * 8]),
)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(items=st.lists(CHANGES | st.integers(0, 2**48 - 1).map(HERE.id_at), max_size=20))
def test_a_page_arrives_as_it_was_sent(items: list[Change | str]) -> None:
    came = items_from_wire(through_the_wire(items_to_wire(items)), Reader())
    assert came == items
    texts = [one if isinstance(one, str) else one.text() for one in items]
    assert [one if isinstance(one, str) else one.text() for one in came] == texts


def many(count: int) -> list[Change]:
    """New records as one clerk writes them."""
    chance = random.Random(3)
    first = dt.datetime(2026, 5, 4, 8, tzinfo=dt.UTC)
    return [
        replace(
            PLAIN, id=HERE.id_at(2 * place), record=HERE.id_at(2 * place - 1),
            written_at=(first + dt.timedelta(seconds=40 * place)).isoformat(timespec="seconds"),
            values={"name": f"Thư viện {chance.choice('ABCDEF')}", "since": chance.randint(1, 60)},
        )
        for place in range(1, count)
    ]  # fmt: skip


def test_a_thousand_changes_take_few_bytes() -> None:
    changes = many(1000)
    assert changes_from_wire(through_the_wire(changes_to_wire(changes)), Reader()) == changes
    assert len(pack(changes_to_wire(changes))) < 2500
    assert len(pack(ids([change.id for change in changes]))) < 100


BOMBS: dict[str, tuple[Any, int]] = {
    "one text a thousand times": ("x" * 60_000, 1000),
    "a table of a long text": (
        [Sort.TABLE, 1, "x" * 60_000, [Sort.WHOLES, 0, 1, bytes(1000)]], 1000
    ),
    "a phrase of a long word": (
        [Sort.PHRASES, 1, "x" * 60_000, 60_000, [Sort.WHOLES, 0, 1, bytes(600_000)]], 10
    ),
    "a long number": ([Sort.DIGITS, "x" * 61 + "\0", 1], 5),
    "phrases without end": ([Sort.PHRASES, 1, "x", 60_000, 0], 5000),
    "a table in a table": (
        [Sort.TABLE, 5, [Sort.TABLE, 5, [Sort.TABLE, 5, [Sort.TABLE, 5, [Sort.TABLE, 5, [
            Sort.TABLE, 5, [Sort.TABLE, 5, 1, 0], 0], 0], 0], 0], 0], 0], 5
    ),
    "far too many": (1, 1_000_001),
    "none": (1, 0),
    "beyond all numbers": ([Sort.STEPS, 2**53 - 1, 8, b"\2" + bytes(7)], 2),
    "before the calendar": ([Sort.DAYS, 0], 1),
    "after the calendar": ([Sort.DAYS, 4_000_000], 1),
    "after all instants": ([Sort.INSTANTS, 2**52], 1),
    "an unknown sort": ([11, 1], 1),
    "yes as a sort": ([True, 0, 1, b"x"], 1),
    "nothing": ([], 1),
    "too short": ([Sort.WHOLES, 0, 1, b"x"], 2),
    "no such width": ([Sort.WHOLES, 0, 3, b"xxx"], 1),
    "a place outside": ([Sort.TABLE, 2, [Sort.PLAIN, [1, 2]], 2], 2),
    "texts short of one": ([Sort.TEXTS, b"x\0y"], 3),
    "texts that are none": ([Sort.TEXTS, b"\xff"], 1),
    "a text too long": ([Sort.TEXTS, b"x" * 65_537], 1),
    "a fraction": ([Sort.PLAIN, [1.5]], 1),
    "no digits": ([Sort.DIGITS, "abc", 1], 1),
    "digits short of room": ([Sort.DIGITS, "a\0", 10], 1),
    "gaps alone": ([Sort.SPARSE, None, b"\2", 1], 1),
    "bits short": ([Sort.SPARSE, None, b"", 1], 1),
    "bits askew": ([Sort.SPARSE, None, b"\x01", 1], 1),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_what_does_not_fit_unfolds_to_nothing(name: str) -> None:
    wire, count = BOMBS[name]
    with pytest.raises(BadMessage):
        Reader().values(wire, count)


def test_what_columns_unfold_to_is_counted_over_the_whole_message() -> None:
    reader = Reader()
    for _column in range(8):
        reader.values("x" * 4000, 1000)
    with pytest.raises(BadMessage, match="text"):
        reader.values("x" * 4000, 1000)


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 2**63, 1.5, "", "\0", b"", bytes(9), [], {}, [1, 2], 3, 8]
)


@st.composite
def bent(draw: st.DrawFn, value: Any) -> Any:
    """A plain value with something odd at one place in it."""
    if isinstance(value, list) and value and draw(st.integers(0, 4)):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], draw(bent(value[at])), *value[at + 1 :]]
    if isinstance(value, bytes) and value and draw(st.booleans()):
        at = draw(st.integers(0, len(value) - 1))
        return value[:at] + bytes([draw(st.integers(0, 255))]) + value[at + 1 :]
    return draw(ODD | st.integers(0, 2**53))


@settings(max_examples=2500, deadline=None, derandomize=True, database=None)
@given(chance=st.data())
def test_bent_columns_are_read_or_refused_and_nothing_else(chance: st.DataObject) -> None:
    changes = [*many(12), PLAIN, replace(PLAIN, values=dict(zip("abcd", "1234", strict=True)))]
    page = through_the_wire(items_to_wire([HERE.id_at(1), *changes, HERE.id_at(3)]))
    values = through_the_wire([column(values) for values, _sort in COLUMNS.values()])
    try:
        if chance.draw(st.booleans()):
            for item in items_from_wire(chance.draw(bent(page)), Reader()):
                assert isinstance(item, str) or msgpack.packb(item.values)
        else:
            place = chance.draw(st.integers(0, len(values) - 1))
            count = len(list(COLUMNS.values())[place][0])
            found = Reader().values(chance.draw(bent(values[place])), count)
            assert len(found) == count
    except BadMessage:
        pass
