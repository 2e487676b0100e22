"""The tabs that a kind has for itself. Register one here; the pages know no kind by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sync.records.activity import Activity
from sync.records.base import Record
from sync.records.headcount import Headcount
from sync.records.library import Library
from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.records.participation import Participation
from vla_desktop.store.store import Store
from vla_desktop.ui.panels.attendance import AttendanceTab
from vla_desktop.ui.panels.deeds import Deeds
from vla_desktop.ui.panels.membership import MembershipTab
from vla_desktop.ui.panels.record_tab import RecordTab
from vla_desktop.ui.panels.related import LinkedTab, LinkName


@dataclass(frozen=True)
class OwnTab:
    """A tab, and the link that it shows instead of the tab of related records, if any."""

    link: LinkName | None
    make: Callable[[Store, Deeds], RecordTab]


def _list(kind: type[Record], link: str) -> OwnTab:
    return OwnTab((kind, link), lambda store, deeds: LinkedTab(store, (kind, link), deeds))


OWN_TABS: Mapping[type[Record], tuple[OwnTab, ...]] = MappingProxyType(
    {
        Member: (
            _list(MemberEvent, MemberEvent.member.key),
            OwnTab(None, MembershipTab),
        ),
        Library: (_list(Headcount, Headcount.library.key),),
        Activity: (OwnTab((Participation, Participation.activity.key), AttendanceTab),),
    }
)
