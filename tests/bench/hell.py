"""`python3 dev.py bench hell`: a day's work over a line that is slow, far away and often cut."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path

from sync.problems import Problem
from sync.progress import Silent
from sync.records.library import Library
from sync.server.embedded import EmbeddedCentre, settings_of
from tests.bench.figures import Figures
from tests.builders import a_library, an_office, join, office_template
from tests.faults.poor_line import PoorLine, Quality
from vla_desktop.office import Office
from vla_desktop.store.store import Query

CLEAN, POOR = Quality(bits_per_s=10**9, delay_s=0.0, cut_every_s=0.0), Quality()
NEW, EDITED = 10_000, 1_000
WORDS = (
    "sách báo kho đọc mượn trả thẻ bạn phòng mở cửa sáng chiều tối tuần tháng năm học sinh "
    "cán bộ  xã huyện tỉnh mới cũ sửa chữa máy tính mạng số hóa kiểm kê tặng luân chuyển hội "
    "thi kể chuyện  đường phố nhà văn hóa đồng bào bản làng trẻ em người già khuyết tật chữ "
    "nổi băng đĩa tra cứu"
)
MOST_BYTES_RATIO, MOST_NEW_S, MOST_EDITED_S = 1.15, 40.0, 1.8


def measure(figures: Figures) -> None:
    """The same work over a clean line and over the poor one, from the same files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = folder / "first"
        template = office_template(folder)
        office = an_office(first, template)
        with EmbeddedCentre(settings_of(folder / "first.db")) as centre:
            join(office, centre.centre)
        chance = random.Random(1)
        office.store.save_many(
            (Library, a_library(name=f"Thư viện {place}", note=_sentence(chance)), None)
            for place in range(NEW)
        )
        office.close()
        clean = _work(first, folder / "clean", template, CLEAN, figures)
        poor = _work(first, folder / "poor", template, POOR, figures)
    for name, few, many in zip(("new", "edits"), clean, poor, strict=True):
        figures.add(f"{name}: bytes poor / clean", many / few, "", MOST_BYTES_RATIO)


def _sentence(chance: random.Random) -> str:
    """Some twenty words, which compress as words do."""
    return " ".join(chance.choices(WORDS.split(), k=20))


def _work(
    first: Path, copy: Path, template: Path, quality: Quality, figures: Figures
) -> tuple[int, int]:
    shutil.copytree(first, copy)
    shutil.copy(first.with_suffix(".db"), copy.with_suffix(".db"))
    office = an_office(copy, template)
    is_poor = quality is POOR
    with (
        EmbeddedCentre(settings_of(copy.with_suffix(".db"))) as centre,
        PoorLine(centre.url, quality) as line,
    ):
        office.move(line.url)
        new = _synchronised(
            office, line, f"{copy.name}: {NEW:,} new", figures, MOST_NEW_S if is_poor else None
        )
        ids = office.store.ids(Library, Query())[:EDITED]
        office.store.save_many(
            (Library, {"note": f"lần hai {place}"}, identity) for place, identity in enumerate(ids)
        )
        edited = _synchronised(
            office, line, f"{copy.name}: {EDITED:,} edits", figures,
            MOST_EDITED_S if is_poor else None,
        )  # fmt: skip
    office.close()
    return new, edited


def _synchronised(
    office: Office, line: PoorLine, name: str, figures: Figures, bar_s: float | None
) -> int:
    """Asks again until all is done; says how many bytes it took."""
    began, before, cuts = time.perf_counter(), line.bytes_carried, line.cuts
    given_up, is_done, requests = 0, False, 0
    while not is_done:
        try:
            requests = office.synchronise(Silent()).requests
            is_done = office.standing().pending == 0
        except Problem:
            given_up += 1
    figures.add(f"{name}: wall", time.perf_counter() - began, "s", bar_s)
    carried = line.bytes_carried - before
    figures.add(f"{name}: bytes both ways, headers too", carried, "B")
    figures.add(f"{name}: requests of the last go", requests, "")
    figures.add(f"{name}: cuts", line.cuts - cuts, "")
    figures.add(f"{name}: times that a clerk had to press again", given_up, "")
    return carried
