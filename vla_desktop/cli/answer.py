"""What a verb has to say: one document for scripts, lines for people, remarks for neither's pipe.

Standard output carries the document or the lines, never both and never anything else.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

DONE, REFUSED, MISUSED, OUR_FAULT = 0, 1, 2, 3
INTERRUPTED = 130


@dataclass(frozen=True)
class Answer:
    """`remarks` go to standard error, `code` is the exit code."""

    document: Any
    lines: Sequence[str] = ()
    remarks: Sequence[str] = ()
    code: int = DONE


def speak_utf8() -> None:
    """Windows gives a pipe the code page of the country, without half of our letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(answer: Answer, *, as_json: bool) -> int:
    """Print the answer; returns its exit code."""
    try:
        for remark in answer.remarks:
            print(remark, file=sys.stderr)
        if as_json:
            print(json.dumps(answer.document, ensure_ascii=False, indent=1))
        else:
            for line in answer.lines:
                print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has seen enough ("… | head"); the flush at exit must not complain again.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return answer.code


class Ticker:
    """Tells how far long work is, to a terminal; to a pipe it tells nothing."""

    def report(self, done: int, total: int, what: str) -> None:
        """Write over what was told before."""
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            print(f"\r\x1b[K{what} {done}/{total}", end=end, file=sys.stderr, flush=True)
