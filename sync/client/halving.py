"""Where two ledgers part, found by asking for digests by halves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.canonical import first_digest
from sync.changes import Entry
from sync.client.batches import Sessions
from sync.client.beginnings import beginning
from sync.client.obstacles import obstacle
from sync.client.steps import Steps
from sync.client.tables import Office
from sync.digests import DigestRequest, digests_from
from sync.frames import BadMessage

Asking = Callable[[str, bytes], Steps[bytes]]


class Search:
    """The highest place of each scope where both ledgers agree, all scopes at once.

    Digests are a chain: where they agree, everything below agrees.
    """

    def __init__(
        self, heights: Mapping[str, int], begins: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """`heights` is how far each scope can agree at most; `begins` the place below which this
        office has no digests, 0 for most: it agrees there, or nowhere above 0.
        """
        self._begins = begins
        self._agreed = dict.fromkeys(heights, 0)
        self._most = dict(heights)
        self._is_first = True

    @property
    def agreed(self) -> dict[str, int]:
        """The highest place of each scope where both are known to agree."""
        return dict(self._agreed)

    def places(self) -> dict[str, int]:
        """What to ask about next; empty when the search is over."""
        open_ones = {s: most for s, most in self._most.items() if self._agreed[s] < most}
        if self._is_first:
            return open_ones
        return {
            scope: min(most, max((self._agreed[scope] + most + 1) // 2, self._begins.get(scope, 0)))
            for scope, most in open_ones.items()
        }

    def learn(self, places: Mapping[str, int], same: Mapping[str, bool]) -> None:
        """Whether the digests at these places are the same."""
        self._is_first = False
        for scope, place in places.items():
            if same[scope]:
                self._agreed[scope] = place
            else:
                is_lost = place <= self._begins.get(scope, 0)
                self._most[scope] = 0 if is_lost else place - 1


def digests_here(session: Session, places: Mapping[str, int]) -> dict[str, str]:
    """This office's own digests at these places; "" where it has none."""
    found = {}
    for scope, seq in places.items():
        start = beginning(session, scope)
        if start.seq == seq:
            found[scope] = start.digest
            continue
        query = select(Entry.digest).where(Entry.scope == scope, Entry.seq == seq)
        found[scope] = (session.scalar(query) or "") if seq else first_digest(scope)
    return found


def agreed_places(
    reading: Sessions, heights: Mapping[str, int], ask: Asking, mark: Callable[[], str]
) -> Steps[dict[str, int]]:
    """How far each scope's ledger here is the centre's, by its signed word.

    `ask` sends a request until it is answered; `mark` draws what tells one question from another.
    """
    with reading() as session:
        begins = {scope: beginning(session, scope).seq for scope in heights}
    search = Search(heights, begins)
    while places := search.places():
        with reading() as session:
            office = session.get_one(Office, 1)
            here = digests_here(session, places)
        asked = DigestRequest(office.device, office.centre, places, mark()).to_bytes(office.key)
        body = yield from ask("/v1/digest", asked)
        try:
            there = digests_from(body, asked, office.centre_key)
        except BadMessage as fault:
            raise obstacle("message") from fault
        same = {s: bool(digest) and there.get(s) == digest for s, digest in here.items()}
        search.learn(places, same)
    return search.agreed
