"""Freezing figures: what stood on a day, with the records behind it, kept for ever."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from sync.canonical import canonical
from sync.client.tables import Office
from sync.indicators import figures
from sync.indicators.membersets import Behind, behind_ratios
from sync.problems import Problem
from sync.records.base import Record
from sync.records.frozen_figure import MOST_LETTERS, FrozenFigure, seal
from sync.records.frozen_list import FrozenList, digest_of
from sync.records.types import Value
from sync.rules import tidied
from sync.texts import _
from vla_desktop.store.database import reading
from vla_desktop.store.frozen_print import page
from vla_desktop.store.rows import titles_of
from vla_desktop.store.store import Store


@dataclass(frozen=True)
class Frozen:
    """One snapshot. `sound` is False when its seal or a list behind it is not what it was."""

    id: str
    name: str
    stood_on: dt.date
    frozen_on: dt.date
    author: str
    revision: int
    revises: str
    reason: str
    digest: str
    figures: Sequence[Mapping[str, Any]]
    page: str
    sound: bool

    @property
    def printed(self) -> str:
        """The page to print, as HTML: what was kept and nothing else."""
        return f"{self.page}<p>{self.digest}</p>"


@dataclass(frozen=True)
class Difference:
    """What a ratio counts otherwise today: titles of records that came, went, or weigh other."""

    name: str
    then: str
    now: str
    came: Sequence[str] = ()
    went: Sequence[str] = ()
    changed: Sequence[str] = ()


class Freezer:
    """Makes, lists and compares snapshots of an office."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine, self._store = engine, store

    def freeze(
        self, name: str, stood_on: dt.date, today: dt.date, author: str = "",
        revises: str = "", reason: str = "",
    ) -> str:  # fmt: skip
        """Keep the figures of a day; the id of the snapshot. `revises` is what it corrects.

        Raises `InvalidRecord` for a correction without a reason, or without a name.
        """
        lists: dict[str, str] = {}
        with reading(self._engine) as session:
            scope = session.get_one(Office, 1).branch
            behind = behind_ratios(session, stood_on, scope)
            found = figures(session, stood_on, scope=scope)
            told = [_told(each, behind.get(each.code), lists) for each in found]
            before = session.get(FrozenFigure, revises) if revises else None
            revision = (before.revision or 1) + 1 if before else 1
            known = set(session.scalars(select(FrozenList.digest)))
        values: dict[str, Value] = {
            "name": name, "stood_on": stood_on, "frozen_on": today, "author": author,
            "revision": revision, "revises": revises, "reason": reason,
        }  # fmt: skip
        values = dict(tidied(FrozenFigure, values))
        # The page goes along, so that no later program says it in other words.
        values["content"] = canonical({"figures": told, "page": page(values, told)})
        values["digest"] = seal(values)
        # The header last: whoever finds it finds its lists.
        entries: list[tuple[type[Record], Mapping[str, Value], str | None]] = [
            (FrozenList, {"digest": digest, "content": text}, None)
            for digest, text in lists.items()
            if digest not in known
        ]
        return self._store.save_many([*entries, (FrozenFigure, values, None)])[-1].id

    def all(self) -> list[Frozen]:
        """The snapshots of this office, the newest first."""
        with reading(self._engine) as session:
            query = (
                select(FrozenFigure)
                .where(FrozenFigure.deleted.is_(False))
                .order_by(FrozenFigure.frozen_on.desc(), FrozenFigure.id.desc())
            )
            return [_frozen(session, record) for record in session.scalars(query)]

    def get(self, record_id: str) -> Frozen:
        """One of them. Raises LookupError."""
        with reading(self._engine) as session:
            record = session.get(FrozenFigure, record_id)
            if record is None:
                raise LookupError(record_id)
            return _frozen(session, record)

    def differences(self, frozen: Frozen) -> list[Difference]:
        """What the same day would give by the records of today; [] when nothing differs."""
        with reading(self._engine) as session:
            scope = session.get_one(Office, 1).branch
            now = behind_ratios(session, frozen.stood_on, scope)
            today = {each.code: each for each in figures(session, frozen.stood_on, scope=scope)}
            return [
                found
                for told in frozen.figures
                if (found := _compared(session, told, today.get(told["code"]), now)) is not None
            ]


def _told(figure: Any, behind: Behind | None, lists: dict[str, str]) -> dict[str, Any]:
    """A figure as it is kept; what its two numbers count goes into `lists`, by digest."""
    told = {
        "code": figure.code, "name": figure.name, "shown": figure.shown,
        "numerator": figure.numerator, "denominator": figure.denominator,
        "target": None if figure.target is None else str(figure.target),
        "missing": figure.missing, "provisional": figure.provisional,
    }  # fmt: skip
    if behind is not None:
        told["above"] = _kept(sorted(behind.numerator), lists)
        told["below"] = _kept(
            [f"{one} {weight}" for one, weight in sorted(behind.denominator.items())], lists
        )
    return told


def _kept(lines: Sequence[str], lists: dict[str, str]) -> list[str]:
    """The digests of the pieces, each short enough to travel as one change."""
    digests = []
    at_once = MOST_LETTERS // (max(map(len, lines), default=1) + 1)
    for start in range(0, len(lines), at_once):
        text = "\n".join(lines[start : start + at_once])
        digests.append(digest_of(text))
        lists[digests[-1]] = text
    return digests


def _frozen(session: Session, record: FrozenFigure) -> Frozen:
    content: dict[str, Any] = json.loads(record.content or '{"figures": [], "page": ""}')
    told = content["figures"]
    wanted = {one for each in told for side in ("above", "below") for one in each.get(side, ())}
    sound = record.digest == seal(vars(record)) and wanted <= _pieces(session, wanted).keys()
    return Frozen(
        record.id, record.name, record.stood_on or dt.date.min, record.frozen_on or dt.date.min,
        record.author, record.revision or 1, record.revises, record.reason, record.digest,
        told, content["page"], sound,
    )  # fmt: skip


def _pieces(session: Session, digests: Iterable[str]) -> dict[str, str]:
    """The pieces that are what their digest says, in the bin or not."""
    query = select(FrozenList.content).where(FrozenList.digest.in_(sorted(digests)))
    return {digest_of(content): content for content in session.scalars(query)}


def _lines(session: Session, digests: Sequence[str]) -> Iterator[str]:
    pieces = _pieces(session, digests)
    for digest in digests:
        if digest not in pieces:
            raise Problem(
                _("Danh sách phía sau số đã chốt chưa có trên máy này."),
                _("Anh/chị đồng bộ rồi thử lại."),
                code="frozen.list",
            )
        yield from pieces[digest].splitlines()


def _compared(
    session: Session, told: Mapping[str, Any], today: Any, now: Mapping[str, Behind]
) -> Difference | None:
    then = _parts(told["shown"], told["numerator"], told["denominator"])
    here = "–" if today is None else _parts(today.shown, today.numerator, today.denominator)
    behind = now.get(told["code"])
    if behind is None:
        return None if then == here else Difference(told["name"], then, here)
    above = frozenset(_lines(session, told["above"]))
    below = dict(line.rsplit(" ", 1) for line in _lines(session, told["below"]))
    weights = {one: str(weight) for one, weight in behind.denominator.items()}
    came = (behind.numerator - above) | (weights.keys() - below.keys())
    went = (above - behind.numerator) | (below.keys() - weights.keys())
    changed = {one for one in weights.keys() & below.keys() if weights[one] != below[one]}
    if then == here and not (came or went or changed):
        return None
    titles = titles_of(session, came | went | changed)

    def named(ids: Iterable[str]) -> list[str]:
        return sorted(titles.get(one) or one for one in ids)

    return Difference(told["name"], then, here, named(came), named(went), named(changed))


def _parts(shown: str, numerator: int | None, denominator: int | None) -> str:
    return shown if denominator is None else f"{shown} ({numerator}/{denominator})"
