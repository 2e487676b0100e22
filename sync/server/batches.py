"""Files that branches send instead of synchronising: what stands in the way, for the operator."""

from __future__ import annotations

from types import MappingProxyType

from sync.frames import BadMessage
from sync.problems import Problem
from sync.protocol import Refusal
from sync.server.centre import Acknowledged, Centre
from sync.texts import N_, _

SUFFIX = ".vlar"

_ASK = N_("Chưa có gì thay đổi; anh/chị gọi cho chi hội đã gửi tệp.")
_SENTENCES = MappingProxyType(
    {
        "message": (
            N_("Tệp mở được nhưng nội dung không đúng dạng."),
            N_("Chưa có gì thay đổi; anh/chị xin chi hội xuất lại tệp bằng bản phần mềm mới nhất."),
        ),
        "version": (
            N_("Tệp do một phiên bản phần mềm mà máy chủ chưa hiểu ghi."),
            N_("Anh/chị cài bản mới nhất ở cả hai nơi rồi xin chi hội xuất lại tệp."),
        ),
        "signature": (N_("Tệp không mang chữ ký của máy mà nó nêu tên."), _ASK),
        "unknown_device": (N_("Trung ương chưa biết máy đã ghi tệp này."), _ASK),
        "revoked": (
            N_("Máy ghi tệp này đã bị ngừng nhận."),
            N_("Chưa có gì thay đổi; nếu máy vẫn thuộc chi hội, anh/chị cấp mã ghi danh mới."),
        ),
        "scope": (N_("Tệp này hỏi dữ liệu của chi hội khác."), _ASK),
        "centre": (N_("Tệp này dành cho một Trung ương khác."), _ASK),
        "stale_exchange": (
            N_("Hai bản sao của một văn phòng đã ghi hai việc khác nhau dưới cùng một mã."),
            N_("Chưa có gì thay đổi; mời chi hội nối mạng và bấm Đồng bộ một lần ở máy này."),
        ),
    }
)  # fmt: skip


def take_in(centre: Centre, content: bytes) -> Acknowledged:
    """Take in a batch. Raises `Problem`, and then nothing changed."""
    try:
        return centre.take_file(content)
    except BadMessage as fault:
        raise _problem("message") from fault
    except Refusal as fault:
        raise _problem(fault.code) from fault


def name_of(acknowledged: Acknowledged) -> str:
    """What to call the file that goes back."""
    return f"VLA-{acknowledged.receipt.title}{SUFFIX}"


def _problem(code: str) -> Problem:
    what, advice = _SENTENCES.get(code, _SENTENCES["message"])
    return Problem(_(what), _(advice), code=f"file.{code}")
