"""Congresses, terms of office, and who held which office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sync.records.congress import Congress
from sync.records.office_holder import OfficeHolder
from sync.records.office_term import OfficeTerm
from sync.records.types import Value
from vla_desktop.demo.invention.ground import FOUNDED_ON, Ground, Invented
from vla_desktop.demo.invention.people import Person
from vla_desktop.demo.invention.units import BRANCH

_POSITIONS = ("chair", "vice_chair", "vice_chair", "secretary", "treasurer", "inspection",
              "board", "board", "board")  # fmt: skip
_YEARS = 5


def boards(ground: Ground, known: list[Person]) -> Iterator[Invented]:
    """A congress every five years since the branch was founded, with the board it elected."""
    chance = ground.chance("boards")
    starts_on, number = FOUNDED_ON, 1
    while starts_on <= ground.today:
        ends_on = dt.date(starts_on.year + _YEARS, starts_on.month, starts_on.day)
        here = [
            one for one in known
            if one.joined_on <= starts_on and one.record.values["status"] == "active"
            and one.record.values.get("subject") != "organisation"
        ] or known[:1]  # fmt: skip
        roman = ("I", "II", "III", "IV", "V", "VI")[min(number, 6) - 1]
        yield Invented(f"congress:{number}", Congress, {
            "unit": BRANCH, "congress_no": roman, "held_on": starts_on,
            "type": "founding" if number == 1 else "ordinary", "venue": "Thư viện tỉnh",
            "members_total": len(here), "members_official": len(here) * 9 // 10,
            "delegates": min(120, len(here)), "board_size": len(_POSITIONS),
            "recognised_by": f"{10 + number}/QĐ-HTVVN",
        })  # fmt: skip
        term = f"term:{number}"
        yield Invented(term, OfficeTerm, {
            "unit": BRANCH, "term_no": roman, "starts_on": starts_on, "ends_on": ends_on,
            "decision_no": f"{10 + number}/QĐ-HTVVN", "decision_on": starts_on,
            "note": "" if ends_on > ground.today else "Đã đại hội nhiệm kỳ sau.",
        })  # fmt: skip
        chosen = chance.sample(here, min(len(_POSITIONS), len(here)))
        for person, position in zip(chosen, _POSITIONS, strict=False):
            values: dict[str, Value] = {
                "unit": BRANCH, "member": person.record.key, "position": position,
                "starts_on": starts_on, "term": term,
            }  # fmt: skip
            if ends_on <= ground.today:
                values["ends_on"] = ends_on
            yield Invented(f"{term}:{person.record.key}", OfficeHolder, values)
        starts_on, number = ends_on, number + 1
