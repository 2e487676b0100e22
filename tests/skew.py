"""Programs of an earlier version, by hiding from this one what it would not have known.

Whole programs of other versions, in processes of their own, are in `tests/versions`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any, Self
from unittest.mock import patch

from sync import records
from sync.records import fields as declared
from sync.records.base import Record
from sync.records.fields import Field
from sync.server.centre import Centre
from tests.builders import DirectWire

_KINDS, _BY_NAME = records.KINDS, records.BY_NAME
_FIELDS, _FIELDS_BY_NAME = declared.fields, declared.fields_by_name


class Earlier:
    """Whatever runs in here knows neither these kinds nor these fields, by their kind.

    The columns stand in the tables all the same, and keep what they start with.
    """

    def __init__(
        self, kinds: frozenset[str] = frozenset(),
        fields: Mapping[str, frozenset[str]] | None = None,
    ) -> None:  # fmt: skip
        self._instead = _instead(kinds, fields or {})
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for module in _modules():
            for name, (real, instead) in self._instead.items():
                if vars(module).get(name) is real:
                    self._stack.enter_context(patch.object(module, name, instead))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Somebody of this version acts."""
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()


class WireFromEarlier(DirectWire):
    """Carries what an earlier version says to a centre of this one."""

    def __init__(self, centre: Centre, version: Earlier) -> None:
        super().__init__(centre)
        self._version = version

    def post(self, path: str, body: bytes) -> bytes:
        """The centre's answer."""
        with self._version.paused():
            return super().post(path, body)


class WireToEarlier(DirectWire):
    """Carries what this version says to a centre of an earlier one."""

    def __init__(self, centre: Centre, version: Earlier) -> None:
        super().__init__(centre)
        self._version = version

    def post(self, path: str, body: bytes) -> bytes:
        """The centre's answer."""
        with self._version:
            return super().post(path, body)


def _instead(
    kinds: frozenset[str], hidden: Mapping[str, frozenset[str]]
) -> dict[str, tuple[Any, Any]]:
    @cache
    def fewer(kind: type[Record]) -> tuple[Field, ...]:
        gone = hidden.get(records.name_of(kind), frozenset())
        return tuple(field for field in _FIELDS(kind) if field.name not in gone)

    @cache
    def fewer_by_name(kind: type[Record]) -> dict[str, Field]:
        return {field.name: field for field in fewer(kind)}

    left = tuple(kind for kind in _KINDS if records.name_of(kind) not in kinds)
    return {
        "KINDS": (_KINDS, left),
        "BY_NAME": (_BY_NAME, MappingProxyType({records.name_of(kind): kind for kind in left})),
        "fields": (_FIELDS, fewer),
        "fields_by_name": (_FIELDS_BY_NAME, fewer_by_name),
    }


def _modules() -> list[ModuleType]:
    mine = ("sync", "vla_desktop")
    return [module for name, module in sorted(sys.modules.items()) if name.split(".")[0] in mine]
