"""From the words of the command line to the exit code."""

from __future__ import annotations

import importlib
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from sync import __version__
from sync.problems import Problem
from sync.texts import _, speak
from vla_desktop import paths
from vla_desktop.cli.answer import Answer, say, speak_utf8
from vla_desktop.cli.arguments import (
    HELP,
    Line,
    VerbParser,
    common,
    overview,
    usage,
    verb_named,
)
from vla_desktop.cli.faults import Misuse, answer_to
from vla_desktop.cli.verbs import Verb
from vla_desktop.settings import Settings

Work = Callable[[Path, Namespace], Answer]


def run(words: Sequence[str], window: Callable[[Path], int]) -> int:
    """Do one verb and say what came of it; without a verb, `window` opens the office's folder.

    Returns 0 done, 1 refused for a reason that can be mended, 2 wrong usage, 3 a fault of ours.
    """
    speak_utf8()
    home = paths.default_home()
    try:
        line = common(words)
        home = line.home
        if not line.words and not line.as_json:
            _need_screen()
            return window(home)
        answer = _perform(line)
    except (Exception, KeyboardInterrupt) as fault:  # noqa: BLE001 - the border: all end here
        answer = answer_to(fault, home)
    return say(answer, as_json="--json" in words)


def work_of(verb: Verb) -> Work:
    """The function that does the verb's work; only its module is loaded."""
    module, _dot, name = verb.run.partition(".")
    work: Work = getattr(importlib.import_module(f"vla_desktop.cli.{module}"), name)
    return work


def _perform(line: Line) -> Answer:
    try:
        "".join(line.words).encode()
    except UnicodeEncodeError as fault:
        raise Misuse(_("Dòng lệnh có chữ không đọc được."), usage(), code="usage") from fault
    _speak_as_chosen(line.home)
    first, *rest = line.words or ("",)
    if first in HELP:
        return overview()
    if first == "--version":
        return Answer({"version": __version__}, [__version__])
    verb = verb_named(first)
    parser = VerbParser(verb)
    if any(word in HELP for word in rest):
        return Answer({"usage": parser.one_line()}, parser.whole_page())
    return work_of(verb)(line.home, parser.read(rest))


def _speak_as_chosen(home: Path) -> None:
    try:
        language = Settings.load(home).appearance.language
    except OSError:
        return  # opening the office will say why
    speak(paths.resources() / "i18n", language)


def _need_screen() -> None:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(map(os.environ.get, screens)):
        raise Problem(
            _("Nơi này không có màn hình nên không mở được cửa sổ."),
            usage(),
            code="screen.none",
        )
