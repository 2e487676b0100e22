"""The dated catalogue of administrative units: provinces, communes and what they became.

A code is an identity. Units of today bear their official code ("01", "00004"). The
reform of July 2025 gave many official codes to units of another extent, so every unit
that ended with it bears "@2025" after its code ("01@2025"); where the official code is
not known, the part before the mark is made from province, district and name.
"""

from __future__ import annotations

import csv
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from heapq import nsmallest
from pathlib import Path
from types import MappingProxyType
from typing import Final
from unicodedata import normalize

from sync.vietnamese import clean, fold, has_marks, text_key

FORMER_MARK: Final = "@"
_TOKEN: Final = re.compile(r"[^\W_]+")
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")


class Kind(StrEnum):
    """What a unit is. A city is one under the central government, at province level."""

    PROVINCE = "province"
    CITY = "city"
    COMMUNE = "commune"
    WARD = "ward"
    TOWNSHIP = "township"
    SPECIAL_ZONE = "special_zone"


_TITLES: Final = MappingProxyType(
    {
        Kind.PROVINCE: "Tỉnh",
        Kind.CITY: "Thành phố",
        Kind.COMMUNE: "Xã",
        Kind.WARD: "Phường",
        Kind.TOWNSHIP: "Thị trấn",
        Kind.SPECIAL_ZONE: "Đặc khu",
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative unit during one span of time; both days belong to it.

    `parent` is the province's code, "" for a province. A None in `valid_from` means
    before the catalogue begins, in `valid_to` still in force. `district` is written
    out for communes of before July 2025 and "" for all others.
    """

    code: str
    name: str
    kind: Kind
    parent: str
    valid_from: date | None
    valid_to: date | None
    district: str = ""

    @property
    def full_name(self) -> str:
        title = _TITLES[self.kind]
        return self.name if self.name.startswith(title) else f"{title} {self.name}"

    @property
    def official_code(self) -> str:
        """The code of the Statistics Office at the time, "" when it is not known."""
        official = self.code.partition(FORMER_MARK)[0]
        return official if official.isdigit() else ""

    def covers(self, on: date) -> bool:
        started = self.valid_from is None or self.valid_from <= on
        return started and (self.valid_to is None or on <= self.valid_to)


class Catalogue:
    """One edition of the catalogue. Communes of before 2025 are read when first needed."""

    def __init__(
        self, folder: Path, version: str, former_valid_to: date, units: Sequence[Place]
    ) -> None:
        self.version = version
        self._folder = folder
        self._former_valid_to = former_valid_to
        self._units = _by_code(units)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Read the edition in `folder`; OSError or ValueError when it is not whole."""
        edition = json.loads((folder / "administrative-units.json").read_text("utf-8"))
        units = [
            Place(code, name, Kind(kind), parent, _day(valid_from), _day(valid_to))
            for code, kind, name, parent, valid_from, valid_to in _rows(
                folder / "administrative-units.csv"
            )
        ]
        last_day = date.fromisoformat(edition["former_communes_valid_to"])
        return cls(folder, edition["version"], last_day, units)

    def provinces(self, on: date) -> list[Place]:
        """Return provinces and cities in force on that day, in Vietnamese order."""
        spans = [place for spans in self._units.values() for place in spans]
        return _in_order(place for place in spans if not place.parent and place.covers(on))

    def communes(self, province_code: str, on: date | None = None) -> list[Place]:
        """Return the communes of a province in Vietnamese order, by default the latest."""
        known = self._former if FORMER_MARK in province_code else self._units
        own = [spans for spans in known.values() if spans[-1].parent == province_code]
        if on is None:
            return _in_order(spans[-1] for spans in own)
        return _in_order(place for spans in own for place in spans if place.covers(on))

    def get(self, code: str, on: date | None = None) -> Place | None:
        """Return the unit as it stood on that day, by default as it last stood."""
        spans = self._spans(code)
        if on is None:
            return spans[-1] if spans else None
        return next((place for place in spans if place.covers(on)), None)

    def in_force(self, code: str, on: date) -> bool:
        return self.get(code, on) is not None

    def label(self, code: str, on: date | None = None) -> str:
        """Return "Phường Ba Đình, Hà Nội"; a code not in this edition as it is.

        `on` asks for the name of that day; a unit that did not stand then keeps its last one.
        """
        place = (self.get(code, on) if on else None) or self.get(code)
        if place is None:
            return code
        if not place.parent:
            return place.name
        parts = (place.full_name, place.district, self.label(place.parent, on))
        return ", ".join(part for part in parts if part)

    def successors(self, code: str, on: date | None = None) -> list[Place]:
        """Return the units that took over a former one, none for a unit in force.

        Several when it was divided: which one holds an address is for people to say. Given a
        day, those of its heirs that are in force then, itself when it is.
        """
        heirs = self._successors.get(code, ())
        if on is None:
            return self._known(heirs)
        itself = self.get(code, on)
        return [itself] if itself else [last for new in heirs for last in self.successors(new, on)]

    def predecessors(self, code: str) -> list[Place]:
        """Return the units that a unit took over, as they last stood."""
        return self._known(self._predecessors.get(code, ()))

    def search(
        self,
        text: str,
        limit: int = 20,
        within: str | None = None,
        kinds: Collection[Kind] | None = None,
        *,
        former: bool = True,
    ) -> list[Place]:
        """Return units whose words begin with the words of `text`, the likeliest first.

        Units in force come first, and among them those that bear the marks typed.
        Words of the province and the old district count, after those of the unit's own
        name. `within` is a province's code. `former` adds units that are gone.
        """
        asked = _tokens(clean(text))
        if not asked or limit < 1:
            return []
        query = _Query(asked, has_marks(text), limit, within, kinds)
        found = self._present_index.by_name(query)
        if len(found) < limit:
            near = self._present_index.by_surroundings(query)
            if former:
                gone = self._former_index.by_name(query)
                near = [*near, *gone] if found else [*gone, *near]
            found += near
        if former and len(found) < limit:
            found += self._former_index.by_surroundings(query)
        return found[:limit]

    def _known(self, codes: Iterable[str]) -> list[Place]:
        return [place for place in map(self.get, codes) if place is not None]

    def _spans(self, code: str) -> Sequence[Place]:
        spans = self._units.get(code)
        if spans is None and FORMER_MARK in code:
            spans = self._former.get(code)
        return spans or ()

    def _context(self, place: Place) -> str:
        parent = self._units.get(place.parent)
        return f"{place.district} {parent[-1].name if parent else ''}"

    @cached_property
    def _former(self) -> dict[str, list[Place]]:
        last_day = self._former_valid_to
        return _by_code(
            Place(code, name, Kind(kind), parent, None, last_day, district)
            for code, kind, name, parent, district in _rows(self._folder / "former-communes.csv")
        )

    @cached_property
    def _successors(self) -> dict[str, list[str]]:
        successors: dict[str, list[str]] = {}
        for old, new in _rows(self._folder / "successors.csv"):
            successors.setdefault(old, []).append(new)
        return successors

    @cached_property
    def _predecessors(self) -> dict[str, list[str]]:
        predecessors: dict[str, list[str]] = {}
        for old, heirs in self._successors.items():
            for new in heirs:
                predecessors.setdefault(new, []).append(old)
        return predecessors

    @cached_property
    def _present_index(self) -> _Index:
        latest = [spans[-1] for spans in self._units.values()]
        places = [place for place in latest if place.valid_to is None]
        return _Index((place, self._context(place)) for place in places)

    @cached_property
    def _former_index(self) -> _Index:
        latest = [spans[-1] for spans in self._units.values()]
        places = [place for place in latest if place.valid_to is not None]
        places += [spans[-1] for spans in self._former.values()]
        return _Index((place, self._context(place)) for place in places)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as searched for: folded, and apart its lettering and its tone."""

    folded: str
    letters: str
    tone: str

    def begins(self, other: _Word) -> bool:
        """Tell whether `other` begins with this word, marks included."""
        return other.letters.startswith(self.letters) and self.tone in ("", other.tone)


@dataclass(frozen=True, slots=True)
class _Entry:
    place: Place
    name: str
    full_name: str
    words: tuple[_Word, ...]


@dataclass(frozen=True, slots=True)
class _Query:
    asked: tuple[_Word, ...]
    marked: bool
    limit: int
    within: str | None
    kinds: Collection[Kind] | None

    def admits(self, place: Place) -> bool:
        if self.within is not None and self.within not in (place.parent, place.code):
            return False
        return self.kinds is None or place.kind in self.kinds


class _Words:
    """The positions at which words stand."""

    def __init__(self, places: Iterable[tuple[int, Iterable[str]]]) -> None:
        self._positions: dict[str, set[int]] = {}
        for position, words in places:
            for word in words:
                self._positions.setdefault(word, set()).add(position)
        self._ordered = sorted(self._positions)

    def whole(self, word: str) -> set[int]:
        return self._positions.get(word, set())

    def beginning(self, start: str) -> set[int]:
        first = bisect_left(self._ordered, start)
        last = bisect_left(self._ordered, start + "\U0010ffff", first)
        return set().union(*[self._positions[word] for word in self._ordered[first:last]])


class _Index:
    """Finds places by the beginnings of words."""

    def __init__(self, places: Iterable[tuple[Place, str]]) -> None:
        entries = [_entry(place, context) for place, context in places]
        entries.sort(key=lambda entry: (entry.name, entry.place.name))
        self._entries = entries
        self._names = _Words((i, entry.name.split()) for i, entry in enumerate(entries))
        self._titles = _Words((i, entry.full_name.split()) for i, entry in enumerate(entries))
        self._around = _Words(
            (i, [word.folded for word in entry.words]) for i, entry in enumerate(entries)
        )

    def by_name(self, query: _Query) -> list[Place]:
        """Match words of the name first, then of the name with its title (Phường)."""
        found = self._matches(query, self._names.beginning)
        if len(found) < query.limit:
            titled = self._matches(query, self._titles.beginning)
            found += [place for place in titled if place not in found]
        return found

    def by_surroundings(self, query: _Query) -> list[Place]:
        """Match what `by_name` does not because a word is the province's or district's.

        Such a word has to stand whole unless it is the last and still being typed.
        """
        last = query.asked[-1].folded

        def matching(word: str) -> set[int]:
            around = self._around
            wider = around.beginning(word) if word == last else around.whole(word)
            return wider | self._titles.beginning(word)

        known = self.by_name(query)
        return [place for place in self._matches(query, matching) if place not in known]

    def _matches(self, query: _Query, matching: Callable[[str], set[int]]) -> list[Place]:
        positions = set.intersection(*[matching(word.folded) for word in query.asked])
        phrase = " ".join(word.folded for word in query.asked)
        marked = query.asked if query.marked else ()
        ranked = nsmallest(
            query.limit,
            [
                self._rank(position, marked, phrase)
                for position in positions
                if query.admits(self._entries[position].place)
            ],
        )
        return [self._entries[rank[-1]].place for rank in ranked]

    def _rank(
        self, position: int, marked: Sequence[_Word], phrase: str
    ) -> tuple[bool, bool, bool, bool, int]:
        entry = self._entries[position]
        unlike = any(not any(map(word.begins, entry.words)) for word in marked)
        other = not f"{phrase} ".startswith((f"{entry.name} ", f"{entry.full_name} "))
        later = not entry.name.startswith(phrase)
        return unlike, other, bool(entry.place.parent), later, position


def _entry(place: Place, context: str) -> _Entry:
    name, title = _tokens(place.name), _tokens(_TITLES[place.kind])
    folded = " ".join([word.folded for word in name])
    full = " ".join([word.folded for word in title]) + " " + folded
    return _Entry(place, folded, full, (*title, *name, *_tokens(context)))


def _tokens(text: str) -> tuple[_Word, ...]:
    return tuple([_word(token) for token in _TOKEN.findall(text)])


@lru_cache(maxsize=8192)
def _word(token: str) -> _Word:
    parts = normalize("NFD", token.casefold())
    letters = "".join(part for part in parts if part not in _TONES)
    tone = "".join(part for part in parts if part in _TONES)
    return _Word(fold(token), normalize("NFC", letters), tone)


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows, None)
        yield from rows


@lru_cache(maxsize=64)
def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _by_code(places: Iterable[Place]) -> dict[str, list[Place]]:
    spans: dict[str, list[Place]] = {}
    for place in places:
        spans.setdefault(place.code, []).append(place)
    return spans


def _in_order(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (text_key(place.name), place.code))
