"""The vault opens for the right passphrase, survives damage, and never crashes."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.problems import Problem
from vla_desktop.paths import database_file
from vla_desktop.store import header as header_module
from vla_desktop.store.header import FILE_NAMES, Header, canonical, copies, read_headers
from vla_desktop.store.vault import (
    FLOOR,
    Cost,
    Key,
    change_passphrase,
    create_vault,
    open_vault,
    vault_exists,
)

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "sách mở muôn trang"
OTHER = "thư viện cuối phố"


def a_vault(folder: Path) -> Key:
    return create_vault(folder, PASSPHRASE, cost=CHEAP)


def opened(folder: Path, passphrase: str = PASSPHRASE) -> Key:
    return open_vault(folder, passphrase, floor=CHEAP)


def refusal(action: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        action()
    return caught.value


def rewritten(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the header as somebody would who knows the format but not the key."""
    file = json.loads(path.read_bytes())
    change(file["header"])
    parts = {"header": file["header"], "seal": file["seal"]}
    digest = hashlib.sha256(canonical(parts)).hexdigest()
    path.write_text(json.dumps({**parts, "sum": digest}))


def test_the_passphrase_gives_the_key_that_was_drawn(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "office"
    assert not vault_exists(folder)

    key = a_vault(folder)

    assert vault_exists(folder)
    assert len(key.secret) == 32
    assert opened(folder) == key


def test_two_offices_never_share_a_key_or_a_name(tmp_path: Path) -> None:
    here, there = a_vault(tmp_path / "a"), a_vault(tmp_path / "b")

    assert here.secret != there.secret
    assert here.office != there.office


def test_neither_file_nor_log_line_shows_the_key(tmp_path: Path) -> None:
    key = a_vault(tmp_path)

    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)
    for path in copies(tmp_path):
        assert key.secret.hex() not in path.read_text()


def test_a_wrong_passphrase_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    a_vault(tmp_path)
    before = [path.read_bytes() for path in copies(tmp_path)]

    assert refusal(lambda: opened(tmp_path, OTHER)).code == "vault.passphrase"
    assert refusal(lambda: opened(tmp_path, "")).code == "vault.passphrase"
    assert refusal(lambda: opened(tmp_path, "\udcff lạ")).code == "vault.passphrase"
    assert [path.read_bytes() for path in copies(tmp_path)] == before


def test_a_passphrase_typed_with_loose_marks_is_the_same_passphrase(tmp_path: Path) -> None:
    key = a_vault(tmp_path)

    assert opened(tmp_path, unicodedata.normalize("NFD", PASSPHRASE)) == key


def test_a_short_passphrase_is_refused_at_creation_and_at_change(tmp_path: Path) -> None:
    loose = unicodedata.normalize("NFD", "ềềềềề")
    assert len(loose) > 12

    assert refusal(lambda: create_vault(tmp_path, loose, cost=CHEAP)).code == "vault.weak"
    assert not vault_exists(tmp_path)
    a_vault(tmp_path)
    short = refusal(lambda: change_passphrase(tmp_path, PASSPHRASE, "ngắn", floor=CHEAP))
    assert short.code == "vault.weak"
    opened(tmp_path)


def test_a_second_vault_never_replaces_the_first(tmp_path: Path) -> None:
    key = a_vault(tmp_path)

    assert refusal(lambda: a_vault(tmp_path)).code == "vault.exists"
    assert opened(tmp_path) == key


def test_an_empty_folder_says_that_no_office_is_there(tmp_path: Path) -> None:
    assert refusal(lambda: opened(tmp_path)).code == "vault.none"


def test_a_database_without_its_vault_is_neither_opened_nor_given_a_new_key(
    tmp_path: Path,
) -> None:
    database_file(tmp_path).write_bytes(b"sealed")

    assert refusal(lambda: opened(tmp_path)).code == "vault.missing"
    assert refusal(lambda: a_vault(tmp_path)).code == "vault.missing"
    assert not vault_exists(tmp_path)


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_copy_with_any_byte_flipped_is_mended_from_the_other(tmp_path: Path, name: str) -> None:
    key = a_vault(tmp_path)
    whole = (tmp_path / name).read_bytes()

    for place in range(0, len(whole), 5):
        flipped = bytearray(whole)
        flipped[place] ^= 0x01 << place % 8
        (tmp_path / name).write_bytes(flipped)

        assert opened(tmp_path) == key, place
        assert (tmp_path / name).read_bytes() == whole, place


def test_a_copy_cut_short_anywhere_or_gone_is_mended(tmp_path: Path) -> None:
    key = a_vault(tmp_path)
    path = tmp_path / FILE_NAMES[0]
    whole = path.read_bytes()

    for length in range(0, len(whole), 23):
        path.write_bytes(whole[:length])
        assert opened(tmp_path) == key, length
        assert path.read_bytes() == whole, length
    path.unlink()
    assert opened(tmp_path) == key
    assert path.read_bytes() == whole


def test_both_copies_with_any_byte_flipped_give_the_sentence(tmp_path: Path) -> None:
    a_vault(tmp_path)
    whole = copies(tmp_path)[0].read_bytes()

    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 0x01 << place % 8
        for path in copies(tmp_path):
            path.write_bytes(flipped)
        refused = refusal(lambda: opened(tmp_path))
        assert refused.code == "vault.damaged", place
        assert refused.advice
        assert all(path.read_bytes() == flipped for path in copies(tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b"[" * 60_000,
        b'{"header": 1, "seal": 2, "sum": 3}',
        b"9" * 60_000,
    ],
)
def test_nonsense_in_both_copies_gives_the_sentence(tmp_path: Path, content: bytes) -> None:
    a_vault(tmp_path)
    for path in copies(tmp_path):
        path.write_bytes(content)

    assert refusal(lambda: opened(tmp_path)).code == "vault.damaged"


def test_a_header_of_a_newer_version_asks_for_an_update(tmp_path: Path) -> None:
    a_vault(tmp_path)
    rewritten(copies(tmp_path)[0], lambda header: header.update(version=2))
    newer = copies(tmp_path)[0].read_bytes()

    assert refusal(lambda: opened(tmp_path)).code == "vault.newer"
    assert copies(tmp_path)[0].read_bytes() == newer


@pytest.mark.parametrize("part", ["memory_kib", "passes", "lanes"])
def test_the_floor_is_kept_and_cheaper_headers_are_refused(tmp_path: Path, part: str) -> None:
    assert (FLOOR.memory_kib, FLOOR.passes, FLOOR.lanes) == (65_536, 3, 4)
    floor = Cost(memory_kib=64, passes=2, lanes=2)
    key = create_vault(tmp_path, PASSPHRASE, cost=floor)

    def cheapen(header: dict[str, Any]) -> None:
        header["wraps"][0][part] -= 1

    for path in copies(tmp_path):
        rewritten(path, cheapen)
    refused = refusal(lambda: open_vault(tmp_path, PASSPHRASE, floor=floor))
    assert refused.code == "vault.damaged"

    copies(tmp_path)[1].unlink()
    assert refusal(lambda: open_vault(tmp_path, PASSPHRASE)).code == "vault.damaged"
    assert key.secret


def test_with_nothing_said_the_floor_is_what_a_vault_costs(tmp_path: Path) -> None:
    key = create_vault(tmp_path, PASSPHRASE)

    assert open_vault(tmp_path, PASSPHRASE) == key
    wrap = read_headers(tmp_path)[0].wraps[0]
    assert Cost(wrap["memory_kib"], wrap["passes"], wrap["lanes"]) == FLOOR


def test_a_header_that_asks_for_all_the_memory_is_refused(tmp_path: Path) -> None:
    a_vault(tmp_path)
    for path in copies(tmp_path):
        rewritten(path, lambda header: header["wraps"][0].update(memory_kib=2**31))

    assert refusal(lambda: opened(tmp_path)).code == "vault.damaged"


@pytest.mark.parametrize(
    "change",
    [
        {"salt": "00"},
        {"salt": "xin chào"},
        {"nonce": None},
        {"kdf": "scrypt"},
        {"sealed": ""},
        {"passes": True},
        {"passes": "3"},
        {"kind": "other"},
    ],
)
def test_a_wrap_out_of_shape_is_damage(tmp_path: Path, change: dict[str, object]) -> None:
    a_vault(tmp_path)
    for path in copies(tmp_path):
        rewritten(path, lambda header: header["wraps"][0].update(change))

    assert refusal(lambda: opened(tmp_path)).code == "vault.damaged"


def test_a_part_that_no_wrap_covers_is_guarded_by_the_seal(tmp_path: Path) -> None:
    key = a_vault(tmp_path)
    rewritten(copies(tmp_path)[0], lambda header: header.update(revision=7))

    assert opened(tmp_path) == key
    assert read_headers(tmp_path)[0].revision == 1

    for path in copies(tmp_path):
        rewritten(path, lambda header: header["wraps"].append({"kind": "planted"}))
    assert refusal(lambda: opened(tmp_path)).code == "vault.damaged"


def test_a_wrap_moved_to_another_office_does_not_open(tmp_path: Path) -> None:
    a_vault(tmp_path)
    for path in copies(tmp_path):
        rewritten(path, lambda header: header.update(office="0" * 32))

    assert refusal(lambda: opened(tmp_path)).code == "vault.passphrase"


def test_a_changed_passphrase_keeps_the_key_and_shuts_out_the_old_one(tmp_path: Path) -> None:
    key = a_vault(tmp_path)

    change_passphrase(tmp_path, PASSPHRASE, OTHER, cost=CHEAP, floor=CHEAP)

    assert opened(tmp_path, OTHER) == key
    assert refusal(lambda: opened(tmp_path)).code == "vault.passphrase"


def test_the_old_passphrase_is_asked_for_before_it_is_changed(tmp_path: Path) -> None:
    key = a_vault(tmp_path)

    wrong = refusal(lambda: change_passphrase(tmp_path, OTHER, OTHER, cost=CHEAP, floor=CHEAP))

    assert wrong.code == "vault.passphrase"
    assert opened(tmp_path) == key


def test_wraps_of_other_kinds_survive_a_change_of_passphrase(tmp_path: Path) -> None:
    key = a_vault(tmp_path)
    escrow = {"kind": "escrow", "parts": [1, 2], "sealed": "00"}
    first = read_headers(tmp_path)[0]
    both = replace(first, wraps=(escrow, *first.wraps)).sealed(key.secret)
    header_module.write_header(tmp_path, both)

    change_passphrase(tmp_path, PASSPHRASE, OTHER, cost=CHEAP, floor=CHEAP)

    assert opened(tmp_path, OTHER) == key
    assert read_headers(tmp_path)[0].wraps[0] == escrow


def test_a_power_cut_between_the_two_copies_leaves_one_passphrase(tmp_path: Path) -> None:
    key = a_vault(tmp_path)
    old = copies(tmp_path)[1].read_bytes()
    change_passphrase(tmp_path, PASSPHRASE, OTHER, cost=CHEAP, floor=CHEAP)
    copies(tmp_path)[1].write_bytes(old)

    assert refusal(lambda: opened(tmp_path)).code == "vault.passphrase"
    assert opened(tmp_path, OTHER) == key
    assert copies(tmp_path)[1].read_bytes() == copies(tmp_path)[0].read_bytes()


def test_what_a_power_cut_left_half_written_is_no_obstacle(tmp_path: Path) -> None:
    key = a_vault(tmp_path)
    for path in copies(tmp_path):
        path.with_name(f"{path.name}.new").write_bytes(b"{")

    change_passphrase(tmp_path, PASSPHRASE, OTHER, cost=CHEAP, floor=CHEAP)

    assert opened(tmp_path, OTHER) == key
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILE_NAMES)


def test_a_copy_that_cannot_be_read_does_not_hide_the_other(tmp_path: Path) -> None:
    key = a_vault(tmp_path)
    copies(tmp_path)[0].unlink()
    copies(tmp_path)[0].mkdir()

    assert opened(tmp_path) == key


def test_only_its_owner_may_read_the_vault(tmp_path: Path) -> None:
    a_vault(tmp_path / "office")

    assert all(path.stat().st_mode & 0o077 == 0 for path in copies(tmp_path / "office"))


def test_a_seal_of_another_key_is_no_seal() -> None:
    header = Header("0" * 32, 1, ()).sealed(bytes(32))

    assert header.is_sealed_by(bytes(32))
    assert not header.is_sealed_by(b"\x01" * 32)
