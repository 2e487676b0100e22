"""`python3 dev.py bench`: the figures of an office of 3,000 members, with the bars they must meet.

Times are medians and p95 of many runs on this machine, which differs from yours; statements,
requests and bytes are the same everywhere. Nothing here is part of the tests.

`bench hell` measures other work, over a line that is slow and cut again and again; `bench --rivals`
the same work by Anki and by us; `bench floor` the centre on PostgreSQL beside a sketch of one;
`bench monday` a thousand offices at once, then five thousand.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench import exchange, floor, hell, monday, rivals, snapshot, store, window
from tests.bench.figures import Figures, median
from vla_desktop.demo.branch import Size
from vla_desktop.demo.stage import Stage, prepare
from vla_desktop.demo.terminal import Steps, say

START = Path(__file__).with_name("start.py")


def start_times_s(stage: Stage, runs: int = 5) -> list[float]:
    """From the launch of a process to the first paint of its window."""
    found = []
    for _run in range(runs):
        command = [sys.executable, str(START), str(stage.first), str(time.time())]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(float(said.stdout.split()[-1]))
    return found


def day_lines() -> list[str]:
    """What the scripted day says at its end."""
    command = [sys.executable, "-m", "vla_desktop.demo", "day"]
    environment = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return said.stdout.splitlines()[-3:]


def main() -> int:
    """Measure, print, and say whether the bars are met."""
    figures = Figures()
    others: dict[str, Callable[[list[str], Figures], None]] = {
        "hell": lambda _arguments, figures: hell.measure(figures),
        "snapshot": lambda _arguments, figures: snapshot.measure(figures),
        "--rivals": rivals.main, "floor": floor.main, "monday": monday.main,
    }  # fmt: skip
    if sys.argv[1:] and sys.argv[1] in others:
        others[sys.argv[1]](sys.argv[2:], figures)
        print(figures.table())
        return int(not figures.all_met)
    stage = prepare(Path("build/demo"), Size.T1, say, Steps())
    stage = stage.copied_to(Path("build/demo-bench"))
    figures.add("start to first painted window", median(start_times_s(stage)) * 1000, "ms")
    with stage.centre() as centre:
        store.measure(stage, figures)
        window.measure(stage, figures)
        exchange.measure(stage, centre, figures)
    print(figures.table())
    for line in day_lines():
        print(line)
    return int(not figures.all_met)


if __name__ == "__main__":
    sys.exit(main())
