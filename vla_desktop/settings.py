"""What a clerk chose on this PC, kept as `settings.toml` in the office's folder."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self, get_args, get_origin, get_type_hints

import tomli_w

from vla_desktop.files import write_whole

FILE_NAME: Final = "settings.toml"
SET_ASIDE_NAME: Final = "settings-damaged.toml"

Theme = Literal["system", "light", "dark"]
Language = Literal["vi", "en"]

_log = logging.getLogger(__name__)


def _between(default: Any, least: float, most: float) -> Any:
    return field(default=default, metadata={"least": least, "most": most})


@dataclass(frozen=True)
class SyncSettings:
    """How the office meets the centre. `server` is an address, "" before enrolment.

    An exchange that would delete more than so many records of a kind, or more than so many in a
    hundred of them, asks first. Another branch has `transfer_days` to answer a request to take a
    member over.
    """

    server: str = ""
    every_minutes: int = _between(15, 1, 24 * 60)
    paused: bool = False
    most_deleted: int = _between(20, 0, 1_000_000)
    most_deleted_percent: int = _between(5, 0, 100)
    transfer_days: int = _between(30, 1, 365)


@dataclass(frozen=True)
class AppearanceSettings:
    """How the window looks. A `text_scale` of 1.0 is the size that the system asks for."""

    theme: Theme = "system"
    language: Language = "vi"
    text_scale: float = _between(1.0, 0.75, 2.0)


@dataclass(frozen=True)
class Settings:
    """All choices; change one by `dataclasses.replace`.

    `author` is the clerk's name as the history of records shows it, `computer` the label of this
    PC; both "" before they were asked for. `unknown` is what a newer program wrote, kept for it.
    """

    author: str = ""
    computer: str = ""
    sync: SyncSettings = field(default_factory=SyncSettings)
    appearance: AppearanceSettings = field(default_factory=AppearanceSettings)
    unknown: Mapping[str, Any] = field(
        default_factory=dict, repr=False, compare=False, metadata={"kept": True}
    )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The choices kept in `folder`; the defaults when there are none or they are damaged.

        A damaged file is set aside, a single value out of place counts as not chosen. Raises
        OSError when the file is there and cannot be read.
        """
        path = folder / FILE_NAME
        try:
            table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        except FileNotFoundError:
            return cls()
        except (ValueError, RecursionError):
            _set_aside(path)
            return cls()
        settings: Self = _read(cls, table, unknown=table)
        return settings

    def save(self, folder: Path) -> None:
        """Keep the choices in `folder`, which is made if missing. Raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        table = _merged(self.unknown, _table(self))
        write_whole(folder / FILE_NAME, tomli_w.dumps(table).encode())


def _read(kind: type[Any], table: Mapping[str, Any], **given: Any) -> Any:
    """A dataclass of `kind` from what stands in `table`; the default for whatever does not fit."""
    hints = get_type_hints(kind)
    chosen = dict(given)
    for each in _written(kind):
        value: Any = table.get(each.name)
        hint: Any = hints[each.name]
        if isinstance(hint, type) and is_dataclass(hint):
            chosen[each.name] = _read(hint, value if isinstance(value, dict) else {})
        elif value is not None and _fits(value, hint, each):
            chosen[each.name] = hint(value) if hint is float else value
    return kind(**chosen)


def _fits(value: Any, hint: Any, each: Field[Any]) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    # Not isinstance: True would pass for an int.
    if type(value) not in ((int, float) if hint is float else (hint,)):
        return False
    limits = each.metadata
    return "least" not in limits or bool(limits["least"] <= value <= limits["most"])


def _table(settings: Any) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for each in _written(type(settings)):
        value = getattr(settings, each.name)
        table[each.name] = _table(value) if is_dataclass(value) else value
    return table


def _written(kind: type[Any]) -> list[Field[Any]]:
    return [each for each in fields(kind) if "kept" not in each.metadata]


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` over `below`, table by table."""
    merged = dict(below)
    for name, value in above.items():
        lower = below.get(name)
        if isinstance(value, dict) and isinstance(lower, dict):
            merged[name] = _merged(lower, value)
        else:
            merged[name] = value
    return merged


def _set_aside(path: Path) -> None:
    _log.warning("settings are damaged: defaults are used")
    try:
        path.replace(path.with_name(SET_ASIDE_NAME))
    except OSError:
        return  # the next save overwrites it
