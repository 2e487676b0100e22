"""The nation's figures: counted at the centre, read in every office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import text

from sync.records import BY_NAME
from sync.records.types import Value
from sync.server.centre import Centre
from sync.server.cli import main
from sync.server.database import reading
from sync.server.isolation import EVERYWHERE
from sync.server.publishing import publish
from tests.builders import TODAY, DirectWire, a_library, a_member, a_unit, exchange
from vla_desktop import paths
from vla_desktop.office import Office
from vla_desktop.store.nation import Nation, nation, spots, total

Enrolled = Callable[[str], Office]


def seen(office: Office, as_of: dt.date = TODAY) -> Nation:
    catalogue = office.store.catalogue
    placed = spots(paths.resources() / "catalogues", catalogue)
    return nation(office.aims.engine, catalogue, placed, as_of, office.aims.on(as_of))


def fill(office: Office, staff: int, members: int) -> None:
    def add(kind: str, values: dict[str, Value]) -> str:
        return office.store.save(BY_NAME[kind], values).id

    unit = add("organisation_unit", a_unit(provincial=True, province="01"))
    library = add("library", a_library(type="university", education="university"))
    add("headcount", {"library": library, "year": TODAY.year, "total": staff, "source": "library"})
    for number in range(members):
        values = a_member(full_name=f"Nguyễn Thị {number}", unit=unit, workplace=library)
        add("member", {**values, "outside_reason": ""})


def test_the_map_has_every_province_once_and_the_islands(enrolled: Enrolled) -> None:
    office = enrolled("a")
    placed = seen(office).spots
    in_force = {place.code for place in office.store.catalogue.provinces(TODAY)}
    assert {spot.province for spot in placed} == in_force
    assert len({(spot.row, spot.column) for spot in placed}) == len(placed) == 34
    islands = {spot.name: spot.islands for spot in placed if spot.islands}
    assert islands == {"Đà Nẵng": "Hoàng Sa", "Khánh Hòa": "Trường Sa"}


def test_before_anything_is_published_only_the_own_province_stands_there(
    enrolled: Enrolled,
) -> None:
    office = enrolled("a")
    fill(office, 4, 3)
    found = seen(office)
    assert found.stood_on is None
    assert {province for province, _code in found.figures} == {"01"}
    assert found.figures["01", "I1a"].shown == "75,0 %"
    assert total(found, "I1a") is None


def test_what_is_published_reaches_offices_and_equals_an_independent_count(
    near_centre: Centre, enrolled: Enrolled
) -> None:
    one, other, wire = enrolled("a"), enrolled("b"), DirectWire(near_centre)
    fill(one, 4, 3)
    exchange(one, wire)

    told = publish(near_centre, TODAY, one.store.catalogue, TODAY)
    assert told == 34 * 4
    assert publish(near_centre, TODAY, one.store.catalogue, TODAY) == 0
    exchange(other, wire)

    found = seen(other)
    whole = total(found, "I1a")
    assert found.stood_on == TODAY
    assert whole is not None
    with reading(near_centre.engine, EVERYWHERE) as session:
        counted = session.execute(
            text("SELECT (SELECT count(*) FROM member), (SELECT sum(total) FROM headcount)")
        ).one()
    assert (whole.numerator, whole.denominator) == tuple(counted) == (3, 4)
    assert found.figures["46", "I1a"].value is None
    assert total(found, "I2") is not None
    assert found.figures["01", "I2"].numerator == 1
    assert seen(other, TODAY - dt.timedelta(days=1)).stood_on is None


def test_a_second_publication_corrects_the_first(near_centre: Centre, enrolled: Enrolled) -> None:
    office, wire = enrolled("a"), DirectWire(near_centre)
    fill(office, 4, 3)
    exchange(office, wire)
    publish(near_centre, TODAY, office.store.catalogue, TODAY)
    fill(office, 2, 2)
    exchange(office, wire)

    # Members among staff, and libraries open in the year, of one province.
    assert publish(near_centre, TODAY, office.store.catalogue, TODAY) == 2


def test_a_day_that_is_none_is_wrong_usage(capsys: object) -> None:
    assert main(["publish-figures", "--as-of", "hôm nay"], {}) == 2


def test_what_bears_a_former_code_counts_in_the_province_that_took_it_over(
    near_centre: Centre, enrolled: Enrolled
) -> None:
    office, wire = enrolled("a"), DirectWire(near_centre)
    catalogue = office.store.catalogue
    gone, heir = next(
        (place, found)
        for place in catalogue.provinces(dt.date(2025, 6, 30))
        for found in [catalogue.successors(place.code, TODAY)]
        if len(found) == 1 and catalogue.get(place.code, TODAY) is None
    )
    unit = a_unit(provincial=True, province=gone.code)
    office.store.save(BY_NAME["organisation_unit"], unit)
    former = next(place for place in catalogue.communes(gone.code))
    library = a_library(type="university", education="university", commune=former.code)
    identity = office.store.save(BY_NAME["library"], library).id
    counted: dict[str, Value] = {"library": identity, "year": TODAY.year, "total": 5}
    office.store.save(BY_NAME["headcount"], {**counted, "source": "library"})
    exchange(office, wire)
    publish(near_centre, TODAY, catalogue, TODAY)
    exchange(office, wire)

    found = seen(office)
    assert found.figures[heir[0].code, "I1a"].denominator == 5
    assert found.figures[heir[0].code, "I3"].denominator == 1
    assert found.figures[heir[0].code, "I2"].numerator == 1
