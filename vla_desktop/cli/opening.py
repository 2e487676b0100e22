"""The door of the office for one who has no window."""

from __future__ import annotations

import getpass
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.problems import Problem
from sync.texts import _
from vla_desktop import logs, paths
from vla_desktop.office import Office
from vla_desktop.store.faults import explained

VARIABLE = "VLA_PASSPHRASE"


@contextmanager
def opened(home: Path) -> Iterator[Office]:
    """The office in `home` while the block runs. Raises `Problem`."""
    with usable(home):
        passphrase = asked() if Office.exists(home) else ""
        office = Office.open(home, passphrase)
    with at_work(office):
        yield office


@contextmanager
def usable(home: Path) -> Iterator[None]:
    """Raise a `Problem` for whatever the disk says of the folder inside the block."""
    try:
        with explained():
            yield
    except OSError as fault:
        raise Problem(
            _("Không dùng được thư mục {home}.").format(home=home),
            _("Anh/chị chọn thư mục khác bằng --home."),
            code="home.unusable",
        ) from fault


@contextmanager
def at_work(office: Office) -> Iterator[None]:
    """Let an open office keep its diary, then close it."""
    with office:
        diary = _diary(office.home)
        try:
            yield
        finally:
            if diary is not None:
                logs.shut(diary)


def asked(*, is_new: bool = False) -> str:
    """The passphrase, from the environment or from the terminal. Raises `Problem`."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    first = _typed(_("Mật khẩu của văn phòng: "))
    if is_new and _typed(_("Gõ lại mật khẩu: ")) != first:
        raise Problem(
            _("Hai lần gõ mật khẩu không giống nhau."),
            _("Anh/chị gõ lại từ đầu, chậm hơn một chút."),
            code="passphrase.differs",
        )
    return first


def _typed(prompt: str) -> str:
    try:
        with warnings.catch_warnings():
            # It would go on and read the passphrase from a pipe, where others can see it.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, EOFError, OSError) as fault:
        raise Problem(
            _("Chưa có mật khẩu để mở văn phòng."),
            _("Anh/chị đặt mật khẩu vào biến {name}, hoặc chạy lệnh ở nơi gõ được.").format(
                name=VARIABLE
            ),
            code="passphrase.missing",
        ) from fault


def _diary(home: Path) -> logging.Handler | None:
    try:
        return logs.set_up(paths.log_folder(home))
    except OSError:
        return None  # the work matters more than its diary
