"""The centre takes in files by its page and by its operator's word, and says no politely."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from sync.files import MOST_FILE
from sync.records.library import Library
from sync.server import accounts
from sync.server.cli import main
from sync.server.database import writing
from sync.server.embedded import EmbeddedCentre
from sync.server.pages import FILE_TYPE, MOST_FORM, STATUSES
from tests.builders import NOW, a_library, join
from tests.sync.sealed import identity_of, ledger_of
from vla_desktop.office import Office
from vla_desktop.store.standing import Light


@pytest.fixture
def office(open_office: Callable[[str], Office], centre: EmbeddedCentre) -> Office:
    """An office of the centre's branch with one change to send."""
    office = open_office("a")
    join(office, centre.centre)
    office.store.save(Library, a_library())
    return office


def send(centre: EmbeddedCentre, content: bytes, name: str = "batch") -> requests.Response:
    """Choose a file on the page and press the button, as a browser does."""
    sent = {name: ("tệp gửi.vlab", content, "application/octet-stream")}
    return requests.post(centre.url + "/batch", files=sent, timeout=20)


def test_a_file_sent_on_the_page_gives_the_receipt(office: Office, centre: EmbeddedCentre) -> None:
    form = requests.get(centre.url + "/batch", timeout=20)
    assert form.status_code == 200
    assert 'type="file"' in form.text
    assert "<script" not in form.text
    assert "default-src 'none'" in form.headers["content-security-policy"]
    answer = send(centre, office.export_batch().content)
    assert (answer.status_code, answer.headers["content-type"]) == (200, FILE_TYPE)
    assert answer.headers["content-disposition"].endswith('.vlar"')
    assert office.import_acknowledgement(answer.content).outcome.accepted == 1
    assert office.standing().light is Light.GREEN


def test_whatever_bytes_a_file_ends_with_arrive_whole(
    office: Office, centre: EmbeddedCentre
) -> None:
    for tail in (b"\r\n", b"\r\n--", b"--\r\n", b"\r\n\r\n"):
        answer = send(centre, office.export_batch().content + tail)
        assert (answer.status_code, "bị hỏng" in answer.text) == (400, True)
    assert ledger_of(centre.centre) == []


def test_what_is_no_file_of_ours_is_said_on_the_form(
    office: Office, centre: EmbeddedCentre
) -> None:
    content = office.export_batch().content
    for wrong in (b"", b"VLA", bytes(1000), content[:-1], content[:-1] + b"\0"):
        answer = send(centre, wrong)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert "<form" in answer.text
    assert send(centre, content, name="other").status_code == 400
    assert requests.post(centre.url + "/batch", data={"batch": "x"}, timeout=20).status_code == 400
    headers = {"Content-Type": "multipart/form-data"}
    for body in (b"", content, b"--x\r\n\r\n"):
        answer = requests.post(centre.url + "/batch", data=body, headers=headers, timeout=20)
        assert answer.status_code == 400
    assert ledger_of(centre.centre) == []


def test_a_form_that_is_too_large_is_read_no_further(centre: EmbeddedCentre) -> None:
    assert send(centre, bytes(MOST_FORM)).status_code == 413
    assert send(centre, bytes(MOST_FILE + 1)).status_code == 413


def test_a_revoked_computer_is_refused_on_the_page(office: Office, centre: EmbeddedCentre) -> None:
    content = office.export_batch().content
    with writing(centre.centre.engine) as session:
        accounts.revoke(session, identity_of(office).device, NOW)
    answer = send(centre, content)
    assert (answer.status_code, "ngừng nhận" in answer.text) == (403, True)
    assert ledger_of(centre.centre) == []


def test_every_answer_of_the_page_is_in_the_description(centre: EmbeddedCentre) -> None:
    document = requests.get(centre.url + "/openapi.json", timeout=20).json()
    described = document["paths"]["/batch"]["post"]["responses"]
    assert {"200", "400", "429", "500", "503", *map(str, STATUSES.values())} == set(described)
    answer = requests.put(centre.url + "/batch", timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (405, "method")


def test_a_fault_of_ours_on_the_page_quotes_nobody(
    office: Office, centre: EmbeddedCentre, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    words = ["Bí", "Mật"]  # the log may quote our source, never what is in its values

    def broken(*_: object) -> None:
        raise RuntimeError(" ".join(words))

    monkeypatch.setattr(centre.centre, "take_file", broken)
    answer = send(centre, office.export_batch().content)
    assert (answer.status_code, answer.json()) == (500, {"code": "fault", "detail": ""})
    assert "/batch failed: RuntimeError" in caplog.text
    assert "Bí Mật" not in caplog.text
    caplog.clear()


def test_the_operator_takes_a_file_in(
    office: Office, centre: EmbeddedCentre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent, back = tmp_path / "gửi.vlab", tmp_path / "biên nhận.vlar"
    sent.write_bytes(office.export_batch().content)
    words = ["import-batch", str(sent), "--out", str(back), "--json",
             "--database", centre.centre.settings.database]  # fmt: skip
    for _twice in range(2):
        assert main(words) == 0
        document = json.loads(capsys.readouterr().out)
        assert (document["accepted"], document["bytes"]) == (1, back.stat().st_size)
    assert main([word for word in words if word != "--json"]) == 0
    assert "accepted=1" in capsys.readouterr().out
    assert len(ledger_of(centre.centre)) == 1
    assert office.import_acknowledgement(back.read_bytes()).is_news


def test_the_operator_is_told_what_is_the_matter(
    office: Office, centre: EmbeddedCentre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent, back = tmp_path / "gửi.vlab", tmp_path / "biên nhận.vlar"
    where = ["--database", centre.centre.settings.database]
    content = office.export_batch().content
    sent.write_bytes(content)
    for words in (
        ["import-batch", str(tmp_path / "không có"), "--out", str(back)],
        ["import-batch", str(sent), "--out", str(tmp_path / "không có" / "x")],
        ["import-batch", str(sent), "--out", str(tmp_path)],
    ):
        assert main([*words, *where]) == 1
        said = capsys.readouterr()
        assert (said.out, len(said.err.splitlines())) == ("", 1)
    sent.write_bytes(content[:-1])
    assert main(["import-batch", str(sent), "--out", str(back), *where]) == 1
    assert "thiếu phần cuối" in capsys.readouterr().err
    assert not back.exists()
    assert ledger_of(centre.centre) == []
