"""Forms that were left before they were saved, kept until they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, select

from sync.editing import to_wire
from sync.records import BY_NAME, name_of
from sync.records.base import Record
from sync.records.fields import Field, fields_by_name
from sync.records.types import Value
from vla_desktop.store.database import reading, writing
from vla_desktop.store.history import moment
from vla_desktop.store.tables import KeptDraft


@dataclass(frozen=True)
class Draft:
    """What was typed and not saved. `id` is None for a new record."""

    kind: str
    id: str | None
    values: Mapping[str, Value]
    saved_at: dt.datetime


class Drafts:
    """One draft for each record, and one for a new record of each kind."""

    def __init__(self, engine: Engine, now: Callable[[], dt.datetime]) -> None:
        self._engine, self._now = engine, now

    def get(self, kind: type[Record], record_id: str | None) -> dict[str, Value] | None:
        """What was typed; None when there is no draft."""
        with reading(self._engine) as session:
            kept = session.get(KeptDraft, (name_of(kind), record_id or ""))
            return _values(kind, kept.values) if kept else None

    def keep(self, kind: type[Record], record_id: str | None, values: Mapping[str, Value]) -> None:
        """Keep what was typed instead of what was kept before."""
        with writing(self._engine) as session:
            session.merge(
                KeptDraft(
                    kind=name_of(kind),
                    record=record_id or "",
                    values=to_wire(kind, values),
                    saved_at=self._now().isoformat(timespec="seconds"),
                )
            )

    def drop(self, kind: type[Record], record_id: str | None) -> None:
        """Forget the draft; nothing happens when there is none."""
        with writing(self._engine) as session:
            kept = session.get(KeptDraft, (name_of(kind), record_id or ""))
            if kept:
                session.delete(kept)

    def all(self) -> list[Draft]:
        """Every draft, the newest first."""
        with reading(self._engine) as session:
            kept = session.scalars(select(KeptDraft).order_by(KeptDraft.saved_at.desc()))
            return [
                Draft(
                    draft.kind,
                    draft.record or None,
                    _values(BY_NAME[draft.kind], draft.values),
                    moment(draft.saved_at),
                )
                for draft in kept
                if draft.kind in BY_NAME
            ]


def _values(kind: type[Record], wire: Mapping[str, object]) -> dict[str, Value]:
    known = fields_by_name(kind)
    values: dict[str, Value] = {}
    for name, value in wire.items():
        if name in known:
            values[name] = _value(known[name], value)
    return values


def _value(field: Field, value: object) -> Value:
    """The value; text that the form could not read comes back as it was typed."""
    try:
        return field.type.from_wire(value)  # type: ignore[arg-type]
    except ValueError:
        return value if isinstance(value, str) else field.type.empty
