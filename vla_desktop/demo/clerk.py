"""A clerk made of keys and patience: works in the real window, and keeps a picture of each step."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE_S = 60.0
_KEYS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
}


def pause(time_ms: int) -> None:
    """Let the window live for a while. QTest's own wait would keep the worker from working."""
    loop = QEventLoop()
    QTimer.singleShot(time_ms, loop.quit)
    loop.exec()


class TooLong(Exception):
    """What the clerk waited for did not happen."""


class Clerk:
    """Types into whatever has the focus, waits, looks. Pictures go into `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
        self._folder = folder
        self._steps: list[tuple[str, str, str]] = []

    def wait(self, what: str, holds: Callable[[], bool]) -> None:
        """Until it holds. Raises `TooLong`."""
        until = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > until:
                raise TooLong(what)
            pause(20)

    def press(self, keys: str) -> None:
        """Press keys such as "Ctrl+S" or "Return", where the focus is."""
        *held, last = keys.split("+")
        modifier = Qt.KeyboardModifier.NoModifier
        for name in held:
            modifier |= _KEYS[name]
        QTest.keyClick(self.focus(), getattr(Qt.Key, f"Key_{last}"), modifier)
        pause(30)

    def type(self, text: str) -> None:
        """Type text where the focus is, letter by letter, marks and all."""
        for letter in text:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click, self.focus(), Qt.Key.Key_unknown, letter,
                Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
        pause(30)

    @staticmethod
    def focus() -> QWidget:
        """What would get a key now."""
        widget = QApplication.focusWidget() or QApplication.activeWindow()
        if widget is None:
            raise TooLong("a window with the focus")
        return widget

    def picture(self, window: QWidget, title: str, sentence: str) -> None:
        """Keep what the window shows, with what happened."""
        pause(150)
        name = f"{len(self._steps) + 1:02}.png"
        window.grab().save(str(self._folder / name))
        self._steps.append((name, title, sentence))

    def write_index(self, conclusion: str) -> Path:
        """A page with all pictures, in order; returns where it is."""
        steps = "\n".join(
            f"<section><h2>{number}. {html.escape(title)}</h2><p>{html.escape(sentence)}</p>"
            f'<img src="{name}" alt="{html.escape(title)}"></section>'
            for number, (name, title, sentence) in enumerate(self._steps, 1)
        )
        page = _PAGE.format(steps=steps, conclusion=html.escape(conclusion))
        path = self._folder / "index.html"
        path.write_text(page, "utf-8")
        return path


_PAGE = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>Một ngày làm việc</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem;
       color: #1c2b2a; background: #f6f8f7 }}
img {{ width: 100%; border: 1px solid #cdd8d5; border-radius: 8px }}
section {{ margin: 2.5rem 0 }} h2 {{ margin-bottom: 0 }} p {{ margin-top: .25rem; color: #48605c }}
</style>
<h1>Một ngày làm việc của văn thư</h1>
{steps}
<p><strong>{conclusion}</strong></p>
</html>
"""
