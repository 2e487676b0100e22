"""What of the Windows program can be judged on any machine; `dev.py test-windows` does the rest."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import dev
from tests.windows import icon, licences
from vla_desktop.presence import MUTEX_NAME

FOR_WINDOWS = dev.ROOT / "resources" / "windows"
PART: dict[str, Any] = {
    "name": "Requests",
    "version": "2.34.2",
    "licence": "Apache-2.0",
    "texts": {"LICENSE": "…"},
}


def locked(path: Path) -> dict[str, str]:
    found = licences.LOCKED.finditer(path.read_text("utf-8"))
    return {match["name"]: match["version"] for match in found}


def test_windows_gets_the_versions_that_everybody_tests() -> None:
    everywhere, windows = locked(dev.LOCK), locked(dev.WINDOWS_LOCK)
    assert {"pyside6-essentials", "sqlcipher3", "pyinstaller"} <= set(windows)
    assert {name: everywhere.get(name) for name in windows} == windows


def test_the_icon_is_the_program_s_picture_in_every_size(qapp: object, tmp_path: Path) -> None:
    made = FOR_WINDOWS / "vla-desktop.ico"
    icon.write(tmp_path / "new.ico")
    for path in (made, tmp_path / "new.ico"):
        content = path.read_bytes()
        _, kind, count = struct.unpack_from("<HHH", content)
        entries = [struct.unpack_from("<BBBBHHII", content, 6 + 16 * n) for n in range(count)]
        assert (kind, [entry[0] or 256 for entry in entries]) == (1, list(icon.SIZES))
        for *_, size, offset in entries:
            assert content[offset : offset + 8] == b"\x89PNG\r\n\x1a\n"
            assert offset + size <= len(content)


def test_the_manifest_asks_for_sharp_text_and_no_administrator() -> None:
    manifest = (FOR_WINDOWS / "vla-desktop.manifest").read_text("utf-8")
    root = ElementTree.fromstring(manifest)  # noqa: S314 our own file
    said = {element.tag.split("}")[1]: (element.text or "").strip() for element in root.iter()}
    level = next(root.iter("{urn:schemas-microsoft-com:asm.v3}requestedExecutionLevel"))
    assert (said["dpiAwareness"], said["activeCodePage"]) == ("PerMonitorV2", "UTF-8")
    assert (said["longPathAware"], level.get("level")) == ("true", "asInvoker")


def test_installer_and_program_mean_the_same_mark() -> None:
    script = (FOR_WINDOWS / "installer.nsi").read_text("utf-8")
    named = re.search(r'!define RUNNING "(.+)"', script)
    assert named is not None
    assert named[1] == MUTEX_NAME


def test_each_sentence_of_the_installer_is_in_both_languages() -> None:
    script = (FOR_WINDOWS / "installer.nsi").read_text("utf-8")
    sentences = re.findall(r"LangString (\w+) \$\{LANG_(\w+)\}", script)
    names = {name for name, _ in sentences}
    assert len(names) == 3
    assert set(sentences) == {
        (name, tongue) for name in names for tongue in ("VIETNAMESE", "ENGLISH")
    }
    assert set(re.findall(r'"\$\((\w+)\)"', script)) == names


def test_each_part_brings_its_licence_into_the_folder(tmp_path: Path) -> None:
    build_only = {**PART, "name": "pefile"}
    licences.collect([PART, build_only, {**PART, "name": "something-else"}], tmp_path)
    listed = json.loads((tmp_path / "sbom.cdx.json").read_text("utf-8"))
    assert [part["purl"] for part in listed["components"]] == ["pkg:pypi/requests@2.34.2"]
    beside = {path.name for path in (tmp_path / "licences").iterdir()}
    assert {"requests-2.34.2", "LGPL-3.0.txt", "GPL-3.0.txt", "LICENSE", "NOTICE"} <= beside
    assert "pefile-2.34.2" not in beside


def test_a_part_without_licence_text_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Requests brings no licence text"):
        licences.collect([{**PART, "texts": {}}], tmp_path)
