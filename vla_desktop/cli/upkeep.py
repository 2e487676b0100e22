"""mend, deletions: what a clerk puts right in an office, as the Sync page does."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from sync.client.holding import Arrived, Held
from sync.texts import _
from vla_desktop.cli.answer import Answer, Ticker
from vla_desktop.cli.opening import opened
from vla_desktop.store.deletions import told


def mend(home: Path, _given: Namespace) -> Answer:
    """Hold ledger and records against the centre's word; what differs is fetched anew."""
    with opened(home) as office:
        mended = office.elsewhere.mend(Ticker())
        light = office.standing().light.value
    records = [{"kind": kind, "id": record} for kind, record in sorted(mended.touched)]
    document = {"damaged": mended.is_any, "records": records, "light": light}
    if not mended.is_any:
        return Answer(document, [_("Sổ trên máy này khớp với Trung ương; không có gì phải sửa.")])
    said = _("Đã sửa sổ trên máy này theo Trung ương; {count} bản ghi được làm lại.")
    return Answer(document, [said.format(count=len(records))])


def deletions(home: Path, given: Namespace) -> Answer:
    """Great deletions that wait for a word, and those that others made; a word answers them."""
    with opened(home) as office:
        desk = office.deletions
        answered = {"sent": 0, "restored": 0, "dismissed": 0}
        if given.send:
            answered["sent"] = desk.send(desk.held())
        if given.restore:
            answered["restored"] = desk.restore([*desk.held(), *desk.arrived()])
        if given.dismiss:
            arrived = desk.arrived()
            for notice in {one.notice for one in arrived}:
                desk.dismiss(notice)
            answered["dismissed"] = sum(len(one.records) for one in arrived)
        held, arrived, limits = desk.held(), desk.arrived(), desk.limits()
    document = {
        **deletions_document(held, arrived),
        "limits": {"percent": limits.percent, "records": limits.records},
        **answered,
    }
    lines = [*_answered_lines(answered), *deletion_lines(held, arrived)]
    return Answer(document, lines or [_("Không có việc xóa hàng loạt nào cần quyết định.")])


def deletions_document(held: list[Held], arrived: list[Arrived]) -> dict[str, Any]:
    """Both sorts, as programs read them."""
    return {
        "held_deletions": [
            {"kind": one.kind, "among": one.among, "ids": list(one.records)} for one in held
        ],
        "arrived_deletions": [
            {"kind": one.kind, "authors": list(one.authors), "ids": list(one.records)}
            for one in arrived
        ],
    }


def deletion_lines(held: list[Held], arrived: list[Arrived]) -> list[str]:
    """What there is to decide, and the words that decide it."""
    lines = []
    if held:
        said = _("Giữ lại việc xóa {what}: quá nhiều để gửi đi khi chưa hỏi.")
        lines += [
            said.format(what=told(held)),
            _("Gửi bằng sync --send-deletions, hoặc lấy lại bằng sync --restore-deletions."),
        ]
    if arrived:
        said = _("Nơi khác vừa xóa {what}; lấy lại bằng sync --restore-deletions.")
        lines += [said.format(what=told(arrived)), _("Để nguyên bằng deletions --dismiss.")]
    return lines


def _answered_lines(answered: dict[str, int]) -> list[str]:
    sentences = {
        "sent": _("{count} việc xóa sẽ đi trong lần đồng bộ tới."),
        "restored": _("Đã lấy lại {count} bản ghi."),
        "dismissed": _("Để nguyên {count} bản ghi trong thùng rác."),
    }
    return [sentences[name].format(count=count) for name, count in answered.items() if count]
