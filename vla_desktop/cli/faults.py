"""Every way in which a verb can fail, as an answer with its exit code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sync.problems import Finding, InvalidRecord, Level, Problem
from sync.texts import _
from vla_desktop.cli.answer import INTERRUPTED, MISUSED, OUR_FAULT, REFUSED, Answer

if TYPE_CHECKING:
    from sync.records.base import Record


class Misuse(Problem):
    """The words of the command line cannot be meant; the advice says which are known."""


class RefusedRecord(Exception):
    """`InvalidRecord`, with the kind that gives its fields their labels."""

    def __init__(self, kind: type[Record], findings: Sequence[Finding]) -> None:
        super().__init__()
        self.kind = kind
        self.findings = findings


@contextmanager
def about(kind: type[Record]) -> Iterator[None]:
    """Let a refusal inside the block name the fields of `kind`."""
    try:
        yield
    except InvalidRecord as refusal:
        raise RefusedRecord(kind, refusal.findings) from refusal


def noted(kind: type[Record], findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Findings as JSON has them."""
    return [
        {
            "field": finding.field,
            "label": label(kind, finding.field),
            "level": finding.level.value,
            "sentence": finding.sentence,
        }
        for finding in findings
    ]


def told(kind: type[Record], findings: Sequence[Finding]) -> list[str]:
    """Findings as people read them, what forbids saving first."""
    ordered = sorted(findings, key=lambda finding: finding.level is not Level.BLOCK)
    return [_told(kind, finding) for finding in ordered]


def _told(kind: type[Record], finding: Finding) -> str:
    sentence = finding.sentence
    if finding.level is Level.WARN:
        sentence = _("(nên xem lại) {sentence}").format(sentence=sentence)
    if not finding.field:
        return f"  {sentence}"
    return f"  {label(kind, finding.field)} [{finding.field}]: {sentence}"


def label(kind: type[Record], field_name: str) -> str:
    """The field's label; "" for the record as a whole."""
    from sync.records.fields import fields_by_name  # help must not wait for SQLAlchemy

    known = fields_by_name(kind)
    return _(known[field_name].label) if field_name in known else ""


def answer_to(fault: BaseException, home: Path) -> Answer:
    """What to say about `fault`. One of ours leaves a report in the office's folder."""
    if isinstance(fault, KeyboardInterrupt):
        return _complaint(Problem(_("Đã dừng theo yêu cầu."), code="interrupted"), INTERRUPTED)
    if isinstance(fault, RefusedRecord):
        return _not_saved(fault)
    if isinstance(fault, Problem):
        return _complaint(fault, MISUSED if isinstance(fault, Misuse) else REFUSED)
    return _complaint(_reported(fault, home), OUR_FAULT)


def _complaint(problem: Problem, code: int) -> Answer:
    document = {"code": problem.code, "what": problem.what, "advice": problem.advice, "fields": []}
    remarks = [text for text in (problem.what, problem.advice) if text]
    return Answer({"error": document}, remarks=remarks, code=code)


def _not_saved(refusal: RefusedRecord) -> Answer:
    kind, findings = refusal.kind, refusal.findings
    what = _("Chưa lưu gì: “{kind}” còn chỗ chưa đúng.").format(kind=_(kind.label))
    advice = _("Anh/chị sửa những ô dưới đây rồi làm lại.")
    document = {
        "code": "record.invalid",
        "what": what,
        "advice": advice,
        "fields": noted(kind, findings),
    }
    return Answer({"error": document}, remarks=[what, advice, *told(kind, findings)], code=REFUSED)


def _reported(fault: BaseException, home: Path) -> Problem:
    from vla_desktop.ui import crash_report  # it knows no Qt, and is seldom needed

    now = dt.datetime.now(dt.UTC)
    path = crash_report.keep(crash_report.describe(fault, now), home / "reports", now)
    advice = _("Việc đã lưu trước đó vẫn còn nguyên; anh/chị đóng phần mềm rồi làm lại.")
    if path is not None:
        advice += " " + _("Báo cáo lỗi, không kèm dữ liệu cá nhân, nằm ở {path}.").format(path=path)
    return Problem(_("Phần mềm gặp lỗi của chính nó."), advice, code="fault")
