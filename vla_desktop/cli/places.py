"""rehome: records under former provinces and communes go to those of today."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from pathlib import Path
from typing import Any

from sync.identity import is_id
from sync.problems import Problem
from sync.records import name_of
from sync.texts import _
from vla_desktop.cli.answer import Answer, Ticker
from vla_desktop.cli.opening import opened
from vla_desktop.office import Office
from vla_desktop.store.rehoming import Choices, Line, Totals, counted


def rehome(home: Path, given: Namespace) -> Answer:
    """Show what would change; with --write, change it and check that the totals are equal.

    A divided unit is left alone until OLD=NEW or ID=NEW says where it went.
    """
    today = dt.datetime.now().astimezone().date()
    with opened(home) as office:
        lines = office.merger.lines(today)
        choices = _choices(given.choices, lines)
        changed, left = counted(lines, choices)
        document = {"lines": [_document(line) for line in lines],
                    "changed": dict(changed), "left": dict(left), "written": False}  # fmt: skip
        words = [_words(office, line) for line in lines]
        if given.write and changed:
            outcome = office.merger.write(today, choices, Ticker())
            document |= {"written": True, "before": _totals(outcome.before),
                         "after": _totals(outcome.after)}  # fmt: skip
            words.append(_("Tổng số trước và sau bằng nhau ở từng tỉnh."))
    counts = {"changed": sum(changed.values()), "left": sum(left.values())}
    words.append(_("Đổi [changed]: {changed}; để sau [left]: {left}").format(**counts))
    return Answer(document, words)


def _choices(words: list[str], lines: list[Line]) -> Choices:
    """Raises `Problem` for a unit that is no candidate: nothing is ever half heard."""
    by_unit: dict[str, str] = {}
    by_record: dict[str, str] = {}
    for word in words:
        key, _equals, new = word.partition("=")
        if not any(new in line.heirs for line in lines if key in (line.old, *line.records)):
            raise Problem(
                _("Không chuyển được theo “{word}”.").format(word=word),
                _("Ghi MÃ_CŨ=MÃ_MỚI hoặc MÃ_BẢN_GHI=MÃ_MỚI, mã mới lấy từ lệnh rehome."),
                code="rehome.choice",
            )
        (by_record if is_id(key) else by_unit)[key] = new
    return Choices(by_unit, by_record)


def _document(line: Line) -> dict[str, Any]:
    return {
        "kind": name_of(line.kind), "field": line.field, "old": line.old,
        "heirs": list(line.heirs), "divided": line.is_divided, "ids": list(line.records),
    }  # fmt: skip


def _words(office: Office, line: Line) -> str:
    label = office.store.catalogue.label
    heirs = " / ".join(f"{heir} {label(heir)}" for heir in line.heirs)
    return "\t".join([line.old, label(line.old), name_of(line.kind), str(len(line.records)), heirs])


def _totals(totals: Totals) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "province": province, "count": count}
        for (kind, province), count in sorted(totals.items())
    ]
