"""Every figure a second time, in plain SQL, written without a look at the formulas' code."""

# ruff: noqa: S608  nothing of it comes from outside this file

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

FOLDER = Path(__file__).parents[3] / "resources" / "catalogues"
REFORM = dt.date(2025, 7, 1)

# Who was a member on :day and where they worked; libraries that stood, with their staff.
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
  SELECT m.id, m.scope, m.subject, m.membership, m.gender,
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
HIGHER = "(s.type = 'university' OR (s.type = 'education' AND s.education = 'college'))"
SCHOOL = (
    "(s.type = 'education' AND s.education IN"
    " ('primary', 'lower_secondary', 'upper_secondary', 'combined'))"
)
RATIO_SQL = """
SELECT (SELECT count(*) FROM present p JOIN staffed s ON s.id = p.workplace
        WHERE p.subject <> 'organisation' AND s.staff IS NOT NULL AND {covers}),
       (SELECT coalesce(sum(staff), 0) FROM staffed s WHERE {covers}),
       (SELECT count(*) FROM staffed s WHERE staff IS NULL AND {covers})
"""

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

# Libraries open on a day of the year of assessment, and what was found there.
_OPEN = """
SELECT id FROM library WHERE NOT deleted AND (opened_on IS NULL OR opened_on <= :judged_to)
  AND CASE WHEN closed_on IS NULL THEN status NOT IN ('closed', 'merged')
      ELSE closed_on > max(:judged_from, coalesce(opened_on, '')) END
"""
_FOUND = """
SELECT a.library FROM assessment a JOIN criteria_set c ON c.id = a.criteria_set
WHERE NOT a.deleted AND a.year = :judged AND c.subject = 'friendly_modern' AND a.result IN {results}
"""
_JUDGED = _FOUND.format(results="('passed', 'failed')")
_PASSED = _FOUND.format(results="('passed')")
_OWED = """
SELECT p.id, (SELECT amount_vnd FROM dues_rate r WHERE NOT deleted AND year = :year
              AND r.membership = p.membership AND r.subject = p.subject
              ORDER BY r.id DESC LIMIT 1) AS rate,
       coalesce((SELECT sum(paid_vnd) FROM dues_payment d WHERE d.member = p.id AND NOT deleted
                 AND NOT void AND year = :year AND paid_on <= :day), 0) AS paid,
       EXISTS (SELECT 1 FROM transfer_request t WHERE t.member_record = p.id AND NOT t.deleted
               AND t.to_branch = p.scope AND t.dues_until >= :year
               AND t.answer <> 'refused') AS brought
FROM present p
"""
_BEGUN = "NOT deleted AND {day} BETWEEN :first AND :day"
_ACTIVITY = "activity WHERE " + _BEGUN.format(day="starts_on")
_TAKEN = f"participation WHERE NOT deleted AND activity IN (SELECT id FROM {_ACTIVITY})"
_DOSSIER = "advisory_dossier WHERE " + _BEGUN.format(day="received_on")
_CASE = "welfare_case WHERE " + _BEGUN.format(day="received_on")
_ABROAD = "international_event WHERE " + _BEGUN.format(day="starts_on")
_SENT = f"delegate WHERE NOT deleted AND event IN (SELECT id FROM {_ABROAD})"
_ACTION = "development_action WHERE " + _BEGUN.format(day="starts_on")

# By code: the count; of a ratio the numerator and the denominator.
NUMBERS = {
    "I3": f"(SELECT count(*) FROM ({_OPEN}) WHERE id IN ({_PASSED})), "
    f"(SELECT count(*) FROM ({_OPEN}))",
    "I3.assessed": f"(SELECT count(*) FROM ({_OPEN}) WHERE id IN ({_JUDGED})), "
    f"(SELECT count(*) FROM ({_OPEN}))",
    "I3.passed": f"(SELECT count(*) FROM ({_OPEN}) WHERE id IN ({_PASSED})), "
    f"(SELECT count(*) FROM ({_OPEN}) WHERE id IN ({_JUDGED}))",
    "M0": "count(*) FROM present",
    "M0.opening": "count(*) FROM opening",
    "M0.in": "count(*) FROM present WHERE id NOT IN (SELECT id FROM opening)",
    "M0.out": "count(*) FROM opening WHERE id NOT IN (SELECT id FROM present)",
    "M0.at.none": "count(*) FROM present WHERE subject <> 'organisation'"
    " AND workplace NOT IN (SELECT id FROM staffed)",
    "L0": "count(*) FROM staffed",
    "L0.no_headcount": "count(*) FROM staffed WHERE staff IS NULL",
    "A0": f"count(*) FROM {_ACTIVITY}",
    "A0.book_day": f"count(*) FROM {_ACTIVITY} AND book_day",
    "P0": f"count(*) FROM {_TAKEN}",
    "P0.members": f"count(DISTINCT member) FROM {_TAKEN} AND member <> ''",
    "P0.activities": f"count(DISTINCT activity) FROM {_TAKEN}",
    "F0": f"(SELECT count(*) FROM ({_OWED}) WHERE rate > 0 AND (paid >= rate OR brought)), "
    f"(SELECT count(*) FROM ({_OWED}) WHERE rate > 0)",
    "F0.collected": "coalesce(sum(paid_vnd), 0) FROM dues_payment"
    " WHERE NOT deleted AND NOT void AND year = :year AND paid_on <= :day",
    "F0.remitted": "coalesce(sum(amount_vnd), 0) FROM dues_remittance"
    " WHERE NOT deleted AND year = :year AND remitted_on <= :day",
    "I4": "coalesce(sum(progress = 'done'), 0), count(*) FROM plan_line"
    " WHERE NOT deleted AND year = :year AND progress <> 'dropped'",
    "I4.certificates": "count(*) FROM certificate WHERE NOT revoked AND "
    + _BEGUN.format(day="issued_on"),
    "I5": f"count(*) FROM {_DOSSIER}",
    "I5.taken_up": f"coalesce(sum(uptake IN ('full', 'part')), 0), count(*) FROM {_DOSSIER}"
    " AND uptake NOT IN ('', 'unknown')",
    "I5.welfare": f"count(*) FROM {_CASE}",
    "I5.welfare_settled": f"count(*) FROM {_CASE} AND result IN ('settled', 'part')",
    "I5.support": f"coalesce(sum(support_vnd), 0) FROM {_CASE}",
    "I6.items": "count(*) FROM heritage_item WHERE NOT deleted",
    "I6.nominated": "count(*) FROM heritage_item WHERE NOT deleted AND nominated_on <= :day",
    "I6.recognised": "count(*) FROM heritage_item WHERE NOT deleted AND nomination = 'recognised'"
    " AND (decided_on IS NULL OR decided_on <= :day)",
    "I7": f"count(*) FROM {_ABROAD}",
    "I7.delegates": f"count(*) FROM {_SENT}",
    "I7.papers": f"count(*) FROM {_SENT} AND paper_title <> ''",
    "I8": f"count(*) FROM {_ACTION}",
    "I8.beneficiaries": f"coalesce(sum(beneficiaries), 0) FROM {_ACTION}",
}
_AT_WORK = """
SELECT s.type, count(*) FROM present p JOIN staffed s ON s.id = p.workplace
WHERE p.subject <> 'organisation' GROUP BY 1
"""
_FOR_GOAL = f"""
SELECT '{{goal}}', count(*) FROM {_ACTION} AND ',' || goals || ',' LIKE '%,{{goal}},%'
"""
_HERE = """
SELECT count(DISTINCT province) FROM organisation_unit
WHERE provincial AND NOT deleted AND status = 'active' AND decision_on <= :day
"""
# By the beginning of the code: a count for each word; words without any are nothing.
GROUPS = (
    ("M0.", "SELECT subject, count(*) FROM present GROUP BY 1"),
    ("M0.", "SELECT membership, count(*) FROM present GROUP BY 1"),
    ("M0.", "SELECT gender, count(*) FROM present WHERE subject <> 'organisation' GROUP BY 1"),
    ("M0.at.", _AT_WORK),
    ("L0.", "SELECT type, count(*) FROM staffed GROUP BY 1"),
    ("A0.", f"SELECT coalesce(task_no, 0), count(*) FROM {_ACTIVITY} GROUP BY 1"),
    ("I5.", f"SELECT type, count(*) FROM {_DOSSIER} GROUP BY 1"),
    *(("I8.", _FOR_GOAL.format(goal=goal)) for goal in range(1, 18)),
)


def counted(session: Session, day: dt.date, *, is_nation: bool = False) -> dict[str, list[Any]]:
    """Numerator and, of a ratio, denominator of everything; of I1a and I1b the missing too."""
    judged = day.year + (day.month == 12)
    known = {
        "day": day.isoformat(), "year": day.year, "first": f"{day.year}-01-01", "judged": judged,
        "judged_from": f"{judged - 1}-12-01", "judged_to": min(f"{judged}-11-30", day.isoformat()),
        "old": day < REFORM,
    }  # fmt: skip
    new_year = {"day": f"{day.year - 1}-12-31", "year": day.year - 1}
    for name, source, asked in (
        ("opening", "present", new_year), ("present", "present", known),
        ("staffed", "staffed", known),
    ):  # fmt: skip
        session.execute(text(f"DROP TABLE IF EXISTS temp.{name}"))
        made = f"CREATE TEMP TABLE {name} AS {STATUS_SQL} SELECT * FROM {source}"
        session.execute(text(made), asked)
        session.execute(text(f"CREATE INDEX temp.ix_{name} ON {name} (id)"))
    found: dict[str, list[Any]] = {}
    for code, covers in (("I1a", HIGHER), ("I1b", SCHOOL)):
        ratio = text(RATIO_SQL.format(covers=covers))
        found[code] = list(session.execute(ratio).one())
    for code, numbers in NUMBERS.items():
        found[code] = list(session.execute(text(f"SELECT {numbers}"), known).one())
    for begin, groups in GROUPS:
        for word, number in session.execute(text(groups), known):
            found[f"{begin}{word}"] = [number]
    served = SERVED if is_nation else _HERE
    found["I2"] = [session.execute(text(served), known).scalar_one()]
    if is_nation:
        found["I2"].append(63 if known["old"] else 34)
    return found


def know_provinces(session: Session) -> None:
    """The provinces and who took them over, read past our own code."""
    session.execute(text("CREATE TEMP TABLE old_province (code TEXT)"))
    session.execute(text("CREATE TEMP TABLE heir (old TEXT, new TEXT)"))
    with (FOLDER / "successors.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if len(row["new"]) == 2]
    assert (len(rows), len({row["new"] for row in rows})) == (63, 34)
    for row in rows:
        session.execute(text("INSERT INTO heir VALUES (:old, :new)"), row)
        session.execute(text("INSERT INTO old_province VALUES (:old)"), row)
