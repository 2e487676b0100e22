"""export-batch, import-ack: the exchange as files, where there is no network."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from sync import files
from sync.texts import _
from vla_desktop.cli.answer import Answer
from vla_desktop.cli.centre import outcome_answer
from vla_desktop.cli.opening import opened
from vla_desktop.files import write_whole
from vla_desktop.store.faults import explained


def export_batch(home: Path, given: Namespace) -> Answer:
    """Write what is pending to a sealed file; it stays pending until the answer is taken in."""
    path = Path(given.file).absolute()
    with opened(home) as office:
        if given.send_deletions:
            office.deletions.send(office.deletions.held())
        written = office.export_batch()
    with explained(path.parent):
        write_whole(path, written.content)
    document = {
        "file": str(path),
        "bytes": len(written.content),
        "number": written.number,
        "changes": written.changes,
        "left": written.left,
        "held": written.held,
    }
    said = _("Đã niêm phong {count} thay đổi vào {path}.")
    lines = [said.format(count=written.changes, path=path)]
    if written.left:
        more = _("Còn {count} thay đổi cho tệp sau, xuất khi đã nhận biên nhận của tệp này.")
        lines.append(more.format(count=written.left))
    if written.held:
        held = _("Giữ lại {count} việc xóa hàng loạt; gửi cả chúng bằng --send-deletions.")
        return Answer(document, lines, [held.format(count=written.held)])
    return Answer(document, lines)


def import_ack(home: Path, given: Namespace) -> Answer:
    """Take in what the centre gave back; one that is known already changes nothing."""
    content = files.read(Path(given.file).absolute())
    with opened(home) as office:
        taken = office.import_acknowledgement(content)
        answer = outcome_answer(office, taken.outcome)
    remarks = list(answer.remarks)
    if not taken.is_news:
        remarks.insert(0, _("Biên nhận này đã biết từ trước; không có gì thay đổi."))
    return replace(answer, document=answer.document | {"news": taken.is_news}, remarks=remarks)
