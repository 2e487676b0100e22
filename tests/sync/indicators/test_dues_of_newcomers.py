"""Dues of a member who came from another branch in the middle of a year."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sync.indicators.dues import owing
from sync.indicators.membership import standings
from sync.records.dues_payment import DuesPayment
from sync.records.dues_rate import DuesRate
from sync.records.transfer_request import TransferRequest
from sync.records.types import Value
from tests.sync.indicators.office import TODAY, Office

OLD, NEW = "19", "01"
RATE: dict[str, Value] = {
    "year": TODAY.year,
    "membership": "official",
    "subject": "person",
    "amount_vnd": 100_000,
}


def move(office: Office, **paper: Value) -> str:
    """A member, now in the new branch, and the paper of the transfer, still in the old ledger."""
    (member,) = office.members(1, scope=NEW)
    given: dict[str, Value] = {
        "from_branch": OLD, "to_branch": NEW, "member_record": member, "answer": "accepted",
        "dues_until": TODAY.year, "scope": OLD, **paper,
    }  # fmt: skip
    office.add(TransferRequest, given)
    office.add(DuesRate, RATE, scope=NEW)
    return member


def in_debt(office: Office, scope: str | None) -> set[str]:
    office.session.flush()
    return set(owing(office.session, TODAY, standings(office.session, TODAY, scope), scope))


def test_what_was_paid_before_moving_is_not_asked_for_again(office: Office) -> None:
    move(office)
    figure = office.figure("F0", scope=NEW)
    assert (figure.numerator, figure.denominator, figure.value) == (1, 1, Fraction(1))
    assert in_debt(office, NEW) == set()


def test_the_money_stays_counted_where_it_was_paid(office: Office) -> None:
    member = move(office)
    receipt: dict[str, Value] = {
        "member": member,
        "year": TODAY.year,
        "paid_vnd": 100_000,
        "paid_on": TODAY,
    }
    office.add(DuesPayment, receipt, scope=OLD)
    collected = {
        scope: office.figure("F0.collected", scope=scope).value for scope in (OLD, NEW, None)
    }
    assert collected == {OLD: 100_000, NEW: 0, None: 100_000}


@pytest.mark.parametrize(
    "paper",
    [
        {"dues_until": TODAY.year - 1},
        {"dues_until": None},
        {"answer": "refused"},
        {"deleted": True},
        {"to_branch": "79"},
    ],
    ids=str,
)
def test_only_a_transfer_that_happened_and_a_year_that_was_paid_count(
    office: Office, paper: dict[str, Value]
) -> None:
    member = move(office, **paper)
    assert in_debt(office, NEW) == {member}
    assert office.figure("F0", scope=NEW).numerator == 0
