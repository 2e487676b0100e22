"""Figures on the map of 63 provinces and on that of 34, found a second time in plain SQL."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from sync.indicators import figures
from sync.indicators.by_province import by_province
from sync.places import Catalogue
from sync.province_map import ProvinceMap
from sync.records.library import Library
from sync.records.organisation_unit import OrganisationUnit
from tests.sync.indicators.by_sql import FOLDER, REFORM, SERVED, know_provinces
from tests.sync.indicators.office import Office

LAST_DAY_BEFORE = dt.date(2025, 6, 30)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(FOLDER)


@pytest.fixture
def known(session: Session) -> Session:
    """The database with the provinces and who took them over, read past our own code."""
    know_provinces(session)
    return session


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("day", [LAST_DAY_BEFORE, REFORM])
def test_provinces_with_a_branch_on_both_sides_of_the_reform(
    known: Session, office: Office, catalogue: Catalogue, day: dt.date, seed: int
) -> None:
    chance = random.Random(seed)
    old = [place.code for place in catalogue.provinces(LAST_DAY_BEFORE)]
    new = [place.code for place in catalogue.provinces(REFORM)]
    for _ in range(40):
        office.add(
            OrganisationUnit, provincial=True, province=chance.choice([*old, *new]),
            founding_province=chance.choice(["", chance.choice(old)]),
            decision_on=chance.choice([None, LAST_DAY_BEFORE, REFORM]),
            status=chance.choice(["active", "active", "dissolved"]),
        )  # fmt: skip
    known.flush()
    found = figures(known, day, provinces=ProvinceMap(catalogue, day))
    figure = next(each for each in found if each.code == "I2")
    asked = {"old": day < REFORM, "day": day.isoformat()}
    assert figure.denominator == (63 if day < REFORM else 34)
    assert figure.numerator == known.execute(text(SERVED), asked).scalar_one()


def test_a_branch_counts_in_its_old_province_before_and_its_heir_after(
    session: Session, office: Office, catalogue: Catalogue
) -> None:
    office.add(OrganisationUnit, provincial=True, province="02@2025")
    office.add(OrganisationUnit, provincial=True, province="08")
    session.flush()

    def i2(day: dt.date) -> tuple[int | None, bool]:
        found = figures(session, day, provinces=ProvinceMap(catalogue, day))
        figure = next(each for each in found if each.code == "I2")
        return figure.numerator, "chưa ghi tỉnh lúc thành lập" in figure.note

    assert i2(LAST_DAY_BEFORE) == (1, True), "nobody knows where the second was founded"
    assert i2(REFORM) == (1, False), "both are in Tuyên Quang now"


def test_libraries_and_members_by_province_on_either_map(
    session: Session, office: Office, catalogue: Catalogue
) -> None:
    for commune in ("00001@2025", "00097", "00004", "26368"):
        office.library(3, commune=commune)
    office.members(5, commune="26368")
    session.flush()
    for as_of in (LAST_DAY_BEFORE, REFORM):
        for day, homes in ((LAST_DAY_BEFORE, ("01@2025", "75@2025")), (REFORM, ("01", "75"))):
            found = by_province(session, as_of, ProvinceMap(catalogue, day))
            assert [(one.province, one.libraries, one.members) for one in found] == [
                (homes[0], 3, 0), (homes[1], 1, 5)
            ]  # fmt: skip
    assert session.query(Library).count() == 4
