"""The words of the command line, each with what may follow it. Loads nothing but itself.

Scripts of others rely on these words: add new ones, never alter what one means.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sync.texts import N_


@dataclass(frozen=True)
class Word:
    """One argument of a verb, as argparse takes it; `purpose` is for people."""

    names: tuple[str, ...]
    purpose: str
    options: MappingProxyType[str, Any]


@dataclass(frozen=True)
class Verb:
    """`run` names the module of this package and the function in it that does the work."""

    name: str
    run: str
    purpose: str
    words: tuple[Word, ...] = ()


def _word(*names: str, purpose: str, **options: Any) -> Word:
    return Word(names, purpose, MappingProxyType(options))


def whole_number(text: str) -> int:
    """A number that is not negative. Raises ValueError."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


_KIND = _word("kind", purpose=N_("loại bản ghi, xem lệnh kinds"), metavar="KIND")
_ID = _word("id", purpose=N_("mã bản ghi"), metavar="ID")
_VALUES = _word(
    "values", purpose=N_("ô và giá trị, ví dụ name=“Thư viện tỉnh”"),
    metavar="FIELD=VALUE", nargs="*",
)  # fmt: skip
_FILE = _word("file", purpose=N_("tệp .xlsx, .csv hoặc .json"), metavar="FILE")
_SEALED = _word("file", purpose=N_("tệp trao đổi, để mang bằng USB, thư điện tử"), metavar="FILE")
_SEND = _word(
    "--send-deletions", purpose=N_("gửi cả việc xóa hàng loạt đang giữ lại"), action="store_true"
)

VERBS: tuple[Verb, ...] = (
    Verb(
        "init", "beginning.init", N_("Tạo văn phòng mới trong thư mục của --home."),
        (
            _word("--demo", purpose=N_("điền văn phòng mẫu"), metavar="SIZE", nargs="?",
                  const="t1", choices=("small", "t1")),
            _word("--author", purpose=N_("tên người ghi"), metavar="NAME", default=""),
            _word("--computer", purpose=N_("tên máy"), metavar="NAME", default=""),
        ),
    ),
    Verb(
        "enrol", "beginning.enrol", N_("Ghi danh máy này với Trung ương."),
        (
            _word("--server", purpose=N_("địa chỉ máy chủ"), metavar="URL", required=True),
            _word("--code", purpose=N_("mã ghi danh dùng một lần"), metavar="CODE", required=True),
        ),
    ),
    Verb(
        "settings", "beginning.settings", N_("Xem hoặc đổi các lựa chọn của máy này."),
        (_word("values", purpose=N_("lựa chọn và giá trị"), metavar="NAME=VALUE", nargs="*"),),
    ),
    Verb(
        "kinds", "kinds.kinds", N_("Liệt kê các loại bản ghi và các ô của chúng."),
        (_word("kind", purpose=N_("chỉ loại này"), metavar="KIND", nargs="?"),),
    ),
    Verb("add", "records.add", N_("Thêm một bản ghi, in ra mã của nó."), (_KIND, _VALUES)),
    Verb("edit", "records.edit", N_("Sửa vài ô của một bản ghi."), (_KIND, _ID, _VALUES)),
    Verb("delete", "records.delete", N_("Bỏ một bản ghi vào thùng rác."), (_KIND, _ID)),
    Verb("restore", "records.restore", N_("Lấy một bản ghi từ thùng rác ra."), (_KIND, _ID)),
    Verb(
        "move", "records.move", N_("Chuyển một bản ghi sang chi hội khác."),
        (_KIND, _ID, _word("branch", purpose=N_("mã chi hội nhận"), metavar="BRANCH")),
    ),
    Verb(
        "show", "records.show", N_("Xem một bản ghi."),
        (_KIND, _ID, _word("--history", purpose=N_("kèm lịch sử"), action="store_true")),
    ),
    Verb(
        "list", "records.list_", N_("Liệt kê bản ghi của một loại."),
        (
            _KIND,
            _word("--search", purpose=N_("chữ cần tìm, không cần dấu"), metavar="TEXT", default=""),
            _word("--limit", purpose=N_("nhiều nhất bấy nhiêu"), metavar="N", type=whole_number),
            _word("--bin", purpose=N_("trong thùng rác"), action="store_true"),
            _word("--moved", purpose=N_("đã chuyển sang chi hội khác"), action="store_true"),
        ),
    ),
    Verb("pending", "centre.pending", N_("Liệt kê những gì Trung ương chưa lưu.")),
    Verb(
        "sync", "centre.sync", N_("Đồng bộ với Trung ương."),
        (
            _SEND,
            _word("--restore-deletions", purpose=N_("lấy lại những gì bị xóa hàng loạt"),
                  action="store_true"),
        ),
    ),
    Verb(
        "export-batch", "sealed.export_batch",
        N_("Ghi những gì chưa gửi ra một tệp niêm phong cho Trung ương."),
        (_SEALED, _SEND),
    ),
    Verb(
        "import-ack", "sealed.import_ack", N_("Nhận tệp biên nhận Trung ương trả về."), (_SEALED,)
    ),
    Verb(
        "verify-receipt", "centre.verify_receipt", N_("Kiểm tra biên nhận mới nhất."),
        (_word("--online", purpose=N_("hỏi cả Trung ương"), action="store_true"),),
    ),
    Verb(
        "mend", "upkeep.mend",
        N_("Đối chiếu sổ trên máy này với Trung ương, chỗ nào hỏng thì lấy lại."),
    ),
    Verb(
        "deletions", "upkeep.deletions",
        N_("Xem việc xóa hàng loạt đang giữ lại hay đến từ nơi khác, và quyết định."),
        (
            _word("--send", purpose=N_("gửi những gì đang giữ lại"), action="store_true"),
            _word("--restore", purpose=N_("lấy lại tất cả"), action="store_true"),
            _word("--dismiss", purpose=N_("để nguyên những gì nơi khác đã xóa"),
                  action="store_true"),
        ),
    ),
    Verb("digest", "centre.digest", N_("In số thứ tự và mã băm của từng sổ.")),
    Verb("review", "centre.review", N_("Liệt kê những gì cần xem lại.")),
    Verb(
        "figures", "numbers.figures", N_("Tính các con số của chi hội."),
        (
            _word("--as-of", purpose=N_("tính đến ngày, mặc định hôm nay"), metavar="YYYY-MM-DD",
                  type=dt.date.fromisoformat),
            _word("--map", purpose=N_("kèm số theo tỉnh, trên bản đồ của ngày này"),
                  metavar="YYYY-MM-DD", type=dt.date.fromisoformat),
        ),
    ),
    Verb(
        "rehome", "places.rehome",
        N_("Chuyển bản ghi mang địa danh cũ sang tỉnh, xã hiện nay; không có --write thì chỉ xem."),
        (
            _word("choices", purpose=N_("nơi nhận của xã bị chia, theo xã hay theo bản ghi"),
                  metavar="OLD=NEW", nargs="*"),
            _word("--write", purpose=N_("ghi, một lần"), action="store_true"),
        ),
    ),
    Verb("export", "files.export", N_("Xuất danh sách một loại ra tệp."), (_KIND, _FILE)),
    Verb(
        "import", "files.import_", N_("Nhập danh sách từ tệp; dòng nào đúng thì ghi dòng đó."),
        (_FILE, _word("--kind", purpose=N_("loại, nếu tệp không nói rõ"), metavar="KIND")),
    ),
)  # fmt: skip

BY_NAME = MappingProxyType({verb.name: verb for verb in VERBS})
