"""What is kept of tasks 4 to 8: plans, certificates, dossiers, heritage, the world, development."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sync.records.advisory_dossier import AdvisoryDossier
from sync.records.certificate import Certificate
from sync.records.delegate import Delegate
from sync.records.development_action import DevelopmentAction
from sync.records.heritage_item import HeritageItem
from sync.records.international_event import InternationalEvent
from sync.records.plan_line import PlanLine
from sync.records.types import Value
from sync.records.welfare_case import WelfareCase
from vla_desktop.demo.invention.ground import Ground, Invented
from vla_desktop.demo.invention.libraries import House
from vla_desktop.demo.invention.people import Person

_PLANS = (
    (1, "Kết nạp hội viên mới ở thư viện trường học"), (2, "Kiện toàn phân hội các khu vực"),
    (3, "Đánh giá thư viện thân thiện và hiện đại"), (4, "Tập huấn nghiệp vụ thư viện"),
    (5, "Thăm hỏi hội viên cao tuổi"), (6, "Ngày Sách và Văn hóa đọc"),
    (7, "Tham gia hội thảo trực tuyến"), (8, "Đọc sách vì môi trường"),
)  # fmt: skip
_DRAFTS = ("Đề án phát triển văn hóa đọc", "Dự thảo quy định luân chuyển tài liệu",
           "Đề án chuyển đổi số thư viện", "Dự thảo định mức thư viện trường học")  # fmt: skip
_TREASURES = ("Gia phả dòng họ", "Tập sắc phong làng", "Báo địa phương in năm 1946",
              "Bản đồ tỉnh vẽ tay", "Sách Hán Nôm chép tay")  # fmt: skip
_EVENTS = (("CONSAL họp trực tuyến", "consal"), ("Hội thảo IFLA khu vực", "ifla"),
           ("Trao đổi với thư viện kết nghĩa", "bilateral"))  # fmt: skip


def plans(ground: Ground) -> Iterator[Invented]:
    """The plan of each year, agreed with the authorities."""
    chance = ground.chance("plans")
    for year in range(ground.first_day.year, ground.today.year + 1):
        due_on = dt.date(year, 12, 15)
        for number, content in _PLANS:
            done = due_on < ground.today or chance.random() < 0.5
            yield Invented(f"plan:{year}:{number}", PlanLine, {
                "year": year, "task_no": number, "content": f"{content} năm {year}",
                "agency": "Sở Văn hóa, Thể thao và Du lịch", "document_no": f"{number:02}/KHPH",
                "document_on": min(dt.date(year, 1, 15), ground.today), "due_on": due_on,
                "progress": "done" if done else "running",
                "done_percent": 100 if done else chance.choice((20, 50, 70)),
            })  # fmt: skip


def certificates(
    ground: Ground, activities: list[Invented], known: list[Person]
) -> Iterator[Invented]:
    """Of one course in ten, for some who had joined by then; numbered year by year."""
    chance = ground.chance("certificates")
    courses = [one for one in activities if one.values["type"] == "training"]
    numbers: dict[int, int] = {}
    for course in courses[:: max(1, min(10, len(courses) // 2))]:
        day = course.values["starts_on"]
        if not isinstance(day, dt.date):
            raise TypeError("an activity without a day")
        there = [one for one in known if one.joined_on <= day]
        for person in chance.sample(there, min(6, len(there))):
            numbers[day.year] = number = numbers.get(day.year, 0) + 1
            yield Invented(f"certificate:{day.year}:{number}", Certificate, {
                "activity": course.key, "member": person.record.key, "issued_on": day,
                "certificate_no": f"{number:03}/{day.year}/CN", "hours": course.values["hours"],
            })  # fmt: skip


def dossiers(ground: Ground) -> Iterator[Invented]:
    """Advice, criticism and appraisal that were asked for."""
    chance = ground.chance("dossiers")
    for number in range(1, ground.scale.years + 1):
        subject = f"{_DRAFTS[number % len(_DRAFTS)]} lần {number}"
        received = ground.day_between(chance, ground.first_day, ground.today)
        reported = ground.day_between(chance, received, received + dt.timedelta(days=25))
        yield Invented(f"dossier:{number}", AdvisoryDossier, {
            "type": ("advice", "criticism", "appraisal")[number % 3], "subject": subject,
            "agency": "Ủy ban nhân dân tỉnh", "request_no": f"{number:02}/UBND-VX",
            "received_on": received, "reported_on": reported, "report_no": f"{number:02}/BC-CHTV",
            "uptake": chance.choice(("full", "part", "unknown")),
        })  # fmt: skip


def welfare(ground: Ground, known: list[Person]) -> Iterator[Invented]:
    """Cases of rights and welfare, without a story: whoever opens the demonstration has no key."""
    chance = ground.chance("welfare")
    numbers: dict[int, int] = {}
    for case in range(1, 2 * ground.scale.years + 1):
        received = ground.day_between(chance, ground.first_day, ground.today)
        numbers[received.year] = number = numbers.get(received.year, 0) + 1
        values: dict[str, Value] = {
            "case_no": f"BT-{received.year}-{number:02}", "received_on": received,
            "type": ("illness", "hardship", "pay", "accident")[case % 4], "result": "open",
        }  # fmt: skip
        there = [one for one in known if one.joined_on <= received]
        if there and case % 2:
            values["beneficiary"] = chance.choice(there).record.key
        if case % 3:
            closed = ground.day_between(chance, received, ground.today)
            values |= {
                "result": "settled",
                "closed_on": closed,
                "support_vnd": 100_000 * (1 + case % 9),
            }
        yield Invented(f"welfare:{case}", WelfareCase, values)


def heritage(ground: Ground, found: list[House]) -> Iterator[Invented]:
    """Documents that libraries keep and that might be put forward."""
    chance = ground.chance("heritage")
    for number, name in enumerate(_TREASURES, start=1):
        year = chance.randint(1790, 1900)
        values: dict[str, Value] = {
            "name": f"{name} (bịa)", "library": chance.choice(found).key, "type": "ancient",
            "dated_from": year, "dated_to": year + 10, "criteria": "age,unique",
            "digitised": chance.random() < 0.4,
        }  # fmt: skip
        if number % 2:
            day = ground.day_between(chance, ground.first_day, ground.today)
            values |= {"nomination": "nominated", "nominated_on": day}
        yield Invented(f"heritage:{number}", HeritageItem, values)


def world(ground: Ground, known: list[Person]) -> Iterator[Invented]:
    """International events, and who went."""
    chance = ground.chance("world")
    for number in range(1, ground.scale.years + 1):
        name, series = _EVENTS[number % len(_EVENTS)]
        day = ground.day_between(chance, ground.first_day, ground.today)
        key = f"abroad:{number}"
        yield Invented(key, InternationalEvent, {
            "name": f"{name} {day.year}", "series": series, "starts_on": day, "country": "Việt Nam",
        })  # fmt: skip
        there = [one for one in known if one.joined_on <= day] or known[:1]
        for at, person in enumerate(chance.sample(there, min(2, len(there)))):
            paper = {"role": "speaker", "paper_title": "Thư viện tỉnh và bạn đọc trẻ"}
            yield Invented(f"{key}:{person.record.key}", Delegate, {
                "event": key, "member": person.record.key, **(paper if at == 0 else {}),
            })  # fmt: skip


def development(ground: Ground, found: list[House]) -> Iterator[Invented]:
    """Actions for the goals of sustainable development."""
    chance = ground.chance("development")
    for number in range(1, ground.scale.years + 2):
        goals = ("4", "4,10", "13", "16", "3,4")[number % 5]
        people = chance.randrange(30, 600, 10)
        day = ground.day_between(chance, ground.first_day, ground.today)
        yield Invented(f"action:{number}", DevelopmentAction, {
            "name": f"Thư viện vì cộng đồng đợt {number}", "goals": goals, "starts_on": day,
            "library": chance.choice(found).key, "beneficiaries": people,
            "women_beneficiaries": people * 6 // 10, "with_ifla": number == 2,
            "partners": "Tỉnh đoàn",
        })  # fmt: skip
