"""What a clerk chose comes back, and a damaged file costs no more than the choices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vla_desktop.settings import (
    FILE_NAME,
    SET_ASIDE_NAME,
    AppearanceSettings,
    Settings,
    SyncSettings,
)

CHOSEN = Settings(
    author="Lê Thị Mẫu",
    computer="Máy văn phòng 1",
    sync=SyncSettings(server="http://127.0.0.1:8000", every_minutes=30, paused=True),
    appearance=AppearanceSettings(theme="dark", language="en", text_scale=1.25),
)


def a_file(folder: Path, content: str | bytes) -> Path:
    path = folder / FILE_NAME
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_with_no_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path)

    assert settings == Settings()
    assert (settings.sync.every_minutes, settings.sync.paused) == (15, False)
    assert (settings.appearance.theme, settings.appearance.language) == ("system", "vi")
    assert list(tmp_path.iterdir()) == []


def test_every_choice_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "new"

    CHOSEN.save(folder)

    assert Settings.load(folder) == CHOSEN
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_a_later_choice_replaces_the_earlier_one(tmp_path: Path) -> None:
    CHOSEN.save(tmp_path)
    loaded = Settings.load(tmp_path)

    replace(loaded, sync=replace(loaded.sync, every_minutes=60)).save(tmp_path)

    assert Settings.load(tmp_path).sync.every_minutes == 60
    assert Settings.load(tmp_path).author == CHOSEN.author


def test_what_a_newer_program_wrote_is_kept_for_it(tmp_path: Path) -> None:
    path = a_file(
        tmp_path, 'author = "Mẫu"\nnext_year = 1\n[sync]\nproxy = "x"\n[printer]\ntray = [2]\n'
    )
    settings = replace(Settings.load(tmp_path), author="Khác")

    settings.save(tmp_path)

    text = path.read_text("utf-8")
    assert "next_year = 1" in text
    assert 'proxy = "x"' in text
    assert "[printer]" in text
    assert Settings.load(tmp_path).author == "Khác"


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"author = ", b"author = 1\nauthor = 2", b"[" * 5000, b"\x00" * 100],
)
def test_a_damaged_file_is_set_aside_and_the_defaults_hold(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = a_file(tmp_path, content)

    assert Settings.load(tmp_path) == Settings()
    assert not path.exists()
    assert (tmp_path / SET_ASIDE_NAME).read_bytes() == content
    assert "damaged" in caplog.text
    caplog.clear()


@pytest.mark.parametrize(
    "line",
    [
        'sync.every_minutes = "nhanh"',
        "sync.every_minutes = 0",
        "sync.every_minutes = true",
        "sync.every_minutes = 1.5",
        "sync = 3",
        "sync.paused = 1",
        'appearance.theme = "pink"',
        "appearance.theme = []",
        "appearance.text_scale = nan",
        "appearance.text_scale = 100",
        'appearance.text_scale = "1"',
        "computer = 5",
    ],
)
def test_one_value_out_of_place_leaves_the_others(tmp_path: Path, line: str) -> None:
    a_file(tmp_path, f'author = "Mẫu"\n{line}\n')

    settings = Settings.load(tmp_path)

    assert settings == Settings(author="Mẫu")
    settings.save(tmp_path)
    assert Settings.load(tmp_path) == settings


def test_a_whole_number_is_a_scale_too(tmp_path: Path) -> None:
    a_file(tmp_path, "appearance.text_scale = 2")

    scale = Settings.load(tmp_path).appearance.text_scale
    assert (scale, type(scale)) == (2.0, float)


def test_a_file_touched_by_notepad_is_read(tmp_path: Path) -> None:
    a_file(tmp_path, b"\xef\xbb\xbf" + 'author = "Mẫu"\r\n'.encode())

    assert Settings.load(tmp_path).author == "Mẫu"


def test_what_cannot_be_read_is_not_taken_for_nothing_chosen(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()

    with pytest.raises(OSError, match=FILE_NAME):
        Settings.load(tmp_path)
    assert (tmp_path / FILE_NAME).is_dir()
