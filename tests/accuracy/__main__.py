"""`python3 dev.py accuracy`: how often the program guesses right, on labelled sets.

Each module of this package but this one has `run() -> list[Share]`. The same sets come each time.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from tests.accuracy.share import Share

_OWN = ("__main__", "share")


def main() -> int:
    """Print every figure with its bar; 1 when one is missed."""
    missed = 0
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name in _OWN:
            continue
        shares: list[Share] = importlib.import_module(f"tests.accuracy.{module.name}").run()
        for share in shares:
            print(f"{module.name:<10} {share.line()}")
            missed += not share.is_met()
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
