"""What people write over the columns of lists that this program did not make."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from sync.records import BY_NAME
from sync.records.base import Record
from sync.vietnamese import fold
from vla_desktop import paths
from vla_desktop.exchange.columns import columns

# Titles, dates and signatures of an office stand above the table, seldom more of them.
LOOKED_AT = 20
_FEWEST = 2


@lru_cache(maxsize=1)
def foreign_headings() -> Mapping[type[Record], Mapping[str, str]]:
    """For each kind the names of its fields by folded heading, from `resources/headings`."""
    path = paths.resources() / "headings" / "lists.toml"
    lists = tomllib.loads(path.read_text("utf-8"))
    return {
        BY_NAME[kind]: {fold(word): name for name, words in named.items() for word in words}
        for kind, named in lists.items()
    }


def known_headings(kind: type[Record]) -> dict[str, str]:
    """The key of the column that each folded heading names; our own words go first."""
    own = {word: column.key for column in reversed(columns(kind)) for word in column.known_as}
    return {**foreign_headings().get(kind, {}), **own}


def header_row(kind: type[Record] | None, rows: Sequence[Sequence[object]]) -> int:
    """Which of the first rows of a sheet bears the headings: the one that names most columns.

    `kind` is None where nobody has said what the sheet lists; then each kind may know it. The
    first row where none names at least two columns.
    """
    kinds = [kind] if kind else list(BY_NAME.values())
    lists = [known_headings(each) for each in kinds]
    best, most = 0, _FEWEST - 1
    for number, row in enumerate(rows[:LOOKED_AT]):
        words = {fold(cell) for cell in row if isinstance(cell, str)}
        named = max((len({known[w] for w in words & known.keys()}) for known in lists), default=0)
        if named > most:
            best, most = number, named
    return best
