"""The branch and its sub-branches: one for each former district, and one for each sort of work."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import Value
from vla_desktop.demo.invention.ground import FOUNDED_ON, PROVINCE, Ground, Invented

BRANCH = "unit:branch"
PUBLIC = "unit:public"
HIGHER = "unit:higher"
# The codes of communes run district by district: each area begins with one.
_AREAS = (
    ("01840", "Bắc Kạn"),
    ("05443", "Thái Nguyên"),
    ("05518", "Sông Công"),
    ("05542", "Định Hóa"),
    ("05611", "Phú Lương"),
    ("05662", "Đồng Hỷ"),
    ("05716", "Võ Nhai"),
    ("05773", "Đại Từ"),
    ("05857", "Phổ Yên"),
    ("05908", "Phú Bình"),
)
_COMMUNES_OF_AN_AREA = 12


def areas(ground: Ground) -> Sequence[tuple[str, str]]:
    """The first commune and the name of each area, in the order of the codes."""
    if ground.province == PROVINCE:
        return _AREAS
    return [(first.code, first.name) for first in ground.communes[::_COMMUNES_OF_AN_AREA]]


def area_of(ground: Ground, commune: str) -> str:
    """The key of the sub-branch of schools in whose area a commune lies."""
    found = areas(ground)
    at = bisect_right(found, commune, key=lambda area: area[0])
    return f"unit:{found[max(0, at - 1)][1]}"


def units(ground: Ground) -> Iterator[Invented]:
    """The branch first, then what is under it."""
    yield Invented(
        BRANCH,
        OrganisationUnit,
        {
            "name": f"Chi hội Thư viện {ground.province_title}",
            "type": "branch",
            "reach": "province",
            "provincial": True,
            "province": ground.province,
            "founding_province": ground.founding_province,
            "decision_no": "18/QĐ-HTVVN",
            "decision_on": FOUNDED_ON,
            "note": "Chi hội mẫu: mọi người và mọi số liệu ở đây đều là bịa.",
        },
    )
    chance = ground.chance("units")
    names = {
        PUBLIC: "Phân hội Thư viện công cộng và chuyên ngành",
        HIGHER: "Phân hội Thư viện đại học, cao đẳng",
        **{f"unit:{area}": f"Phân hội Thư viện trường học {area}" for _code, area in areas(ground)},
    }
    for number, (key, name) in enumerate(names.items(), start=1):
        decided_on = ground.day_between(chance, FOUNDED_ON, dt.date(2019, 12, 31))
        yield Invented(key, OrganisationUnit, _sub_branch(ground, name, number, decided_on))
    former = "Chợ Mới" if ground.province == PROVINCE else ground.communes[0].name
    merged = _sub_branch(
        ground, f"Phân hội Thư viện huyện {former}", len(names) + 1, dt.date(2015, 3, 16)
    )
    yield Invented(
        "unit:merged",
        OrganisationUnit,
        {
            **merged,
            "status": "merged",
            "ended_on": min(dt.date(2025, 9, 1), ground.today),
            "merged_into": area_of(ground, ""),
        },
    )


def _sub_branch(ground: Ground, name: str, number: int, decided_on: dt.date) -> dict[str, Value]:
    return {
        "name": name,
        "type": "sub_branch",
        "parent": BRANCH,
        "reach": "institution",
        "province": ground.province,
        "decision_no": f"{number:02}/QĐ-CHTV",
        "decision_on": decided_on,
    }
