"""What an exchange asks about before it deletes, and how long a request may wait."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox

from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.office import Office

# By setting, what is offered; whatever else stands in the settings is offered too.
OFFERED = {
    "most_deleted": (0, 5, 10, 20, 50, 100, 500),
    "most_deleted_percent": (1, 2, 5, 10, 20, 100),
    "transfer_days": (7, 14, 30, 60, 90),
}

Row = tuple[str, QComboBox, str]


def boundaries(office: Office, kept: Callable[[], object]) -> dict[str, Row]:
    """By setting, its name, its box and a hint. `kept` is called when a choice was kept."""
    return {
        setting: (name, _box(office, setting, name, words, kept), hint)
        for setting, name, words, hint in (
            (
                "most_deleted", _("Hỏi khi xóa quá"), _("{count} bản ghi mỗi loại"),
                _("Nhiều hơn số này trong một lần đồng bộ thì phần mềm giữ lại và hỏi trước."),
            ),
            (
                "most_deleted_percent", _("hoặc quá"), _("{count} % số bản ghi của loại"),
                _("Bỏ đến 5 bản ghi mỗi loại thì không bị hỏi theo tỷ lệ này."),
            ),
            (
                "transfer_days", _("Hạn trả lời chuyển đến"), _("{count} ngày"),
                _("Chi hội khác có từng ấy ngày để trả lời đề nghị tiếp nhận hội viên."),
            ),
        )
    }  # fmt: skip


def _box(
    office: Office, setting: str, name: str, words: str, kept: Callable[[], object]
) -> QComboBox:
    here = getattr(office.settings.sync, setting)
    box = QComboBox()
    box.setAccessibleName(name)
    for count in sorted({*OFFERED[setting], here}):
        box.addItem(words.format(count=grouped(count)), count)
    box.setCurrentIndex(box.findData(here))

    def keep() -> None:
        settings = office.settings
        chosen: dict[str, Any] = {setting: box.currentData()}
        changed = dataclasses.replace(settings.sync, **chosen)
        if changed != settings.sync:
            office.change_settings(dataclasses.replace(settings, sync=changed))
            kept()

    box.activated.connect(keep)
    return box
