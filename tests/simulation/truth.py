"""What really happened, as nobody in the history can know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.records.types import WireValue


class Violated(Exception):
    """An oracle says no."""

    def __init__(self, oracle: str, sentence: str) -> None:
        super().__init__(f"{oracle}: {sentence}")
        self.oracle = oracle


@dataclass(frozen=True)
class Save:
    """One save that its clerk saw succeed.

    `stamp` is when the PC thought it was: no two saves share one, so that it names the save even
    where its change has been given another name. `seen` are the changes that the office had read
    in the ledger, `earlier` what had been typed in it before.
    """

    stamp: str
    author: str
    device: str
    kind: str
    record: str
    action: str
    values: Mapping[str, WireValue]
    seen: frozenset[str]
    earlier: frozenset[str]

    def had_seen(self, stamp: str) -> bool:
        """Whether its clerk had another change in the office while typing."""
        return stamp in self.seen or stamp in self.earlier


@dataclass
class Truth:
    """`acknowledged` are the changes that any office ever held as numbered, by stamp.

    Their number is 0 where the centre was restored to before it had them. `names` are the ids
    under which they were acknowledged first.
    """

    saves: dict[str, Save] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    restores: int = 0
