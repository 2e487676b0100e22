"""Two offices of a branch and their centre, by the command line alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sync.server.embedded import EmbeddedCentre
from tests.cli.desk import LIBRARY, MEMBER, ROOT, Desk, as_program
from vla_desktop.cli.verbs import BY_NAME


def test_the_work_of_one_office_stands_in_the_other(centre: EmbeddedCentre, tmp_path: Path) -> None:
    one, two = (Desk(tmp_path / name, as_program()) for name in ("một", "hai"))
    code, second_code = (centre.invite("DAKLAK", "Chi hội Đắk Lắk") for _ in range(2))

    assert one.ask("init", "--author", "Văn thư", "--computer", "Máy một")["author"] == "Văn thư"
    joined = one.ask("enrol", "--server", centre.url, "--code", code)
    assert joined == {
        "branch": "DAKLAK", "branch_name": "Chi hội Đắk Lắk", "server": centre.url
    }  # fmt: skip
    unit = one.ask("add", "organisation_unit", "name=Chi hội tỉnh")["id"]
    library = one.ask(*LIBRARY)["id"]
    added = one.ask("add", "member", *MEMBER)
    assert added["warnings"] == []
    assert one.ask("pending")["count"] == 3
    sent = one.ask("sync")
    assert [sent[name] for name in ("sent", "accepted", "waiting", "rejected", "received")] == [
        3, 3, 0, 0, 0
    ]  # fmt: skip
    assert (sent["light"], sent["requests"], sent["refused"]) == ("green", 1, [])
    assert sent["receipt"]["positions"]["DAKLAK"]["seq"] == 3

    two.ask("init")
    two.ask("enrol", "--server", centre.url, "--code", second_code)
    assert two.ask("sync")["received"] == 3
    (member,) = two.ask("list", "member")["records"]
    assert (member["id"], member["state"]) == (added["id"], "confirmed")
    assert (member["values"]["unit"], member["values"]["workplace"]) == (unit, library)
    for office in (one, two):
        assert office.ask("verify-receipt", "--online")["holds"]
    at_the_centre = {
        scope: {"seq": seq, "digest": digest}
        for scope, (seq, digest) in centre_digests(centre).items()
    }
    assert one.ask("digest") == two.ask("digest")
    assert one.ask("digest")["DAKLAK"] == at_the_centre["DAKLAK"]
    edit_and_return(one, two, member["id"])


def edit_and_return(one: Desk, two: Desk, member: str) -> None:
    """What the second office edits stands in the first, with who did it and where."""
    assert two.ask("edit", "member", member, "phone=0100 200 300")["id"] == member
    assert two.ask("sync")["sent"] == 1
    assert one.ask("sync")["received"] == 1
    shown = one.ask("show", "member", member, "--history")
    assert shown["shown"]["phone"] == "0100 200 300"
    newest, *_rest, oldest = shown["history"]
    assert [line["new"] for line in newest["lines"]] == ["0100 200 300"]
    assert (newest["seq"], oldest["author"], oldest["computer"]) == (4, "Văn thư", "Máy một")
    assert one.ask("digest") == two.ask("digest")


def centre_digests(centre: EmbeddedCentre) -> dict[str, tuple[int, str]]:
    """How far each ledger of the centre reaches, by the operator's own verb."""
    words = ["digest", "--database", centre.centre.settings.database]
    lines = subprocess.check_output(
        [sys.executable, "-m", "sync.server", *words], cwd=ROOT, text=True
    ).splitlines()
    found = (line.split("\t") for line in lines)
    return {scope: (int(seq), digest) for scope, seq, digest in found}


def test_every_verb_speaks_plainly_in_a_process_of_its_own(
    centre: EmbeddedCentre, tmp_path: Path
) -> None:
    desk = Desk(tmp_path / "office", as_program())

    def said(*words: str) -> str:
        done = desk.type(*words)
        assert (done.code, "Traceback" in done.err) == (0, False), (words, done)
        return done.out.strip()

    assert str(desk.home) in said("init")
    begin_and_fill(said)
    (row,) = said("list", "library").splitlines()
    library = row.split("\t")[0]
    keep_in_order(said, library, tmp_path / "thư viện.xlsx")
    code = centre.invite("DAKLAK")
    assert "DAKLAK" in said("enrol", "--server", centre.url, "--code", code)
    assert said("pending").startswith("4 ")
    assert "Đã gửi [sent]: 4" in said("sync")
    batch, back = tmp_path / "gửi.vlab", tmp_path / "nhận.vlar"
    assert str(batch) in said("export-batch", str(batch))
    back.write_bytes(centre.centre.take_file(batch.read_bytes()).content)
    assert "Đã gửi [sent]: 0" in said("import-ack", str(back))
    assert said("review") == ""
    assert "Biên nhận đúng." in said("verify-receipt")
    assert "không có gì phải sửa" in said("mend")
    assert said("deletions").startswith("Không có")
    assert said("digest").startswith("DAKLAK\t4\t") or "\nDAKLAK\t4\t" in said("digest")
    assert said("move", "library", library, "GIALAI") == library
    assert said("list", "library", "--moved").startswith(library)
    assert desk.verbs == set(BY_NAME)


def begin_and_fill(said: Callable[..., str]) -> None:
    """What needs no record yet."""
    assert "author = Lan" in said("settings", "author=Lan")
    assert "full_name" in said("kinds")
    assert len(said(*LIBRARY)) == 32
    assert "Thư viện trên địa bàn" in said("figures", "--as-of", "2026-06-30")
    assert said("figures", "--map", "2025-06-30").endswith("01@2025\tHà Nội\t1\t0")
    assert said("rehome", "--write") == "Đổi [changed]: 0; để sau [left]: 0"


def keep_in_order(said: Callable[..., str], library: str, path: Path) -> None:
    """Three changes, and a file out and in."""
    assert said("edit", "library", library, "phone=0100200300") == library
    assert said("delete", "library", library) == library
    assert said("list", "library") == ""
    assert said("restore", "library", library) == library
    assert "Thư viện tỉnh Đắk Lắk" in said("show", "library", library, "--history")
    assert str(path) in said("export", "library", str(path))
    assert "Không đổi [same]: 1" in said("import", str(path))
