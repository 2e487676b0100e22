"""Lists out to files and back: Excel workbooks, text with separators, JSON.

The way back writes nothing. It gives for each row what could be read, which record it updates, and
a sentence beside every field that could not be read; saving is the store's, under its own rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sync.places import Catalogue
from sync.problems import Problem
from sync.records.base import Record
from sync.records.fields import Field
from sync.texts import _
from vla_desktop.exchange import safety
from vla_desktop.exchange.columns import columns, columns_of
from vla_desktop.exchange.directory import TitleDirectory, directory_of
from vla_desktop.exchange.document import document_of, read_document
from vla_desktop.exchange.separated import read_separated, separated_of
from vla_desktop.exchange.sheet import Directory, Entry, Row, Sheet
from vla_desktop.exchange.table import TableReader, written
from vla_desktop.exchange.workbook import read_workbook, workbook_of

ENDINGS = (".xlsx", ".csv", ".json")


def export_rows(
    path: Path,
    kind: type[Record],
    rows: Iterable[Row],
    catalogue: Catalogue,
    only: Sequence[Field] | None = None,
) -> None:
    """Write the rows to a file of the kind its ending names, in place of one that was there.

    `only` are the fields that get a column, all of the kind when None; JSON has them all always.
    Raises Problem when the file cannot be written; an older file then still stands whole.
    """
    ending = _ending(path)
    order = columns(kind) if only is None else columns_of(only)
    if ending == ".json":
        content = document_of(kind, rows)
    elif ending == ".csv":
        content = separated_of(order, written(order, rows, catalogue))
    else:
        content = workbook_of(kind, order, written(order, rows, catalogue))
    safety.write(path, content)


def free_name(path: Path) -> Path:
    """The name itself, or with the first number behind it that no file bears: "hoi-vien (2)"."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return found


def read_file(
    path: Path, directory: Directory, catalogue: Catalogue, kind: type[Record] | None = None
) -> Sheet:
    """Read a list. `kind` is asked for only when the file itself does not tell.

    Raises Problem for a file that is missing, locked, too big, unsafe or of no kind we know.
    """
    ending = _ending(path)
    content = safety.read_bounded(path)
    if ending == ".json":
        return read_document(content, path.name, directory)
    if ending == ".csv":
        contents = read_separated(content, path.name, kind)
    else:
        contents = read_workbook(content, path.name)
    found = kind or contents.kind
    if found is None:
        raise Problem(
            _("Không rõ tệp {name} là danh sách gì.").format(name=path.name),
            _("Anh/chị giữ nguyên dòng tên cột như trong tệp xuất từ phần mềm."),
            code="exchange.kind",
        )
    return TableReader(found, contents.headings, directory, catalogue).read(contents.lines)


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending in ENDINGS:
        return ending
    if ending in (".xlsm", ".xls", ".xlsb"):
        raise Problem(
            _("Phần mềm không dùng tệp {ending}.").format(ending=ending),
            _("Anh/chị mở bằng Excel, lưu lại dưới dạng Excel Workbook (.xlsx)."),
            code="exchange.format",
        )
    raise Problem(
        _("Không rõ loại tệp {name}.").format(name=path.name),
        _("Anh/chị đặt tên tệp có đuôi .xlsx, .csv hoặc .json."),
        code="exchange.format",
    )


__all__ = [
    "ENDINGS",
    "Directory",
    "Entry",
    "Row",
    "Sheet",
    "TitleDirectory",
    "directory_of",
    "export_rows",
    "free_name",
    "read_file",
]
