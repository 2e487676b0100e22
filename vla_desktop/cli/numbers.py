"""figures: the numbers of the branch on a day."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from sync.indicators import Figure
from sync.texts import _
from vla_desktop.cli.answer import Answer
from vla_desktop.cli.opening import opened


def figures(home: Path, given: Namespace) -> Answer:
    """Every figure, with what it is made of."""
    as_of = given.as_of or dt.datetime.now().astimezone().date()
    with opened(home) as office:
        found = office.figures(as_of)
        counts = office.merger.by_province(as_of, given.map) if given.map else []
        named = [(office.store.catalogue.label(each.province), each) for each in counts]
    document: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        "figures": [_document(figure) for figure in found],
    }
    if given.map:
        document |= {"map": given.map.isoformat(), "by_province": [asdict(one) for one in counts]}
    head = _("Tính đến {day}").format(day=f"{as_of:%d/%m/%Y}")
    lines = [head, *(_line(figure) for figure in found)]
    lines += [f"{one.province}\t{name}\t{one.libraries}\t{one.members}" for name, one in named]
    return Answer(document, lines)


def _document(figure: Figure) -> dict[str, Any]:
    return {
        "code": figure.code,
        "name": figure.name,
        "value": _plain(figure.value),
        "shown": figure.shown,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "target": _plain(figure.target),
        "met": figure.is_met,
        "needed": figure.needed,
        "missing": figure.missing,
        "provisional": figure.provisional,
        "note": figure.note,
    }


def _plain(value: Fraction | None) -> float | int | None:
    """A count stays whole; the exact ratio is in numerator and denominator."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def _line(figure: Figure) -> str:
    words = [figure.code, figure.name, figure.shown]
    if figure.denominator is not None:
        words.append(f"{figure.numerator}/{figure.denominator}")
    return "\t".join([*words, figure.note] if figure.note else words)
