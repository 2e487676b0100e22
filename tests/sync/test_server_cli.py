"""The operator's words, which scripts of others rely on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from sync.changes import ASSOCIATION
from sync.protocol import Refusal
from sync.server.cli import main
from sync.server.settings import Settings, from_environment
from tests.sync.pc import Pc

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(*words: str) -> Iterator[str]:
    """A centre in a process of its own, and its address."""
    command = [sys.executable, "-m", "sync.server", "run", "--port", "0", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline().strip()
        try:
            yield line
        finally:
            process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
            assert process.wait(timeout=30) == 0 or os.name == "nt"
            assert process.stderr.read() == ""


def say(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def test_a_centre_runs_invites_lists_and_revokes(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--database", database_url)
    with running(*where) as line:
        url = re.fullmatch(r"Centre listening on (http://127\.0\.0\.1:\d+)", line)
        assert url
        code = say(capsys, "invite", "--branch", "hn", "--name", "Hà Nội", *where).strip()
        assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", code)
        pc = Pc(url[1])
        pc.enrol(code, "Máy một")
        place = pc.sync(pc.library()).receipt.positions["hn"]
        assert say(capsys, "branches", *where) == "hn\tHà Nội\n"
        assert say(capsys, "devices", *where).startswith(f"{pc.device}\thn\tMáy một\t")
        assert say(capsys, "digest", *where) == f"hn\t1\t{place.digest}\n"
        say(capsys, "revoke", pc.device.upper(), *where)
        with pytest.raises(Refusal, match="revoked"):
            pc.sync()
        say(capsys, "reinstate", pc.device, *where)
        assert pc.sync().receipt.positions["hn"].seq == 1


def test_every_word_speaks_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--json", "--database", f"sqlite:///{tmp_path / 'centre.db'}")
    with running(*where) as line:
        url = json.loads(line)["url"]
        assert requests.get(url + "/health", timeout=20).status_code == 200
        invited = json.loads(say(capsys, "invite", "--branch", "hn", *where))
        assert invited["branch"] == "hn"
        pc = Pc(url)
        pc.enrol(invited["code"])
        pc.sync(pc.library())
        assert json.loads(say(capsys, "branches", *where)) == [{"code": "hn", "name": "hn"}]
        [device] = json.loads(say(capsys, "devices", *where))
        assert (device["device"], device["revoked_at"]) == (pc.device, "")
        assert json.loads(say(capsys, "digest", *where))["hn"]["seq"] == 1
        assert json.loads(say(capsys, "revoke", pc.device, *where))["revoked_at"]


def test_two_processes_serve_one_ledger(postgres: str, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--database", postgres)
    with running(*where) as one, running(*where) as other:
        pcs = [Pc(line.split()[-1]) for line in (one, other)]
        for pc in pcs:
            pc.enrol(say(capsys, "invite", "--branch", "hn", *where).strip())
        for pc in pcs * 3:
            pc.sync(pc.library())
        assert pcs[0].sync().receipt.positions["hn"] == pcs[1].sync().receipt.positions["hn"]
    assert say(capsys, "digest", *where).startswith("hn\t6\t")


def test_a_device_that_is_not_there_cannot_be_revoked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["revoke", "0" * 12, "--database", f"sqlite:///{tmp_path / 'centre.db'}"]) == 1
    assert "Không có máy nào" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["nonsense", "oracle+none://x", "sqlite:////nowhere/at/all.db"])
def test_a_database_that_cannot_be_had_is_said_in_one_line(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["branches", "--database", url]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("branch", ["", "b" * 33, ASSOCIATION])
def test_a_branch_needs_a_code_of_its_own(
    branch: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = f"sqlite:///{tmp_path / 'centre.db'}"
    assert main(["invite", "--branch", branch, "--database", where]) == 2
    assert capsys.readouterr().out == ""


def test_a_port_that_is_taken_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--database", f"sqlite:///{tmp_path / 'centre.db'}")
    with running(*where) as line:
        port = line.rpartition(":")[2]
        command = [sys.executable, "-m", "sync.server", "run", "--port", port, *where]
        second = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert second.returncode == 1
    assert f"Nobody can listen at 127.0.0.1:{port}." in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    "verb",
    [
        [],
        ["run"],
        ["invite"],
        ["branches"],
        ["devices"],
        ["revoke"],
        ["reinstate"],
        ["digest"],
        ["import-batch"],
    ],
)
def test_every_word_explains_itself(verb: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*verb, "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert "--database" in said if verb else "revoke" in said


def test_wrong_words_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["dance"], ["invite"], ["run", "--port", "many"]):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 2


def test_settings_come_from_the_environment() -> None:
    words = {"VLA_DATABASE": "sqlite:///x.db", "VLA_PORT": "99", "VLA_CENTRE_KEY": "00" * 32}
    assert from_environment(words) == Settings(
        database="sqlite:///x.db", port=99, centre_key=bytes(32)
    )
    assert from_environment({}) == Settings()


@pytest.mark.parametrize(
    "words", [{"VLA_PORT": "many"}, {"VLA_CENTRE_KEY": "00"}, {"VLA_CENTRE_KEY": "z" * 64}]
)
def test_an_environment_that_cannot_be_read_is_said(
    words: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["branches"], words) == 1
    assert "VLA_…" in capsys.readouterr().err
