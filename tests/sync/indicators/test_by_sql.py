"""The same figures, found a second time in plain SQL over an office filled by chance."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from sqlalchemy import text

from sync.indicators import figures
from sync.records.headcount import Headcount
from sync.records.member_event import MemberEvent
from tests.sync.indicators.by_sql import HIGHER, RATIO_SQL, SCHOOL, STATUS_SQL
from tests.sync.indicators.office import TODAY, Office

COUNT_SQL = "SELECT count(*) FROM present"


def by_chance(office: Office, chance: random.Random) -> None:
    def day(*, often: float = 1.0) -> dt.date | None:
        if chance.random() > often:
            return None
        return dt.date(2022, 1, 1) + dt.timedelta(days=chance.randrange(1800))

    educations = ["university", "college", "primary", "lower_secondary", "preschool", "combined"]
    libraries = [""]
    for _ in range(150):
        kind = chance.choice(["university", "education", "education", "public"])
        library = office.library(
            None, type=kind, education=chance.choice(educations), opened_on=day(often=0.2),
            closed_on=day(often=0.1), status=chance.choice(["open"] * 6 + ["closed", "merged"]),
            deleted=chance.random() < 0.05,
        )  # fmt: skip
        libraries.append(library)
        for year in chance.sample([2023, 2024, 2025, 2026, 2026], chance.randrange(4)):
            office.add(
                Headcount, library=library, year=year, total=chance.randrange(9),
                counted_on=day(often=0.5), deleted=chance.random() < 0.1,
            )  # fmt: skip
    events = ["applied", "admitted", "transferred_in", "transferred_out", "workplace_changed",
              "membership_changed", "paused", "resumed", "left", "expelled", "deceased",
              "card_replaced"]  # fmt: skip
    for _ in range(400):
        [member] = office.members(
            1, joined_on=day(often=0.95), subject=chance.choice(["person"] * 8 + ["organisation"]),
            status=chance.choice(["active"] * 5 + ["applied", "paused", "left", "deceased"]),
            status_on=day(often=0.3), workplace=chance.choice(libraries),
            deleted=chance.random() < 0.05,
        )  # fmt: skip
        for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
            office.add(
                MemberEvent, member=member, type=chance.choice(events),
                happened_on=day(often=0.95), from_workplace=chance.choice(libraries),
                to_workplace=chance.choice(libraries), deleted=chance.random() < 0.1,
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_plain_sql_finds_the_same_numbers(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    by_chance(office, chance)
    office.session.flush()
    for as_of in (dt.date(2023, 6, 30), dt.date(2025, 1, 1), TODAY):
        known = {"day": as_of.isoformat(), "year": as_of.year}
        by_code = {figure.code: figure for figure in figures(office.session, as_of)}
        members = office.session.scalar(text(STATUS_SQL + COUNT_SQL), known)
        assert by_code["M0"].numerator == members
        assert members
        for code, covers in (("I1a", HIGHER), ("I1b", SCHOOL)):
            query = text(STATUS_SQL + RATIO_SQL.format(covers=covers))
            expected = office.session.execute(query, known).one()
            figure = by_code[code]
            assert (figure.numerator, figure.denominator, figure.missing) == tuple(expected)
