"""Members, persons and organisations, and what happened to them in the association."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.records.types import Value
from vla_desktop.demo.invention.ground import (
    FOUNDED_ON,
    PROVINCE,
    Ground,
    Invented,
    email,
    phone,
)
from vla_desktop.demo.invention.libraries import House
from vla_desktop.demo.invention.units import BRANCH, PUBLIC, area_of

_OCCUPATIONS = {
    "public": ("Thư viện viên hạng III", "Thư viện viên hạng IV", "Viên chức thư viện",
               "Trưởng phòng Phục vụ bạn đọc", "Công chức văn hóa - xã hội"),
    "higher": ("Chuyên viên thư viện", "Thư viện viên hạng III", "Giảng viên",
               "Trưởng bộ phận nghiệp vụ", "Phó giám đốc Trung tâm Thông tin - Thư viện"),
    "school": ("Nhân viên thư viện - thiết bị", "Giáo viên kiêm nhiệm thư viện",
               "Nhân viên thư viện", "Phó hiệu trưởng phụ trách thư viện"),
    "special": ("Cán bộ thư viện", "Chuyên viên lưu trữ - thư viện", "Quản lý tư liệu"),
    "community": ("Chủ tủ sách", "Người phụ trách tủ sách", "Tình nguyện viên"),
}  # fmt: skip
_OUTSIDE = (
    ("Cán bộ thư viện nghỉ hưu", "Đã nghỉ hưu", True),
    ("Giáo viên", "Dạy học, ủng hộ phong trào đọc sách", False),
    ("Giáo viên nghỉ hưu", "Đã nghỉ hưu", True),
    ("Cán bộ văn hóa xã", "Làm ở Ủy ban nhân dân xã", False),
    ("Biên tập viên", "Làm ở cơ quan xuất bản, phát hành", False),
    ("Sinh viên ngành Thông tin - Thư viện", "Đang học", False),
)
_ORGANISATIONS = ("Công ty Sách và Thiết bị trường học", "Hiệu sách", "Câu lạc bộ Đọc sách",
                  "Trung tâm Văn hóa", "Nhà sách")  # fmt: skip
_LAST_STATUSES = ("active", "applied", "paused", "left", "deceased")
_STATUS_WEIGHTS = (905, 15, 20, 45, 15)
_REASONS = {"paused": "Nghỉ chế độ thai sản", "left": "Theo nguyện vọng cá nhân"}


@dataclass(frozen=True)
class Person:
    """A member with what happened to them, the oldest first."""

    record: Invented
    events: list[Invented] = field(default_factory=list)

    @property
    def joined_on(self) -> dt.date:
        """The day they came; of applicants, the day they asked."""
        joined = self.record.values["joined_on"]
        if not isinstance(joined, dt.date):
            raise TypeError("a member without a day")
        return joined

    @property
    def left_on(self) -> dt.date | None:
        """The day since which they are no more, or only for now, among the active."""
        ended = self.record.values.get("status_on")
        return ended if isinstance(ended, dt.date) else None

    def was_there_in(self, year: int) -> bool:
        """Whether they were active on some day of the year."""
        if self.record.values["status"] == "applied" or self.joined_on.year > year:
            return False
        return self.left_on is None or self.left_on.year >= year


def people(ground: Ground, found: list[House]) -> list[Person]:
    """Everybody: those who work in libraries, organisations, and friends of libraries."""
    chance = ground.chance("people")
    at_work: list[House | None] = [house for house in found for _ in range(house.members)]
    others = ground.scale.members - len(at_work)
    organisations = max(1, round(others * 0.05))
    everybody: list[House | None] = [*at_work, *([None] * (others - organisations))]
    chance.shuffle(everybody)
    known = [_person(ground, chance, at, house) for at, house in enumerate(everybody, start=1)]
    first = len(everybody) + 1
    known += [_organisation(ground, chance, at) for at in range(first, first + organisations)]
    movers = chance.sample(range(len(at_work)), len(at_work) // 40) if found else []
    for mover in movers:
        _move(ground, chance, known[mover], found)
    return known


def _person(ground: Ground, chance: random.Random, number: int, house: House | None) -> Person:
    female = chance.random() < 0.77
    name = ground.names.full_name(chance, female=female)
    values, retired = _work(ground, chance, house)
    age = chance.randint(56, 82) if retired else int(chance.triangular(22, 60, 38))
    born = dt.date(ground.today.year - age, 1, 1) + dt.timedelta(days=chance.randrange(365))
    values |= {
        "full_name": name,
        "gender": "female" if female else "male",
        "born_on": _as_known(chance, born),
        "address": chance.choice(("Tổ dân phố {}", "Xóm {}", "Số nhà {}")).format(
            chance.randint(1, 40)
        ),
        "membership": "affiliate" if house is None and not retired else "official",
        "consented": chance.random() < 0.82,
    }
    if chance.random() < 0.75:
        values["phone"] = phone(chance)
    if chance.random() < 0.6:
        values["email"] = email(name, number)
    grown_up = dt.date(born.year + 20, 6, 1)
    return _member(ground, chance, number, values, max(grown_up, FOUNDED_ON))


def _as_known(chance: random.Random, born: dt.date) -> str:
    known = chance.random()
    if known < 0.12:
        return str(born.year)
    return born.isoformat()[:7] if known < 0.14 else born.isoformat()


def _work(
    ground: Ground, chance: random.Random, house: House | None
) -> tuple[dict[str, Value], bool]:
    home = chance.choice(ground.communes).code
    if house is not None:
        occupation = chance.choice(_OCCUPATIONS[house.sort.group])
        near = house.commune if chance.random() < 0.7 else home
        found: dict[str, Value] = {"workplace": house.key, "unit": house.unit, "commune": near}
        return found | {"occupation": occupation}, False
    occupation, reason, retired = chance.choice(_OUTSIDE)
    unit = chance.choice((area_of(ground, home), area_of(ground, home), PUBLIC, BRANCH))
    return {
        "occupation": occupation, "outside_reason": reason, "unit": unit, "commune": home,
    }, retired  # fmt: skip


def _organisation(ground: Ground, chance: random.Random, number: int) -> Person:
    commune = chance.choice(ground.communes)
    name = f"{chance.choice(_ORGANISATIONS)} {commune.name}"
    values: dict[str, Value] = {
        "full_name": name,
        "subject": "organisation",
        "occupation": "Phát hành sách và phát triển văn hóa đọc",
        "address": f"Tổ {chance.randint(1, 30)}",
        "commune": commune.code,
        "unit": BRANCH,
        "email": email(name, number),
        "consented": True,
    }
    if chance.random() < 0.8:
        female = chance.random() < 0.5
        values["representative"] = ground.names.full_name(chance, female=female)
    return _member(ground, chance, number, values, FOUNDED_ON)


def _member(
    ground: Ground, chance: random.Random, number: int, values: dict[str, Value], since: dt.date
) -> Person:
    [status] = chance.choices(_LAST_STATUSES, _STATUS_WEIGHTS)
    last = ground.today - dt.timedelta(days=30)
    first = max(since, last - dt.timedelta(days=60)) if status == "applied" else since
    joined_on = ground.day_between(chance, min(first, last), last)
    key = f"member:{number}"
    values |= {"status": status, "joined_on": joined_on}
    if status == "applied":
        return Person(Invented(key, Member, values), [_event(key, "applied", joined_on)])
    decision = f"{chance.randint(1, 180):02}/QĐ-CHTV" if chance.random() < 0.95 else ""
    values["decision_no"] = decision
    if decision:
        values["decision_on"] = joined_on
    if chance.random() < 0.85:
        values |= {
            "card_no": f"{_series(ground)}{number:05}",
            "card_issued_on": ground.day_between(
                chance, joined_on, joined_on + dt.timedelta(days=90)
            ),
        }
    entry = "transferred_in" if chance.random() < 0.02 else "admitted"
    events = [_event(key, entry, joined_on, decision_no=decision)]
    if status != "active":
        ended_on = ground.day_between(chance, joined_on + dt.timedelta(days=1), ground.today)
        values |= {"status_on": ended_on, "status_reason": _REASONS.get(status, "")}
        events.append(_event(key, status, ended_on))
    return Person(Invented(key, Member, values), events)


def _series(ground: Ground) -> str:
    """What the numbers of a branch's cards begin with: no two branches alike."""
    return "TNG" if ground.province == PROVINCE else f"T{ground.province}-"


def _event(member: str, sort: str, day: dt.date, **values: Value) -> Invented:
    known: dict[str, Value] = {"member": member, "type": sort, "happened_on": day}
    return Invented(f"event:{member}:{sort}", MemberEvent, known | values)


def _move(ground: Ground, chance: random.Random, person: Person, found: list[House]) -> None:
    """They worked elsewhere before; who has gone since is left in peace."""
    now = person.record.values.get("workplace")
    before = chance.choice(found)
    if not now or before.key == now or person.record.values["status"] != "active":
        return
    day = ground.day_between(chance, person.joined_on + dt.timedelta(days=1), ground.today)
    here = next(house for house in found if house.key == now)
    person.events.append(
        _event(
            person.record.key,
            "workplace_changed",
            day,
            from_value=before.name,
            to_value=here.name,
            from_workplace=before.key,
            to_workplace=here.key,
        )
    )


def event_records(known: list[Person]) -> Iterator[Invented]:
    """What happened, in the order of its days, as a branch would have written it down."""
    events = [event for person in known for event in person.events]
    yield from sorted(events, key=lambda event: (str(event.values["happened_on"]), event.key))
