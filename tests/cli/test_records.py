"""Adding, changing, finding, from words alone."""

from __future__ import annotations

import pytest

from tests.cli.desk import LIBRARY, MEMBER, Desk


def test_what_is_added_is_found_without_marks(desk: Desk) -> None:
    added = desk.ask("add", "member", *MEMBER)
    found = desk.ask("list", "member", "--search", "nguyen hang")
    assert [record["id"] for record in found["records"]] == [added["id"]]
    (record,) = found["records"]
    assert record["title"] == "Nguyễn Thị Hằng"
    assert (record["state"], record["deleted"]) == ("unsent", False)
    assert record["values"]["joined_on"] == "2020-02-01"
    assert record["shown"]["joined_on"] == "01/02/2020"
    assert record["shown"]["unit"] == "Chi hội tỉnh"


def test_plainly_added_a_record_gives_only_its_id(desk: Desk) -> None:
    done = desk.type("add", "member", *MEMBER[:-1])
    assert (done.code, len(done.out.strip())) == (0, 32)
    assert "Chưa ghi nhận sự đồng ý" in done.err


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("joined_on=2020-02-01", "2020-02-01"),
        ("joined_on=1/2/2020", "2020-02-01"),
        ("gender=Nữ", "female"),
        ("gender=female", "female"),
        ("commune=Phường Ba Đình, Hà Nội", "00004"),
        ("commune=00004", "00004"),
        ("consented=không", False),
        ("note=a=b", "a=b"),
        ("card_issued_on=", None),
    ],
)
def test_a_value_is_read_as_its_field_is(desk: Desk, text: str, kept: object) -> None:
    name = text.partition("=")[0]
    rest = [word for word in MEMBER if not word.startswith(f"{name}=")]
    added = desk.ask("add", "member", *rest, text)["id"]
    assert desk.ask("show", "member", added)["values"][name] == kept


def test_options_may_stand_anywhere(desk: Desk) -> None:
    first = desk.type("--json", "list", "--limit", "1", "library")
    last = desk.type("list", "library", "--limit=1", "--json")
    assert first.document == last.document
    assert first.document["total"] == 1


def test_a_limit_leaves_the_count_whole(desk: Desk) -> None:
    desk.ask(*LIBRARY[:2], "name=Thư viện huyện", *LIBRARY[3:])
    listed = desk.ask("list", "library", "--limit", "1")
    assert (listed["total"], len(listed["records"])) == (2, 1)


def test_a_deleted_record_stands_in_the_bin_until_it_is_restored(desk: Desk) -> None:
    (library,) = desk.ask("list", "library")["records"]
    assert desk.ask("delete", "library", library["id"])["deleted"]
    assert desk.ask("list", "library")["records"] == []
    (binned,) = desk.ask("list", "library", "--bin")["records"]
    assert (binned["id"], binned["deleted"]) == (library["id"], True)
    assert desk.ask("restore", "library", library["id"])["deleted"] is False
    assert desk.ask("list", "library")["total"] == 1


def test_the_history_tells_old_and_new(desk: Desk) -> None:
    (library,) = desk.ask("list", "library")["records"]
    desk.ask("edit", "library", library["id"], "name=Thư viện tỉnh")
    newest, oldest = desk.ask("show", "library", library["id"], "--history")["history"]
    assert newest["lines"] == [
        {"label": "Tên thư viện", "old": "Thư viện tỉnh Đắk Lắk", "new": "Thư viện tỉnh"}
    ]
    assert (newest["action"], newest["author"], newest["computer"], newest["seq"]) == (
        "edit", "Văn thư", "Máy văn thư", None
    )  # fmt: skip
    assert oldest["action"] == "create"


def test_two_records_of_one_name_are_not_guessed_between(desk: Desk) -> None:
    desk.ask(*LIBRARY)
    error = desk.refusal("add", "member", *MEMBER)
    (field,) = error["fields"]
    assert field["field"] == "workplace"
    assert "2" in field["sentence"]
    assert desk.ask("list", "member")["total"] == 0


def test_what_breaks_a_rule_is_said_beside_its_field_and_nothing_is_written(desk: Desk) -> None:
    before = desk.ask("pending")["count"]
    error = desk.refusal("add", "member", *MEMBER[1:-1], "gender=chưa rõ", "tax_code=12")
    assert error["code"] == "record.invalid"
    by_field = {field["field"]: field for field in error["fields"]}
    assert by_field["full_name"]["label"] == "Họ và tên"
    assert by_field["full_name"]["level"] == "block"
    assert by_field["full_name"]["sentence"] == "Cần ghi “Họ và tên”."
    assert "female (Nữ)" in by_field["gender"]["sentence"]
    assert desk.ask("pending")["count"] == before


def test_an_unread_value_does_not_hide_what_else_is_wrong(desk: Desk) -> None:
    done = desk.type("add", "member", "full_name=Trần Thị Hà", "joined_on=32/1/2020")
    assert done.code == 1
    assert done.out == ""
    assert "Ngày vào Hội [joined_on]: Không có ngày này trong lịch." in done.err
    assert "Địa chỉ [address]: Cần ghi “Địa chỉ”." in done.err


@pytest.mark.parametrize("verb", ["show", "delete", "restore", "edit"])
def test_an_id_that_is_nobody_is_refused(desk: Desk, verb: str) -> None:
    values = ["full_name=Trần Thị Hà"] if verb == "edit" else []
    error = desk.refusal(verb, "member", "0" * 32, *values)
    assert error["code"] == "record.unknown"
    assert "0" * 32 in error["what"]


def test_edits_of_nothing_new_write_nothing(desk: Desk) -> None:
    (library,) = desk.ask("list", "library")["records"]
    before = desk.ask("pending")["count"]
    assert desk.ask("edit", "library", library["id"], "type=public")["id"] == library["id"]
    assert desk.ask("pending")["count"] == before
