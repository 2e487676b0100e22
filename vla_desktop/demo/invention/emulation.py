"""Sets of criteria, what libraries were judged by them year after year, pledges and awards."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from sync.records.assessment import Assessment
from sync.records.award import Award
from sync.records.criteria_set import CriteriaSet
from sync.records.criterion import Criterion
from sync.records.criterion_mark import CriterionMark
from sync.records.ethics_pledge import EthicsPledge
from sync.records.types import Value
from vla_desktop.demo.invention.ground import Ground, Invented
from vla_desktop.demo.invention.libraries import House
from vla_desktop.demo.invention.people import Person

_FRIENDLY = "criteria:friendly"
_LINES = (
    "Không gian đọc sạch, sáng, có chỗ cho trẻ em và người khuyết tật",
    "Mở cửa theo giờ thuận tiện, niêm yết công khai",
    "Vốn tài liệu được bổ sung hằng năm",
    "Mục lục tra cứu được bằng máy tính",
    "Có dịch vụ ngoài trụ sở hoặc qua mạng",
    "Người làm thư viện thân thiện, được tập huấn trong năm",
    "Có hoạt động khuyến đọc đều đặn",
)


def criteria(ground: Ground) -> Iterator[Invented]:
    """The set of the friendly and modern library, and one for what is judged each year."""
    yield Invented(_FRIENDLY, CriteriaSet, {
        "subject": "friendly_modern", "version": "Mẫu 1", "begins_on": min(
            dt.date(2017, 1, 1), ground.first_day),
        "decided_by": "Bộ tiêu chí bịa để thử chương trình", "pass_points": 70,
    })  # fmt: skip
    yield Invented("criteria:yearly", CriteriaSet, {
        "subject": "yearly", "version": "2020", "begins_on": min(
            dt.date(2020, 9, 1), ground.today),
        "decided_by": "Thông tư 05/2020/TT-BVHTTDL",
    })  # fmt: skip
    for position, name in enumerate(_LINES, start=1):
        yield Invented(f"criterion:{position}", Criterion, {
            "criteria_set": _FRIENDLY, "position": position, "name": name, "most_points": 15,
            "obligatory": position in (1, 6),
        })  # fmt: skip


def assessments(ground: Ground, found: list[House]) -> Iterator[Invented]:
    """A part of the libraries each year; what they got for each criterion in the last one."""
    chance = ground.chance("assessments")
    for year in range(ground.first_day.year, ground.today.year + 1):
        last = dt.date(year, 11, 30)
        there = [house for house in found if house.opened_on.year < year]
        judged = chance.sample(there, max(1, round(len(there) * chance.uniform(0.14, 0.3))))
        for house in judged:
            yield from _assessment(ground, chance, house, min(last, ground.today), year)


def _assessment(
    ground: Ground, chance: random.Random, house: House, last: dt.date, year: int
) -> Iterator[Invented]:
    key = f"assessment:{house.key}:{year}"
    day = ground.day_between(chance, dt.date(year - 1, 12, 1), last)
    points = [chance.randint(6, 15) for _line in _LINES]
    is_open = (ground.today - day).days < 30
    passed = sum(points) >= 70 and not is_open
    values: dict[str, Value] = {
        "library": house.key, "year": year, "criteria_set": _FRIENDLY, "points": sum(points),
        "assessed_on": day, "assessor": "Đoàn đánh giá của chi hội",
        "result": "open" if is_open else "passed" if passed else "failed",
    }  # fmt: skip
    if passed and chance.random() < 0.95:
        values["decision_no"] = f"{chance.randint(1, 90):02}/QĐ-CNTV"
        values["decision_on"] = ground.day_between(chance, day, day + dt.timedelta(days=30))
    yield Invented(key, Assessment, values)
    if year == ground.today.year:
        for position, got in enumerate(points, start=1):
            yield Invented(f"{key}:{position}", CriterionMark, {
                "assessment": key, "criterion": f"criterion:{position}", "points": got,
                "met": got >= 8,
            })  # fmt: skip


def pledges(ground: Ground, known: list[Person], found: list[House]) -> Iterator[Invented]:
    """One member in thirty, and one library, gives the pledge of a librarian's ethics."""
    chance = ground.chance("pledges")
    year = ground.today.year
    active = [one for one in known if one.record.values["status"] == "active"]
    givers = [("member", one.record.key) for one in
              chance.sample(active, max(1, len(active) // 30))]  # fmt: skip
    for name, key in [*givers, ("library", found[0].key)]:
        yield Invented(f"pledge:{key}", EthicsPledge, {
            name: key, "year": year,
            "pledged_on": ground.day_between(chance, dt.date(year, 1, 1), dt.date(year, 3, 31)),
        })  # fmt: skip


def awards(ground: Ground, known: list[Person], found: list[House]) -> Iterator[Invented]:
    """What members and libraries were given."""
    chance = ground.chance("awards")
    named = [one for one in known if one.record.values["status"] == "active"]
    receivers = [("member", person.record.key) for person in
                 chance.sample(named, max(1, len(named) // 40))]  # fmt: skip
    receivers += [("library", house.key) for house in
                  chance.sample(found, max(1, len(found) // 20))]  # fmt: skip
    for number, (name, key) in enumerate(receivers, start=1):
        day = ground.day_between(chance, ground.first_day, ground.today)
        yield Invented(f"award:{number}", Award, {
            "form": chance.choice(("praise", "praise", "certificate", "medal")),
            "level": chance.choice(("branch", "association", "province")), "year": day.year,
            name: key, "decision_no": f"{chance.randint(1, 99):02}/QĐ-KT", "decision_on": day,
            "reason": "Có thành tích trong công tác thư viện và văn hóa đọc.",
        })  # fmt: skip
