"""What happens when two offices did something to one record without having seen each other.

Declared once: the tests walk this table with two real offices, the help on screen is made from
it, and the desk of conflicts takes its buttons from it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from sync.texts import N_


class Deed(enum.StrEnum):
    """What an office can do to a record."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    RESTORE = "restore"
    DUPLICATE = "duplicate"
    MOVE = "move"


DEED_WORDS: Mapping[Deed, str] = MappingProxyType(
    {
        Deed.CREATE: N_("ghi thêm một mục gắn với bản ghi"),
        Deed.EDIT: N_("sửa bản ghi"),
        Deed.DELETE: N_("chuyển bản ghi vào thùng rác"),
        Deed.RESTORE: N_("khôi phục bản ghi từ thùng rác"),
        Deed.DUPLICATE: N_("ghi cùng người, cùng việc ấy thành bản ghi thứ hai"),
        Deed.MOVE: N_("chuyển bản ghi sang chi hội khác"),
    }
)


class Place(enum.Enum):
    """Where the record is in the end."""

    HERE = "here"
    BIN = "bin"
    ELSEWHERE = "elsewhere"


class Press(enum.Enum):
    """What one press on the desk does. The choice between values is `conflicts.Choice`."""

    RESTORE = "restore"
    KEEP_BINNED = "keep_binned"
    KEEP_BOTH = "keep_both"
    KEEP = "keep"
    KNOWN = "known"
    BIN = "bin"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    DECLINE = "decline"
    COMPLETE = "complete"


PRESS_WORDS: Mapping[Press, str] = MappingProxyType(
    {
        Press.RESTORE: N_("Khôi phục"),
        Press.KEEP_BINNED: N_("Để trong thùng rác"),
        Press.KEEP_BOTH: N_("Để nguyên cả hai"),
        Press.KEEP: N_("Để nguyên"),
        Press.KNOWN: N_("Đã biết"),
        Press.BIN: N_("Chuyển vào thùng rác"),
        Press.WITHDRAW: N_("Bỏ thay đổi này"),
        Press.ACCEPT: N_("Đồng ý nhận"),
        Press.DECLINE: N_("Không nhận"),
        Press.COMPLETE: N_("Hoàn tất việc chuyển"),
    }
)

# By the sort of a line on the desk, what can be pressed there besides opening the form.
PRESSES: Mapping[str, tuple[Press, ...]] = MappingProxyType(
    {
        "binned": (Press.RESTORE, Press.KEEP_BINNED),
        "alike": (Press.KEEP_BOTH,),
        "link": (Press.RESTORE, Press.KEEP),
        "link_moved": (Press.KEEP,),
        "moved": (Press.KNOWN,),
        "refused": (Press.WITHDRAW,),
        "left": (Press.KEEP,),
        "was_binned": (Press.BIN, Press.KEEP),
        "transfer": (Press.ACCEPT, Press.DECLINE),
        "transfer_due": (Press.COMPLETE,),
        "transfer_refused": (Press.KNOWN,),
    }
)


@dataclass(frozen=True)
class Outcome:
    """What stands, and the sort of the line on the desk of each of the two; "" for none.

    `press` says in words what one press there does. `is_second` when only the later one is told;
    `there` is the sort on the desk of the branch that the record went to.
    """

    place: Place
    stands: str
    told: str = ""
    press: str = ""
    is_second: bool = False
    there: str = ""


_BOTH = Outcome(Place.HERE, N_("Cả hai đều đứng; không ai phải làm gì."))
_SAME = Outcome(Place.BIN, N_("Hai nơi cùng một ý: bản ghi nằm trong thùng rác một lần."))
_BACK = Outcome(Place.HERE, N_("Hai nơi cùng một ý: bản ghi được khôi phục một lần."))
_FIELDS = Outcome(
    Place.HERE,
    N_("Ô khác nhau: cả hai đều đứng. Cùng một ô: giá trị gửi sau đang được dùng."),
    "conflict",
    N_("Chọn giá trị trước khi sửa, giá trị của máy này hay của nơi kia."),
)
_BINNED = Outcome(
    Place.BIN,
    N_("Chỗ sửa được giữ, nhưng bản ghi nằm trong thùng rác."),
    "binned",
    N_("“Khôi phục” đưa bản ghi cùng chỗ sửa trở lại; “Để trong thùng rác” thì thôi."),
)
_LINKED = Outcome(
    Place.BIN,
    N_("Mục mới vẫn đứng, nhưng bản ghi mà nó gắn với nằm trong thùng rác."),
    "link",
    N_("“Khôi phục” đưa bản ghi trở lại; “Để nguyên” thì thôi."),
)
_MARKS_BACK = Outcome(
    Place.HERE,
    N_("Việc gửi sau đứng: bản ghi được khôi phục."),
    "conflict",
    N_("Chọn để bản ghi ở danh sách hay trong thùng rác."),
)
_MARKS_BIN = Outcome(
    Place.BIN,
    N_("Việc gửi sau đứng: bản ghi nằm trong thùng rác."),
    "conflict",
    N_("Chọn để bản ghi ở danh sách hay trong thùng rác."),
)
_ALIKE = Outcome(
    Place.HERE,
    N_("Cả hai bản ghi đều đứng và được chỉ ra là có thể trùng."),
    "alike",
    N_("“Để nguyên cả hai” nếu là hai người, hai việc; nếu trùng thì mở ra và xóa bớt một."),
)
_ONE_LEFT = Outcome(
    Place.BIN, N_("Bản ghi thứ nhất nằm trong thùng rác, bản ghi thứ hai đứng; không thành trùng.")
)

_GONE = Outcome(
    Place.ELSEWHERE, N_("Bản ghi đến chi hội mới, cùng với chỗ sửa; ở đây chỉ còn để xem.")
)
_GONE_BINNED = Outcome(
    Place.ELSEWHERE,
    N_("Bản ghi đến chi hội mới và không nằm trong thùng rác."),
    "moved",
    N_("“Đã biết” là xong. Chi hội mới được báo và tự chọn để hay chuyển vào thùng rác."),
    there="was_binned",
)
_GONE_LINKED = Outcome(
    Place.ELSEWHERE,
    N_("Mục mới vẫn ở lại đây; bản ghi mà nó gắn với đã đến chi hội mới."),
    "link_moved",
    N_("“Để nguyên”, hoặc mở ra để gắn với bản ghi khác."),
)
_GONE_ALIKE = Outcome(
    Place.ELSEWHERE,
    N_("Bản ghi thứ nhất đã đến chi hội mới, bản ghi thứ hai đứng ở đây; có thể trùng."),
    "alike",
    N_("“Để nguyên cả hai” nếu là hai người, hai việc; nếu trùng thì xóa bản ghi ở đây."),
)
_FIRST_MOVE = Outcome(
    Place.ELSEWHERE,
    N_("Cùng một chi hội: chuyển một lần. Hai chi hội khác nhau: lần chuyển gửi trước đứng."),
    "refused",
    N_("Chỉ máy gửi sau được báo; “Bỏ thay đổi này” là xong."),
    is_second=True,
)

_C, _E, _D, _R, _2, _M = Deed

MEETINGS: Mapping[tuple[Deed, Deed], Outcome] = MappingProxyType(
    {
        (_C, _C): _BOTH, (_C, _E): _BOTH, (_C, _D): _LINKED, (_C, _R): _BOTH, (_C, _2): _ALIKE,
        (_E, _C): _BOTH, (_E, _E): _FIELDS, (_E, _D): _BINNED, (_E, _R): _BOTH, (_E, _2): _ALIKE,
        (_D, _C): _LINKED, (_D, _E): _BINNED, (_D, _D): _SAME, (_D, _R): _MARKS_BACK,
        (_D, _2): _ONE_LEFT,
        (_R, _C): _BOTH, (_R, _E): _BOTH, (_R, _D): _MARKS_BIN, (_R, _R): _BACK, (_R, _2): _ALIKE,
        (_2, _C): _ALIKE, (_2, _E): _ALIKE, (_2, _D): _ONE_LEFT, (_2, _R): _ALIKE,
        (_2, _2): _ALIKE,
        (_C, _M): _GONE_LINKED, (_E, _M): _GONE, (_D, _M): _GONE_BINNED, (_R, _M): _GONE,
        (_2, _M): _GONE_ALIKE,
        (_M, _C): _GONE_LINKED, (_M, _E): _GONE, (_M, _D): _GONE_BINNED, (_M, _R): _GONE,
        (_M, _2): _GONE_ALIKE, (_M, _M): _FIRST_MOVE,
    }
)  # fmt: skip
"""By what the change said that comes first in the ledger, and the one that comes after it."""


def undefined() -> list[tuple[Deed, Deed]]:
    """The meetings of which nothing is said; there are none."""
    return [pair for pair in product(Deed, Deed) if pair not in MEETINGS]
