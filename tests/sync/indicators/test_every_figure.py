"""Every figure of the demonstration equals what plain SQL counts, on five days of its history.

The nation of 100,000 members is asked too when VLA_NATION is set; it takes two minutes.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from sync.indicators import Figure, figures
from sync.places import Catalogue
from sync.province_map import ProvinceMap
from sync.records.base import Shared
from tests.sync.indicators.by_sql import FOLDER, REFORM, counted, know_provinces
from vla_desktop import paths
from vla_desktop.demo.branch import SEED, Size, demonstration, invented
from vla_desktop.demo.invention.ground import Names
from vla_desktop.demo.nation import Reach, grounds
from vla_desktop.demo.shelf import shelve

TODAY = dt.date(2026, 11, 20)
DAYS = (
    dt.date(2018, 12, 31), dt.date(2023, 6, 30), REFORM - dt.timedelta(days=1), REFORM, TODAY,
)  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(FOLDER)


@pytest.fixture(scope="module")
def branch(catalogue: Catalogue) -> Iterator[Session]:
    names = Names(paths.resources() / "names")
    with empty() as session:
        shelve(session, "19", demonstration(catalogue, names, Size.T1, SEED, TODAY))
        yield session


@pytest.fixture(scope="module")
def nation(catalogue: Catalogue) -> Iterator[Session]:
    with empty() as session:
        know_provinces(session)
        for at, ground in enumerate(grounds(catalogue, Reach.T2, SEED, TODAY)):
            shelve(session, ground.province, invented(ground), f"{at:08x}")
        yield session


def empty() -> Session:
    engine = create_engine("sqlite://")
    Shared.metadata.create_all(engine)
    return Session(engine)


def numbers(figure: Figure) -> list[int | None]:
    found = [figure.numerator]
    if figure.is_ratio:
        found.append(figure.denominator)
    return [*found, figure.missing] if figure.code in ("I1a", "I1b") else found


def assert_equal(found: list[Figure], expected: dict[str, list[int]]) -> None:
    by_code = {figure.code: numbers(figure) for figure in found}
    assert len(by_code) == len(found) > 70
    assert set(expected) <= set(by_code)
    # Of words that nobody bears plain SQL says nothing.
    assert by_code == {code: expected.get(code, [0]) for code in by_code}
    for figure in found:
        over, under = figure.numerator, figure.denominator
        if under:
            assert figure.value is not None
            assert figure.value * under == over


@pytest.mark.parametrize("day", DAYS)
def test_a_branch_with_ten_years_of_history(branch: Session, day: dt.date) -> None:
    found = figures(branch, day)
    assert_equal(found, counted(branch, day))
    assert sum(figure.numerator or 0 for figure in found if figure.code == "M0") > 900


if "VLA_NATION" in os.environ:

    @pytest.mark.parametrize("day", DAYS)
    def test_the_whole_nation(nation: Session, catalogue: Catalogue, day: dt.date) -> None:
        found = figures(nation, day, provinces=ProvinceMap(catalogue, day))
        assert_equal(found, counted(nation, day, is_nation=True))
        assert sum(figure.numerator or 0 for figure in found if figure.code == "M0") > 30_000


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("M0.out", "UPDATE member_event SET happened_on = '2026-02-01' WHERE type = 'left'"),
        ("I3", "UPDATE assessment SET result = 'passed' WHERE year = 2026"),
        ("F0", "UPDATE dues_payment SET void = 1 WHERE year = 2026 AND paid_vnd = 60000"),
        ("I1b", "UPDATE headcount SET total = total + 1 WHERE year = 2026"),
        ("I8", "UPDATE development_action SET starts_on = '2026-03-01'"),
    ],
)
def test_plain_sql_would_notice(branch: Session, code: str, fault: str) -> None:
    found = figures(branch, TODAY)
    with branch.begin_nested() as point:
        branch.execute(text(fault))
        expected = counted(branch, TODAY)
        point.rollback()
    with pytest.raises(AssertionError):
        assert_equal(found, expected)
    assert expected[code] != next(numbers(figure) for figure in found if figure.code == code)
