"""publish-figures: what every office is to know of the whole country."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

import sync
from sync.places import Catalogue
from sync.server.centre import Centre, utc_now
from sync.server.publishing import publish
from sync.server.settings import Settings

# Where the repository and the installed program have them.
_CATALOGUES = Path(sync.__file__).resolve().parents[1] / "resources" / "catalogues"


def publish_figures(settings: Settings, given: argparse.Namespace) -> int:
    """Write the figures of a day into the ledger of the association."""
    try:
        as_of = dt.date.fromisoformat(given.as_of)
    except ValueError:
        print("The day is written YYYY-MM-DD.", file=sys.stderr)
        return 2
    try:
        catalogue = Catalogue.load(Path(given.catalogues) if given.catalogues else _CATALOGUES)
    except OSError:
        print("There is no catalogue of administrative units; give --catalogues.", file=sys.stderr)
        return 1
    told = publish(Centre(settings), as_of, catalogue, utc_now().astimezone().date())
    said = {"as_of": as_of.isoformat(), "published": told}
    print(json.dumps(said) if given.json else f"Published {told} figures as of {as_of}.")
    return 0
