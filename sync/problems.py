"""What can go wrong, in the words of whoever must mend it.

`Problem` is the world's fault and says what to do. `InvalidRecord` is about what was typed and
stands beside the fields. Everything else that is raised is a fault of ours.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Problem(Exception):
    """Something outside the program stands in the way.

    `what` and `advice` are one Vietnamese sentence each, fit to show. `code` is stable and is
    what programs compare; words never are.
    """

    def __init__(self, what: str, advice: str = "", *, code: str = "problem") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
        self.code = code

    def __str__(self) -> str:
        return f"{self.what} {self.advice}".strip()


class Level(enum.Enum):
    """How much a finding weighs."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """A rule that a value breaks. `field` is "" when it concerns the record as a whole."""

    field: str
    sentence: str
    level: Level = Level.BLOCK
    code: str = "rule"


class InvalidRecord(Exception):
    """What was typed breaks a blocking rule; nothing was written."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("; ".join(f"{f.field}: {f.sentence}" for f in self.findings))

    @property
    def by_field(self) -> dict[str, str]:
        """The first blocking sentence for each field."""
        sentences: dict[str, str] = {}
        for finding in blocking(self.findings):
            sentences.setdefault(finding.field, finding.sentence)
        return sentences


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that forbid saving."""
    return [finding for finding in findings if finding.level is Level.BLOCK]
