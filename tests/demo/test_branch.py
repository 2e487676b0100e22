"""The demonstration branch: invented whole, kept by the rules, and the same each time."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import rules
from sync.indicators import faulty_libraries
from sync.places import Catalogue
from sync.problems import Finding, blocking
from sync.progress import Cancelled, Silent
from sync.records import KINDS, name_of
from sync.records.base import initial
from sync.records.fields import fields
from sync.records.library import Library
from sync.records.member import Member
from sync.records.types import Link
from tests.builders import INVENTED
from vla_desktop import paths
from vla_desktop.demo.branch import Size, demonstration, fill
from vla_desktop.demo.invention.ground import PROVINCE, Invented, Names
from vla_desktop.office import Office
from vla_desktop.store.database import reading
from vla_desktop.store.store import Query

TODAY = dt.date(2026, 11, 20)
AN_ID = "0" * 32
AHEAD = {"due_on", "ends_on"}
"""Days that may lie ahead."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(paths.resources() / "catalogues")


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(paths.resources() / "names")


@pytest.fixture(scope="module")
def small(catalogue: Catalogue, names: Names) -> list[Invented]:
    return list(demonstration(catalogue, names, Size.SMALL, 1, TODAY))


@pytest.fixture(scope="module")
def large(catalogue: Catalogue, names: Names) -> list[Invented]:
    return list(demonstration(catalogue, names, Size.T1, 1, TODAY))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    def now() -> dt.datetime:
        return dt.datetime.combine(TODAY, dt.time(3), dt.UTC)

    with Office.create(tmp_path / "office", "một câu dài để thử", now) as office:
        yield office


def links_of(record: Invented) -> dict[str, str]:
    names = [field.name for field in fields(record.kind) if isinstance(field.type, Link)]
    return {name: str(record.values[name]) for name in names if record.values.get(name)}


def counts(records: list[Invented]) -> Counter[str]:
    return Counter(name_of(record.kind) for record in records)


def findings(record: Invented) -> list[Finding]:
    whole = initial(record.kind) | record.values | dict.fromkeys(links_of(record), AN_ID)
    return rules.findings(record.kind, whole, TODAY)


def test_t1_has_the_size_that_speed_is_measured_on(large: list[Invented]) -> None:
    number = counts(large)
    assert (number["member"], number["library"], number["activity"]) == (3000, 400, 5000)
    assert number["participation"] == 6000
    listed = {r.values["activity"] for r in large if name_of(r.kind) == "participation"}
    assert len(listed) == 600


@pytest.mark.parametrize(
    ("kind", "of_year"),
    [
        ("headcount", "year"),
        ("dues_payment", "year"),
        ("dues_rate", "year"),
        ("assessment", "year"),
        ("plan_line", "year"),
        ("activity", "starts_on"),
        ("certificate", "issued_on"),
        ("member_event", "happened_on"),
    ],
)
def test_t1_has_ten_years_of_history(large: list[Invented], kind: str, of_year: str) -> None:
    years = {int(str(r.values[of_year])[:4]) for r in large
             if name_of(r.kind) == kind and r.values[of_year]}  # fmt: skip
    assert set(range(TODAY.year - 9, TODAY.year + 1)) <= years


def test_nobody_pays_before_coming_or_after_leaving(large: list[Invented]) -> None:
    members = {r.key: r.values for r in large if name_of(r.kind) == "member"}
    payments = [r.values for r in large if name_of(r.kind) == "dues_payment"]
    for paid in payments:
        member = members[str(paid["member"])]
        assert str(member["joined_on"]) <= str(paid["paid_on"])
        assert str(paid["paid_on"]) <= str(member.get("status_on") or TODAY)
    assert len(payments) > 10_000


def test_every_kind_is_there(small: list[Invented]) -> None:
    assert set(counts(small)) == {name_of(kind) for kind in INVENTED}


@pytest.mark.parametrize("size", ["small", "large"])
def test_no_rule_forbids_any_record(size: str, request: pytest.FixtureRequest) -> None:
    for record in request.getfixturevalue(size):
        assert blocking(findings(record)) == [], record
        assert set(record.values) <= {field.name for field in fields(record.kind)}


def test_some_records_leave_something_to_look_at(large: list[Invented]) -> None:
    doubtful = Counter(
        finding.field
        for record in large
        for finding in findings(record)
        if finding.field != "phone"
    )
    assert {"consented", "decision_no", "book_day", "part_time"} <= set(doubtful)
    assert 0.02 < doubtful.total() / len(large) < 0.2


def test_what_may_stand_once_stands_once(large: list[Invented]) -> None:
    for kind in INVENTED:
        groups = [together.names for together in kind.once]
        groups += [[field.name] for field in fields(kind) if field.unique]
        for group in groups:
            found = [
                tuple(record.values.get(name) for name in group)
                for record in large
                if record.kind is kind and all(record.values.get(name) for name in group)
            ]
            assert len(set(found)) == len(found)
            assert found


def test_links_lead_back_to_records_of_their_kind(large: list[Invented]) -> None:
    kind_of: dict[str, str] = {}
    for record in large:
        known = {field.name: field.type for field in fields(record.kind)}
        for name, key in links_of(record).items():
            field_type = known[name]
            assert isinstance(field_type, Link)
            assert kind_of[key] == field_type.target
        assert record.key not in kind_of
        kind_of[record.key] = name_of(record.kind)


def test_nobody_can_be_called_or_written_to(large: list[Invented]) -> None:
    phones = [str(r.values["phone"]) for r in large if r.values.get("phone")]
    emails = [str(r.values["email"]) for r in large if r.values.get("email")]
    assert len(phones) > 1000
    assert len(emails) > 1000
    assert all(re.fullmatch(r"0100\d{6}", number) for number in phones)
    assert all(re.fullmatch(r"[a-z0-9.]+@example\.vn", address) for address in emails)
    assert not any(record.values.get("identity_no") for record in large)


def test_places_are_in_the_province_today(large: list[Invented], catalogue: Catalogue) -> None:
    for record in large:
        commune = str(record.values.get("commune", ""))
        if commune:
            place = catalogue.get(commune, TODAY)
            assert place is not None
            assert place.parent == PROVINCE


def test_one_seed_and_day_give_one_branch(
    small: list[Invented], catalogue: Catalogue, names: Names
) -> None:
    assert list(demonstration(catalogue, names, Size.SMALL, 1, TODAY)) == small
    assert list(demonstration(catalogue, names, Size.SMALL, 2, TODAY)) != small


@pytest.mark.parametrize("today", [dt.date(2026, 1, 1), dt.date(2028, 2, 29), dt.date(2031, 4, 20)])
def test_it_can_be_invented_on_any_day(catalogue: Catalogue, names: Names, today: dt.date) -> None:
    for record in demonstration(catalogue, names, Size.SMALL, 3, today):
        whole = initial(record.kind) | record.values | dict.fromkeys(links_of(record), AN_ID)
        assert blocking(rules.findings(record.kind, whole, today)) == []
        days = [
            value
            for name, value in record.values.items()
            if isinstance(value, dt.date) and name not in AHEAD
        ]
        assert all(day <= today for day in days)


def test_an_office_takes_all_of_it(office: Office, small: list[Invented]) -> None:
    written = fill(office.store, office.store.catalogue, Size.SMALL, 1, Silent(), TODAY)
    assert written == len(small)
    for kind in KINDS:
        assert office.store.count(kind, Query()) == counts(small)[name_of(kind)]
    [someone] = office.store.rows(Member, office.store.ids(Member, Query())[:1])
    assert someone.shown["unit"].startswith(("Chi hội", "Phân hội"))


def test_the_figures_of_the_branch_make_sense(office: Office) -> None:
    fill(office.store, office.store.catalogue, Size.SMALL, 1, Silent(), TODAY)
    found = {figure.code: figure for figure in office.figures(TODAY)}
    ratio = found["I1b"].value
    assert ratio is not None
    assert 0.1 < ratio < 0.6
    assert (found["M0"].numerator or 0) > 40
    with reading(office._engine) as session:
        assert len(faulty_libraries(session, TODAY)) < (found["L0"].numerator or 0) / 3
    assert office.store.count(Library, Query(filters={"type": "university"})) >= 1


def test_filling_stops_when_nobody_wants_it(office: Office) -> None:
    class Impatient:
        def report(self, done: int, total: int, what: str) -> None:
            if done:
                raise Cancelled

    with pytest.raises(Cancelled):
        fill(office.store, office.store.catalogue, Size.SMALL, 1, Impatient(), TODAY)
    assert office.store.count(Member, Query()) == 0
