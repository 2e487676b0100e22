"""python3 dev.py soak [SEEDS=n] [FROM=s] [TRACE=1], or: soak MUTANTS=1

Tells so many histories from that seed on; exits with 1 when one of them ends wrong. The same seed
at the same commit gives the same history. TRACE=1 shows every step; MUTANTS=1 shows how soon each
planted fault is found.
"""

from __future__ import annotations

import subprocess
import sys
import time

from tests.simulation import finding
from tests.simulation.machine import Machine
from tests.simulation.telling import Told, tell_many


def say(sentence: str) -> None:
    """To whoever waits."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def commit() -> str:
    """The commit that is checked out, if git knows."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"


def soak(given: dict[str, str]) -> int:
    """Tell the histories asked for."""
    first, number = int(given.get("FROM", 1)), int(given.get("SEEDS", 100))
    began, steps = time.monotonic(), 0

    def each(told: Told) -> None:
        nonlocal steps
        steps += told.events
        if told.fault:
            say(f"commit {commit()} seed {told.seed}: {told.fault}")
        if given.get("TRACE"):
            say(str(told))

    with Machine() as machine:
        wrong = tell_many(machine, range(first, first + number), each)
    a_minute = number / (time.monotonic() - began) * 60
    say(f"{number} histories of {steps // number} events, {a_minute:.0f} a minute, "
        f"{len(wrong)} wrong")  # fmt: skip
    return int(bool(wrong))


def mutants() -> int:
    """Show in which history each planted fault was found."""
    never = 0
    with Machine() as machine:
        for line in finding.table(machine):
            never += " never " in line
            say(line)
    return int(bool(never))


def main() -> int:
    """What the command line asks for."""
    words = sys.argv[1:]
    if any("=" not in word for word in words):
        say(__doc__ or "")
        return 2
    given = dict(word.split("=", 1) for word in words)
    return mutants() if given.get("MUTANTS") else soak(given)


if __name__ == "__main__":
    sys.exit(main())
