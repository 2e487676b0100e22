"""`python -m vla_desktop.demo run | day`: what `dev.py` hands over to."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from vla_desktop.demo.branch import Size
from vla_desktop.demo.stage import PASSPHRASE, prepare
from vla_desktop.demo.terminal import Steps, say
from vla_desktop.office import Office
from vla_desktop.settings import Theme

BUILD = Path("build")


def has_screen() -> bool:
    """Whether a window can be seen here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def virtual_screen(size: str) -> Iterator[None]:
    """A screen that nobody sees, for as long as the block runs."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        raise SystemExit("There is neither a screen nor Xvfb; on Debian: apt-get install xvfb")
    read, write = os.pipe()
    command = [xvfb, "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as said:
            number = said.readline().strip()
        if not number:
            raise SystemExit("Xvfb did not start")
        os.environ["DISPLAY"] = f":{number}"
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        yield
    finally:
        server.terminate()
        server.wait()


def run(size: Size) -> int:
    """Open the window on the demonstration; without a screen, work the scripted day."""
    stage = prepare(BUILD / "demo", size, say, Steps())
    if not has_screen():
        say("no screen here: a scripted clerk works the day on a virtual one")
        return day(size, "1366x768", "light")
    from vla_desktop.ui.run import run as open_window

    with stage.centre() as centre:
        with Office.open(stage.first, PASSPHRASE) as office:
            office.move(centre.url)
        say(f"centre at {centre.url}")
        say(f"passphrase of the demonstration office: {PASSPHRASE}")
        return open_window(stage.first)


def day(size: Size, screen: str, theme: Theme) -> int:
    """A clerk's day in the real window; pictures and an index in build/day."""
    stage = prepare(BUILD / "demo", size, say, Steps()).copied_to(BUILD / "demo-day")
    with nullcontext() if has_screen() else virtual_screen(screen):
        # Only now: Qt chooses its screen when it is loaded.
        from vla_desktop.demo.day import work_the_day

        return work_the_day(stage, BUILD / "day", screen, theme, say)


def main(words: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python3 dev.py", description=__doc__)
    parser.add_argument("verb", choices=["run", "day"])
    parser.add_argument("--size", choices=[size.name for size in Size], default="T1")
    parser.add_argument("--screen", default="1366x768", metavar="WIDTHxHEIGHT")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    asked = parser.parse_args(words)
    size = Size[asked.size]
    return run(size) if asked.verb == "run" else day(size, asked.screen, asked.theme)


if __name__ == "__main__":
    sys.exit(main())
