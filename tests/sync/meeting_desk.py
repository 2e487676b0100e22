"""An office in which each deed of the table of meetings can be done."""

from __future__ import annotations

from dataclasses import dataclass

from sync.meetings import Deed, Place
from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.records.types import Value
from sync.server.centre import Centre
from tests.builders import NOW, DirectWire, a_member, exchange
from vla_desktop.office import Office
from vla_desktop.store.conflicts import Choice
from vla_desktop.store.review import ReviewItem


@dataclass
class Desk:
    """One office at its work."""

    office: Office
    centre: Centre
    unit: str
    target: str = "HUE"

    def sync(self) -> None:
        """One exchange."""
        exchange(self.office, DirectWire(self.centre))

    def person(self, name: str) -> str:
        """Type in a member."""
        values = a_member(full_name=name, born_on="1980-03-02", unit=self.unit)
        return self.office.store.save(Member, values).id

    def do(self, deed: Deed, record: str) -> None:
        """Do it to the member, as a clerk would."""
        store = self.office.store
        if deed is Deed.CREATE:
            event: dict[str, Value] = {
                "member": record,
                "type": "admitted",
                "happened_on": NOW.date(),
            }
            store.save(MemberEvent, event)
        elif deed is Deed.EDIT:
            store.save(Member, {"note": f"của {self.office.home.name}"}, record)
        elif deed is Deed.DELETE:
            store.restore(Member, record)
            store.delete(Member, record)
        elif deed is Deed.RESTORE:
            store.delete(Member, record)
            store.restore(Member, record)
        elif deed is Deed.MOVE:
            store.restore(Member, record)
            store.move(Member, record, self.target)

    def lines(self, name: str) -> list[ReviewItem]:
        """What is listed under Cần xem lại about a member of this name and what belongs to it."""
        return [item for item in self.office.store.review() if name in item.title]

    def sorts(self, name: str) -> list[str]:
        """The sorts of it."""
        return [item.sort for item in self.lines(name)]

    def place(self, record: str) -> Place:
        """Where the member is."""
        row = self.office.store.get(Member, record)
        assert row is not None
        if row.moved_to:
            return Place.ELSEWHERE
        return Place.BIN if row.deleted else Place.HERE

    def press(self, name: str, which: int) -> None:
        """Press the first (0) or the last (-1) button of these lines; no network is there.

        Where values are to be chosen, the first is ours, the last theirs.
        """
        for item in self.lines(name):
            if item.conflict is not None:
                choice = (Choice.MINE, Choice.THEIRS)[which]
                self.office.store.choose(item.change_id, item.field, choice)
            else:
                self.office.store.press(item, item.presses[which])
