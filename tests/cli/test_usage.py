"""Words that cannot be meant, help, and the kinds."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from sync.records import BY_NAME as KINDS
from sync.records.fields import fields
from tests.cli.desk import ROOT, Desk, as_program
from vla_desktop.__main__ import main
from vla_desktop.cli.command import work_of
from vla_desktop.cli.verbs import VERBS, Verb


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_somebody_who_does_it_and_a_page_of_help(
    empty_desk: Desk, verb: Verb
) -> None:
    assert callable(work_of(verb))
    done = empty_desk.type(verb.name, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Cách dùng: vla-desktop [--home DIR] [--json] {verb.name}")
    assert verb.purpose in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("words", "code", "known"),
    [
        (["frob"], "usage.verb", "verify-receipt"),
        (["list", "pet"], "usage.kind", "organisation_unit"),
        (["kinds", "pet"], "usage.kind", "organisation_unit"),
        (["add", "pet", "name=Miu"], "usage.kind", "organisation_unit"),
        (["add", "library", "colour=red"], "usage.field", "governing_body"),
        (["add", "library"], "usage.field", "governing_body"),
        (["add", "library", "Thư viện tỉnh"], "usage.value", "name="),
        (["add", "library", "name=a", "name=b"], "usage.value", "một lần"),
        (["list"], "usage", "KIND"),
        (["list", "library", "--limit", "-1"], "usage", "--limit"),
        (["list", "library", "--limit", "nhiều"], "usage", "--limit"),
        (["list", "library", "--colour", "red"], "usage", "--bin"),
        (["show", "library"], "usage", "ID"),
        (["enrol", "--server", "http://127.0.0.1"], "usage", "--code"),
        (["figures", "--as-of", "21/04/2026"], "usage", "YYYY-MM-DD"),
        (["settings", "theme=dark"], "usage.setting", "appearance.theme"),
        (["settings", "appearance.theme=blue"], "usage.setting", "dark"),
        (["settings", "sync.every_minutes=0"], "usage.setting", "1-1440"),
        (["add", "library", "name=\udcff"], "usage", "VERB"),
    ],
)
def test_wrong_usage_is_told_with_what_is_known(
    desk: Desk, words: list[str], code: str, known: str
) -> None:
    error = desk.refusal(*words, code=2)
    assert error["code"] == code
    assert known in error["advice"]


def test_home_without_a_folder_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "library", "--home"]) == 2
    assert "--home" in capsys.readouterr().err


def test_json_without_a_verb_is_wrong_usage_and_opens_no_window(empty_desk: Desk) -> None:
    assert main(["--home", str(empty_desk.home), "--json"]) == 2
    assert not empty_desk.home.exists()


def test_the_overview_names_every_verb(empty_desk: Desk) -> None:
    done = empty_desk.type("--help")
    assert done.code == 0
    assert all(f"  {verb.name} " in done.out for verb in VERBS)
    assert empty_desk.ask("--version")["version"] == empty_desk.type("--version").out.strip()


def test_kinds_tell_every_field_and_need_no_office(empty_desk: Desk) -> None:
    document = empty_desk.ask("kinds")
    found = {kind["name"]: [f["name"] for f in kind["fields"]] for kind in document["kinds"]}
    assert found == {name: [f.name for f in fields(kind)] for name, kind in KINDS.items()}
    assert not empty_desk.home.exists()


def test_a_field_is_told_with_type_and_rule(empty_desk: Desk) -> None:
    (kind,) = empty_desk.ask("kinds", "member")["kinds"]
    by_name = {field["name"]: field for field in kind["fields"]}
    assert (kind["label"], by_name["card_no"]["label"]) == ("Hội viên", "Số thẻ")
    assert by_name["card_no"]["rule"] == "không trùng bản ghi khác; dài nhất 20 ký tự"
    assert by_name["full_name"]["required"]
    assert {"code": "female", "word": "Nữ"} in by_name["gender"]["choices"]
    assert by_name["workplace"]["target"] == "library"
    (kind,) = empty_desk.ask("kinds", "headcount")["kinds"]
    assert kind["once"][0]["fields"] == ["library", "year"]


def test_a_verb_never_loads_qt(desk: Desk) -> None:
    probe = (
        "import sys; from vla_desktop.__main__ import main; code = main(sys.argv[1:]); "
        "sys.exit(code or any(name.startswith('PySide6') for name in sys.modules) * 9)"
    )
    for words in (["kinds"], ["list", "library"], ["review"]):
        command = [sys.executable, "-c", probe, "--home", str(desk.home), *words]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def test_words_are_in_the_language_that_was_chosen(desk: Desk) -> None:
    desk.ask("settings", "appearance.language=en")
    try:
        (kind,) = desk.ask("kinds", "member")["kinds"]
    finally:
        desk.ask("settings", "appearance.language=vi")
    assert kind["label"] == "Member"
    (kind,) = desk.ask("kinds", "member")["kinds"]
    assert kind["label"] == "Hội viên"


def test_a_pipe_gets_utf8_whatever_the_code_page(tmp_path: Path) -> None:
    country = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = as_program(country)(tmp_path, ("kinds", "member", "--json"))
    assert done.document["kinds"][0]["label"] == "Hội viên"


def test_a_reader_who_has_seen_enough_is_no_fault(desk: Desk) -> None:
    command = [sys.executable, "-m", "vla_desktop", "kinds"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert isinstance(program.stdout, io.BufferedReader)
        program.stdout.close()
        assert program.stderr is not None
        complaint = program.stderr.read()
    assert (program.returncode, complaint) == (0, b"")
