"""The core of the exchange is given time, chance and ids; it takes none of them for itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = (
    "sync/*.py",
    "sync/client/*.py",
    "sync/records/*.py",
    "sync/server/centre.py",
    "sync/server/judging.py",
    "sync/server/ledger.py",
)
FORBIDDEN = (
    "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.sleep",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
    "datetime.date.today", "uuid.uuid1", "uuid.uuid4", "random", "secrets", "os.urandom",
)  # fmt: skip

# Where the world comes in, by default, for whoever gives nothing else.
BORDERS = {
    ("sync/client/wire.py", "HttpWire"): "time.monotonic",
    ("sync/server/centre.py", "utc_now"): "datetime.datetime.now",
    ("sync/server/centre.py", "drawn"): "os.urandom",
}


def taken(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each use of what is forbidden, with the function or class in which it stands."""
    names = dict(_imported(tree))
    for part in tree.body:
        where = part.name if isinstance(part, ast.FunctionDef | ast.ClassDef) else ""
        for node in ast.walk(part):
            if isinstance(node, ast.Import | ast.ImportFrom):
                full = [real for _name, real in _imported(node)]
                yield from ((where, real) for real in full if _is_forbidden(real))
            elif isinstance(node, ast.Attribute | ast.Name):
                real = _real(node, names)
                if isinstance(node, ast.Attribute) and _is_forbidden(real):
                    yield where, real


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _real(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_real(node.value, names)}.{node.attr}"
    return names.get(node.id, "") if isinstance(node, ast.Name) else ""


def _is_forbidden(real: str) -> bool:
    return any(real == one or real.startswith(f"{one}.") for one in FORBIDDEN)


def test_the_core_takes_no_time_no_chance_and_no_ids() -> None:
    paths = [path for pattern in CORE for path in sorted(ROOT.glob(pattern))]
    found, used = [], set()
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        for where, real in taken(ast.parse(path.read_text("utf-8"))):
            if BORDERS.get((name, where)) == real:
                used.add((name, where))
            else:
                found.append(f"{name}: {where or 'module'} takes {real}")
    assert len(paths) > 30
    assert found == []
    assert used == set(BORDERS), "a border that nothing crosses is no border"


@pytest.mark.parametrize(
    "fault",
    [
        "import time\ndef f():\n    return time.time()",
        "import time as t\nx = t.monotonic()",
        "from time import monotonic\n",
        "import datetime as dt\nclass A:\n    def f(self):\n        return dt.datetime.now(dt.UTC)",
        "from datetime import datetime\nx = datetime.utcnow()",
        "import datetime\nx = datetime.date.today()",
        "from uuid import uuid4\n",
        "import uuid\nx = lambda: uuid.uuid4()",
        "def f():\n    import random",
        "from random import Random\n",
        "import secrets\n",
        "import os\ndef f(draw=os.urandom): ...",
    ],
)
def test_whatever_is_taken_is_seen(fault: str) -> None:
    assert list(taken(ast.parse(fault)))


@pytest.mark.parametrize(
    "text",
    [
        "import time\nimport datetime as dt\ndef f(now: dt.datetime) -> dt.date:\n    return now",
        "def f(self, random):\n    return self.time.time() + random.random()",
        "import os\nx = os.path",
    ],
)
def test_what_is_given_is_nobodys_fault(text: str) -> None:
    assert list(taken(ast.parse(text))) == []
