"""Reading the command line, and saying what it can be."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sync import __version__
from sync.texts import _
from vla_desktop import paths
from vla_desktop.cli.answer import Answer
from vla_desktop.cli.faults import Misuse
from vla_desktop.cli.verbs import BY_NAME, VERBS, Verb

PROGRAM = "vla-desktop"
COMMON = "[--home DIR] [--json]"
HELP = ("-h", "--help")
_PREFIX = "usage: "


@dataclass(frozen=True)
class Line:
    """A command line without the options that every verb takes, wherever they stood in it."""

    home: Path
    as_json: bool
    words: tuple[str, ...]


def common(words: Sequence[str]) -> Line:
    """Take out `--home` and `--json`. Raises `Misuse`."""
    home, as_json, kept = paths.default_home(), False, []
    left = iter(words)
    for word in left:
        if word == "--json":
            as_json = True
        elif word == "--home" or word.startswith("--home="):
            folder = word.partition("=")[2] or next(left, "")
            if not folder:
                raise Misuse(_("Sau --home phải ghi một thư mục."), usage(), code="usage")
            home = Path(folder).absolute()
        else:
            kept.append(word)
    return Line(home, as_json, tuple(kept))


def usage() -> str:
    """The command line in one sentence, with every verb."""
    return _("Cách dùng: {program} {common} VERB …; VERB là một trong: {verbs}.").format(
        program=PROGRAM, common=COMMON, verbs=", ".join(BY_NAME)
    )


def overview() -> Answer:
    """Help on the whole program."""
    widest = max(map(len, BY_NAME))
    lines = [
        _("Cách dùng: {program} {common} VERB …").format(program=PROGRAM, common=COMMON),
        _("Không ghi VERB thì cửa sổ mở ra. Sổ tay của từng lệnh: VERB --help."),
        "",
        *(f"  {verb.name:<{widest}}  {_(verb.purpose)}" for verb in VERBS),
        "",
        _("--home DIR  thư mục của văn phòng; mặc định {home}").format(home=paths.default_home()),
        _("--json      in đúng một tài liệu JSON ra đầu ra chuẩn"),
        _("Mật khẩu lấy từ biến VLA_PASSPHRASE, không có thì hỏi."),
        _("Mã thoát: 0 xong, 1 bị từ chối và sửa được, 2 dùng sai, 3 lỗi của phần mềm."),
    ]
    verbs = [{"name": verb.name, "purpose": _(verb.purpose)} for verb in VERBS]
    return Answer({"version": __version__, "verbs": verbs}, lines)


def verb_named(name: str) -> Verb:
    """The verb of this name. Raises `Misuse` that lists those there are."""
    if name in BY_NAME:
        return BY_NAME[name]
    raise Misuse(_("Không có lệnh “{name}”.").format(name=name), usage(), code="usage.verb")


class VerbParser(argparse.ArgumentParser):
    """Reads what follows a verb; options and values may stand in any order."""

    def __init__(self, verb: Verb) -> None:
        super().__init__(
            f"{PROGRAM} {COMMON} {verb.name}", description=_(verb.purpose),
            add_help=False, allow_abbrev=False,
        )  # fmt: skip
        group = self.add_argument_group(_("Ghi sau lệnh"))
        for word in verb.words:
            group.add_argument(*word.names, help=_(word.purpose), **word.options)
        # Kept as it is now: argparse would cut the first word off, thinking it to be "usage:".
        self.usage = " ".join(self.format_usage().removeprefix(_PREFIX).split())

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """What the words mean. Raises `Misuse`."""
        given, unknown = self.parse_known_intermixed_args(words)
        if unknown:
            raise Misuse(
                _("Không hiểu “{words}” trên dòng lệnh.").format(words=" ".join(unknown)),
                self.one_line(),
                code="usage",
            )
        return given

    def error(self, message: str) -> NoReturn:
        raise Misuse(_("Dòng lệnh chưa đúng."), self.one_line(), code="usage")

    def one_line(self) -> str:
        """How the verb is used, without line breaks."""
        return _("Cách dùng: {usage}").format(usage=self.usage)

    def whole_page(self) -> list[str]:
        """How the verb is used, word by word."""
        return [self.one_line(), *self.format_help().partition("\n")[2].splitlines()]
