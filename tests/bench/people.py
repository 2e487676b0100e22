"""Members that nobody ever was, of some twenty fields and five hundred bytes of Vietnamese text."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from sync.places import Catalogue
from sync.records.types import Value
from sync.vietnamese import fold
from vla_desktop import paths
from vla_desktop.demo.invention.ground import Names

OCCUPATIONS = (
    "Thư viện viên hạng III", "Thư viện viên hạng IV", "Nhân viên thư viện - thiết bị",
    "Giáo viên kiêm nhiệm thư viện", "Trưởng phòng Phục vụ bạn đọc", "Chuyên viên lưu trữ",
    "Công chức văn hóa - xã hội", "Giảng viên", "Người phụ trách tủ sách", "Tình nguyện viên",
)  # fmt: skip
REASONS = ("Đã nghỉ hưu", "Làm ở Ủy ban nhân dân xã", "Dạy học, ủng hộ phong trào đọc sách",
           "Làm ở cơ quan xuất bản, phát hành", "Đang học")  # fmt: skip
STREETS = ("Lê Lợi", "Trần Phú", "Nguyễn Huệ", "Hai Bà Trưng", "Lý Thường Kiệt", "Hùng Vương",
           "Phan Chu Trinh", "Điện Biên Phủ", "Quang Trung", "Ngô Quyền", "Bà Triệu")  # fmt: skip
PARTS = ("Tổ dân phố {}", "Xóm {}", "Thôn {}", "Khu phố {}")
NOTES = (
    "", "", "", "Đã nộp đủ hội phí năm {year}", "Chuyển từ phân hội {number} ngày {day}",
    "Vắng mặt kỳ sinh hoạt tháng {month}", "Đề nghị khen thưởng năm {year}",
    "Bổ sung hồ sơ gốc", "Cần quan tâm, nhà ở xa trung tâm", "Số điện thoại đổi ngày {day}",
)  # fmt: skip
TODAY = dt.date(2026, 5, 4)
STATUSES = ("active",) * 17 + ("paused", "left", "applied")


class People:
    """Draws members one after another; the same seed draws the same."""

    def __init__(self, seed: int = 7) -> None:
        self._chance = random.Random(seed)
        self._names = Names(paths.resources() / "names")
        places = Catalogue.load(paths.resources() / "catalogues")
        self._communes = sorted(
            commune.code
            for province in places.provinces(TODAY)
            for commune in places.communes(province.code, TODAY)
        )

    def day(self, first: int, last: int) -> dt.date:
        """A day in one of these years."""
        chance = self._chance
        return dt.date(chance.randint(first, last), chance.randint(1, 12), chance.randint(1, 28))

    def note(self) -> str:
        """What a clerk jots down; often nothing."""
        chance = self._chance
        return chance.choice(NOTES).format(
            year=chance.randint(2018, 2026), number=chance.randint(1, 400),
            day=self.day(2018, 2026).strftime("%d/%m/%Y"), month=chance.randint(1, 12),
        )  # fmt: skip

    def member(self, number: int, unit: str) -> dict[str, Value]:
        """The values of the member with this number, in this unit."""
        chance = self._chance
        female = chance.random() < 0.5
        name = self._names.full_name(chance, female=female)
        born_on, joined_on = self.day(1945, 2004), self.day(1995, 2025)
        words = fold(name).split()
        host = chance.choice(("thu-vien", "hop-thu", "truong-hoc"))
        address = f"Số {chance.randint(1, 400)} đường {chance.choice(STREETS)}, "
        return {
            "full_name": name, "subject": "person", "membership": "official",
            "gender": "female" if female else "male", "born_on": born_on.isoformat(),
            "occupation": chance.choice(OCCUPATIONS), "outside_reason": chance.choice(REASONS),
            "address": address + chance.choice(PARTS).format(chance.randint(1, 40)),
            "commune": chance.choice(self._communes),
            "phone": f"0100{chance.randint(0, 999_999):06}",
            "email": f"{words[-1]}{words[0]}{chance.randint(1, 999)}@{host}.example"
            if chance.random() < 0.6 else "",
            "identity_no": f"0{chance.randint(10, 96)}{chance.randint(0, 3)}"
            f"{born_on.year % 100:02}{chance.randint(0, 999_999):06}",
            "unit": unit, "joined_on": joined_on,
            "decision_no": f"{chance.randint(1, 400)}/QĐ-HTV",
            "decision_on": joined_on - dt.timedelta(days=chance.randint(3, 40)),
            "card_no": f"HV-{number:07}", "card_issued_on": joined_on, "status":
            chance.choice(STATUSES), "consented": chance.random() < 0.8, "note": self.note(),
        }  # fmt: skip

    def members(self, count: int, unit: str) -> Iterator[dict[str, Value]]:
        """So many of them."""
        return (self.member(number, unit) for number in range(1, count + 1))
