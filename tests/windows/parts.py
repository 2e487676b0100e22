"""Runs inside the Python of Windows: writes what is installed there, with licence texts, as JSON.

Each entry has name, version, licence (as declared; "" when nothing is said), home (a web address
or "") and texts (file name -> text).
"""

from __future__ import annotations

import json
import re
import sys
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import cast

LICENCE_FILE = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)[^/\\]*$")


def texts(distribution: Distribution) -> dict[str, str]:
    found = {}
    for file in distribution.files or ():
        if ".dist-info" in str(file) and LICENCE_FILE.search(file.name):
            path = Path(str(distribution.locate_file(file)))
            found[file.name] = path.read_text("utf-8", "replace")
    return found


def entry(distribution: Distribution) -> dict[str, object]:
    # The stubs leave out what every release has: it is an e-mail's header.
    metadata = cast(Message, distribution.metadata)
    declared = metadata.get("License-Expression") or metadata.get("License") or ""
    if not declared or "\n" in declared:
        classifiers = metadata.get_all("Classifier") or []
        named = [line.split(" :: ")[-1] for line in classifiers if line.startswith("License ::")]
        declared = " OR ".join(named)
    return {
        "name": metadata["Name"],
        "version": distribution.version,
        "licence": declared,
        "home": metadata.get("Home-page") or "",
        "texts": texts(distribution),
    }


if __name__ == "__main__":
    parts = sorted((entry(each) for each in distributions()), key=lambda part: str(part["name"]))
    Path(sys.argv[1]).write_text(json.dumps(parts, ensure_ascii=False, indent=1), "utf-8")
