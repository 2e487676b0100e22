"""Makes the nation's figures known: one record a province and ratio, for every office to read."""

from __future__ import annotations

import datetime as dt

from sync.indicators.provinces import local_figures
from sync.places import Catalogue
from sync.province_map import ProvinceMap
from sync.records.published_figure import PublishedFigure
from sync.records.types import Value
from sync.server.centre import Centre
from sync.server.database import reading
from sync.server.isolation import EVERYWHERE


def publish(centre: Centre, as_of: dt.date, catalogue: Catalogue, today: dt.date) -> int:
    """Publish the figures of a day, all or none; how many records say something new.

    Done again for the same day it corrects what was published then.
    """
    with reading(centre.engine, EVERYWHERE) as session:
        found = list(local_figures(session, as_of, ProvinceMap(catalogue, as_of)))
    told = 0
    with centre.desk() as desk:
        known = {
            (row["province"], row["indicator"]): row
            for row in desk.rows(PublishedFigure)
            if row["stood_on"] == as_of and not row["deleted"]
        }
        for each in found:
            values: dict[str, Value] = {**vars(each), "stood_on": as_of}
            before = known.get((each.province, each.indicator))
            if before and all(before[name] == value for name, value in values.items()):
                continue
            values["published_on"] = today
            desk.write(PublishedFigure, values, before["id"] if before else None)
            told += 1
    return told
