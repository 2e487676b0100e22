"""What can keep an office from its centre, each with one sentence and one thing to do.

Work goes on whatever the obstacle: what was typed is saved on this computer and stays queued.
"""

from __future__ import annotations

from types import MappingProxyType

from sync.problems import Problem
from sync.protocol import SPOKEN, Refusal, versions_in
from sync.texts import N_, _

_KEPT = N_("Công việc đã lưu trên máy này; anh/chị cứ làm tiếp rồi bấm Đồng bộ lại sau.")
_ASK = N_("Anh/chị gọi Trung ương Hội và đọc câu này; công việc trên máy này vẫn còn nguyên.")

_SENTENCES = MappingProxyType(
    {
        "offline": (N_("Chưa kết nối được với Trung ương."), _KEPT),
        "timeout": (N_("Trung ương trả lời quá chậm."), _KEPT),
        "busy": (N_("Trung ương đang bận."), _KEPT),
        "fault": (N_("Máy chủ của Trung ương gặp trục trặc."), _KEPT),
        "too_large": (N_("Gói gửi đi lớn quá mức máy chủ nhận."), _ASK),
        "alien": (
            N_("Nơi trả lời không phải máy chủ của Hội, thường là trang đăng nhập Wi-Fi."),
            N_("Anh/chị mở trình duyệt, đăng nhập mạng, rồi bấm Đồng bộ lại."),
        ),
        "proxy": (
            N_("Máy chủ trung gian của cơ quan không cho kết nối đi qua."),
            N_("Anh/chị nhờ người quản trị mạng mở đường tới máy chủ của Hội."),
        ),
        "tls": (
            N_("Chưa chắc nơi trả lời là máy chủ của Hội: chứng thư không khớp."),
            N_("Anh/chị xem ngày giờ của máy có đúng không, hoặc đổi sang mạng khác."),
        ),
        "clock": (
            N_("Theo ngày giờ của máy này, chứng thư của Trung ương chưa tới hoặc đã quá hạn."),
            N_("Anh/chị chỉnh lại ngày giờ của máy rồi bấm Đồng bộ; nếu đã đúng, gọi Trung ương."),
        ),
        "address": (
            N_("Địa chỉ máy chủ chưa đúng dạng."),
            N_("Anh/chị ghi đúng như Trung ương đã gửi, ví dụ https://dongbo.example.vn."),
        ),
        "not_enrolled": (
            N_("Máy này chưa ghi danh với Trung ương."),
            N_("Anh/chị vào trang Đồng bộ, ghi địa chỉ máy chủ và mã ghi danh Trung ương đã cấp."),
        ),
        "no_receipt": (
            N_("Máy này chưa có biên nhận nào."),
            N_("Anh/chị bấm Đồng bộ khi có mạng, Trung ương sẽ gửi biên nhận."),
        ),
        "enrolled": (
            N_("Máy này đã ghi danh với một chi hội."),
            N_("Không cần ghi danh lại; anh/chị bấm Đồng bộ."),
        ),
        "code": (
            N_("Mã ghi danh không đúng, đã dùng hoặc đã hết hạn."),
            N_("Anh/chị xem lại từng chữ, hoặc xin Trung ương cấp mã mới."),
        ),
        "unknown_device": (N_("Trung ương chưa biết máy này."), _ASK),
        "revoked": (
            N_("Trung ương đã ngừng nhận dữ liệu từ máy này."),
            N_("Anh/chị gọi Trung ương Hội; những gì đã ghi vẫn còn nguyên trên máy này."),
        ),
        "version": (
            N_("Phần mềm trên máy này đã cũ so với máy chủ."),
            N_("Anh/chị cài bản mới; trong lúc chờ vẫn nhập liệu bình thường."),
        ),
        "older_centre": (
            N_("Máy chủ của Trung ương chưa được nâng cấp bằng phần mềm trên máy này."),
            N_("Anh/chị cứ làm tiếp; việc được giữ trên máy này và gửi khi Trung ương nâng cấp."),
        ),
        "signature": (N_("Trung ương không nhận ra chữ ký của máy này."), _ASK),
        "receipt": (
            N_("Biên nhận nhận được không mang chữ ký của Trung ương nên không được công nhận."),
            _ASK,
        ),
        "unproven": (
            N_("Câu trả lời không mang chữ ký của Trung ương nên không được công nhận."),
            _ASK,
        ),
        "centre": (N_("Máy chủ trả lời không phải Trung ương mà máy này đã ghi danh."), _ASK),
        "epoch": (
            N_("Trung ương vừa được khôi phục từ bản sao lưu."),
            N_("Anh/chị bấm Đồng bộ khi có mạng: máy này sẽ gửi lại những gì Trung ương bị mất."),
        ),
        "digest": (N_("Sổ ở máy này và ở Trung ương chưa khớp nhau."), _ASK),
        "contradiction": (
            N_("Sổ của Trung ương không còn khớp với biên nhận Trung ương đã ký cho máy này."),
            _ASK,
        ),
        "message": (N_("Không đọc được câu trả lời của Trung ương."), _KEPT),
        "refused": (N_("Trung ương không nhận yêu cầu này."), _ASK),
    }
)  # fmt: skip


def obstacle(code: str) -> Problem:
    """The problem with this code; codes that are not known become "refused"."""
    what, advice = _SENTENCES.get(code, _SENTENCES["refused"])
    return Problem(_(what), _(advice), code=f"sync.{code if code in _SENTENCES else 'refused'}")


def obstacle_of(refusal: Refusal) -> Problem:
    """The problem behind the centre's no."""
    heard = versions_in(refusal)
    if refusal.code == "version" and heard and max(heard) < min(SPOKEN):
        return obstacle("older_centre")
    return obstacle(refusal.code)


class Busy(Problem):
    """The centre asks to come back later; `retry_after_s` says when, if it was told."""

    def __init__(self, retry_after_s: float | None) -> None:
        known = obstacle("busy")
        super().__init__(known.what, known.advice, code=known.code)
        self.retry_after_s = retry_after_s
