"""The record kinds, in the order of the menu."""

from __future__ import annotations

from types import MappingProxyType

from sync.records.activity import Activity
from sync.records.base import Record
from sync.records.headcount import Headcount
from sync.records.library import Library
from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.records.organisation_unit import OrganisationUnit
from sync.records.participation import Participation

KINDS: tuple[type[Record], ...] = (
    Member,
    MemberEvent,
    Library,
    Headcount,
    OrganisationUnit,
    Activity,
    Participation,
)

BY_NAME: MappingProxyType[str, type[Record]] = MappingProxyType(
    {kind.__tablename__: kind for kind in KINDS}
)


def name_of(kind: type[Record]) -> str:
    """The kind's name on the wire, in the database and on the command line."""
    return str(kind.__tablename__)
