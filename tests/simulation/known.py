"""What the program does not survive yet, kept out of histories until it does."""

from __future__ import annotations

MENDED_CREATION = "a refused creation is mended and taken back: one bin alone has its record"
PENDING_IN_COPY = "copies of an office hold the same pending changes"
NEWER_KIND = "a record of a kind that only a newer version knows waits, and the office is renewed"
NAMESAKES = "two copies of an office give one name to records of different kinds"
KNOWN = frozenset({MENDED_CREATION, PENDING_IN_COPY})
