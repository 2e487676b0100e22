"""Every way in which the centre cannot be reached or says no; the work stays whole."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sync.changes import Entry
from sync.server.cli import main as operate
from sync.server.embedded import EmbeddedCentre
from tests.cli.desk import LIBRARY, PASSPHRASE, Desk
from tests.strangers import Answer, stranger
from vla_desktop import paths
from vla_desktop.store.database import open_engine, writing
from vla_desktop.store.vault import open_vault

PORTAL = Answer()
ELSEWHERE = Answer(302, b"", {"Location": "http://127.0.0.1/login"})


@pytest.fixture
def joined(desk: Desk, centre: EmbeddedCentre) -> Desk:
    """An office of the centre's branch that has synchronised and then added a library."""
    desk.ask("enrol", "--server", centre.url, "--code", centre.invite("DAKLAK"))
    desk.ask("sync")
    desk.ask(*LIBRARY)
    return desk


def assert_intact(desk: Desk) -> None:
    """What was typed is still here and still waits."""
    assert desk.ask("pending")["count"] == 1
    assert desk.ask("list", "library")["total"] == 2


def test_an_office_that_has_not_joined_is_told_to(desk: Desk) -> None:
    error = desk.refusal("sync")
    assert error["code"] == "sync.not_enrolled"
    assert desk.refusal("verify-receipt")["code"] == "sync.no_receipt"


@pytest.mark.parametrize("code", ["SAI-SAI-SAI", "ABCDE-FGHJK"])
def test_a_wrong_code_is_refused(desk: Desk, centre: EmbeddedCentre, code: str) -> None:
    error = desk.refusal("enrol", "--server", centre.url, "--code", code)
    assert error["code"] == "sync.code"


def test_an_address_that_is_none_is_refused(desk: Desk) -> None:
    error = desk.refusal("enrol", "--server", "dongbo", "--code", "ABCDE-FGHJK")
    assert error["code"] == "sync.address"


def test_enrolling_twice_is_refused(joined: Desk, centre: EmbeddedCentre) -> None:
    code = centre.invite("DAKLAK")
    assert (
        joined.refusal("enrol", "--server", centre.url, "--code", code)["code"] == "sync.enrolled"
    )


def test_without_a_connection_the_work_waits(joined: Desk, centre: EmbeddedCentre) -> None:
    centre.stop()
    error = joined.refusal("sync")
    assert (error["code"], error["what"]) == (
        "sync.offline", "Chưa kết nối được với Trung ương."
    )  # fmt: skip
    assert "đã lưu trên máy này" in error["advice"]
    assert joined.refusal("verify-receipt", "--online")["code"] == "sync.offline"
    assert joined.ask("verify-receipt")["holds"]
    assert_intact(joined)
    centre.start()
    assert joined.ask("sync")["accepted"] == 1


@pytest.mark.parametrize("answer", [PORTAL, ELSEWHERE], ids=["portal", "elsewhere"])
def test_a_portal_is_not_taken_for_the_centre(
    joined: Desk, centre: EmbeddedCentre, answer: Answer
) -> None:
    port = int(centre.url.rpartition(":")[2])
    centre.stop()
    with stranger(answer, port):
        error = joined.refusal("sync")
        assert error["code"] == "sync.alien"
        assert "Wi-Fi" in error["what"]
    assert_intact(joined)
    centre.start()
    assert joined.ask("sync")["light"] == "green"


def test_a_portal_enrols_nobody(desk: Desk) -> None:
    with stranger(PORTAL) as url:
        error = desk.refusal("enrol", "--server", url, "--code", "ABCDE-FGHJK")
    assert error["code"] == "sync.alien"
    assert desk.refusal("sync")["code"] == "sync.not_enrolled"


def test_a_revoked_device_keeps_its_work(joined: Desk, centre: EmbeddedCentre) -> None:
    device = joined.ask("verify-receipt")["receipt"]["device"]
    assert operate(["revoke", device, "--database", centre.centre.settings.database]) == 0
    error = joined.refusal("sync")
    assert error["code"] == "sync.revoked"
    assert "vẫn còn nguyên trên máy này" in error["advice"]
    assert_intact(joined)


def write_as_if_no_rule_held(desk: Desk) -> None:
    """Empty a required field of what is pending, as a program without that rule would have."""
    key = open_vault(desk.home, PASSPHRASE)
    engine = open_engine(paths.database_file(desk.home), key.secret)
    with writing(engine) as session:
        (entry,) = session.scalars(select(Entry).where(Entry.seq.is_(None)))
        entry.values = {**entry.values, "name": ""}
    engine.dispose()


def test_what_the_centre_refuses_is_listed_beside_its_field(joined: Desk) -> None:
    write_as_if_no_rule_held(joined)
    outcome = joined.ask("sync")
    assert [outcome[name] for name in ("sent", "accepted", "rejected")] == [1, 0, 1]
    assert outcome["light"] == "red"
    (refused,) = outcome["refused"]
    assert (refused["kind"], refused["field"]) == ("library", "name")
    assert (refused["label"], refused["sentence"]) == (
        "Tên thư viện", "Cần ghi “Tên thư viện”."
    )  # fmt: skip
    assert joined.ask("review")["items"][0]["sort"] == "refused"
    assert joined.ask("show", "library", refused["id"])["state"] == "refused"
    assert "Cần ghi “Tên thư viện”." in joined.type("sync").err
    joined.ask("edit", "library", refused["id"], "name=Thư viện huyện")
    mended = joined.ask("sync")
    assert (mended["accepted"], mended["refused"], mended["light"]) == (1, [], "green")
