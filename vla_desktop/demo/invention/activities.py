"""What the branch did under the eight tasks of the resolution, and who took part."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from sync.records.activity import Activity
from sync.records.participation import Participation
from sync.records.types import Value
from vla_desktop.demo.invention.ground import TERM_IV_FROM, Ground, Invented, shares
from vla_desktop.demo.invention.libraries import House
from vla_desktop.demo.invention.people import Person


@dataclass(frozen=True)
class Task:
    """One task: how often it comes, of which type its activities are, and what they are called."""

    number: int
    weight: int
    type: str
    names: tuple[str, ...]
    state_agency: float = 0.2


TASKS = (
    Task(1, 20, "promotion", (
        "Tuyên truyền về Hội tại {place}", "Vận động cán bộ {place} gia nhập Hội",
        "Nói chuyện với hội viên mới tại {place}", "Kết nạp hội viên mới đợt {number}",
    )),
    Task(2, 6, "conference", (
        "Kiện toàn ban chấp hành phân hội đợt {number}", "Họp ban chấp hành chi hội lần {number}",
        "Sơ kết công tác Hội tại {place}",
    )),
    Task(3, 18, "emulation", (
        "Thi cán bộ thư viện giỏi tại {place}", "Giao lưu thư viện thân thiện tại {place}",
        "Bình chọn thư viện tiêu biểu đợt {number}", "Hội thi kể chuyện theo sách tại {place}",
    ), 0.4),
    Task(4, 20, "training", (
        "Tập huấn {topic} tại {place}", "Bồi dưỡng {topic} đợt {number}",
        "Hướng dẫn {topic} cho {place}",
    ), 0.5),
    Task(5, 8, "welfare", (
        "Thăm hỏi hội viên tại {place}", "Tặng quà hội viên đợt {number}",
        "Góp ý dự thảo văn bản về thư viện đợt {number}",
    )),
    Task(6, 18, "book_day", (
        "Ngày Sách và Văn hóa đọc tại {place}", "Triển lãm sách tại {place}",
        "Quyên góp sách cho {place}", "Xe thư viện lưu động về {place}",
    ), 0.5),
    Task(7, 2, "international", (
        "Trao đổi trực tuyến với thư viện nước bạn lần {number}",
        "Giới thiệu tài liệu nước ngoài tại {place}",
    ), 0.3),
    Task(8, 8, "development", (
        "Đọc sách vì môi trường xanh tại {place}", "Kỹ năng số cho người cao tuổi tại {place}",
        "Góc đọc cho trẻ em vùng khó tại {place}",
    ), 0.3),
)  # fmt: skip
_TOPICS = ("phân loại tài liệu", "biên mục", "phần mềm thư viện", "kỹ năng phục vụ bạn đọc",
           "tổ chức tiết đọc thư viện", "số hóa tài liệu", "lập báo cáo thư viện")  # fmt: skip
_GOALS = ("4", "4", "4,11", "4,5", "13", "4,16", "3", "10")
_PARTNERS = ("Sở Văn hóa, Thể thao và Du lịch", "Sở Giáo dục và Đào tạo", "Tỉnh đoàn",
             "Hội Khuyến học tỉnh", "Hội Liên hiệp Phụ nữ tỉnh")  # fmt: skip
_OUTCOMES = ("Hoàn thành theo kế hoạch.", "Người tham dự đánh giá tốt.", "Sẽ làm lại năm sau.",
             "Đã gửi tin bài cho báo tỉnh.\nCần thêm sách thiếu nhi.")  # fmt: skip


def activity_records(ground: Ground, found: list[House]) -> list[Invented]:
    """The activities, spread over the years up to today."""
    chance = ground.chance("activities")
    counts = shares(ground.scale.activities, [task.weight for task in TASKS])
    tasks = [task for task, count in zip(TASKS, counts, strict=True) for _ in range(count)]
    days = sorted((_day(ground, chance, task), at) for at, task in enumerate(tasks))
    return [
        Invented(f"activity:{number}", Activity, _activity(ground, chance, tasks[at], day, found))
        for number, (day, at) in enumerate(days, start=1)
    ]


def _day(ground: Ground, chance: random.Random, task: Task) -> dt.date:
    if task.type == "book_day" and chance.random() < 0.75:
        year = chance.randint(ground.first_day.year, ground.today.year)
        april = dt.date(year, 4, 15) + dt.timedelta(days=chance.randint(0, 15))
        if april <= ground.today:
            return april
    return ground.day_between(chance, ground.first_day, ground.today)


def _activity(
    ground: Ground, chance: random.Random, task: Task, day: dt.date, found: list[House]
) -> dict[str, Value]:
    house = chance.choice(found)
    place = house.name.removeprefix("Thư viện ")
    name = chance.choice(task.names).format(
        place=place, number=chance.randint(1, 9), topic=chance.choice(_TOPICS)
    )
    near_book_day = day.month == 4 and 15 <= day.day <= 30
    values: dict[str, Value] = {
        "name": name,
        "type": task.type,
        "term": "IV" if day >= TERM_IV_FROM else "III",
        "task_no": task.number,
        "starts_on": day,
        "venue": house.name,
        "host": house.name if chance.random() < 0.6 else "Ban chấp hành chi hội",
        "with_state_agency": chance.random() < task.state_agency,
        "book_day": near_book_day and (task.number == 6 or chance.random() < 0.6),
    }
    if chance.random() < 0.15:
        last = day + dt.timedelta(days=chance.randint(1, 4))
        values["ends_on"] = min(last, ground.today)
    if values["with_state_agency"]:
        values["partners"] = chance.choice(_PARTNERS)
    return values | _results(chance, task)


def _results(chance: random.Random, task: Task) -> dict[str, Value]:
    total = int(chance.triangular(8, 320, 40))
    values: dict[str, Value] = {
        "participants": total,
        "member_participants": round(total * chance.uniform(0.1, 0.9)),
        "women_participants": round(total * chance.uniform(0.4, 0.9)),
    }
    if task.type == "training":
        values["hours"] = chance.choice((4, 8, 12, 16, 24))
    if task.type == "book_day":
        values["books"] = chance.randrange(20, 1500, 10)
    if task.type == "development":
        values["goals"] = chance.choice(_GOALS)
    if chance.random() < 0.6:
        values["cost_vnd"] = chance.randrange(500_000, 30_000_000, 100_000)
        values["funding"] = chance.choice(("Ngân sách", "Xã hội hóa", "Quỹ Hội"))
    if chance.random() < 0.5:
        values["outcome"] = chance.choice(_OUTCOMES)
    return values


def participations(
    ground: Ground, activities: list[Invented], known: list[Person]
) -> Iterator[Invented]:
    """Lists of who came: members who had joined by then, and some guests."""
    chance = ground.chance("participations")
    scale = ground.scale
    wanted = min(scale.listed, len(activities))
    listed = sorted(
        chance.sample(activities, wanted), key=lambda record: int(record.key.partition(":")[2])
    )
    sizes = shares(scale.participations, [chance.uniform(0.4, 1.6) for _ in listed])
    by_day = sorted(
        (person for person in known if person.record.values["status"] != "applied"),
        key=lambda person: person.joined_on,
    )
    for activity, size in zip(listed, sizes, strict=True):
        yield from _list_of(ground, chance, activity, size, by_day)


def _list_of(
    ground: Ground, chance: random.Random, activity: Invented, size: int, by_day: list[Person]
) -> Iterator[Invented]:
    day = str(activity.values["starts_on"])
    joined = sum(person.joined_on.isoformat() <= day for person in by_day)
    room = activity.values["member_participants"]
    members = min(joined, round(size * 0.9), room if isinstance(room, int) else 0)
    for person in chance.sample(by_day[:joined], members):
        role = chance.choices(("attended", "spoke", "organised"), (90, 4, 6))[0]
        values: dict[str, Value] = {"activity": activity.key, "role": role}
        key = f"{activity.key}:{person.record.key}"
        yield Invented(key, Participation, values | {"member": person.record.key})
    for number in range(size - members):
        guest = ground.names.full_name(chance, female=chance.random() < 0.6)
        values = {"activity": activity.key, "role": "attended", "guest_name": guest}
        yield Invented(f"{activity.key}:guest:{number}", Participation, values)
