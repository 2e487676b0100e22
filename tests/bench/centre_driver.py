"""One centre of ours in a process of its own. Usage: centre_driver.py DATABASE-URL

Says its address; then makes a code for every line that names a branch.
"""

from __future__ import annotations

import sys

from sync.server.embedded import LOOPBACK, EmbeddedCentre
from sync.server.settings import Settings


def main() -> None:
    """Serve until the input ends."""
    settings = Settings(database=sys.argv[1], host=LOOPBACK, port=0)
    with EmbeddedCentre(settings) as centre:
        print(centre.url, flush=True)
        for line in sys.stdin:
            print(centre.invite(line.strip(), "Chi hội"), flush=True)


if __name__ == "__main__":
    main()
