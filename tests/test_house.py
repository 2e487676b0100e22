"""The walls of the house that no linter holds."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES, CLASS_LINES, FUNCTION_LINES = 400, 250, 40

# Somebody's own folder, on any of the three systems.
HOME = re.compile(r"(?<![\w.$}])/(?:home|Users|root)/\w|\b[A-Z]:[\\/]+Users[\\/]")


def sources(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "versions" not in path.parts
    ]


def too_long(text: str) -> Iterator[str]:
    """Say of each file, class and function over its ceiling what it measures."""
    total = text.count("\n")
    if total > FILE_LINES:
        yield f"file: {total} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            ceiling = CLASS_LINES
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            ceiling = FUNCTION_LINES
        else:
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > ceiling:
            yield f"{node.name}, line {node.lineno}: {length} lines"


def repository_files() -> Iterator[Path]:
    """Every file that .gitignore does not leave out."""
    lines = (ROOT / ".gitignore").read_text("utf-8").split()
    left_out = [".git", *(line.rstrip("/") for line in lines)]
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not any(fnmatch(p, out) for p in parts for out in left_out):
            yield path


def locked() -> dict[str, str]:
    """Version by package, as requirements.lock has them."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE))


def test_no_file_class_or_function_outgrows_its_ceiling() -> None:
    findings = [
        f"{path.relative_to(ROOT)}: {finding}"
        for path in [*sources("sync", "vla_desktop", "tests"), ROOT / "dev.py"]
        for finding in too_long(path.read_text("utf-8"))
    ]
    assert findings == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("x = 1\n" * 401, "file: 401 lines"),
        ("class Long:\n" + "    x = 1\n" * 250, "Long, line 1: 251 lines"),
        ("async def long():\n" + "    x = 1\n" * 40, "long, line 1: 41 lines"),
    ],
)
def test_what_is_one_line_too_long_is_seen(text: str, finding: str) -> None:
    assert list(too_long(text)) == [finding]


def test_no_source_holds_a_tab() -> None:
    paths = sources("sync", "vla_desktop", "tests")
    assert [path.name for path in paths if "\t" in path.read_text("utf-8")] == []


def test_nothing_names_a_folder_of_the_machine_it_was_written_on() -> None:
    # A checkout right under the root has a name that may stand anywhere by chance.
    here = str(ROOT) if len(ROOT.parts) > 2 else ""
    findings = []
    for path in repository_files():
        text = path.read_bytes().decode("utf-8", "ignore")
        if (here and here in text) or (HOME.search(text) and path != Path(__file__).resolve()):
            findings.append(str(path.relative_to(ROOT)))
    assert findings == []


@pytest.mark.parametrize("path", ["/home/lan/vla", "'/Users/lan/", r"C:\Users\lan", "C:/Users/lan"])
def test_a_folder_of_somebody_is_recognised(path: str) -> None:
    assert HOME.search(path)


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    asked = [*project["dependencies"], *chain.from_iterable(extras)]
    versions = locked()
    assert len(asked) > 20
    for requirement in map(Requirement, asked):
        version = versions.get(requirement.name.lower().replace("_", "-"), "absent")
        assert version != "absent", f"run: python3 dev.py lock ({requirement})"
        assert requirement.specifier.contains(version), f"run: python3 dev.py lock ({requirement})"


def test_the_lock_names_no_place_and_has_a_hash_for_everything() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|index-url|find-links|file:", text)
