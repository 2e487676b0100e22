"""Figures on the map of 63 provinces and on that of 34, found a second time in plain SQL."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from sync.indicators import figures
from sync.indicators.by_province import by_province
from sync.places import Catalogue
from sync.province_map import ProvinceMap
from sync.records.library import Library
from sync.records.organisation_unit import OrganisationUnit
from tests.sync.indicators.office import Office

FOLDER = Path(__file__).parents[3] / "resources" / "catalogues"
LAST_DAY_BEFORE, REFORM = dt.date(2025, 6, 30), dt.date(2025, 7, 1)

# On the old map a unit counts where it was founded; one without that, where its only predecessor
# was; on the new map where it is, or what took its province over.
SERVED = """
SELECT count(DISTINCT home) FROM (
  SELECT CASE WHEN :old THEN coalesce(
      (SELECT code FROM old_province WHERE code = u.province),
      (SELECT code FROM old_province WHERE code = u.founding_province),
      (SELECT max(old) FROM heir WHERE new = u.province HAVING count(*) = 1))
    ELSE coalesce(
      (SELECT new FROM heir WHERE new = u.province),
      (SELECT new FROM heir WHERE old = u.province),
      (SELECT new FROM heir WHERE old = u.founding_province)) END AS home
  FROM organisation_unit u
  WHERE provincial AND NOT deleted AND status = 'active'
    AND (decision_on IS NULL OR decision_on <= :day))
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(FOLDER)


@pytest.fixture
def known(session: Session) -> Session:
    """The database with the provinces and who took them over, read past our own code."""
    session.execute(text("CREATE TEMP TABLE old_province (code TEXT)"))
    session.execute(text("CREATE TEMP TABLE heir (old TEXT, new TEXT)"))
    with (FOLDER / "successors.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if len(row["new"]) == 2]
    assert (len(rows), len({row["new"] for row in rows})) == (63, 34)
    for row in rows:
        session.execute(text("INSERT INTO heir VALUES (:old, :new)"), row)
        session.execute(text("INSERT INTO old_province VALUES (:old)"), row)
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
