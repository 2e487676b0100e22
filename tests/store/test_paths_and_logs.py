"""Things lie where they are looked for, and the diary tells of nobody."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vla_desktop import logs, paths
from vla_desktop.files import write_whole

CANARY = "Nguyễn Thị Chim Hoàng Yến"


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Path]:
    """The file that the diary is written to."""
    handler = logs.set_up(tmp_path / "logs")
    yield tmp_path / "logs" / logs.FILE_NAME
    logs.shut(handler)


def test_resources_lie_in_the_source_tree_or_in_the_bundle(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert paths.resources() == Path(__file__).resolve().parents[2] / "resources"

    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources() == tmp_path / "resources"


def test_the_default_home_belongs_to_whoever_is_signed_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    home = paths.default_home()

    assert home.is_absolute()
    assert home.name == "VLA Desktop"
    assert home.is_relative_to(Path.home())


def test_what_an_office_keeps_lies_in_its_home(tmp_path: Path) -> None:
    assert paths.database_file(tmp_path).parent == tmp_path
    assert paths.log_folder(tmp_path).parent == tmp_path


def test_our_packages_write_in_the_diary_and_others_do_not(
    diary: Path, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("vla_desktop.store").info("saved %s", "0" * 32)
    logging.getLogger("sync.client").warning("offline")
    logging.getLogger("urllib3").info("GET http://centre/%s", CANARY)
    caplog.clear()  # the warning was meant

    lines = diary.read_text("utf-8").splitlines()
    assert len(lines) == 2
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"{stamp} INFO vla_desktop\.store: saved 0+", lines[0])
    assert re.fullmatch(rf"{stamp} WARNING sync\.client: offline", lines[1])


def test_an_exception_is_told_by_its_kind_and_place_without_its_words(
    diary: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(f"no member {CANARY}") from error

    try:
        fail()
    except ValueError:
        logging.getLogger("vla_desktop").exception("could not save %s", "1" * 32)

    text = diary.read_text("utf-8")
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_paths_and_logs.py" in text
    assert CANARY not in text
    caplog.clear()


def test_the_diary_grows_only_so_far(diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(80):
        logging.getLogger("vla_desktop").info("x" * 100_000)

    kept = list(diary.parent.iterdir())
    assert len(kept) == logs.KEPT_FILES + 1
    assert max(path.stat().st_size for path in kept) <= logs.LARGEST_BYTES


def test_a_second_setting_up_moves_the_diary(diary: Path, tmp_path: Path) -> None:
    handler = logs.set_up(tmp_path / "elsewhere")
    logging.getLogger("vla_desktop").info("here")
    logs.shut(handler)

    assert diary.read_text("utf-8") == ""
    assert "here" in (tmp_path / "elsewhere" / logs.FILE_NAME).read_text("utf-8")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "choice"
    write_whole(path, b"old")
    (tmp_path / "choice.new").mkdir()  # so that the new one cannot be written

    with pytest.raises(OSError, match="choice"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
