"""The keys, on one page."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from sync.texts import N_, _
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label

KEYS = (
    ("Alt+1 … Alt+9", N_("Sang trang tương ứng ở cột trái")),
    ("Ctrl+N", N_("Thêm bản ghi mới")),
    ("Ctrl+F", N_("Tìm trong danh sách, không cần gõ dấu")),
    ("Ctrl+K", N_("Tìm mọi nơi: hội viên, thư viện, hoạt động… trong một ô")),
    ("Ctrl+E", N_("Xuất danh sách đang hiện ra Excel, CSV hay JSON")),
    ("Ctrl+I", N_("Nhập danh sách từ tệp: xem trước từng dòng rồi mới ghi")),
    ("Ctrl+S", N_("Lưu phiếu đang mở")),
    ("Enter", N_("Sang ô kế tiếp, theo thứ tự trên giấy; trong danh sách: mở phiếu")),
    ("Esc", N_("Rời phiếu, trở về danh sách; chữ đang gõ được giữ làm bản nháp")),
    ("Delete", N_("Chuyển bản ghi đang chọn vào thùng rác")),
    ("Ctrl+Z", N_("Hoàn tác lần lưu vừa rồi")),
    ("F5", N_("Đồng bộ với Trung ương")),
    ("F1", N_("Mở bảng phím tắt này")),
)


class ShortcutsDialog(QDialog):
    """Opened by F1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Phím tắt"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for row, (key, words) in enumerate(KEYS):
            name = label(key, "strong")
            name.setWordWrap(False)
            grid.addWidget(name, row, 0)
            grid.addWidget(label(_(words)), row, 1)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(label(_("Phím tắt"), "title"))
        layout.addLayout(grid)
        layout.addLayout(buttons.closing_row(self))
        self.setMinimumWidth(540)
