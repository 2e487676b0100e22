"""Each field type reads what it shows, and refuses the rest in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.records import KINDS
from sync.records.activity import Goal
from sync.records.fields import Field, fields
from sync.records.types import (
    Choice,
    Choices,
    Day,
    FieldType,
    Link,
    LongText,
    Number,
    PartialDay,
    PlaceCode,
    Sealed,
    Text,
    Value,
    Year,
    YesNo,
)
from tests.builders import SEALED_SAMPLE

TYPES: dict[str, FieldType] = {
    "text": Text(), "long_text": LongText(), "number": Number(0), "year": Year(),
    "yes_no": YesNo(), "day": Day(), "partial_day": PartialDay(), "choice": Choice(list(Goal)),
    "choices": Choices(list(Goal)), "link": Link("library"), "place": PlaceCode("commune"),
    "sealed": Sealed(),
}  # fmt: skip

days = st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(),
    "long_text": st.text(),
    "number": st.none() | st.integers(0, 10**14),
    "year": st.none() | st.integers(1900, 2200),
    "yes_no": st.booleans(),
    "day": st.none() | days,
    "partial_day": st.just("")
    | st.integers(1000, 9999).map(str)
    | days.map(lambda day: day.isoformat()[:7])
    | days.map(dt.date.isoformat),
    "choice": st.sampled_from(["", *Goal]).map(str),
    "choices": st.sets(st.sampled_from(list(Goal))).map(
        lambda chosen: ",".join(str(goal) for goal in Goal if goal in chosen)
    ),
    "link": st.sampled_from(["", "0123456789abcdef" * 2]),
    "place": st.sampled_from(["", "00004", "old@01-2", "h.1"]),
    "sealed": st.sampled_from(["", SEALED_SAMPLE]),
}


@pytest.mark.parametrize("name", TYPES)
@given(drawn=st.data())
def test_a_type_reads_what_it_shows_and_carries_what_it_keeps(
    name: str, drawn: st.DataObject
) -> None:
    field_type = TYPES[name]
    value = field_type.tidy(drawn.draw(VALUES[name]))
    assert field_type.fits(value)
    assert field_type.read(field_type.show(value)) == value
    assert field_type.from_wire(field_type.to_wire(value)) == value
    assert field_type.tidy(value) == value


@pytest.mark.parametrize("name", TYPES)
@given(typed=st.text() | st.from_regex(r"[\d٣²/.\- +]{1,24}", fullmatch=True))
def test_whatever_is_typed_is_read_or_refused_in_words(name: str, typed: str) -> None:
    field_type = TYPES[name]
    try:
        value = field_type.read(typed)
    except ValueError as fault:
        sentence = str(fault)
    else:
        sentence = "."
        assert field_type.fits(value)
        assert field_type.from_wire(field_type.to_wire(value)) == value
    assert sentence.endswith(".")
    assert "invalid" not in sentence


@pytest.mark.parametrize("name", TYPES)
@given(came=st.none() | st.booleans() | st.integers() | st.text())
def test_whatever_comes_by_wire_is_taken_or_refused(name: str, came: Any) -> None:
    field_type = TYPES[name]
    try:
        value = field_type.from_wire(came)
    except ValueError:
        return
    assert field_type.fits(value)
    assert isinstance(field_type.show(value), str)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("number", "1.250", 1250),
        ("number", "1 250", 1250),
        ("number", "", None),
        ("day", "21/4/2026", dt.date(2026, 4, 21)),
        ("day", "2026-04-21", dt.date(2026, 4, 21)),
        ("day", " 21-04-2026 ", dt.date(2026, 4, 21)),
        ("partial_day", "1975", "1975"),
        ("partial_day", "3/1975", "1975-03"),
        ("partial_day", "21/3/1975", "1975-03-21"),
        ("yes_no", "Có", True),
        ("yes_no", "khong", False),
        ("choices", "7. Năng lượng sạch, giá hợp lý, 1", "1,7"),
        ("choices", "17; 2", "2,17"),
        ("text", "  Lê\tThị \u0000 Hòa\n", "Lê Thị Hòa"),
        ("text", "Lê Thị Ho\u0300a", "Lê Thị Hòa"),
        ("long_text", "một\r\nhai\x07", "một\nhai"),
    ],
)
def test_people_write_as_they_like(name: str, typed: str, value: Value) -> None:
    assert TYPES[name].read(typed) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("number", "1,5"), ("number", "12a"), ("number", "1.25"), ("day", "31/02/2026"),
        ("day", "21/04/26"), ("day", "hôm nay"), ("day", "1/1/99999999999999999999"),
        ("day", "²/1/2026"), ("partial_day", "13/1975"), ("partial_day", "1/²²²²"),
        ("yes_no", "có lẽ"), ("choice", "99"), ("choices", "1, 99"), ("link", "Thư viện"),
        ("place", "Hà Nội"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(name: str, typed: str) -> None:
    with pytest.raises(ValueError, match=r"[.?]$"):
        TYPES[name].read(typed)


@pytest.mark.parametrize("name", ["text", "long_text", "choice"])
def test_a_code_or_text_of_a_newer_version_is_shown_as_it_is(name: str) -> None:
    assert TYPES[name].show("mới") == "mới"


def all_fields() -> list[tuple[str, Field]]:
    return [(kind.__tablename__, field) for kind in KINDS for field in fields(kind)]


@pytest.mark.parametrize(
    ("kind", "field"), all_fields(), ids=[f"{k}.{f.name}" for k, f in all_fields()]
)
def test_every_declared_type_is_among_those_tested(kind: str, field: Field) -> None:
    assert type(field.type) in {type(known) for known in TYPES.values()}
