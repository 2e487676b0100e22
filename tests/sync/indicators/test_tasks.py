"""The figures of emulation, dues and the tasks without targets, found a second time in SQL."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction

import pytest
from sqlalchemy import text

from sync.indicators import figures
from sync.indicators.emulation import assessment_year
from sync.records.advisory_dossier import AdvisoryDossier
from sync.records.assessment import Assessment
from sync.records.certificate import Certificate
from sync.records.criteria_set import CriteriaSet
from sync.records.delegate import Delegate
from sync.records.development_action import DevelopmentAction
from sync.records.dues_payment import DuesPayment
from sync.records.dues_rate import DuesRate
from sync.records.dues_remittance import DuesRemittance
from sync.records.heritage_item import HeritageItem
from sync.records.international_event import InternationalEvent
from sync.records.plan_line import PlanLine
from sync.records.welfare_case import WelfareCase
from tests.sync.indicators.office import TODAY, Office

DAYS = (
    dt.date(2025, 6, 30),
    dt.date(2025, 7, 1),
    dt.date(2025, 12, 1),
    dt.date(2026, 4, 21),
    TODAY,
)
OPEN_SQL = """
SELECT id FROM library WHERE NOT deleted AND (opened_on IS NULL OR opened_on <= :end)
  AND (closed_on > max(:begin, coalesce(opened_on, :begin))
       OR closed_on IS NULL AND status NOT IN ('closed', 'merged'))
"""
I3_SQL = (
    """
SELECT count(DISTINCT library) FROM assessment a JOIN criteria_set c ON c.id = a.criteria_set
WHERE NOT a.deleted AND a.year = :year AND c.subject = 'friendly_modern' AND a.result IN {results}
  AND library IN (
"""
    + OPEN_SQL
    + ")"
)
SQL = {
    "I4.certificates": "SELECT count(*) FROM certificate WHERE NOT deleted AND NOT revoked"
    " AND issued_on BETWEEN :first AND :day",
    "I5": "SELECT count(*) FROM advisory_dossier WHERE NOT deleted"
    " AND received_on BETWEEN :first AND :day",
    "I5.criticism": "SELECT count(*) FROM advisory_dossier WHERE NOT deleted"
    " AND type = 'criticism' AND received_on BETWEEN :first AND :day",
    "I5.welfare": "SELECT count(*) FROM welfare_case WHERE NOT deleted"
    " AND received_on BETWEEN :first AND :day",
    "I5.welfare_settled": "SELECT count(*) FROM welfare_case WHERE NOT deleted"
    " AND result IN ('settled', 'part') AND received_on BETWEEN :first AND :day",
    "I5.support": "SELECT coalesce(sum(support_vnd), 0) FROM welfare_case WHERE NOT deleted"
    " AND received_on BETWEEN :first AND :day",
    "I6.nominated": "SELECT count(*) FROM heritage_item WHERE NOT deleted AND nominated_on <= :day",
    "I7.delegates": "SELECT count(*) FROM delegate d JOIN international_event e ON e.id = d.event"
    " WHERE NOT d.deleted AND NOT e.deleted AND e.starts_on BETWEEN :first AND :day",
    "I7.papers": "SELECT count(*) FROM delegate d JOIN international_event e ON e.id = d.event"
    " WHERE NOT d.deleted AND NOT e.deleted AND d.paper_title <> ''"
    " AND e.starts_on BETWEEN :first AND :day",
    "I8": "SELECT count(*) FROM development_action WHERE NOT deleted"
    " AND starts_on BETWEEN :first AND :day",
    "I8.beneficiaries": "SELECT coalesce(sum(beneficiaries), 0) FROM development_action"
    " WHERE NOT deleted AND starts_on BETWEEN :first AND :day",
    "I8.4": "SELECT count(*) FROM development_action WHERE NOT deleted"
    " AND ',' || goals || ',' LIKE '%,4,%' AND starts_on BETWEEN :first AND :day",
    "F0.collected": "SELECT coalesce(sum(paid_vnd), 0) FROM dues_payment WHERE NOT deleted"
    " AND NOT void AND year = :calendar_year AND paid_on <= :day",
    "F0.remitted": "SELECT coalesce(sum(amount_vnd), 0) FROM dues_remittance WHERE NOT deleted"
    " AND year = :calendar_year AND remitted_on <= :day",
}
RATIOS = {
    "I4": (
        (
            "SELECT count(*) FROM plan_line WHERE NOT deleted AND year = :calendar_year"
            " AND progress = 'done'"
        ),
        (
            "SELECT count(*) FROM plan_line WHERE NOT deleted AND year = :calendar_year"
            " AND progress <> 'dropped'"
        ),
    ),
    "I3": (I3_SQL.format(results="('passed')"), f"SELECT count(*) FROM ({OPEN_SQL})"),  # noqa: S608
    "I3.assessed": (
        I3_SQL.format(results="('passed', 'failed')"),
        f"SELECT count(*) FROM ({OPEN_SQL})",  # noqa: S608
    ),
    "I3.passed": (
        I3_SQL.format(results="('passed')"),
        I3_SQL.format(results="('passed', 'failed')"),
    ),
    "F0": (
        (
            "SELECT count(*) FROM member m JOIN dues_rate r ON r.membership = m.membership"
            " AND r.subject = m.subject AND r.year = :calendar_year AND r.amount_vnd > 0"
            " WHERE NOT m.deleted AND NOT r.deleted AND m.joined_on <= :day AND r.amount_vnd <="
            " (SELECT coalesce(sum(paid_vnd), 0) FROM dues_payment p WHERE p.member = m.id"
            "  AND NOT p.deleted AND NOT void AND p.year = :calendar_year AND paid_on <= :day)"
        ),
        (
            "SELECT count(*) FROM member m JOIN dues_rate r ON r.membership = m.membership"
            " AND r.subject = m.subject AND r.year = :calendar_year AND r.amount_vnd > 0"
            " WHERE NOT m.deleted AND NOT r.deleted AND m.joined_on <= :day"
        ),
    ),
}


class ByChance:
    """Fills an office with whatever can be written."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.chance = office, random.Random(seed)
        self.members = [
            one
            for membership in ("official", "associate", "honorary")
            for one in office.members(30, membership=membership, joined_on=self.day())
        ]
        self.libraries = [
            office.library(
                None, type=self.chance.choice(["public", "university"]), opened_on=self.some_day(),
                closed_on=self.some_day(), status=self.chance.choice(["open", "open", "closed"]),
                deleted=self.is_rare(),
            )
            for _ in range(60)
        ]  # fmt: skip

    def day(self) -> dt.date:
        return dt.date(2024, 1, 1) + dt.timedelta(days=self.chance.randrange(1060))

    def some_day(self) -> dt.date | None:
        return self.day() if self.chance.random() < 0.3 else None

    def year(self) -> int:
        return self.chance.choice([2024, 2025, 2025, 2026, 2026])

    def is_rare(self) -> bool:
        return self.chance.random() < 0.1

    def fill(self) -> None:
        add, pick = self.office.add, self.chance.choice
        sets = [
            add(CriteriaSet, subject=s) for s in ("friendly_modern", "friendly_modern", "ethics")
        ]
        for _ in range(150):
            add(Assessment, library=pick(self.libraries), year=self.year(), criteria_set=pick(sets),
                result=pick(["passed", "failed", "open"]), deleted=self.is_rare())  # fmt: skip
            add(PlanLine, year=self.year(), deleted=self.is_rare(),
                progress=pick(["planned", "running", "done", "dropped"]))  # fmt: skip
            add(Certificate, issued_on=self.some_day(), revoked=self.is_rare())
            add(AdvisoryDossier, type=pick(["advice", "criticism"]), received_on=self.day())
            add(WelfareCase, result=pick(["open", "settled", "part"]), received_on=self.day(),
                support_vnd=pick([None, 500_000]), deleted=self.is_rare())  # fmt: skip
            add(HeritageItem, nominated_on=self.some_day(), nomination="nominated")
            event = add(InternationalEvent, starts_on=self.day(), deleted=self.is_rare())
            add(Delegate, event=event, paper_title=pick(["", "Tham luận"]), deleted=self.is_rare())
            add(DevelopmentAction, goals=pick(["4", "4,14", "14", "1,4"]), starts_on=self.day(),
                beneficiaries=pick([None, 10, 250]), deleted=self.is_rare())  # fmt: skip
            add(DuesPayment, member=pick(self.members), year=self.year(), void=self.is_rare(),
                paid_vnd=pick([50_000, 100_000]), paid_on=self.day())  # fmt: skip
            add(DuesRemittance, year=self.year(), amount_vnd=1_000_000, remitted_on=self.day())
        for year in (2025, 2026):
            for membership, amount in (
                ("official", 100_000),
                ("associate", 50_000),
                ("honorary", 0),
            ):
                add(DuesRate, year=year, membership=membership, subject="person", amount_vnd=amount)


@pytest.mark.parametrize("seed", range(4))
def test_plain_sql_finds_the_same_numbers(office: Office, seed: int) -> None:
    ByChance(office, seed).fill()
    office.session.flush()
    seen: set[str] = set()
    for as_of in DAYS:
        year = assessment_year(as_of)
        known = {
            "day": as_of.isoformat(), "first": f"{as_of.year}-01-01", "calendar_year": as_of.year,
            "year": year, "begin": f"{year - 1}-12-01",
            "end": min(as_of, dt.date(year, 11, 30)).isoformat(),
        }  # fmt: skip
        by_code = {figure.code: figure for figure in figures(office.session, as_of)}
        for code, query in SQL.items():
            expected = office.session.scalar(text(query), known)
            assert by_code[code].numerator == expected, (code, as_of)
            seen |= {code} if expected else set()
        for code, queries in RATIOS.items():
            expected_pair = [office.session.scalar(text(query), known) for query in queries]
            figure = by_code[code]
            assert [figure.numerator, figure.denominator] == expected_pair, (code, as_of)
            seen |= {code} if expected_pair[0] else set()
    assert seen == {*SQL, *RATIOS}, "every figure was tried with something in it"


@pytest.mark.parametrize(
    ("as_of", "year"),
    [(dt.date(2025, 11, 30), 2025), (dt.date(2025, 12, 1), 2026), (dt.date(2026, 1, 1), 2026)],
)
def test_the_year_of_an_assessment_begins_in_december(as_of: dt.date, year: int) -> None:
    assert assessment_year(as_of) == year


def test_no_library_means_no_share_not_none_of_them(office: Office) -> None:
    figure = office.figure("I3")
    assert figure.value is None
    assert figure.shown == "chưa đủ số liệu"


def test_a_library_that_was_judged_twice_counts_once(office: Office) -> None:
    sets = [office.add(CriteriaSet, subject="friendly_modern") for _ in range(2)]
    libraries = [office.library(None) for _ in range(4)]
    for each in sets:
        office.add(Assessment, library=libraries[0], year=2026, criteria_set=each, result="passed")
    figure = office.figure("I3")
    assert (figure.numerator, figure.denominator) == (1, 4)
    assert figure.is_met is True
    assert figure.target == Fraction(1, 5)
