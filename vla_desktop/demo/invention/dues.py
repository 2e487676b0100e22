"""Dues: what is asked, what was paid and passed on; and what members agreed to and asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sync.records.consent import Consent
from sync.records.dues_payment import DuesPayment
from sync.records.dues_rate import DuesRate
from sync.records.dues_remittance import DuesRemittance
from sync.records.member_request import MemberRequest
from sync.records.types import Value
from vla_desktop.demo.invention.ground import Ground, Invented
from vla_desktop.demo.invention.people import Person

_PERSON_VND, _ORGANISATION_VND = 60_000, 500_000


def dues_records(ground: Ground, known: list[Person]) -> Iterator[Invented]:
    """Rates and payments of the last years; most members have paid, fewer in this one."""
    chance = ground.chance("dues")
    today = ground.today
    for year in range(ground.first_day.year, today.year + 1):
        yield from _rates(year)
        total = 0
        for person in known:
            values = person.record.values
            if not person.was_there_in(year):
                continue
            if chance.random() > (0.55 if year == today.year else 0.85):
                continue
            amount = _ORGANISATION_VND if values.get("subject") == "organisation" else _PERSON_VND
            first = max(dt.date(year, 1, 1), person.joined_on)
            last = min(dt.date(year, 12, 31), person.left_on or today)
            total += amount
            yield Invented(f"payment:{person.record.key}:{year}", DuesPayment, {
                "member": person.record.key, "year": year, "paid_vnd": amount,
                "paid_on": ground.day_between(chance, first, last),
                "form": "cash" if chance.random() < 0.7 else "transfer", "collector": "Thủ quỹ",
            })  # fmt: skip
        if total:
            yield Invented(f"remittance:{year}", DuesRemittance, {
                "year": year, "amount_vnd": total * 3 // 10,
                "remitted_on": min(dt.date(year, 12, 20), today), "document_no": f"UNC-{year}",
            })  # fmt: skip


def _rates(year: int) -> Iterator[Invented]:
    for subject, amount in (("person", _PERSON_VND), ("organisation", _ORGANISATION_VND)):
        yield Invented(f"rate:{year}:{subject}", DuesRate, {
            "year": year, "membership": "official", "subject": subject, "amount_vnd": amount,
            "forwarded_percent": 30, "decision_no": "Mức bịa để thử chương trình",
        })  # fmt: skip


def data_protection(ground: Ground, known: list[Person]) -> Iterator[Invented]:
    """Consents of those who came last, and a request now and then."""
    chance = ground.chance("data protection")
    agreed = [one for one in known if one.record.values.get("consented")]
    agreed.sort(key=lambda person: person.joined_on)
    for person in agreed[-max(2, len(agreed) // 10) :]:
        for purpose in ("membership", "reporting"):
            yield Invented(f"consent:{person.record.key}:{purpose}", Consent, {
                "member": person.record.key, "purpose": purpose, "given_on": person.joined_on,
                "form": "written", "keeping_place": "Tủ hồ sơ hội viên",
            })  # fmt: skip
    for number, person in enumerate(chance.sample(agreed, max(1, len(agreed) // 300)), start=1):
        day = ground.day_between(chance, ground.today - dt.timedelta(days=90), ground.today)
        answered = number % 2 == 0
        values: dict[str, Value] = {
            "member": person.record.key, "type": chance.choice(("access", "correction", "copy")),
            "received_on": day, "due_on": max(day + dt.timedelta(days=15), ground.today),
        }  # fmt: skip
        if answered:
            values |= {"answered_on": ground.day_between(
                chance, day, day + dt.timedelta(days=9)), "result": "done"}  # fmt: skip
        yield Invented(f"request:{number}", MemberRequest, values)
