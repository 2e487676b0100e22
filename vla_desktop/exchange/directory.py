"""The office's records by name, read once per kind when a file first asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from sync.records import BY_NAME
from sync.vietnamese import fold
from vla_desktop.store.store import Query, Store

Titles = Iterable[tuple[str, str, bool]]


class TitleDirectory:
    """A `Directory` over a function that lists (id, title, deleted) of all records of a kind.

    It is a picture of one moment: make a new one for each file.
    """

    def __init__(self, titles: Callable[[str], Titles]) -> None:
        self._titles = titles
        self._by_id: dict[str, dict[str, str]] = {}
        self._by_title: dict[str, dict[str, list[str]]] = {}

    def holds(self, kind_name: str, record_id: str) -> bool:
        """Whether the office has this record, be it in the bin."""
        return record_id in self._read(kind_name)

    def title(self, kind_name: str, record_id: str) -> str:
        """What the record is called, "" when it is not here."""
        return self._read(kind_name).get(record_id, "")

    def titled(self, kind_name: str, title: str) -> Sequence[str]:
        """Ids of the records out of the bin that bear the title, marks or no marks."""
        self._read(kind_name)
        return self._by_title[kind_name].get(fold(title), [])

    def _read(self, kind_name: str) -> dict[str, str]:
        if kind_name not in self._by_id:
            by_id: dict[str, str] = {}
            by_title: dict[str, list[str]] = defaultdict(list)
            for record_id, title, deleted in self._titles(kind_name):
                by_id[record_id] = title
                if not deleted:
                    by_title[fold(title)].append(record_id)
            self._by_id[kind_name], self._by_title[kind_name] = by_id, dict(by_title)
        return self._by_id[kind_name]


def directory_of(store: Store) -> TitleDirectory:
    """The directory of an office as it stands now."""

    def titles(kind_name: str) -> Iterator[tuple[str, str, bool]]:
        kind = BY_NAME[kind_name]
        for query in (Query(), Query(bin=True)):
            for row in store.rows(kind, store.ids(kind, query)):
                yield row.id, row.title, row.deleted

    return TitleDirectory(titles)
