"""Files that are locked, too big, dangerous or not what they say, and places that take no file."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from sync.problems import Problem
from sync.records.member import Member
from tests.exchange.shelf import Shelf
from vla_desktop.exchange import ENDINGS, export_rows, read_file, safety

Refused = Callable[[str, bytes], Problem]


@pytest.fixture
def refused(shelf: Shelf, tmp_path: Path) -> Refused:
    """The problem that reading such a file ends in."""

    def read(name: str, content: bytes) -> Problem:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(Problem) as raised:
            read_file(path, shelf.directory, shelf.catalogue)
        assert raised.value.what.endswith(".")
        assert raised.value.advice.endswith(".")
        return raised.value

    return read


@pytest.fixture
def workbook(shelf: Shelf, tmp_path: Path) -> bytes:
    shelf.add(Member, full_name="Trần Thị Hà")
    path = tmp_path / "whole.xlsx"
    export_rows(path, Member, shelf.rows(Member), shelf.catalogue)
    return path.read_bytes()


def altered(content: bytes, **parts: Callable[[bytes], bytes] | bytes) -> bytes:
    """The archive with parts rewritten or added; underscores of a name stand for slashes."""
    changes = {name.replace("__", "/").replace("_", "."): part for name, part in parts.items()}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            change = changes.pop(name, None)
            whole = old.read(name)
            new.writestr(name, change(whole) if callable(change) else change or whole)
        for name, part in changes.items():
            new.writestr(name, part if isinstance(part, bytes) else part(b""))
    return out.getvalue()


def test_a_workbook_that_swells_is_refused_before_it_is_unpacked(
    refused: Refused, workbook: bytes
) -> None:
    bomb = altered(workbook, xl__media__x_xml=b"<a/>" + b" " * 30_000_000)
    assert len(bomb) < 100_000
    assert refused("bomb.xlsx", bomb).code == "exchange.too_big"


def test_a_file_of_more_than_20_mb_is_refused(refused: Refused) -> None:
    for ending in ENDINGS:
        problem = refused(f"big{ending}", b" " * (safety.MOST_PACKED_BYTES + 1))
        assert problem.code == "exchange.too_big"


def test_a_workbook_with_macros_is_refused(refused: Refused, workbook: bytes) -> None:
    content = altered(workbook, xl__vbaProject_bin=b"\x00")
    assert refused("macro.xlsx", content).code == "exchange.macros"
    assert refused("macro.xlsm", workbook).code == "exchange.format"


def test_a_workbook_that_fetches_from_others_is_refused(refused: Refused, workbook: bytes) -> None:
    content = altered(workbook, xl__externalLinks__externalLink1_xml=b"<externalLink/>")
    assert refused("linked.xlsx", content).code == "exchange.external_links"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_inside_a_workbook_is_refused(
    refused: Refused, workbook: bytes, encoding: str
) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?><!-- {"x" * 100_000} -->'
    declared += '<!DOCTYPE lol [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    content = altered(workbook, xl__worksheets__sheet1_xml=declared.encode(encoding))
    assert refused("entities.xlsx", content).code == "exchange.unreadable"
    content = altered(workbook, xl__media__picture_png=declared.encode(encoding))
    assert refused("entities.xlsx", content).code == "exchange.unreadable"


def test_the_old_format_and_passwords_are_named(refused: Refused) -> None:
    problem = refused("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    assert problem.code == "exchange.old_format"


@pytest.mark.parametrize("ending", ENDINGS)
def test_noise_is_no_list(refused: Refused, ending: str) -> None:
    for content in (b"\x00\x01\x02\xff\xfe" * 100, b"PK\x03\x04" + b"\x00" * 100, b"[]", b"null"):
        assert refused(f"noise{ending}", content).code in {
            "exchange.unreadable", "exchange.encoding", "exchange.kind",
        }  # fmt: skip


def test_a_workbook_cut_off_anywhere_ends_in_sentences(refused: Refused, workbook: bytes) -> None:
    for length in range(0, len(workbook), 397):
        assert refused("cut.xlsx", workbook[:length]).code == "exchange.unreadable"


def test_a_workbook_with_a_flipped_byte_is_read_or_refused_in_words(
    shelf: Shelf, tmp_path: Path, workbook: bytes
) -> None:
    path = tmp_path / "flipped.xlsx"
    codes = set()
    for at in range(0, len(workbook), 61):
        path.write_bytes(workbook[:at] + bytes([workbook[at] ^ 0x55]) + workbook[at + 1 :])
        try:
            read_file(path, shelf.directory, shelf.catalogue)
        except Problem as problem:
            codes.add(problem.code)
    assert "exchange.unreadable" in codes


def test_a_sheet_without_end_is_refused(refused: Refused, workbook: bytes) -> None:
    def far(sheet: bytes) -> bytes:
        row = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
        return sheet.replace(b"</sheetData>", row)

    content = altered(workbook, xl__worksheets__sheet1_xml=far)
    assert refused("far.xlsx", content).code == "exchange.too_big"


def test_a_sheet_that_lies_about_its_size_is_read_whole(
    shelf: Shelf, tmp_path: Path, workbook: bytes
) -> None:
    def small(sheet: bytes) -> bytes:
        assert b"<sheetData>" in sheet
        return sheet.replace(b"<sheetData>", b'<dimension ref="A1:A1"/><sheetData>')

    path = tmp_path / "liar.xlsx"
    path.write_bytes(altered(workbook, xl__worksheets__sheet1_xml=small))
    sheet = read_file(path, shelf.directory, shelf.catalogue)
    assert [entry.values["full_name"] for entry in sheet.entries] == ["Trần Thị Hà"]


def test_a_list_of_strangers_names_no_kind(refused: Refused) -> None:
    problem = refused("other.csv", "Tên hàng;Giá\nBút;5000\n".encode())
    assert problem.code == "exchange.kind"


def test_a_workbook_of_another_program_is_known_by_the_name_of_its_sheet(
    shelf: Shelf, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Hoi vien"
    sheet.append(["Họ và tên"])
    sheet.append(["Trần Thị Hà"])
    book.save(tmp_path / "typed.xlsx")
    assert read_file(tmp_path / "typed.xlsx", shelf.directory, shelf.catalogue).kind is Member


def test_text_in_an_old_code_page_is_not_guessed(refused: Refused) -> None:
    assert refused("old.csv", "Họ và tên;Ghi chú\n".encode("cp1258", "replace") + b"\xd2").code == (
        "exchange.encoding"
    )


def test_json_of_a_newer_program_asks_for_an_update(refused: Refused) -> None:
    whole = {"format": "vla-desktop records", "version": 2, "kind": "member", "records": []}
    assert refused("new.json", json.dumps(whole).encode()).code == "exchange.newer"
    assert refused("deep.json", b"[" * 200_000).code == "exchange.unreadable"


def test_json_with_values_of_the_wrong_type_says_so_beside_the_field(
    shelf: Shelf, tmp_path: Path
) -> None:
    records = [
        {
            "values": {
                "full_name": 5,
                "joined_on": "2026-02-30",
                "gender": "male",
                "pet": "cat",
                "note": "\x00",
            }
        },
        {"id": 7, "values": {}},
        "noise",
    ]
    whole = {"format": "vla-desktop records", "version": 1, "kind": "member", "records": records}
    path = tmp_path / "members.json"
    path.write_text(json.dumps(whole), "utf-8")
    sheet = read_file(path, shelf.directory, shelf.catalogue)
    assert [set(entry.problems) for entry in sheet.entries] == [
        {"full_name", "joined_on", "note"},
        {""},
        {""},
    ]
    assert sheet.entries[0].values == {"gender": "male"}
    assert sheet.unknown == ("pet",)


def test_a_missing_file_is_named(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"Không có tệp none\.xlsx") as raised:
        read_file(tmp_path / "none.xlsx", shelf.directory, shelf.catalogue)
    assert raised.value.code == "exchange.missing"


def test_a_missing_folder_is_named(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(Problem) as raised:
        export_rows(tmp_path / "none" / "a.xlsx", Member, [], shelf.catalogue)
    assert raised.value.code == "exchange.folder"


def test_a_folder_in_the_way_leaves_nothing_behind(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(Problem) as raised:
        export_rows(tmp_path / "a.csv", Member, [], shelf.catalogue)
    assert raised.value.code == "exchange.folder"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these folders")
def test_a_folder_that_takes_no_files_is_named(shelf: Shelf) -> None:
    with pytest.raises(Problem, match="vào thư mục /proc") as raised:
        export_rows(Path("/proc/a.csv"), Member, [], shelf.catalogue)
    assert raised.value.code == "exchange.folder"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a disk that is always full")
def test_a_full_disk_is_named_and_the_older_file_stands(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("cũ", "utf-8")
    (tmp_path / "a.csv.new").symlink_to("/dev/full")
    with pytest.raises(Problem) as raised:
        export_rows(path, Member, shelf.rows(Member), shelf.catalogue)
    assert raised.value.code == "exchange.full"
    assert path.read_text("utf-8") == "cũ"


def test_a_failed_export_leaves_the_older_file_whole(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    export_rows(path, Member, shelf.rows(Member), shelf.catalogue)
    before = path.read_bytes()
    (tmp_path / "a.json.new").mkdir()  # where the draft would be written
    with pytest.raises(Problem) as raised:
        export_rows(path, Member, shelf.rows(Member), shelf.catalogue)
    assert raised.value.code == "exchange.locked"
    assert path.read_bytes() == before


def test_an_ending_that_nobody_knows_is_asked_about(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(Problem) as raised:
        export_rows(tmp_path / "a.ods", Member, [], shelf.catalogue)
    assert raised.value.code == "exchange.format"
