"""The resolution is data: a file loads it at the centre, verbs mend it, figures obey it."""

from __future__ import annotations

import copy
import datetime as dt
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sync.changes import ASSOCIATION
from sync.indicators import targets_in_force, term_in_force
from sync.problems import Problem
from sync.records import BY_NAME
from sync.records.target import Measure, Target, level_of
from sync.records.task import Work
from sync.records.term import Term
from sync.server import resolutions
from sync.server.centre import Centre, digests
from sync.server.cli import main
from sync.server.database import reading
from sync.server.resolutions import Level, Loaded

FILE = Path(__file__).parents[2] / "resources" / "resolutions" / "terms.json"
CONTENT: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


def load(centre: Centre, content: dict[str, Any] = CONTENT) -> Loaded:
    with centre.desk() as desk:
        return resolutions.load(desk, content)


def heads(centre: Centre) -> list[tuple[str, int, str]]:
    with reading(centre.engine, ASSOCIATION) as session:
        return digests(session)


def in_force(centre: Centre, *day: int) -> tuple[str, dict[str, Fraction]]:
    with reading(centre.engine, ASSOCIATION) as session:
        term = term_in_force(session, dt.date(*day))
        return term.name if term else "", targets_in_force(session, dt.date(*day))


def test_each_day_has_the_targets_of_its_term(near_centre: Centre) -> None:
    assert in_force(near_centre, 2020, 1, 1) == ("", {})
    load(near_centre)
    third = {"I1a": Fraction(7, 10), "I1b": Fraction(1, 4), "I2": Fraction(1, 2),
             "I3": Fraction(1, 5)}  # fmt: skip
    assert in_force(near_centre, 2016, 11, 24) == ("", {})
    assert in_force(near_centre, 2016, 11, 25) == ("Khóa III (2016–2021)", third)
    assert in_force(near_centre, 2021, 12, 31) == ("Khóa III (2016–2021)", third)
    assert in_force(near_centre, 2022, 1, 1) == ("Khóa IV (2022–2027)", {})
    assert in_force(near_centre, 2028, 1, 1) == ("", {})


def test_both_terms_have_their_eight_tasks() -> None:
    assert [term["number"] for term in CONTENT["terms"]] == [3, 4]
    for term in CONTENT["terms"]:
        assert [task["number"] for task in term["tasks"]] == list(range(1, 9))
        assert all(task["title"] and task["work"] for task in term["tasks"])
    assert all(task["text"] for task in CONTENT["terms"][0]["tasks"])


def test_loading_again_changes_nothing(near_centre: Centre) -> None:
    first = load(near_centre)
    assert (first.new, first.altered, first.same) == (28, 0, 0)
    before = heads(near_centre)
    again = load(near_centre)
    assert (again.new, again.altered, again.same) == (0, 0, 28)
    assert heads(near_centre) == before


def test_a_loader_that_knew_nothing_again_would_be_seen(
    near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the rules of the records themselves stand in the way."""
    load(near_centre)

    def forgets(_level: Level, _values: object) -> tuple[object, ...]:
        return (object(),)

    monkeypatch.setattr(resolutions, "_key", forgets)
    before = heads(near_centre)
    with pytest.raises(Problem) as problem:
        load(near_centre)
    assert problem.value.code == "resolution"
    assert heads(near_centre) == before


def test_a_mended_file_alters_what_it_mends(near_centre: Centre) -> None:
    load(near_centre)
    mended = copy.deepcopy(CONTENT)
    mended["terms"][1]["tasks"][0]["targets"] = [{"indicator": "I1a", "value": "72,5 %"}]
    mended["terms"][0]["note"] = "Đã đọc lại"
    found = load(near_centre, mended)
    assert (found.new, found.altered, found.same) == (1, 1, 27)
    assert in_force(near_centre, 2026, 6, 1)[1] == {"I1a": Fraction(29, 40)}


def test_what_was_put_into_the_bin_stays_there(near_centre: Centre) -> None:
    load(near_centre)
    with near_centre.desk() as desk:
        [term] = [row["id"] for row in desk.rows(Term) if row["number"] == 3]
        desk.delete(Term, term)
    found = load(near_centre)
    assert (found.new, found.binned) == (0, 1)
    assert in_force(near_centre, 2020, 1, 1) == ("", {})


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"term": []}, "“term”"),
        ({"terms": {}}, "terms"),
        ({"terms": ["Khóa III"]}, "terms"),
        ({"terms": [{"name": "Khóa III"}]}, "terms[1]"),
        ({"terms": [{**CONTENT["terms"][0], "starts_on": "2016"}]}, "terms[1].starts_on"),
        ({"terms": [{**CONTENT["terms"][0], "tasks": [{"number": 1, "titel": ""}]}]}, "“titel”"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(
    near_centre: Centre, content: dict[str, Any], where: str
) -> None:
    with pytest.raises(Problem) as problem:
        load(near_centre, content)
    assert problem.value.code == "resolution"
    assert where in problem.value.what
    assert [seq for scope, seq, _digest in heads(near_centre) if scope == ASSOCIATION] in ([], [0])


@pytest.mark.parametrize(
    ("text", "level"),
    [("70 %", Fraction(7, 10)), ("12,5%", Fraction(1, 8)), ("0.5 %", Fraction(1, 200)),
     ("3", Fraction(3)), ("nhiều", None), ("", None), ("1,2,3 %", None)],
)  # fmt: skip
def test_a_level_is_read_as_it_is_written(text: str, level: Fraction | None) -> None:
    assert level_of(text) == level


def test_work_is_recorded_where_there_is_a_kind_for_it() -> None:
    assert {str(word) for word in Work} <= set(BY_NAME)
    assert len(set(Measure)) == len(Measure)
    assert BY_NAME["target"] is Target


def test_the_operator_mends_it_by_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--database", f"sqlite:///{tmp_path / 'c.db'}", "--json")

    def say(*words: str, code: int = 0) -> Any:
        assert main([*words, *where]) == code
        said = capsys.readouterr()
        return json.loads(said.out) if code == 0 else said.err

    assert say("load-resolution", str(FILE))["new"] == 28
    assert "target" in say("records", "kinds")
    terms = say("records", "list", "term")
    assert [term["number"] for term in terms] == [3, 4]
    task = next(t["id"] for t in say("records", "list", "task") if t["term"] == terms[1]["id"])
    added = say("records", "add", "target", f"task={task}", "indicator=I1a", "value=75 %")[0]
    [edited] = say("records", "edit", "target", added["id"], "value=80 %")
    assert edited["value"] == "80 %"
    assert say("records", "delete", "target", added["id"])[0]["deleted"] is True
    assert say("records", "restore", "target", added["id"])[0]["deleted"] is False
    assert say("records", "show", "target", added["id"])[0]["value"] == "80 %"
    assert "(value)" in say("records", "edit", "target", added["id"], "value=nhiều", code=1)
    assert "Không có" in say("records", "show", "target", "0" * 32, code=1)
    assert "các ô" in say("records", "add", "target", "val=1", code=1)
    assert say("records", "list", code=2)
