"""A great deletion at the command line: held, told, and answered by a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.server.embedded import EmbeddedCentre
from tests.cli.desk import Desk


@pytest.fixture
def held(desk: Desk, centre: EmbeddedCentre) -> Desk:
    """An office whose one library was deleted, which it asks about."""
    desk.ask("enrol", "--server", centre.url, "--code", centre.invite("DAKLAK"))
    desk.ask("sync")
    desk.ask("settings", "sync.most_deleted=0")
    (library,) = desk.ask("list", "library")["records"]
    desk.ask("delete", "library", library["id"])
    return desk


def test_a_held_deletion_is_told_and_the_rest_goes(held: Desk) -> None:
    held.ask("add", "library", "name=Thư viện huyện", "type=public", "commune=00004")
    done = held.type("sync", "--json")
    assert done.code == 0
    assert (done.document["accepted"], done.document["held"]) == (1, 1)
    assert done.document["light"] == "amber"
    (told,) = done.document["held_deletions"]
    assert (told["kind"], told["among"], len(told["ids"])) == ("library", 2, 1)
    assert "Giữ lại việc xóa 1 thư viện" in done.err
    assert "--send-deletions" in done.err


def test_a_word_sends_it(held: Desk) -> None:
    held.ask("sync")
    sent = held.ask("sync", "--send-deletions")
    assert (sent["accepted"], sent["held"], sent["light"]) == (1, 0, "green")


def test_a_word_brings_it_back(held: Desk) -> None:
    held.ask("sync")
    sent = held.ask("sync", "--restore-deletions")
    assert (sent["held"], sent["light"]) == (0, "green")
    assert len(held.ask("list", "library")["records"]) == 1


def test_a_file_takes_it_along_at_a_word(held: Desk, tmp_path: Path) -> None:
    path = str(tmp_path / "gui.vlab")
    without = held.type("export-batch", path, "--json")
    assert (without.document["changes"], without.document["held"]) == (0, 1)
    assert "Giữ lại 1 việc xóa" in without.err
    assert held.ask("export-batch", path, "--send-deletions")["changes"] == 1


def test_a_verb_tells_and_answers_without_a_network(held: Desk) -> None:
    told = held.type("deletions", "--json")
    assert [len(one["ids"]) for one in told.document["held_deletions"]] == [1]
    assert told.document["limits"] == {"percent": 5, "records": 0}
    assert "Giữ lại việc xóa 1 thư viện" in held.type("deletions").out
    assert held.ask("deletions", "--send")["sent"] == 1
    assert held.ask("deletions")["held_deletions"] == []
    assert held.ask("sync")["accepted"] == 1


def test_a_verb_brings_it_back(held: Desk) -> None:
    assert held.ask("deletions", "--restore")["restored"] == 1
    assert "không có" in held.type("deletions").out.lower()
    assert len(held.ask("list", "library")["records"]) == 1


def test_what_others_deleted_is_let_be_by_a_verb(
    held: Desk, centre: EmbeddedCentre, tmp_path: Path
) -> None:
    other = Desk(tmp_path / "other", held.start)
    other.ask("init", "--author", "Văn thư", "--computer", "Máy khác")
    other.ask("enrol", "--server", centre.url, "--code", centre.invite("DAKLAK"))
    other.ask("settings", "sync.most_deleted=0")
    other.ask("sync")
    held.ask("sync", "--send-deletions")
    other.ask("sync")
    (told,) = other.ask("deletions")["arrived_deletions"]
    assert (told["kind"], told["authors"]) == ("library", ["Văn thư"])
    assert other.ask("deletions", "--dismiss")["dismissed"] == 1
    assert other.ask("deletions")["arrived_deletions"] == []
