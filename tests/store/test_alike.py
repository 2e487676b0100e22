"""Who may be the same person: on the labelled pairs, and among the members of an office."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from tests.accuracy import people
from tests.builders import a_member, a_unit
from vla_desktop.office import Office
from vla_desktop.store.likeness import Person, Reason, is_one_typo, likeness

DUC = Person("Trần Văn Đức", "1975-03-04", "0100 555 001")


def test_the_labelled_pairs_reach_their_bars() -> None:
    shares = people.run()
    assert [share.line() for share in shares if not share.is_met()] == []
    assert sum(share.whole for share in shares if "all" in share.name) >= 2000


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (Person("tran van duc", "1975-03-04"), Reason.MARKS_LOST),
        (Person("Đức Trần Văn", "1975-03-04"), Reason.ORDER),
        (Person("Trần Văn Đưc", "1975-03-04", "+84 100 555 001"), Reason.PHONE),
        (Person("Trần Vân Đức", "1975-03-04", "0100555001"), Reason.MARKS_DIFFER),
        (Person("Trần Văn Đứcc", "1975-03-04"), Reason.TYPO),
        (Person("Trần Văn Đức", "1975"), Reason.YEAR_ONLY),
        (Person("Trần Văn Đức", "1975-04-03"), Reason.BORN_SWAPPED),
    ],
)
def test_each_kind_of_error_is_found_and_named(other: Person, reason: Reason) -> None:
    if reason is Reason.YEAR_ONLY:
        other = Person(other.name, other.born_on, DUC.phone)
    found = likeness(DUC, other)
    assert found.is_likely
    assert reason in found.reasons
    assert likeness(other, DUC) == found


def test_a_tone_on_another_vowel_is_no_other_name() -> None:
    found = likeness(Person("Lê Thị Hòa", "1980-01-02"), Person("Lê Thị Hoà", "1980-01-02"))
    assert found.reasons[0] is Reason.TONES


def test_a_namesake_of_another_year_is_somebody_else() -> None:
    assert not likeness(DUC, Person(DUC.name, "1981-03-04")).is_likely


def test_one_typo_is_one_letter_or_two_that_changed_places() -> None:
    assert all(is_one_typo("nguyen", other) for other in ("nguyn", "nguyenn", "nguyem", "ngueyn"))
    assert not any(is_one_typo("nguyen", other) for other in ("nguyen", "ngyn", "nguyenxx", "nug"))


@pytest.fixture
def office(open_office: Callable[[str], Office]) -> Office:
    return open_office("a")


def keep(office: Office, **values: str) -> str:
    unit = office.store.save(OrganisationUnit, a_unit()).id
    return office.store.save(Member, a_member(unit=unit, **values)).id


def test_likely_people_are_found_by_what_is_typed_so_far(office: Office) -> None:
    known = keep(office, full_name="Trần Văn Đức", born_on="1975-03-04", phone="0100555001")
    keep(office, full_name="Trần Văn Đức", born_on="1990-07-09", phone="0100555002", card_no="2")
    typed = {"full_name": "tran van dcu", "born_on": "1975-03-04"}
    [found] = office.store.alike(typed, None)
    assert (found.id, found.title) == (known, "Trần Văn Đức")
    assert found.likeness.reasons == (Reason.BORN, Reason.TYPO)
    assert office.store.alike(typed, known) == []
    office.store.delete(Member, known)
    assert office.store.alike(typed, None) == []


def test_a_corrected_year_is_found_by_at_once(office: Office) -> None:
    known = keep(office, full_name="Trần Văn Đức", born_on="1957-03-04")
    typed = {"full_name": "Trần Văn Đứk", "born_on": "1975-03-04"}
    assert office.store.alike(typed, None) == []
    office.store.save(Member, {"born_on": "1975-03-04"}, known)
    assert [found.id for found in office.store.alike(typed, None)] == [known]


def test_half_a_name_asks_nothing(office: Office) -> None:
    assert office.store.alike({"full_name": "Trần"}, None) == []
    assert office.store.alike({"full_name": "", "born_on": "1975"}, None) == []
