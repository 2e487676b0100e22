"""Many values of one sort as a few bytes; `unfolding.py` reads them back.

A column that holds one value throughout is that value. Any other is a list: its sort, then what
the sort needs. The writer takes the sort that looks shortest; the reader knows all of them and
judges nothing but bounds, so that a later writer may choose otherwise.

| sort | what follows | for |
|---|---|---|
| plain | the values | anything |
| wholes | least value, width, planes | whole numbers; the least is taken off each |
| steps | first value, width, planes | whole numbers; by how much each differs from the last |
| table | how many values, their column, column of places in it | what repeats |
| texts | the texts, joined by zero bytes | texts |
| phrases | how many words, their column, words in each text, places of the words | texts |
| days | column of ordinals | days of the calendar, YYYY-MM-DD |
| instants | column of seconds since 1970 | instants, YYYY-MM-DDTHH:MM:SS+00:00 |
| digits | a text with zeros for digits, column of numbers | telephone and other numbers |
| ids | joined origins, column of places in them, column of counters | ids |
| sparse | what stands in a gap, a bit for each value, column of the others | gaps |

Planes are all lowest bytes of the numbers, then all next ones: a compressor finds the even ones
together. A step that goes down is odd: 0, -1, 1, -2 are 0, 1, 2, 3.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
import sys
from array import array
from collections.abc import Sequence
from itertools import chain, islice
from operator import itemgetter, sub
from types import MappingProxyType
from typing import Any

from sync.identity import ID_DIGITS
from sync.records.types import WireValue

MOST_DIGITS = 15
MOST_SKELETON = 60
DIGITS = frozenset("0123456789")
ORIGIN_DIGITS = 20
TYPECODES = MappingProxyType({1: "B", 2: "H", 4: "I", 8: "Q"})
_ID = re.compile(f"[0-9a-f]{{{ID_DIGITS}}}")
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECOND = dt.timedelta(seconds=1)


class Sort(enum.IntEnum):
    """How a column is written."""

    PLAIN = 0
    WHOLES = 1
    STEPS = 2
    TABLE = 3
    TEXTS = 4
    PHRASES = 5
    DAYS = 6
    INSTANTS = 7
    DIGITS = 8
    IDS = 9
    SPARSE = 10


def column(values: Sequence[WireValue]) -> Any:
    """The values, at least one, as something that msgpack can write."""
    distinct = dict.fromkeys(values)
    sorts = set(map(type, distinct))
    if len(sorts) > 1:
        return _mixed(values)
    if len(distinct) == 1:
        return values[0]
    # True and 1 are one to a dictionary, but by now all are of one type.
    if len(distinct) * 2 <= len(values):
        return _table(values, list(distinct))
    if sorts == {int}:
        return wholes(values)  # type: ignore[arg-type]
    if sorts == {str}:
        return _texts(values)  # type: ignore[arg-type]
    return [Sort.PLAIN, list(values)]


def wholes(values: Sequence[int]) -> Any:
    """Whole numbers as a column."""
    least = min(values)
    reach = max(values) - least
    if not reach:
        return values[0]
    steps = list(map(sub, islice(values, 1, None), values))
    furthest = max(max(steps) * 2, min(steps) * -2 - 1)
    if furthest < reach:
        folded = [step * 2 if step >= 0 else step * -2 - 1 for step in steps]
        return [Sort.STEPS, values[0], *_planes(folded, furthest)]
    if least:
        values = [value - least for value in values]
    return [Sort.WHOLES, least, *_planes(values, reach)]


def ids(values: Sequence[str]) -> Any:
    """Ids as a column, whatever they are: an origin may have given many."""
    starts = [value[:ORIGIN_DIGITS] for value in values]
    origins = {origin: place for place, origin in enumerate(dict.fromkeys(starts))}
    places = list(map(origins.__getitem__, starts))
    counters = [int(value[ORIGIN_DIGITS:], 16) for value in values]
    return [Sort.IDS, bytes.fromhex("".join(origins)), wholes(places), wholes(counters)]


def _mixed(values: Sequence[WireValue]) -> Any:
    """Values of several types: mostly something or nothing."""
    if any(value is None for value in values):
        return _sparse(values, None)
    return [Sort.PLAIN, list(values)]


def _sparse(values: Sequence[WireValue], gap: WireValue) -> Any:
    present = [value for value in values if value != gap]
    bits = int("1" + "".join(["0" if value == gap else "1" for value in values]), 2)
    return [Sort.SPARSE, gap, bits.to_bytes(len(values) // 8 + 1, "big"), column(present)]


def _table(values: Sequence[WireValue], distinct: list[WireValue]) -> Any:
    places = {value: place for place, value in enumerate(distinct)}
    return [
        Sort.TABLE, len(distinct), _once(distinct), wholes(list(map(places.__getitem__, values))),
    ]  # fmt: skip


def _once(distinct: list[WireValue]) -> Any:
    """A column of values of one type, none of them twice."""
    if isinstance(distinct[0], str):
        return _texts(distinct)  # type: ignore[arg-type]
    return [Sort.PLAIN, distinct]


def _texts(values: Sequence[str]) -> Any:
    if "" in values:
        return _sparse(values, "")
    for write in (_ids, _days, _instants, _digits, _phrases):
        written = write(values)
        if written is not None:
            return written
    joined = "\0".join(values)
    if joined.count("\0") != len(values) - 1:
        return [Sort.PLAIN, list(values)]
    return [Sort.TEXTS, joined.encode()]


def _phrases(values: Sequence[str]) -> Any:
    split = [value.split(" ") for value in values]
    words = list(chain.from_iterable(split))
    table = {word: place for place, word in enumerate(dict.fromkeys(words))}
    joined = "\0".join(table)
    if len(table) * 3 > len(words) or joined.count("\0") != len(table) - 1:
        return None
    return [
        Sort.PHRASES, len(table), [Sort.TEXTS, joined.encode()], wholes(list(map(len, split))),
        wholes(list(map(table.__getitem__, words))),
    ]  # fmt: skip


def _days(values: Sequence[str]) -> Any:
    if set(map(len, values)) != {10}:
        return None
    try:
        days = list(map(dt.date.fromisoformat, values))
    except ValueError:
        return None
    if list(map(dt.date.isoformat, days)) != list(values):
        return None
    return [Sort.DAYS, wholes(list(map(dt.date.toordinal, days)))]


def _instants(values: Sequence[str]) -> Any:
    if set(map(len, values)) != {25}:
        return None
    seconds = list(map(seconds_of, values))
    return None if None in seconds else [Sort.INSTANTS, wholes(seconds)]  # type: ignore[arg-type]


def _digits(values: Sequence[str]) -> Any:
    """Texts of one length that differ in nothing but digits."""
    if len(values[0]) > MOST_SKELETON or len(set(map(len, values))) > 1:
        return None
    skeleton, places = "", []
    for place, letters in enumerate(map(set, zip(*values, strict=True))):
        if len(letters) > 1 and not letters <= DIGITS:
            return None
        skeleton += "\0" if len(letters) > 1 else letters.pop()
        places += [place] if skeleton[-1] == "\0" else []
    if not 1 < len(places) <= MOST_DIGITS or skeleton.count("\0") != len(places):
        return None
    first, end = places[0], places[-1] + 1
    if len(places) == end - first:
        numbers = [int(value[first:end]) for value in values]
    else:
        numbers = list(map(int, map("".join, map(itemgetter(*places), values))))
    return [Sort.DIGITS, skeleton, wholes(numbers)]


def _ids(values: Sequence[str]) -> Any:
    return ids(values) if all(map(_ID.fullmatch, values)) else None


def _planes(values: Sequence[int], most: int) -> tuple[int, bytes]:
    width = next(width for width in TYPECODES if most < 256**width)
    packed = array(TYPECODES[width], values)
    if sys.byteorder == "big":
        packed.byteswap()
    plain = packed.tobytes()
    return width, b"".join(plain[place::width] for place in range(width))


def seconds_of(instant: str) -> int | None:
    """Seconds since 1970, if the instant is written as we write them; else None."""
    try:
        moment = dt.datetime.fromisoformat(instant)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    seconds = (moment - _BEGINNING) // _SECOND
    return seconds if instant_of(seconds) == instant else None


def instant_of(seconds: int) -> str:
    """The instant as we write it. Raises OverflowError when the calendar does not hold it."""
    return (_BEGINNING + dt.timedelta(seconds=seconds)).isoformat(timespec="seconds")


def told() -> str:
    """The table of sorts, numbered, for whoever writes another end."""
    table = (__doc__ or "").partition("|")[2].partition("\n\nPlanes")
    rows = ("|" + table[0]).splitlines()
    return "\n".join(
        [rows[0], rows[1], *(f"| {place} {row[2:]}" for place, row in enumerate(rows[2:]))]
    )
