"""Which of the changes that an office sent may stand."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import rules
from sync.bulk import spans
from sync.changes import ASSOCIATION, CAME_FROM, MOVED_TO, Action, Change
from sync.frames import MOST_CHANGE_BYTES
from sync.identity import DEVICE_DIGITS, counter_of
from sync.problems import Level
from sync.protocol import AWAITS_UPGRADE, Verdict
from sync.records import BY_NAME
from sync.records.base import Keeper
from sync.records.fields import fields_by_name
from sync.records.types import Link, Value
from sync.server import moving
from sync.server.isolation import everywhere
from sync.server.refusals import refusal
from sync.server.screening import sound_among
from sync.texts import _

# An arrival is written by the centre alone.
_ACTIONS = frozenset(str(action) for action in Action) - {Action.ARRIVE.value}
# What waits is asked again as long as something else was taken; a few rounds untie real work.
MOST_PASSES = 8
_CREATE = Action.CREATE.value


class Judge:
    """Decides on new changes, in the order in which they were written."""

    def __init__(
        self, session: Session, scope: str, device: str, changes: Sequence[Change], is_newer: bool
    ) -> None:
        self._scope, self._device, self._is_newer = scope, device, is_newer
        self._standing = _scopes_of(session, changes)
        self._sound = sound_among(changes)
        self._departures = moving.Departures(session, scope, self._standing)
        self.late = self._departures.late

    def decide(self, changes: Sequence[Change]) -> tuple[list[Change], list[Verdict]]:
        """What may stand, in order, and what may not.

        Those that wait are asked again after what they wait for. Changes of one record keep their
        order: while one of them waits, so do the later ones, else the older would win in the end.
        """
        fresh: list[Change] = []
        refused: list[Verdict] = []
        waiting: list[Verdict] = []
        left = list(changes)
        for _pass in range(MOST_PASSES):
            held: dict[str, str] = {}
            waiting, asked, left = [], left, []
            for change in asked:
                verdict = self._setback(change, held)
                if verdict is None:
                    fresh.append(change)
                elif verdict.waiting_for:
                    held.setdefault(change.record, verdict.waiting_for)
                    waiting.append(verdict)
                    left.append(change)
                else:
                    refused.append(verdict)
            if len(left) in (0, len(asked)):
                break
        return fresh, refused + waiting

    def _setback(self, change: Change, held: Mapping[str, str]) -> Verdict | None:
        """None when the change may stand; it then counts as standing for those after it."""
        verdict = self._forged(change) or self._early(change) or self._faulty(change)
        if verdict and self._is_newer and (verdict.field or verdict.code == "action"):
            verdict = Verdict(change.id, waiting_for=AWAITS_UPGRADE)
        if verdict is None and change.record in held:
            return Verdict(change.id, waiting_for=held[change.record])
        if verdict is None and not self._departures.note(change):
            self._standing.setdefault(change.kind, {})[change.record] = self._scope
        return verdict

    def _forged(self, change: Change) -> Verdict | None:
        if change.scope != self._scope:
            return _refused(change, "scope", _("Thay đổi này thuộc chi hội khác."))
        if change.id[:DEVICE_DIGITS] != self._device or not counter_of(change.id):
            return _refused(change, "identity", _("Thay đổi này không do máy này ghi."))
        if _is_too_long(change):
            return _refused(change, "size", _("Thay đổi này dài quá mức Trung ương nhận."))
        is_aside = bool({MOVED_TO, CAME_FROM} & change.values.keys())
        if self._scope != ASSOCIATION and _is_issued(change):
            return _refused(change, "scope", _("Chỉ Trung ương ban hành được mục này."))
        if change.action not in _ACTIONS or is_aside != (change.action == Action.MOVE):
            return _refused(change, "action", _("Không rõ thay đổi này làm gì."))
        scope = self._standing.get(change.kind, {}).get(change.record)
        if scope is not None and scope != self._scope:
            return self._departures.late_verdict(change, scope)
        if change.action == Action.MOVE:
            return self._departures.verdict(change)
        if scope is not None and change.action == Action.CREATE:
            if change.record.startswith(self._device):
                raise refusal("stale_exchange", "record reused")
            return _refused(change, "exists", _("Bản ghi này đã có ở Trung ương."))
        return None

    def _early(self, change: Change) -> Verdict | None:
        """A change comes after its record's creation, and after the records it points to."""
        if change.kind not in BY_NAME:
            return None
        if change.id in self.late:
            return None
        if change.action != _CREATE and not self._stands(change.kind, change.record):
            return Verdict(change.id, waiting_for=change.record)
        for target, identity in _links(change):
            is_itself = (target, identity) == (change.kind, change.record)
            is_gone = identity in self._departures.gone
            if not is_itself and not is_gone and not self._stands(target, identity):
                return Verdict(change.id, waiting_for=identity)
        return None

    def _stands(self, kind: str, identity: str) -> bool:
        """A record of another branch stands nowhere as far as this one can tell."""
        return self._standing.get(kind, {}).get(identity) in (self._scope, ASSOCIATION)

    def _faulty(self, change: Change) -> Verdict | None:
        """The rules of the fields that changed; whole records were judged where they were typed."""
        if change.id in self._sound:
            return None
        known = fields_by_name(BY_NAME[change.kind])
        values: dict[str, Value] = {}
        for name, wire in change.values.items():
            if name not in known:
                continue
            try:
                values[name] = known[name].type.from_wire(wire)
            except ValueError as fault:
                return _refused(change, "type", str(fault), name)
        if change.action == Action.CREATE:
            values = {f.name: f.type.empty for f in known.values()} | values
        for name, value in values.items():
            for finding in rules.field_findings(known[name], value):
                if finding.level is Level.BLOCK:
                    return _refused(change, finding.code, finding.sentence, name)
        return None


def _refused(change: Change, code: str, sentence: str, name: str = "") -> Verdict:
    return Verdict(change.id, code=code, field=name, sentence=sentence)


def _is_issued(change: Change) -> bool:
    return change.kind in BY_NAME and BY_NAME[change.kind].keeper is Keeper.CENTRE


def _is_too_long(change: Change) -> bool:
    """By the canonical form, which is only made where the values alone could be so long."""
    letters = sum(map(len, map(str, change.values.values()))) + sum(map(len, change.values))
    # A letter takes at most six bytes, as an escape; the rest of a change has its own bounds.
    if letters * 6 + 8 * len(change.values) + 4000 <= MOST_CHANGE_BYTES:
        return False
    return len(change.text().encode()) > MOST_CHANGE_BYTES


def _links(change: Change) -> Iterable[tuple[str, str]]:
    for name, target in _targets(change.kind).items():
        value = change.values.get(name)
        if value and isinstance(value, str):
            yield target, value


@functools.cache
def _targets(kind: str) -> Mapping[str, str]:
    """The link fields of a kind, and the kinds that they point to."""
    known = fields_by_name(BY_NAME[kind])
    return {n: f.type.target for n, f in known.items() if isinstance(f.type, Link)}


def _scopes_of(session: Session, changes: Sequence[Change]) -> dict[str, dict[str, str]]:
    """The scope of every standing record that the changes touch or point to, by kind and id."""
    wanted: dict[str, set[str]] = {}
    for change in changes:
        if change.kind in BY_NAME:
            wanted.setdefault(change.kind, set()).add(change.record)
            for target, identity in _links(change):
                wanted.setdefault(target, set()).add(identity)
    found = {name: _scopes_by_id(session, name, ids) for name, ids in wanted.items()}
    missing = {name: ids - found[name].keys() for name, ids in wanted.items()}
    if not any(missing.values()) or session.get_bind().dialect.name == "sqlite":
        return found
    # Across branches: an id that stands elsewhere is refused, and nothing else is told of it.
    with everywhere(session):
        for name, ids in missing.items():
            found[name] |= _scopes_by_id(session, name, ids)
    return found


def _scopes_by_id(session: Session, name: str, ids: set[str]) -> dict[str, str]:
    columns: Any = BY_NAME[name].__table__.c
    return {
        identity: scope
        for some in spans(session, columns.id, ids)
        for identity, scope in session.execute(select(columns.id, columns.scope).where(some))
        if identity in ids
    }
