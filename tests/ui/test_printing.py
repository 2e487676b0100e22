"""Papers: what they say, and that a reprint is the same for ever."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from sync.problems import Problem
from sync.records.activity import Activity
from sync.records.assessment import Assessment
from sync.records.base import Record
from sync.records.certificate import Certificate
from sync.records.criteria_set import CriteriaSet
from sync.records.dues_payment import DuesPayment
from sync.records.member import Member
from sync.records.types import Value
from tests.ui.conftest import Branch
from vla_desktop.office import Office
from vla_desktop.reports.amounts import dong_in_words
from vla_desktop.reports.frozen_sheet import workbook
from vla_desktop.reports.paper import Paper, Sheet
from vla_desktop.reports.papers import paper_of
from vla_desktop.ui import printing
from vla_desktop.ui.printing import PaperDialog, pdf, write_file

pytestmark = pytest.mark.usefixtures("themed")

DAY = dt.date(2026, 3, 2)


def words(paper: Paper) -> str:
    """What a reader of the paper reads."""
    document = QTextDocument()
    document.setHtml(paper.html)
    return document.toPlainText()


def printed(branch: Branch, kind: type[Record], **values: Value) -> str:
    paper = paper_of(branch.store, kind, branch.store.save(kind, values).id)
    assert paper is not None
    return words(paper)


@pytest.fixture
def member(branch: Branch) -> str:
    return branch.store.save(Member, branch.member()).id


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "Không đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (105, "Một trăm linh năm đồng"),
        (100_000, "Một trăm nghìn đồng"),
        (1_005_010, "Một triệu không trăm linh năm nghìn không trăm mười đồng"),
        (2_000_000_024, "Hai tỷ không trăm hai mươi bốn đồng"),
    ],
)
def test_amounts_are_said_as_on_a_receipt(amount: int, said: str) -> None:
    assert dong_in_words(amount) == said


def test_a_receipt_says_that_its_number_is_provisional(branch: Branch, member: str) -> None:
    paid: dict[str, Value] = {"member": member, "year": 2026, "paid_vnd": 100_000, "paid_on": DAY}
    said = printed(branch, DuesPayment, **paid)
    for part in ("Nguyễn Thị Hằng", "100.000 đồng", "Một trăm nghìn đồng", "Số: TẠM-", "Số tạm:",
                 "Ngày 02 tháng 03 năm 2026"):  # fmt: skip
        assert part in said
    wrong = printed(branch, DuesPayment, **{**paid, "void": True, "void_reason": "Ghi nhầm <số>"})
    assert "PHIẾU ĐÃ HỦY" in wrong
    assert "Ghi nhầm <số>" in wrong


def test_certificates_cards_and_decisions_say_what_was_saved(branch: Branch, member: str) -> None:
    course = branch.store.save(
        Activity, {"name": "Biên mục MARC 21", "type": "training", "task_no": 4, "starts_on": DAY}
    ).id
    said = printed(
        branch, Certificate, activity=course, member=member, certificate_no="7/2026",
        issued_on=DAY, hours=16,
    )  # fmt: skip
    for part in ("Nguyễn Thị Hằng", "“Biên mục MARC 21”", "Số: 7/2026", "16", "02/03/2026"):
        assert part in said
    card = paper_of(branch.store, Member, member)
    assert card is not None
    assert "chưa cấp số" in words(card)
    criteria = branch.store.save(
        CriteriaSet, {"subject": "friendly_modern", "version": "2026", "begins_on": DAY}
    ).id
    said = printed(
        branch, Assessment, library=branch.library, year=2026, criteria_set=criteria,
        result="passed", points=92, decision_no="5/QĐ-HTV", decision_on=DAY,
    )  # fmt: skip
    for part in ("Thư viện tỉnh Đắk Lắk", "5/QĐ-HTV", "02/03/2026", "Cả thảy 1 thư viện."):
        assert part in said


def test_a_reprint_of_frozen_figures_is_the_same_to_the_byte(
    office: Office, branch: Branch
) -> None:
    kept = office.freezer.freeze("Năm 2026", DAY, dt.date(2026, 12, 1), "Văn thư")

    def reprinted() -> tuple[bytes, bytes]:
        frozen = office.freezer.get(kept)
        paper = Paper("so-lieu", frozen.name, frozen.printed)
        return pdf(paper, frozen.frozen_on), workbook(frozen)

    first = reprinted()
    for number in range(3):
        branch.store.save(Member, branch.member(full_name=f"Trần Thị {number}"))
    assert reprinted() == first
    assert b"20261201" in first[0], "its own day, not that of printing"
    sheet = openpyxl.load_workbook(io.BytesIO(first[1])).active
    assert sheet is not None
    assert sheet["A1"].value == "Năm 2026"
    assert "02/03/2026" in str(sheet["A2"].value)


def test_the_moment_of_printing_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper("a", "Thẻ", "<p>Đặng Thị Ngọc Ánh</p>", Sheet.CARD)
    assert pdf(paper, DAY) == pdf(paper, DAY)
    monkeypatch.setattr(printing, "_undated", lambda content, _day: content)
    assert pdf(paper, DAY) != pdf(paper, DAY), "a PDF bears an identity of its own"


def test_the_window_shows_the_paper_and_writes_it(
    branch: Branch, member: str, qtbot: QtBot, tmp_path: Path
) -> None:
    paper = paper_of(branch.store, Member, member)
    assert paper is not None
    dialog = PaperDialog(paper, DAY)
    qtbot.addWidget(dialog)
    assert "Nguyễn Thị Hằng" in dialog.page.toPlainText()
    dialog.write(tmp_path / "the.pdf")
    assert (tmp_path / "the.pdf").read_bytes()[:5] == b"%PDF-"
    with pytest.raises(Problem) as closed:
        write_file(tmp_path / "nowhere" / "the.pdf", b"")
    assert closed.value.code == "print.file"
