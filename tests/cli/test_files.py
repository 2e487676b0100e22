"""Lists out to files and back by words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.desk import MEMBER, Desk


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_a_list_comes_back_as_it_went(desk: Desk, tmp_path: Path, ending: str) -> None:
    desk.ask("add", "member", *MEMBER)
    path = tmp_path / f"hội viên.{ending}"
    assert desk.ask("export", "member", str(path))["records"] == 1
    counts = desk.ask("import", str(path))
    assert [counts[name] for name in ("new", "updated", "same", "refused")] == [0, 0, 1, 0]


def test_good_rows_go_in_and_each_bad_one_is_told(desk: Desk, tmp_path: Path) -> None:
    (library,) = desk.ask("list", "library")["records"]
    path = tmp_path / "thư viện.csv"
    path.write_text(
        "Tên thư viện,type,commune,Ngày mở,id,Màu\n"
        "Thư viện huyện,public,00004,,,\n"
        "Thư viện xã,public,00004,32/1/2020,,\n"
        ",public,00004,,,\n"
        f"Thư viện tỉnh,public,00004,,{library['id']},xanh\n",
        "utf-8",
    )
    done = desk.type("import", str(path), "--kind", "library", "--json")
    assert done.code == 1
    counts = done.document
    assert [counts[name] for name in ("new", "updated", "same", "refused")] == [1, 1, 0, 2]
    assert counts["unknown_columns"] == ["Màu"]
    refused = {row["row"]: row["fields"] for row in counts["refusals"]}
    assert {row: found[0]["field"] for row, found in refused.items()} == {3: "opened_on", 4: "name"}
    assert refused[4][0]["sentence"] == "Cần ghi “Tên thư viện”."
    assert "Dòng 3 chưa được ghi:" in done.err
    titles = {record["title"] for record in desk.ask("list", "library")["records"]}
    assert titles == {"Thư viện huyện", "Thư viện tỉnh"}


def test_a_row_refused_among_hundreds_does_not_take_them_along(desk: Desk, tmp_path: Path) -> None:
    records = [
        {"values": {"name": f"Thư viện số {number}", "type": "public", "commune": "00004"}}
        for number in range(450)
    ]
    records[317]["values"]["commune"] = ""
    path = tmp_path / "nhiều.json"
    whole = {"format": "vla-desktop records", "version": 1, "kind": "library", "records": records}
    path.write_text(json.dumps(whole), "utf-8")
    done = desk.type("import", str(path), "--json")
    assert (done.document["new"], done.document["refused"]) == (449, 1)
    assert [row["row"] for row in done.document["refusals"]] == [318]
    assert desk.ask("list", "library", "--limit", "0")["total"] == 450


def test_people_are_told_of_the_first_refused_rows_and_scripts_of_all(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "thư viện.csv"
    path.write_text("name,type,commune\n" + "Thư viện xã,public,\n" * 50, "utf-8")
    done = desk.type("import", str(path), "--kind", "library", "--json")
    assert (done.document["refused"], len(done.document["refusals"])) == (50, 50)
    assert done.err.count("chưa được ghi") == 20
    assert "… và 30 dòng khác; xem hết bằng --json." in done.err


def test_two_rows_with_one_card_number_are_one_too_many(desk: Desk, tmp_path: Path) -> None:
    desk.ask("add", "member", *MEMBER, "card_no=HV1")
    path = tmp_path / "hội viên.json"
    desk.ask("export", "member", str(path))
    whole = json.loads(path.read_text("utf-8"))
    (known,) = whole["records"]
    twin = {"values": {**known["values"], "card_no": "HV2"}}
    whole["records"] = [twin, twin, known]
    path.write_text(json.dumps(whole), "utf-8")
    document = desk.type("import", str(path), "--json").document
    assert [document[name] for name in ("new", "same", "refused")] == [1, 1, 1]
    (refused,) = document["refusals"]
    assert (refused["row"], refused["fields"][0]["field"]) == (2, "card_no")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["import", "không có.csv"], "exchange.missing"),
        (["import", "danh sách.docx"], "exchange.format"),
        (["export", "library", "danh sách.docx"], "exchange.format"),
        (["export", "library", "không có thư mục/danh sách.csv"], "exchange.folder"),
    ],
)
def test_a_file_that_cannot_be_is_refused(desk: Desk, words: list[str], code: str) -> None:
    assert desk.refusal(*words)["code"] == code


def test_nothing_of_a_torn_file_goes_in(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "thư viện.xlsx"
    desk.ask("export", "library", str(path))
    path.write_bytes(path.read_bytes()[:2000])
    assert desk.refusal("import", str(path))["code"] == "exchange.unreadable"


def test_a_new_office_may_begin_with_the_demonstration(empty_desk: Desk) -> None:
    made = empty_desk.ask("init", "--demo", "small")
    assert made["records"] > 200
    assert empty_desk.ask("list", "member", "--limit", "5")["total"] == 60
    figures = {figure["code"]: figure for figure in empty_desk.ask("figures")["figures"]}
    assert figures["L0"]["value"] >= 24
    assert figures["I1b"]["denominator"] > 0
    assert figures["I1b"]["shown"].endswith("%")
