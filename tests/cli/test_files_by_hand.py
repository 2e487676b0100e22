"""A branch without a network: its work goes and its receipt comes as files, by the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sync.server.cli import main as operate
from sync.server.embedded import EmbeddedCentre
from tests.cli.desk import LIBRARY, ROOT, Desk, as_program


@pytest.fixture
def joined(desk: Desk, centre: EmbeddedCentre) -> Desk:
    """An office that has joined the branch and will never reach the centre again."""
    desk.ask("enrol", "--server", centre.url, "--code", centre.invite("DAKLAK"))
    centre.stop()
    return desk


def at_the_centre(centre: EmbeddedCentre, sent: Path, back: Path) -> int:
    """The operator takes in a file."""
    where = ["--database", centre.centre.settings.database]
    return operate(["import-batch", str(sent), "--out", str(back), *where])


def test_work_and_receipt_travel_as_files_between_processes(
    centre: EmbeddedCentre, tmp_path: Path
) -> None:
    desk = Desk(tmp_path / "văn phòng", as_program())
    desk.ask("init")
    desk.ask("enrol", "--server", centre.url, "--code", centre.invite("DAKLAK"))
    centre.stop()
    desk.ask(*LIBRARY)
    sent, back = tmp_path / "USB" / "gửi.vlab", tmp_path / "USB" / "nhận.vlar"
    sent.parent.mkdir()
    written = desk.ask("export-batch", str(sent))
    assert (written["changes"], written["left"], written["bytes"]) == (1, 0, sent.stat().st_size)
    words = ["import-batch", str(sent), "--out", str(back), "--json"]
    database = ["--database", centre.centre.settings.database]
    subprocess.run(
        [sys.executable, "-m", "sync.server", *words, *database],
        cwd=ROOT, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    taken = desk.ask("import-ack", str(back))
    assert (taken["news"], taken["accepted"], taken["light"]) == (True, 1, "green")
    assert desk.ask("verify-receipt")["holds"]
    assert desk.ask("pending")["count"] == 0
    (library,) = desk.ask("list", "library")["records"]
    assert library["state"] == "confirmed"


def test_a_receipt_by_file_is_of_the_kind_the_network_gives(
    joined: Desk, centre: EmbeddedCentre, tmp_path: Path
) -> None:
    sent, back = tmp_path / "gửi", tmp_path / "nhận"
    joined.ask("export-batch", str(sent))
    assert at_the_centre(centre, sent, back) == 0
    by_file = joined.ask("import-ack", str(back))
    centre.start()
    by_network = joined.ask("sync")
    assert set(by_network) | {"news"} == set(by_file)
    assert set(by_network["receipt"]) == set(by_file["receipt"])
    assert by_network["receipt"]["positions"] == by_file["receipt"]["positions"]
    assert by_network["receipt"]["number"] > by_file["receipt"]["number"]


def test_a_receipt_that_is_known_is_said_to_be(
    joined: Desk, centre: EmbeddedCentre, tmp_path: Path
) -> None:
    sent, back = tmp_path / "gửi", tmp_path / "nhận"
    joined.ask("export-batch", str(sent))
    assert at_the_centre(centre, sent, back) == 0
    assert joined.ask("import-ack", str(back))["news"]
    again = joined.type("import-ack", str(back))
    assert again.code == 0
    assert "đã biết từ trước" in again.err
    assert not joined.ask("import-ack", str(back))["news"]


def test_what_is_typed_after_the_file_waits_for_the_next_one(
    joined: Desk, centre: EmbeddedCentre, tmp_path: Path
) -> None:
    sent, back = tmp_path / "gửi", tmp_path / "nhận"
    joined.ask("export-batch", str(sent))
    joined.ask(*LIBRARY)
    assert at_the_centre(centre, sent, back) == 0
    taken = joined.ask("import-ack", str(back))
    assert (taken["accepted"], taken["light"]) == (2, "amber")
    assert joined.ask("pending")["count"] == 1
    assert joined.ask("export-batch", str(sent))["changes"] == 1


@pytest.mark.parametrize(
    ("spoiling", "code"),
    [
        (lambda content: content[:-1], "file.truncated"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "file.damaged"),
        (lambda content: b"PK" + content, "file.alien"),
        (lambda content: content[:8] + b"\x09" + content[9:], "file.version"),
    ],
)
def test_a_spoilt_receipt_changes_nothing(
    spoiling: Any, code: str, joined: Desk, centre: EmbeddedCentre, tmp_path: Path
) -> None:
    sent, back = tmp_path / "gửi", tmp_path / "nhận"
    joined.ask("export-batch", str(sent))
    assert at_the_centre(centre, sent, back) == 0
    whole = back.read_bytes()
    back.write_bytes(spoiling(whole))
    assert joined.refusal("import-ack", str(back))["code"] == code
    assert joined.ask("pending")["count"] == 2
    back.write_bytes(whole)
    assert joined.ask("import-ack", str(back))["light"] == "green"


def test_places_that_cannot_be_read_or_written_are_said(joined: Desk, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "không có" / "tệp")
    assert joined.refusal("export-batch", nowhere)["code"] == "disk.missing"
    assert joined.refusal("import-ack", nowhere)["code"] == "file.unreadable"
    assert joined.refusal("import-ack", str(tmp_path))["code"] == "file.unreadable"


def test_an_office_that_has_not_joined_is_told_to(desk: Desk, tmp_path: Path) -> None:
    assert desk.refusal("export-batch", str(tmp_path / "x"))["code"] == "sync.not_enrolled"
    assert not (tmp_path / "x").exists()
