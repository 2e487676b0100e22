"""The same figures, found a second time in plain SQL over an office filled by chance."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from sqlalchemy import text

from sync.indicators import figures
from sync.records.headcount import Headcount
from sync.records.member_event import MemberEvent
from tests.sync.indicators.office import TODAY, Office

STATUS_SQL = """
WITH turn AS (
  SELECT member, happened_on AS day, id,
         CASE type WHEN 'applied' THEN 1 WHEN 'admitted' THEN 2 WHEN 'transferred_in' THEN 3
           WHEN 'transferred_out' THEN 4 WHEN 'paused' THEN 7 WHEN 'resumed' THEN 8
           WHEN 'left' THEN 9 WHEN 'expelled' THEN 10 WHEN 'deceased' THEN 11 END AS rank,
         CASE WHEN type IN ('admitted', 'transferred_in', 'resumed') THEN 1 ELSE 0 END AS active
  FROM member_event WHERE NOT deleted AND happened_on IS NOT NULL
), known AS (SELECT * FROM turn WHERE rank IS NOT NULL),
step AS (
  SELECT member, day, rank, id, active FROM known
  UNION ALL
  SELECT m.id, joined_on, 0, '', 1 FROM member m
  WHERE status <> 'applied' AND joined_on IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM known k WHERE k.member = m.id AND k.rank IN (2, 3))
    AND (status = 'active' OR status_on IS NOT NULL
         OR EXISTS (SELECT 1 FROM known k WHERE k.member = m.id))
  UNION ALL
  SELECT m.id, status_on, 99, '', status = 'active' FROM member m
  WHERE status_on IS NOT NULL
    AND status_on >= max(coalesce((SELECT max(day) FROM known k WHERE k.member = m.id), ''),
        CASE WHEN status = 'applied' OR EXISTS
          (SELECT 1 FROM known k WHERE k.member = m.id AND k.rank IN (2, 3))
        THEN '' ELSE coalesce(joined_on, '') END)
), last AS (
  SELECT member, active, row_number() OVER
    (PARTITION BY member ORDER BY day DESC, rank DESC, id DESC) AS place
  FROM step WHERE day <= :day
), move AS (
  SELECT member, happened_on AS day, id, from_workplace, to_workplace FROM member_event
  WHERE NOT deleted AND happened_on IS NOT NULL AND type = 'workplace_changed'
), present AS (
  SELECT m.id, m.subject,
    CASE
      WHEN EXISTS (SELECT 1 FROM move v WHERE v.member = m.id AND v.day <= :day)
      THEN (SELECT to_workplace FROM move v WHERE v.member = m.id AND v.day <= :day
            ORDER BY day DESC, id DESC LIMIT 1)
      WHEN EXISTS (SELECT 1 FROM move v WHERE v.member = m.id)
      THEN (SELECT from_workplace FROM move v WHERE v.member = m.id ORDER BY day, id LIMIT 1)
      ELSE m.workplace END AS workplace
  FROM member m JOIN last ON last.member = m.id AND last.place = 1 AND last.active
  WHERE NOT m.deleted
), staffed AS (
  SELECT l.id, l.type, l.education,
    (SELECT total FROM headcount h WHERE h.library = l.id AND NOT h.deleted
       AND total IS NOT NULL AND year <= :year AND year >= :year - 1
     ORDER BY year DESC, coalesce(counted_on, '') DESC, h.id DESC LIMIT 1) AS staff
  FROM library l WHERE NOT deleted AND (opened_on IS NULL OR opened_on <= :day)
    AND CASE WHEN closed_on IS NULL THEN status NOT IN ('closed', 'merged')
        ELSE closed_on > :day END
)
"""
COUNT_SQL = "SELECT count(*) FROM present"
RATIO_SQL = """
SELECT (SELECT count(*) FROM present p JOIN staffed s ON s.id = p.workplace
        WHERE p.subject <> 'organisation' AND s.staff IS NOT NULL AND {covers}),
       (SELECT coalesce(sum(staff), 0) FROM staffed s WHERE {covers}),
       (SELECT count(*) FROM staffed s WHERE staff IS NULL AND {covers})
"""
HIGHER = "(s.type = 'university' OR (s.type = 'education' AND s.education = 'college'))"
SCHOOL = (
    "(s.type = 'education' AND s.education IN"
    " ('primary', 'lower_secondary', 'upper_secondary', 'combined'))"
)


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
