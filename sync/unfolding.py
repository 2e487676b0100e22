"""Columns, as `columns.py` writes them, read from a stranger: what they unfold to is bounded."""

from __future__ import annotations

import datetime as dt
import sys
from array import array
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sync.columns import MOST_DIGITS, MOST_SKELETON, ORIGIN_DIGITS, TYPECODES, Sort, instant_of
from sync.frames import MOST_CHANGE_BYTES, MOST_UNPACKED, BadMessage
from sync.records.types import WireValue

MOST_VALUES = 1_000_000
MOST_WHOLE = 2**53
# A table of gaps of phrases of numbers is the deepest that is written.
MOST_DEPTH = 6
ORIGIN_BYTES = ORIGIN_DIGITS // 2


class Reader:
    """Reads columns from a stranger: what they unfold to is bounded over the whole message.

    A single byte may stand for ten thousand values, so values and letters are counted as they
    unfold. Raises `BadMessage` whenever something does not fit.
    """

    def __init__(self) -> None:
        self._values, self._letters = MOST_VALUES, MOST_UNPACKED
        self._depth = 0
        self._readers: dict[int, Callable[[list[Any], int], list[Any]]] = {
            Sort.PLAIN: self._plain, Sort.WHOLES: self._wholes, Sort.STEPS: self._steps,
            Sort.TABLE: self._table, Sort.TEXTS: self._texts, Sort.PHRASES: self._phrases,
            Sort.DAYS: self._days, Sort.INSTANTS: self._instants, Sort.DIGITS: self._digits,
            Sort.IDS: self._ids, Sort.SPARSE: self._sparse,
        }  # fmt: skip

    def values(self, wire: Any, count: int) -> list[Any]:
        """So many values: text, whole numbers, yes or no, None."""
        self._values -= count + 1
        if self._values < 0 or count < 1:
            raise BadMessage("number of values")
        if not isinstance(wire, list):
            return self._spent([_scalar(wire)] * count)
        if not wire or not _is_sort(wire[0]):
            raise BadMessage("column")
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise BadMessage("column depth")
        found = self._readers[wire[0]](wire, count)
        self._depth -= 1
        return self._spent(found)

    def whole_numbers(self, wire: Any, count: int, most: int) -> list[int]:
        """So many whole numbers from 0 up to `most`."""
        found = self.values(wire, count)
        if set(map(type, found)) != {int} or min(found) < 0 or max(found) > most:
            raise BadMessage("number")
        return found

    def short_texts(self, wire: Any, count: int, most: int) -> list[str]:
        """So many texts of at most `most` letters, none of them with a zero in it."""
        found = self.values(wire, count)
        for value in set(found):
            if not isinstance(value, str) or len(value) > most or "\0" in value:
                raise BadMessage("text")
        return found

    def ids(self, wire: Any, count: int) -> list[str]:
        """So many ids."""
        if not isinstance(wire, list) or not wire or wire[0] != Sort.IDS:
            raise BadMessage("ids")
        found: list[str] = self.values(wire, count)
        return found

    def _spent(self, values: list[Any]) -> list[Any]:
        types = set(map(type, values))
        if str in types:
            only = types == {str}
            texts = values if only else [value for value in values if isinstance(value, str)]
            self._letters -= sum(map(len, texts))
            if self._letters < 0:
                raise BadMessage("too much text")
        return values

    def _plain(self, wire: list[Any], count: int) -> list[Any]:
        (values,) = _rest(wire, 1)
        if not isinstance(values, list) or len(values) != count:
            raise BadMessage("column")
        return [_scalar(value) for value in values]

    def _wholes(self, wire: list[Any], count: int) -> list[int]:
        least, width, planes = _rest(wire, 3)
        first = _whole(least)
        values = _unfolded(width, planes, count)
        return _near([first + value for value in values] if first else values.tolist())

    def _steps(self, wire: list[Any], count: int) -> list[int]:
        first, width, planes = _rest(wire, 3)
        last = _whole(first)
        found = [last]
        for step in _unfolded(width, planes, count - 1):
            last += step >> 1 ^ -(step & 1)
            found.append(last)
        return _near(found)

    def _table(self, wire: list[Any], count: int) -> list[Any]:
        length, table, places = _rest(wire, 3)
        values = self.values(table, _length(length, count))
        return self._picked(values, places, count)

    def _picked(self, values: list[Any], places: Any, count: int) -> list[Any]:
        found = self.whole_numbers(places, count, len(values) - 1)
        return list(map(values.__getitem__, found))

    def _texts(self, wire: list[Any], count: int) -> list[str]:
        (joined,) = _rest(wire, 1)
        if not isinstance(joined, bytes) or joined.count(b"\0") != count - 1:
            raise BadMessage("texts")
        try:
            return _bounded(joined.decode().split("\0"))
        except UnicodeDecodeError as fault:
            raise BadMessage("texts") from fault

    def _phrases(self, wire: list[Any], count: int) -> list[str]:
        length, table, counts, places = _rest(wire, 4)
        words = self.short_texts(table, _length(length, MOST_VALUES), MOST_CHANGE_BYTES)
        lengths = self.whole_numbers(counts, count, MOST_CHANGE_BYTES)
        # Counted before they are joined: a long word may be meant a million times.
        found = iter(self._spent(self._picked(words, places, sum(lengths))))
        return _bounded([" ".join(islice(found, length)) for length in lengths])

    def _days(self, wire: list[Any], count: int) -> list[str]:
        (days,) = _rest(wire, 1)
        ordinals = self.whole_numbers(days, count, dt.date.max.toordinal())
        if min(ordinals) < 1:
            raise BadMessage("day")
        return list(map(dt.date.isoformat, map(dt.date.fromordinal, ordinals)))

    def _instants(self, wire: list[Any], count: int) -> list[str]:
        (seconds,) = _rest(wire, 1)
        try:
            return [instant_of(_whole(second)) for second in self.values(seconds, count)]
        except OverflowError as fault:
            raise BadMessage("instant") from fault

    def _digits(self, wire: list[Any], count: int) -> list[str]:
        skeleton, numbers = _rest(wire, 2)
        if not isinstance(skeleton, str) or len(skeleton) > MOST_SKELETON:
            raise BadMessage("digits")
        length = _length(skeleton.count("\0"), MOST_DIGITS)
        found = self.whole_numbers(numbers, count, 10**length - 1)
        before, gaps, after = skeleton.partition("\0" * length)
        if gaps:
            return [f"{before}{number:0{length}}{after}" for number in found]
        pieces = skeleton.replace("%", "%%").replace("\0", "%s")
        return [pieces % tuple(f"{number:0{length}}") for number in found]

    def _ids(self, wire: list[Any], count: int) -> list[str]:
        origins, places, counters = _rest(wire, 3)
        if not isinstance(origins, bytes) or not origins or len(origins) % ORIGIN_BYTES:
            raise BadMessage("origins")
        text = origins.hex()
        starts = [text[at : at + ORIGIN_DIGITS] for at in range(0, len(text), ORIGIN_DIGITS)]
        which = self._picked(starts, places, count)
        numbers = self.whole_numbers(counters, count, 2**48 - 1)
        return [f"{start}{number:012x}" for start, number in zip(which, numbers, strict=True)]

    def _sparse(self, wire: list[Any], count: int) -> list[Any]:
        gap, bits, others = _rest(wire, 3)
        if not isinstance(bits, bytes) or len(bits) != count // 8 + 1:
            raise BadMessage("bits")
        marks = bin(int.from_bytes(bits, "big"))[3:]
        if len(marks) != count:
            raise BadMessage("bits")
        filler = _scalar(gap)
        present: Iterator[Any] = iter(self.values(others, marks.count("1")))
        return [next(present) if mark == "1" else filler for mark in marks]


def _rest(wire: list[Any], count: int) -> list[Any]:
    if len(wire) != count + 1:
        raise BadMessage("column")
    return wire[1:]


def _scalar(value: Any) -> WireValue:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= MOST_CHANGE_BYTES:
        return value
    return _whole(value)


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) >= MOST_WHOLE:
        raise BadMessage("number")
    return value


def _length(value: Any, most: int) -> int:
    if type(value) is not int or not 0 < value <= most:
        raise BadMessage("length")
    return value


def _unfolded(width: Any, planes: Any, count: int) -> array[int]:
    if not isinstance(width, int) or width not in TYPECODES or not isinstance(planes, bytes):
        raise BadMessage("planes")
    if len(planes) != width * count:
        raise BadMessage("length of planes")
    plain = bytearray(len(planes))
    for place in range(width):
        plain[place::width] = planes[place * count : (place + 1) * count]
    found = array(TYPECODES[width], bytes(plain))
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _bounded(texts: list[str]) -> list[str]:
    if max(map(len, texts)) > MOST_CHANGE_BYTES:
        raise BadMessage("value")
    return texts


def _near(numbers: list[int]) -> list[int]:
    if max(numbers) >= MOST_WHOLE or min(numbers) <= -MOST_WHOLE:
        raise BadMessage("number")
    return numbers


def _is_sort(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(Sort)
