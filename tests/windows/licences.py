"""What is shipped and under which licence: texts for people, a CycloneDX list for machines."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import dev
import sync

FIXED: Final = dev.ROOT / "resources" / "windows" / "licences"
# They take part in the building and leave nothing in the folder.
BUILD_ONLY: Final = frozenset(
    {"altgraph", "pefile", "pycparser", "pyinstaller-hooks-contrib", "pywin32-ctypes"}
)
LOCKED: Final = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)", re.MULTILINE)


def canonical(name: str) -> str:
    """A distribution's name as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def shipped(parts: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Those installed parts that the lock names and the program folder holds."""
    locked = {match["name"] for match in LOCKED.finditer(dev.WINDOWS_LOCK.read_text("utf-8"))}
    for part in parts:
        if canonical(part["name"]) in locked - BUILD_ONLY:
            yield part


def component(part: Mapping[str, Any]) -> dict[str, Any]:
    """One part as CycloneDX describes it."""
    name = canonical(part["name"])
    described = {
        "type": "library",
        "bom-ref": f"{name}=={part['version']}",
        "name": name,
        "version": part["version"],
        "purl": f"pkg:pypi/{name}@{part['version']}",
    }
    if part["licence"]:
        described["licenses"] = [{"license": {"name": part["licence"]}}]
    return described


def bill(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The software bill of materials, CycloneDX 1.6; the same parts give the same text."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "vla-desktop",
                "name": "vla-desktop",
                "version": sync.__version__,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [component(part) for part in parts],
        "dependencies": [
            {"ref": "vla-desktop", "dependsOn": [component(part)["bom-ref"] for part in parts]}
        ],
    }


def collect(installed: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Write `licences` and `sbom.cdx.json` into the program folder.

    Raises ValueError when a part comes without any licence text.
    """
    target = folder / "licences"
    shutil.copytree(FIXED, target)
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(dev.ROOT / name, target)
    parts = list(shipped(installed))
    for part in parts:
        if not part["texts"]:
            raise ValueError(f"{part['name']} brings no licence text")
        beside = target / f"{canonical(part['name'])}-{part['version']}"
        beside.mkdir()
        for name, text in part["texts"].items():
            (beside / name).write_text(text, "utf-8")
    listed = json.dumps(bill(parts), ensure_ascii=False, indent=1)
    (folder / "sbom.cdx.json").write_text(listed + "\n", "utf-8")
