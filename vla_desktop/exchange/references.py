"""Links and places in a file: named for people, and found again."""

from __future__ import annotations

from sync.places import Catalogue, Place
from sync.records.fields import Field
from sync.records.types import Link, PlaceCode
from sync.texts import _
from sync.vietnamese import clean, fold
from vla_desktop.exchange.sheet import Directory


class References:
    """Finds the record or the place that a cell means."""

    def __init__(self, directory: Directory, catalogue: Catalogue) -> None:
        self._directory = directory
        self._catalogue = catalogue
        self._found: dict[tuple[str, str], list[str]] = {}

    def read(self, field: Field, name: str | None, code: str | None) -> str:
        """The code that the two cells of a reference mean; None when there is no such column.

        The code counts as long as it still bears the name beside it; where the name was changed,
        the name counts. Raises ValueError(sentence) when it means nothing or several.
        """
        name, code = clean(name) if name is not None else None, clean(code or "")
        if name is None or (code and self._is_called(field, code, name)):
            return str(field.type.read(code))
        if not name:
            return ""
        found = self._named(field, name)
        if len(found) == 1:
            return found[0]
        if not found and isinstance(field.type, Link) and self._is_lost(field.type, code):
            return str(field.type.read(code))
        if not found:
            raise ValueError(_("Không tìm thấy “{name}”.").format(name=name))
        raise ValueError(
            _("Có {count} mục tên “{name}”; chọn trong phần mềm.").format(
                count=len(found), name=name
            )
        )

    def _is_called(self, field: Field, code: str, name: str) -> bool:
        if isinstance(field.type, Link):
            title = self._directory.title(field.type.target, code)
        else:
            title = self._catalogue.label(code)
        return bool(title) and fold(title) == fold(name)

    def _is_lost(self, link: Link, code: str) -> bool:
        """Whether the link leads nowhere in this office: what stands beside it is then no name."""
        return bool(code) and not self._directory.holds(link.target, code)

    def _named(self, field: Field, name: str) -> list[str]:
        key = (field.name, name)
        if key not in self._found:
            if isinstance(field.type, Link):
                self._found[key] = self._records(field.type, name)
            elif isinstance(field.type, PlaceCode):
                self._found[key] = self._places(field.type, name)
        return self._found[key]

    def _records(self, link: Link, name: str) -> list[str]:
        found = list(self._directory.titled(link.target, name))
        exact = [
            each
            for each in found
            if self._directory.title(link.target, each).casefold() == name.casefold()
        ]
        if not found and self._directory.holds(link.target, name.lower()):
            return [name.lower()]
        return exact or found

    def _places(self, place: PlaceCode, name: str) -> list[str]:
        if self._catalogue.get(name):
            return [name]
        likely = [
            each
            for each in self._catalogue.search(name.replace(",", " "), limit=50)
            if bool(each.parent) == (place.level != "province")
        ]
        found = [each for each in likely if fold(self._catalogue.label(each.code)) == fold(name)]
        # Without its province a name is enough as long as only one place bears it.
        found = found or [each for each in likely if fold(each.full_name) == fold(name)]
        found = [each for each in found if each.valid_to is None] or found
        exact = [each for each in found if self._names(each, name)]
        return [each.code for each in exact or found]

    def _names(self, place: Place, name: str) -> bool:
        known = (self._catalogue.label(place.code), place.full_name)
        return name.casefold() in (each.casefold() for each in known)
