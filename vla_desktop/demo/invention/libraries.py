"""Libraries of every sort, and who works in them year by year."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from sync.records.headcount import Headcount
from sync.records.library import Library
from sync.records.types import Value
from vla_desktop.demo.invention.ground import Ground, Invented, email, phone, shares
from vla_desktop.demo.invention.units import HIGHER, PUBLIC, area_of


@dataclass(frozen=True)
class Sort:
    """A sort of library: how many per mille there are, and how its name is made.

    `weight` says how many of the members work in one, beside the others; `rate` which part of
    its staff they are.
    """

    group: str
    type: str
    education: str
    per_mille: int
    name: str
    weight: float
    rate: float


SORTS = (
    Sort("public", "public", "", 3, "Thư viện tỉnh {province}", 60.0, 0.9),
    Sort("public", "public", "", 52, "Thư viện xã {commune}", 3.0, 0.6),
    Sort("higher", "university", "university", 22, "Thư viện Trường Đại học {field} Trung du",
         40.0, 0.72),
    Sort("higher", "education", "college", 20, "Thư viện Trường Cao đẳng {trade} Trung du",
         10.0, 0.68),
    Sort("school", "education", "primary", 330, "Thư viện Trường Tiểu học {commune}",
         1.6, 0.24),
    Sort("school", "education", "lower_secondary", 320, "Thư viện Trường THCS {commune}",
         1.8, 0.25),
    Sort("school", "education", "upper_secondary", 95, "Thư viện Trường THPT {hero}",
         3.0, 0.27),
    Sort("school", "education", "combined", 38, "Thư viện Trường PT Dân tộc nội trú {commune}",
         3.0, 0.26),
    Sort("school", "education", "preschool", 25, "Thư viện Trường Mầm non {commune}",
         0.8, 0.3),
    Sort("special", "education", "continuing", 20, "Thư viện Trung tâm GDNN - GDTX {commune}",
         1.5, 0.5),
    Sort("special", "special", "", 45, "Thư viện {office}", 5.0, 0.6),
    Sort("special", "armed_forces", "", 10, "Thư viện Trung đoàn {regiment}", 3.0, 0.5),
    Sort("community", "community", "", 20, "Tủ sách cộng đồng {commune}", 2.0, 0.8),
)  # fmt: skip
_FIELDS = ("Sư phạm", "Y Dược", "Nông Lâm", "Kỹ thuật", "Kinh tế", "Khoa học", "Luật", "Ngoại ngữ",
           "Công nghệ thông tin")  # fmt: skip
_TRADES = ("Sư phạm", "Y tế", "Kinh tế - Tài chính", "Cơ khí - Luyện kim", "Thương mại - Du lịch",
           "Công nghiệp", "Văn hóa Nghệ thuật", "Giao thông")  # fmt: skip
_HEROES = ("Nguyễn Trãi", "Lê Lợi", "Trần Hưng Đạo", "Nguyễn Du", "Chu Văn An", "Phan Bội Châu",
           "Lý Thường Kiệt", "Hai Bà Trưng", "Nguyễn Huệ", "Lê Quý Đôn", "Hoàng Hoa Thám",
           "Ngô Quyền")  # fmt: skip
_OFFICES = ("Bệnh viện Đa khoa Trung du", "Sở Văn hóa, Thể thao và Du lịch", "Trường Chính trị",
            "Bảo tàng tỉnh", "Viện Khoa học Lâm nghiệp Trung du", "Báo và Đài tỉnh",
            "Trung tâm Khoa học và Công nghệ", "Hội Nông dân tỉnh")  # fmt: skip


@dataclass(frozen=True)
class House:
    """A library as the other parts see it: `members` work in it, among `staff` people."""

    key: str
    name: str
    sort: Sort
    commune: str
    unit: str
    members: int
    staff: int
    opened_on: dt.date


def houses(ground: Ground) -> list[House]:
    """The libraries of the province; each has the members that its sort attracts."""
    chance = ground.chance("libraries")
    counts = shares(ground.scale.libraries, [sort.per_mille for sort in SORTS])
    counts = [max(1, count) for count in counts]
    sorts = [(sort, at) for sort, count in zip(SORTS, counts, strict=True) for at in range(count)]
    at_work = round(ground.scale.members * 0.68)
    weights = [sort.weight * chance.uniform(0.3, 1.7) for sort, _at in sorts]
    members = shares(at_work, weights)
    taken: dict[str, int] = {}
    found = []
    for number, ((sort, at), inside) in enumerate(zip(sorts, members, strict=True)):
        commune = chance.choice(ground.communes)
        name = _name(ground, sort, at, commune.name, taken)
        unit = {"higher": HIGHER, "school": area_of(ground, commune.code)}.get(sort.group, PUBLIC)
        # At least one person looks after a library, and now and then a headcount is too low.
        staff = max(1, inside, round(inside / (sort.rate * chance.uniform(0.85, 1.2))))
        staff = max(1, inside - 1) if chance.random() < 0.005 else staff
        opened = ground.day_between(chance, dt.date(1965, 9, 5), dt.date(2019, 9, 5))
        key = f"library:{number}"
        found.append(House(key, name, sort, commune.code, unit, inside, staff, opened))
    return found


def _name(ground: Ground, sort: Sort, at: int, commune: str, taken: dict[str, int]) -> str:
    bare = sort.name.format(
        province=ground.province_name, commune=commune, field=_in_turn(_FIELDS, at),
        trade=_in_turn(_TRADES, at), hero=_in_turn(_HEROES, at), office=_in_turn(_OFFICES, at),
        regiment=801 + at,
    )  # fmt: skip
    taken[bare] = taken.get(bare, 0) + 1
    return bare if taken[bare] == 1 else f"{bare} {taken[bare]}"


def _in_turn(words: tuple[str, ...], at: int) -> str:
    return words[at % len(words)]


def library_records(ground: Ground, found: list[House]) -> Iterator[Invented]:
    """The libraries; few have closed, and none of those where somebody works."""
    chance = ground.chance("library records")
    for number, house in enumerate(found):
        values: dict[str, Value] = {
            "name": house.name,
            "type": house.sort.type,
            "education": house.sort.education,
            "ownership": "non_public" if house.sort.group == "community" else "public",
            "governing_body": _governing_body(house),
            "commune": house.commune,
            "address": f"Tổ {chance.randint(1, 30)}" if chance.random() < 0.7 else "",
            "full_time_staff": house.staff >= 3,
            "opened_on": house.opened_on if chance.random() < 0.8 else None,
        }
        if chance.random() < 0.3:
            values["phone"] = phone(chance)
        if chance.random() < 0.5:
            values["email"] = email(house.name, number)
        if not house.members and chance.random() < 0.2:
            values |= {"status": "closed", "closed_on": _late_day(ground, chance)}
        elif chance.random() < 0.01:
            values["status"] = "suspended"
        yield Invented(house.key, Library, values)


def _late_day(ground: Ground, chance: random.Random) -> dt.date:
    return ground.day_between(chance, dt.date(ground.today.year - 2, 1, 1), ground.today)


def _governing_body(house: House) -> str:
    if house.sort.group == "school":
        return (
            "Sở Giáo dục và Đào tạo"
            if house.sort.education == "upper_secondary"
            else ("Ủy ban nhân dân xã, phường")
        )
    bodies = {"public": "Sở Văn hóa, Thể thao và Du lịch", "higher": "Bộ Giáo dục và Đào tạo"}
    return bodies.get(house.sort.group, "")


def headcounts(ground: Ground, found: list[House]) -> Iterator[Invented]:
    """Year by year. Most of this year's are in, and some libraries never answer."""
    chance = ground.chance("headcounts")
    this_year = ground.today.year
    for house in found:
        if chance.random() < 0.05:
            continue
        for year in range(max(ground.first_day.year, house.opened_on.year), this_year + 1):
            likely = {this_year: 0.7, this_year - 1: 0.97}.get(year, 0.9)
            if chance.random() < likely and dt.date(year, 2, 1) <= ground.today:
                drift = 0 if year == this_year else chance.choice((0, 0, 0, 1))
                key = f"headcount:{house.key}:{year}"
                total = house.staff + drift
                yield Invented(key, Headcount, _headcount(ground, chance, house, year, total))


def _headcount(
    ground: Ground, chance: random.Random, house: House, year: int, total: int
) -> dict[str, Value]:
    full_time = total if house.sort.group in ("public", "higher") else min(total, 1)
    trained = round(total * chance.uniform(0.2, 0.9))
    university = round(total * chance.uniform(0.6, 1.0))
    estimated = chance.random() < 0.08
    first, last = dt.date(year, 1, 5), dt.date(year, 12, 20)
    return {
        "library": house.key,
        "year": year,
        "counted_on": None if estimated else ground.day_between(chance, first, last),
        "source": "estimate" if estimated else chance.choice(("library", "library", "department")),
        "total": total,
        "women": round(total * chance.uniform(0.6, 1.0)),
        "full_time": full_time,
        # One form in twenty does not add up.
        "part_time": total - full_time + (chance.random() < 0.05),
        "university_degree": university,
        "college_degree": total - university,
        "trained_as_librarian": trained,
        "trained_otherwise": total - trained,
        "training_turns": chance.choice((None, 0, 1, 2, round(total * 0.6))),
    }
