"""What a file may be before it is opened at all: bounded, whole, and without anything that acts."""

from __future__ import annotations

import errno
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.parsers import expat

from sync.problems import Problem
from sync.texts import _
from vla_desktop.files import write_whole

MOST_PACKED_BYTES = 20_000_000
MOST_UNPACKED_BYTES = 200_000_000
MOST_RATIO = 100
MOST_PARTS = 2_000
MOST_ROWS = 100_000
MOST_COLUMNS = 300
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_CHUNK = 65_536


def read_bounded(path: Path) -> bytes:
    """The bytes of a file of at most 20 MB. Raises Problem when it cannot be had."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_PACKED_BYTES + 1)
    except FileNotFoundError:
        raise Problem(
            _("Không có tệp {name}.").format(name=path.name),
            _("Anh/chị xem lại tên và thư mục của tệp."),
            code="exchange.missing",
        ) from None
    except OSError:
        raise Problem(
            _("Không mở được tệp {name}.").format(name=path.name),
            _("Anh/chị đóng nơi đang mở tệp, hoặc xem lại quyền đọc tệp, rồi làm lại."),
            code="exchange.locked",
        ) from None
    if len(content) > MOST_PACKED_BYTES:
        raise too_big()
    return content


def too_big() -> Problem:
    """The file is larger than anything a branch keeps."""
    return Problem(
        _("Tệp quá lớn, phần mềm không đọc."),
        _("Anh/chị chia thành nhiều tệp nhỏ hơn 20 MB và 100.000 dòng rồi nhập từng tệp."),
        code="exchange.too_big",
    )


def unreadable(name: str) -> Problem:
    """The file is not what its name says."""
    return Problem(
        _("Tệp {name} bị hỏng hoặc không đúng định dạng.").format(name=name),
        _("Anh/chị mở tệp ở nơi đã tạo ra nó, lưu lại rồi nhập lần nữa."),
        code="exchange.unreadable",
    )


def check_workbook(content: bytes, name: str) -> None:
    """Raises Problem unless the bytes are a plain workbook that is safe to unpack."""
    if content.startswith(_OLD_OFFICE):
        raise Problem(
            _("Tệp {name} có mật khẩu, hoặc là tệp Excel đời cũ.").format(name=name),
            _("Anh/chị bỏ mật khẩu và lưu lại dưới dạng Excel Workbook (.xlsx)."),
            code="exchange.old_format",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive, len(content))
            _check_parts(archive)
            _check_prologs(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as fault:
        raise unreadable(name) from fault


def _check_size(archive: zipfile.ZipFile, packed: int) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED_BYTES
        or unpacked > MOST_RATIO * max(packed, 1)
    ):
        raise too_big()


def _check_parts(archive: zipfile.ZipFile) -> None:
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(part.compress_type not in plain or part.flag_bits & 1 for part in archive.infolist()):
        raise ValueError("packed as no workbook is")
    names = [name.lower() for name in archive.namelist()]
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise Problem(
            _("Tệp có chứa macro, phần mềm không mở."),
            _("Anh/chị lưu lại dưới dạng Excel Workbook (.xlsx) rồi nhập."),
            code="exchange.macros",
        )
    if any("externallink" in name for name in names):
        raise Problem(
            _("Tệp lấy số liệu từ một tệp khác, phần mềm không mở."),
            _("Anh/chị chép và dán giá trị (Paste Values) sang tệp mới rồi nhập."),
            code="exchange.external_links",
        )


class _PrologRead(Exception):
    """The root element began and no document type came before it."""


def _check_prologs(archive: zipfile.ZipFile) -> None:
    """A workbook never declares a document type; whoever does means to swell or to fetch."""
    for part in archive.infolist():
        with archive.open(part) as file:
            _check_prolog(file)


def _check_prolog(file: IO[bytes]) -> None:
    parser = expat.ParserCreate()

    def refuse(*_parts: object) -> None:
        raise ValueError("a document type in a workbook")

    def rest(*_parts: object) -> None:
        raise _PrologRead

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = rest
    try:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
        # Newer parsers put long pieces off until they hear that nothing more comes.
        parser.Parse(b"", True)
    except (_PrologRead, expat.ExpatError):
        return  # what is no XML here will be none for the reader either


@contextmanager
def saying_why(path: Path) -> Iterator[None]:
    """Turns what the disk says while writing into sentences."""
    try:
        yield
    except OSError as fault:
        raise _reason(path, fault) from fault


def _reason(path: Path, fault: OSError) -> Problem:
    if not path.parent.is_dir():
        what = _("Không có thư mục {folder}.").format(folder=path.parent)
        return Problem(what, _("Anh/chị chọn thư mục khác rồi xuất lại."), code="exchange.folder")
    if fault.errno == errno.ENOSPC:
        what = _("Ổ đĩa đã đầy, chưa ghi được tệp.")
        advice = _("Anh/chị xóa bớt tệp không cần hoặc chọn ổ đĩa khác rồi xuất lại.")
        return Problem(what, advice, code="exchange.full")
    if path.is_dir():
        what = _("{name} là một thư mục.").format(name=path.name)
        advice = _("Anh/chị đặt tên khác cho tệp rồi xuất lại.")
        return Problem(what, advice, code="exchange.folder")
    if path.exists():
        what = _("Không ghi được tệp {name}, có thể vì đang mở trong Excel.").format(name=path.name)
        return Problem(what, _("Anh/chị đóng tệp rồi xuất lại."), code="exchange.locked")
    what = _("Không ghi được vào thư mục {folder}.").format(folder=path.parent)
    return Problem(what, _("Anh/chị chọn thư mục khác rồi xuất lại."), code="exchange.folder")


def write(path: Path, content: bytes) -> None:
    """Puts the whole file in place at once. Raises Problem, and then the old one still stands."""
    with saying_why(path):
        write_whole(path, content)
