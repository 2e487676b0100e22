"""Editors that point at something kept elsewhere: another record, a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sync.places import Kind, Place
from sync.records.types import Link, PlaceCode
from sync.texts import _
from vla_desktop.ui.editors.picking import PickEditor
from vla_desktop.ui.editors.suggestions import Offer

_PROVINCES = (Kind.PROVINCE, Kind.CITY)
_COMMUNES = (Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP, Kind.SPECIAL_ZONE)


class LinkEditor(PickEditor):
    """Another record, found by a part of its title."""

    def drawing(self) -> str:
        return "search"

    def offers(self, text: str) -> Sequence[Offer]:
        found = self.store.suggest(self._target(), text)
        return [Offer(one.id, one.title, one.detail) for one in found]

    def offer_of(self, value: str) -> Offer:
        found = self.store.suggestion(self._target(), value)
        return Offer(found.id, found.title, found.detail) if found else Offer(value, value)

    def _target(self) -> str:
        assert isinstance(self.field.type, Link)  # noqa: S101 - told to the type checker
        return self.field.type.target


class PlaceEditor(PickEditor):
    """A province or a commune. Units that are gone come only when none in force fits."""

    def drawing(self) -> str:
        return "place"

    def offers(self, text: str) -> Sequence[Offer]:
        catalogue = self.store.catalogue
        if text.strip():
            kinds = _PROVINCES if self._is_province() else _COMMUNES
            found = catalogue.search(text, 20, kinds=kinds, former=False)
            found = found or catalogue.search(text, 20, kinds=kinds)
        elif self._is_province():
            found = catalogue.provinces(dt.datetime.now().astimezone().date())
        else:
            found = []
        return [self._offer(place) for place in found]

    def offer_of(self, value: str) -> Offer:
        place = self.store.catalogue.get(value)
        return self._offer(place) if place is not None else Offer(value, value)

    def _is_province(self) -> bool:
        return isinstance(self.field.type, PlaceCode) and self.field.type.level == "province"

    def _offer(self, place: Place) -> Offer:
        catalogue = self.store.catalogue
        above = [place.district, catalogue.label(place.parent) if place.parent else ""]
        detail = ", ".join(part for part in above if part)
        if place.valid_to is not None:
            heirs = ", ".join(
                catalogue.label(heir.code) for heir in catalogue.successors(place.code)
            )
            gone = _("trước {day}").format(day=place.valid_to.strftime("%d/%m/%Y"))
            now = _("nay là {heirs}").format(heirs=heirs) if heirs else ""
            detail = " · ".join(part for part in (detail, gone, now) if part)
        return Offer(place.code, place.full_name if place.parent else place.name, detail)
