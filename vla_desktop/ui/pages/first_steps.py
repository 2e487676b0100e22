"""What an empty office shows: three steps that teach the order of things."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from sync.texts import N_, _
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.rows import ActionRow

STEPS = (
    (
        "organisation_unit", "organisation", N_("1. Ghi tổ chức của mình"),
        N_("Chi hội hoặc liên chi hội mà hội viên và thư viện thuộc về."),
    ),
    (
        "library", "library", N_("2. Ghi các thư viện trên địa bàn"),
        N_("Tên, loại, xã phường; số nhân sự hằng năm để tính chỉ tiêu."),
    ),
    (
        "member", "member", N_("3. Ghi hội viên"),
        N_("Mỗi người một phiếu; nơi công tác chọn từ các thư viện vừa ghi."),
    ),
)  # fmt: skip


class FirstSteps(Card):
    """Three rows that open three empty forms. `asked` carries a `Destination`."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Bắt đầu với ba bước"))
        lead = _(
            "Văn phòng này chưa có gì. Ghi theo thứ tự dưới đây thì về sau chỉ cần chọn, không "
            "phải gõ lại."
        )
        self.body.addWidget(label(lead, "muted"))
        rows = QVBoxLayout()
        rows.setSpacing(8)
        for kind, icon, text, detail in STEPS:
            row = ActionRow(icon, _(text), detail=_(detail))
            row.pressed.connect(lambda kind=kind: self.asked.emit(Destination(kind, id="")))
            rows.addWidget(row)
        self.body.addLayout(rows)
        hint = _(
            "Muốn tập trước? Đóng phần mềm rồi mở văn phòng mẫu bằng lệnh "
            "“vla-desktop --home THƯ_MỤC init --demo”: mọi người trong đó đều là tên đặt ra."
        )
        self.body.addWidget(label(hint, "help"))
