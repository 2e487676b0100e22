"""The provinces of one day, and where in them anything stands, whichever codes it bears."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from sync.places import Catalogue, Place


class ProvinceMap(Collection[str]):
    """The map of a day: 63 provinces until 30 June 2025, 34 since.

    A former code stands in the unit that took it over. A present code on an older map stands in
    the province that all its predecessors lay in; where they lay in several, nobody can say and
    it stands nowhere.
    """

    def __init__(self, catalogue: Catalogue, on: date) -> None:
        self._catalogue, self._on = catalogue, on
        self.codes = frozenset(place.code for place in catalogue.provinces(on))
        self._found: dict[str, str] = {}

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def province(self, code: str) -> str:
        """The province of this map in which a province or commune stands; "" when unknown."""
        if code not in self._found:
            self._found[code] = self._located(code)
        return self._found[code]

    def _located(self, code: str) -> str:
        place = self._catalogue.get(code)
        if place is None:
            return ""
        own = _province(place)
        if own in self.codes:
            return own
        heirs = {heir.code for heir in self._catalogue.successors(own, self._on)} & self.codes
        if not heirs:
            heirs = set(map(_province, self._catalogue.predecessors(code))) & self.codes
        return heirs.pop() if len(heirs) == 1 else ""


def _province(place: Place) -> str:
    return place.parent or place.code
