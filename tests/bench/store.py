"""Searching, listing and saving, without a window."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Engine, event

from sync.places import Catalogue
from sync.records.member import Member
from tests.bench.figures import Figures, median, p95, times_ms
from vla_desktop import paths
from vla_desktop.demo.stage import PASSPHRASE, Stage
from vla_desktop.office import Office
from vla_desktop.store.store import Query

TYPED = ("trần văn đức", "nguyen thi huong", "dang", "0100 12", "hoà", "le minh", "thư", "vy")
PAGE = 100


def keystrokes() -> list[str]:
    """What the search box holds after each key."""
    return [word[:end] for word in TYPED for end in range(1, len(word) + 1)]


class Statements:
    """Counts what is sent to the database while the block runs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.count = 0

    def __enter__(self) -> Statements:
        event.listen(self._engine, "before_cursor_execute", self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._hear)

    def _hear(self, *_: object) -> None:
        self.count += 1


def measure(stage: Stage, figures: Figures) -> None:
    """Figures of the store on an office of 3,000 members, and of the places."""
    folder = paths.resources() / "catalogues"
    figures.add("reading the places", median(times_ms(lambda: Catalogue.load(folder), 5)), "ms")
    places = Catalogue.load(folder)
    places.search("zz")
    taken = [t for text in keystrokes() for t in times_ms(partial(places.search, text), 1)]
    figures.add("a key in a place, among all there ever were: p95", p95(taken), "ms")
    with Office.open(stage.first, PASSPHRASE) as office:
        store = office.store
        engine = office._engine

        def search(text: str) -> None:
            store.rows(Member, store.ids(Member, Query(search=text))[:PAGE])

        taken = [t for text in keystrokes() for t in times_ms(partial(search, text), 3)]
        figures.add("search as typed, first page: median", median(taken), "ms")
        figures.add("search as typed, first page: p95", p95(taken), "ms", 30)
        with Statements(engine) as statements:
            search("nguyen")
        figures.add("statements for a search with its first page", statements.count, "", 5)
        ids = store.ids(Member, Query())
        with Statements(engine) as statements:
            store.rows(Member, ids[500 : 500 + PAGE])
        figures.add("statements for a further page", statements.count, "", 5)
        some = iter(ids)
        saves = times_ms(lambda: store.save(Member, {"note": "đã gọi điện"}, next(some)), 200)
        figures.add("save of an edit: median", median(saves), "ms")
        figures.add("save of an edit: p95", p95(saves), "ms", 20)
        with Statements(engine) as statements:
            store.save(Member, {"note": "đã gửi thư"}, next(some))
        figures.add("statements for a save", statements.count, "")
