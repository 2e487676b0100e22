"""Frozen figures stay what they were, and say what differs today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from sync.problems import InvalidRecord
from sync.records import BY_NAME
from sync.records.frozen_figure import FrozenFigure
from sync.records.frozen_list import FrozenList
from sync.records.headcount import Headcount
from sync.records.types import Value
from tests.builders import TODAY, a_library, a_member, a_unit
from vla_desktop.office import Office
from vla_desktop.store import freezing
from vla_desktop.store.rows import Query


class Desk:
    """A university with four staff, of whom two are members."""

    def __init__(self, office: Office) -> None:
        self.office, self.freezer = office, office.freezer
        self.unit = self.add("organisation_unit", **a_unit())
        university = a_library(name="Đại học A", type="university", education="university")
        self.library = self.add("library", **university)
        self.count = self.add(
            "headcount", library=self.library, year=TODAY.year, total=4, source="library"
        )
        self.people = [self.join(f"Nguyễn Thị {name}") for name in ("An", "Bình")]

    def add(self, kind: str, **values: Value) -> str:
        return self.office.store.save(BY_NAME[kind], values).id

    def join(self, name: str) -> str:
        values = a_member(full_name=name, unit=self.unit, workplace=self.library)
        return self.add("member", **{**values, "outside_reason": ""})


@pytest.fixture
def desk(open_office: Callable[[str], Office]) -> Desk:
    return Desk(open_office("a"))


def test_a_reprint_is_identical_after_later_edits(desk: Desk) -> None:
    made = desk.freezer.freeze("Báo cáo năm", TODAY, TODAY, "Lê Văn Đức")
    before = desk.freezer.get(made)

    desk.join("Trần Thị Cúc")
    desk.office.store.save(Headcount, {"total": 9}, desk.count)

    after = desk.freezer.get(made)
    assert after.printed == before.printed
    assert "50,0 %" in after.printed
    assert after.sound


def test_what_differs_today_is_named(desk: Desk) -> None:
    frozen = desk.freezer.get(desk.freezer.freeze("Báo cáo năm", TODAY, TODAY))
    assert desk.freezer.differences(frozen) == []

    desk.join("Trần Thị Cúc")
    desk.office.store.delete(BY_NAME["member"], desk.people[0])
    desk.office.store.save(Headcount, {"total": 9}, desk.count)

    found = {each.name: each for each in desk.freezer.differences(frozen)}
    told = found["Cán bộ thư viện đại học, cao đẳng là hội viên"]
    assert (told.then, told.now) == ("50,0 % (2/4)", "22,2 % (2/9)")
    assert list(told.came) == ["Trần Thị Cúc"]
    assert list(told.went) == ["Nguyễn Thị An"]
    assert list(told.changed) == ["Đại học A"]


def test_a_correction_is_a_revision_and_needs_a_reason(desk: Desk) -> None:
    first = desk.freezer.freeze("Báo cáo năm", TODAY, TODAY)
    with pytest.raises(InvalidRecord) as refused:
        desk.freezer.freeze("Báo cáo năm", TODAY, TODAY, revises=first, reason="  ")
    assert [finding.field for finding in refused.value.findings] == ["reason"]

    second = desk.freezer.freeze("Báo cáo năm", TODAY, TODAY, revises=first, reason="Ghi sót")

    assert [(one.id, one.revision) for one in desk.freezer.all()] == [(second, 2), (first, 1)]


@pytest.mark.parametrize(
    "values", [{"name": "Khác"}, {"content": "{}"}, {"stood_on": dt.date(2020, 1, 1)}]
)
def test_what_is_sealed_cannot_be_altered(desk: Desk, values: dict[str, Value]) -> None:
    made = desk.freezer.freeze("Báo cáo năm", TODAY, TODAY)
    with pytest.raises(InvalidRecord):
        desk.office.store.save(FrozenFigure, values, made)
    piece = desk.office.store.ids(FrozenList, Query())[0]
    with pytest.raises(InvalidRecord):
        desk.office.store.save(FrozenList, {"content": "khác"}, piece)


def test_long_lists_go_in_pieces_and_come_back_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "MOST_LETTERS", 40)
    frozen = desk.freezer.get(desk.freezer.freeze("Báo cáo năm", TODAY, TODAY))

    told = next(each for each in frozen.figures if each["code"] == "I1a")
    assert len(told["above"]) == 2
    assert frozen.sound
    assert desk.freezer.differences(frozen) == []
