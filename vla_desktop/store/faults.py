"""What the database and the disk complain of, in the words of a clerk.

Error codes decide, never the words of a message: those change between releases and languages.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from sync.problems import Problem
from sync.texts import N_, _

Sentences = tuple[str, str]

_SENTENCES: Final[Mapping[str, Sentences]] = MappingProxyType(
    {
        "disk.full": (
            N_("Ổ đĩa đã đầy nên chưa lưu được."),
            N_("Anh/chị xóa bớt tệp không cần, dọn thùng rác của máy rồi làm lại."),
        ),
        "disk.read_only": (
            N_("Máy không cho ghi vào thư mục dữ liệu."),
            N_("Anh/chị nhờ người quản trị máy cấp quyền ghi thư mục này rồi mở lại phần mềm."),
        ),
        "disk.failing": (
            N_("Ổ đĩa báo lỗi khi đọc hoặc ghi."),
            N_("Anh/chị xem ổ đĩa còn chỗ trống không, chép thư mục dữ liệu ra ổ khác phòng hỏng."),
        ),
        "disk.in_use": (
            N_("Một phần mềm khác đang giữ tệp dữ liệu."),
            N_("Anh/chị đóng phần mềm sao lưu hoặc quét vi-rút, chờ một phút rồi làm lại."),
        ),
        "disk.missing": (
            N_("Không tìm thấy tệp hoặc thư mục cần dùng."),
            N_("Anh/chị kiểm tra ổ đĩa đã cắm chưa và thư mục có bị đổi tên không."),
        ),
        "database.busy": (
            N_("Cơ sở dữ liệu đang bị một phần mềm khác giữ nên chưa lưu được."),
            N_("Anh/chị đóng phần mềm sao lưu hoặc quét vi-rút, chờ một phút rồi làm lại."),
        ),
        "database.missing": (
            N_("Không tìm thấy cơ sở dữ liệu của văn phòng."),
            N_("Anh/chị xem thư mục dữ liệu có bị chuyển đi không, hoặc khôi phục bản sao lưu."),
        ),
        "database.unopened": (
            N_("Không mở được tệp cơ sở dữ liệu."),
            N_("Anh/chị kiểm tra quyền đọc và ghi thư mục dữ liệu rồi mở lại phần mềm."),
        ),
        "database.key": (
            N_("Khóa của văn phòng không mở được cơ sở dữ liệu này."),
            N_("Tệp của nơi khác hoặc đã hỏng: anh/chị đừng xóa gì, hãy khôi phục bản sao lưu."),
        ),
        "database.damaged": (
            N_("Cơ sở dữ liệu có chỗ bị hỏng."),
            N_("Anh/chị đừng xóa tệp nào, đóng phần mềm và khôi phục bản sao lưu gần nhất."),
        ),
        "database.release": (
            N_("Bộ cài phần mềm bị lỗi: thư viện cơ sở dữ liệu không đúng phiên bản."),
            N_("Anh/chị cài lại phần mềm từ bộ cài chính thức của Hội."),
        ),
    }
)

_DISK: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ENOSPC: "disk.full",
        errno.EFBIG: "disk.full",
        getattr(errno, "EDQUOT", errno.ENOSPC): "disk.full",
        errno.EACCES: "disk.read_only",
        errno.EPERM: "disk.read_only",
        errno.EROFS: "disk.read_only",
        errno.EIO: "disk.failing",
        errno.ENOENT: "disk.missing",
        errno.ENOTDIR: "disk.missing",
    }
)
# Windows says "access denied" for these too; only its own number tells them apart.
_WINDOWS: Final[Mapping[int, str]] = MappingProxyType({32: "disk.in_use", 33: "disk.in_use"})

_SQLITE: Final[Mapping[int, str]] = MappingProxyType(
    {
        dbapi2.SQLITE_FULL: "disk.full",
        dbapi2.SQLITE_READONLY: "disk.read_only",
        dbapi2.SQLITE_PERM: "disk.read_only",
        dbapi2.SQLITE_IOERR: "disk.failing",
        dbapi2.SQLITE_BUSY: "database.busy",
        dbapi2.SQLITE_LOCKED: "database.busy",
        dbapi2.SQLITE_CANTOPEN: "database.unopened",
        dbapi2.SQLITE_NOTADB: "database.key",
        dbapi2.SQLITE_CORRUPT: "database.damaged",
    }
)


# SQLite reports a disk without room as a fault of reading or writing when it cannot make the
# files that it keeps beside the database.
_MAY_BE_FULL: Final = ("disk.failing", "database.unopened")
LEAST_ROOM_BYTES: Final = 256 * 1024


def problem(code: str) -> Problem:
    """The two sentences kept under `code`."""
    what, advice = _SENTENCES[code]
    return Problem(_(what), _(advice), code=code)


def explain(error: BaseException, folder: Path | None = None) -> Problem | None:
    """What to tell a clerk about `error`; None when it is not the world's fault.

    `folder` is where the work was done: a disk without room is then told from a failing one.
    """
    if isinstance(error, DBAPIError):
        return explain(error.orig, folder) if error.orig else None
    if isinstance(error, dbapi2.Error):
        found = _SQLITE.get(_code_of(error))
    elif isinstance(error, OSError):
        windows = _WINDOWS.get(getattr(error, "winerror", None) or 0)
        found = windows or _DISK.get(error.errno or 0)
    else:
        found = None
    if found in _MAY_BE_FULL and folder and _has_no_room(folder):
        found = "disk.full"
    return problem(found) if found else None


def _has_no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LEAST_ROOM_BYTES
    except OSError:
        return False


@contextmanager
def explained(folder: Path | None = None) -> Iterator[None]:
    """Raise a `Problem` for what the disk or the database complains of inside the block.

    Whatever else is raised passes unchanged: it is a fault of ours, or somebody else's to explain.
    """
    try:
        yield
    except (DBAPIError, dbapi2.Error, OSError) as error:
        found = explain(error, folder)
        if found is None:
            raise
        raise found from error


@contextmanager
def explained_statements(folder: Path | None = None) -> Iterator[None]:
    """The same for the database alone: a file that the caller reads is the caller's to explain."""
    try:
        yield
    except (DBAPIError, dbapi2.Error) as error:
        found = explain(error, folder)
        if found is None:
            raise
        raise found from error


def wrote_while_reading(error: DBAPIError) -> bool:
    """Whether SQLite refused a statement because the session was opened for reading."""
    return error.orig is not None and _code_of(error.orig) == dbapi2.SQLITE_READONLY


def _code_of(error: BaseException) -> int:
    """SQLite's code; 0 for a fault of the driver itself, which has none."""
    # This driver gives primary codes; a later one may give extended ones above the low byte.
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
