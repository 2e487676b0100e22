"""One collection of Anki, driven by lines of JSON. Runs in an environment of its own.

Usage: anki_driver.py COLLECTION ENDPOINT
"""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

FIELDS = (
    "full_name", "subject", "membership", "gender", "born_on", "occupation", "outside_reason",
    "address", "commune", "phone", "email", "identity_no", "unit", "joined_on", "decision_no",
    "decision_on", "card_no", "card_issued_on", "status", "consented", "note",
)  # fmt: skip
NOTE = FIELDS.index("note")
USER, PASSWORD = "bench", "bench"


class Driver:
    """What a user of Anki does."""

    def __init__(self, path: str, endpoint: str) -> None:
        self.collection: Any = import_module("anki.collection").Collection(path)
        self.endpoint = endpoint
        self.auth: Any = None

    def log_in(self, **_: Any) -> None:
        """Once for each collection."""
        self.auth = self.collection.sync_login(USER, PASSWORD, self.endpoint)

    def kind(self, **_: Any) -> None:
        """Make the note type, before anything was exchanged."""
        models = self.collection.models
        notetype = models.new("member")
        for name in FIELDS:
            models.add_field(notetype, models.new_field(name))
        template = models.new_template("card")
        template["qfmt"], template["afmt"] = "{{full_name}}", "{{note}}"
        models.add_template(notetype, template)
        models.add(notetype)

    def load(self, people: str, count: int, **_: Any) -> None:
        """Add so many members from a file of JSON lines."""
        notetype = self.collection.models.by_name("member")
        deck = self.collection.decks.id("Default")
        request = import_module("anki.collection").AddNoteRequest
        requests = []
        with Path(people).open(encoding="utf-8") as lines:
            for line, _place in zip(lines, range(count), strict=False):
                values = json.loads(line)
                note = self.collection.new_note(notetype)
                note.fields = [str(values[name] or "") for name in FIELDS]
                requests.append(request(note=note, deck_id=deck))
        self.collection.add_notes(requests)

    def edit(self, first: int, notes: list[str], **_: Any) -> None:
        """Write these notes into members from the first on."""
        ids = self.collection.find_notes("", order="n.id asc")[first : first + len(notes)]
        found = [self.collection.get_note(identity) for identity in ids]
        for note, text in zip(found, notes, strict=True):
            note.fields[NOTE] = text
        self.collection.update_notes(found)

    def sync(self, upload: bool = True, **_: Any) -> dict[str, Any]:
        """Exchange, as a whole file where Anki insists."""
        output = self.collection.sync_collection(self.auth, False)
        is_whole = output.required not in (output.NO_CHANGES, output.NORMAL_SYNC)
        if is_whole:
            self.collection.close_for_full_sync()
            self.collection.full_upload_or_download(auth=self.auth, server_usn=None, upload=upload)
            self.collection.reopen(after_full_sync=True)
        return {"whole": is_whole}

    def count(self, **_: Any) -> dict[str, Any]:
        """How many notes there are."""
        return {"count": self.collection.note_count()}

    def close(self, **_: Any) -> None:
        """Let go of the file."""
        self.collection.close()


def main() -> None:
    """Obey until the input ends."""
    driver = Driver(*sys.argv[1:3])
    for line in sys.stdin:
        wanted = json.loads(line)
        began = time.perf_counter()
        said = getattr(driver, wanted.pop("do"))(**wanted) or {}
        said |= {"took_s": time.perf_counter() - began}
        said |= {"peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
