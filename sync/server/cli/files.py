"""import-batch: a branch's file in, the one to return out."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from sync import files
from sync.problems import Problem
from sync.receipts import Receipt
from sync.server import batches
from sync.server.centre import Centre
from sync.server.settings import Settings
from sync.texts import _


def import_batch(settings: Settings, given: argparse.Namespace) -> int:
    """Take in a file and write its acknowledgement. Raises `Problem`, and nothing changed."""
    content, path = files.read(Path(given.file)), Path(given.out)
    _assert_writable(path)
    centre = Centre(settings)
    try:
        said = batches.take_in(centre, content)
    finally:
        centre.close()
    _write(path, said.content)
    document = _document(said.receipt) | {"file": str(path), "bytes": len(said.content)}
    if given.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        counts = " ".join(f"{n}={document[n]}" for n in ("sent", "accepted", "waiting", "rejected"))
        print(f"{document['title']}\t{counts}\t{path}")
    return 0


def _document(receipt: Receipt) -> dict[str, Any]:
    return {
        "title": receipt.title, "device": receipt.device, "number": receipt.number,
        "at": receipt.at, "sent": receipt.sent, "accepted": receipt.accepted,
        "waiting": receipt.waiting, "rejected": receipt.rejected,
    }  # fmt: skip


def _assert_writable(path: Path) -> None:
    """Said before the batch is taken in, though taking it in again would do no harm."""
    if not path.parent.is_dir() or path.is_dir():
        raise _unwritable(path)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.new")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as fault:
        raise _unwritable(path) from fault


def _unwritable(path: Path) -> Problem:
    return Problem(
        _("Không ghi được tệp {path}.").format(path=path),
        _("Anh/chị chọn chỗ khác bằng --out rồi làm lại; nhận lại tệp cũ không ghi gì hai lần."),
        code="file.unwritable",
    )
