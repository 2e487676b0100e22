"""One search over every kind of record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.vietnamese import clean, fold
from vla_desktop.store.store import Store

SHOWN = 5
LOOKED_AT = 25


@dataclass(frozen=True)
class Match:
    """A record that was found. `id` is None for the line that stands for all others of the kind."""

    kind: str
    id: str | None
    title: str
    detail: str


def find_everywhere(store: Store, text: str, kinds: Sequence[str]) -> list[Match]:
    """Records whose words begin like the text, at most `SHOWN` of each kind.

    First titles that are the text, then those that hold it as it was typed, marks included, then
    the rest; among equals the order of `kinds`, then Vietnamese order. A kind that holds more
    ends with a line without `id`.
    """
    if not fold(text).strip():
        return []
    ranked = []
    rest = []
    for place, kind in enumerate(kinds):
        found = store.suggest(kind, text, LOOKED_AT)
        best = sorted(
            ((_rank(text, one.title), place, at) for at, one in enumerate(found)),
        )
        for key in best[:SHOWN]:
            one = found[key[2]]
            ranked.append((key, Match(kind, one.id, one.title, one.detail)))
        if len(found) > SHOWN:
            rest.append(Match(kind, None, "", ""))
    ranked.sort(key=lambda pair: pair[0])
    return list(_with_rest([match for _key, match in ranked], rest))


def _rank(text: str, title: str) -> int:
    wanted, held = clean(text).casefold(), clean(title).casefold()
    if wanted == held:
        return 0
    if fold(wanted) == fold(held):
        return 1
    return 2 if wanted in held else 3


def _with_rest(matches: Sequence[Match], rest: Sequence[Match]) -> Iterator[Match]:
    """Each kind's line for all others directly after its last match."""
    last = {match.kind: at for at, match in enumerate(matches)}
    more = {line.kind: line for line in rest}
    for at, match in enumerate(matches):
        yield match
        if last[match.kind] == at and match.kind in more:
            yield more[match.kind]
