"""init, enrol, settings: an office begins, joins its branch, and is told how to behave."""

from __future__ import annotations

import dataclasses
from argparse import Namespace
from pathlib import Path
from typing import Any, get_args, get_type_hints

from sync.records.types import YesNo
from sync.texts import _
from vla_desktop.cli.answer import Answer, Ticker
from vla_desktop.cli.faults import Misuse
from vla_desktop.cli.fields import assignments
from vla_desktop.cli.opening import asked, at_work, opened, usable
from vla_desktop.office import Office
from vla_desktop.settings import Settings


def init(home: Path, given: Namespace) -> Answer:
    """Make an office, empty or with the demonstration branch."""
    with usable(home):
        office = Office.create(home, asked(is_new=not Office.exists(home)))
    with at_work(office):
        chosen = {name: getattr(given, name) for name in ("author", "computer")}
        chosen = {name: text for name, text in chosen.items() if text}
        if chosen:
            office.change_settings(dataclasses.replace(office.settings, **chosen))
        records = _fill(office, given.demo) if given.demo else 0
        document = {
            "home": str(home),
            "author": office.settings.author,
            "computer": office.settings.computer,
            "records": records,
        }
    lines = [_("Đã tạo văn phòng trong {home}.").format(home=home)]
    if records:
        lines.append(_("Văn phòng mẫu có {count} bản ghi.").format(count=records))
    return Answer(document, lines)


def _fill(office: Office, size: str) -> int:
    from vla_desktop.demo.branch import SEED, Size, fill

    sizes = {"small": Size.SMALL, "t1": Size.T1}
    return fill(office.store, office.store.catalogue, sizes[size], SEED, Ticker())


def enrol(home: Path, given: Namespace) -> Answer:
    """Join the branch that the code is for."""
    with opened(home) as office:
        office.enrol(given.server, given.code)
        standing = office.standing()
    document = {
        "branch": standing.branch,
        "branch_name": standing.branch_name,
        "server": standing.server,
    }
    name = standing.branch_name or standing.branch
    return Answer(document, [_("Máy này đã ghi danh vào {name}.").format(name=name)])


def settings(home: Path, given: Namespace) -> Answer:
    """Show the choices, after changing those that were given."""
    texts = assignments(given.values, example='author="Nguyễn Thị Hằng"')
    with opened(home) as office:
        changed = office.settings
        for name, text in texts.items():
            changed = _changed(changed, name, text)
        if texts:
            office.change_settings(changed)
    document = flat(changed)
    return Answer(document, [f"{name} = {value}" for name, value in document.items()])


def flat(choices: Any, prefix: str = "") -> dict[str, Any]:
    """Every choice by its name, as in "sync.every_minutes"."""
    found: dict[str, Any] = {}
    for each in dataclasses.fields(choices):
        value = getattr(choices, each.name)
        if dataclasses.is_dataclass(value):
            found |= flat(value, f"{each.name}.")
        elif "kept" not in each.metadata:
            found[prefix + each.name] = value
    return found


def _changed(choices: Settings, name: str, text: str) -> Settings:
    if name not in flat(choices):
        what = _("Không có lựa chọn “{name}”.").format(name=name)
        advice = _("Các lựa chọn: {names}.").format(names=", ".join(flat(choices)))
        raise Misuse(what, advice, code="usage.setting")
    group, _dot, leaf = name.rpartition(".")
    holder: Any = getattr(choices, group) if group else choices
    holder = dataclasses.replace(holder, **{leaf: _chosen(holder, leaf, text)})
    return dataclasses.replace(choices, **{group: holder}) if group else holder


def _chosen(holder: Any, leaf: str, text: str) -> Any:
    """The value that the text means for this choice. Raises `Misuse`."""
    hint = get_type_hints(type(holder))[leaf]
    limits = next(each for each in dataclasses.fields(holder) if each.name == leaf).metadata
    words = get_args(hint)
    try:
        value = YesNo().read(text) if hint is bool else text if words else hint(text)
    except ValueError:
        value = None
    is_known = value in words if words else value is not None
    if is_known and limits.get("least", value) <= value <= limits.get("most", value):
        return value
    known = ", ".join(words) if words else hint.__name__
    if limits:
        known += f" {limits['least']}-{limits['most']}"
    what = _("“{text}” không dùng được cho “{name}”.").format(text=text, name=leaf)
    raise Misuse(what, _("Có thể ghi: {known}.").format(known=known), code="usage.setting")
