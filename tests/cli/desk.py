"""Typing at an office: each word list is one start of the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from vla_desktop.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "chín con ngựa uống trà 2026"
LIBRARY = ("add", "library", "name=Thư viện tỉnh Đắk Lắk", "type=public", "commune=00004")
MEMBER = (
    "full_name=Nguyễn Thị Hằng", "born_on=1975", "occupation=Thủ thư", "address=Số 1, phố Sách",
    "commune=00004", "workplace=thu vien tinh dak lak", "joined_on=01/02/2020",
    "decision_no=12/QĐ", "consented=có",
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What one start left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The refusal in the document, which people read on standard error too."""
        error = self.document["error"]
        assert error["what"] in self.err
        assert error["what"].endswith((".", "?"))
        assert "Traceback" not in self.err
        return error


Start = Callable[[Path, tuple[str, ...]], Done]


@dataclass
class Desk:
    """One office at which verbs are typed; `verbs` remembers which."""

    home: Path
    start: Start
    verbs: set[str] = field(default_factory=set)

    def type(self, *words: str) -> Done:
        """Start the program with these words."""
        self.verbs.add(words[0])
        return self.start(self.home, words)

    def ask(self, *words: str) -> Any:
        """The document of a verb that must be done."""
        done = self.type(*words, "--json")
        assert (done.code, done.err) == (0, done.err), done.err
        return done.document

    def refusal(self, *words: str, code: int = 1) -> Any:
        """The refusal of a verb that must not be done."""
        done = self.type(*words, "--json")
        assert done.code == code, (done.code, done.out, done.err)
        return done.error


def in_process(capsys: pytest.CaptureFixture[str]) -> Start:
    """Starts that are calls of `main`."""

    def start(home: Path, words: tuple[str, ...]) -> Done:
        capsys.readouterr()
        code = main(["--home", str(home), *words])
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return start


def as_program(environment: Mapping[str, str] | None = None) -> Start:
    """Starts that are processes, as scripts of others start them."""

    def start(home: Path, words: tuple[str, ...]) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "vla_desktop", "--home", str(home), *words],
            cwd=ROOT,
            env={**os.environ, "VLA_PASSPHRASE": PASSPHRASE, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return start
