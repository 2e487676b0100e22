"""People of this office who may be the one that is being written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Integer, column, select, text
from sqlalchemy.orm import Session, aliased

from sync.records.member import Member, Subject
from sync.records.types import Value
from vla_desktop.store.likeness import Likeness, Person, likeness, question
from vla_desktop.store.rows import titles_of
from vla_desktop.store.tables import Listing

# More are never looked at: of a name that so many bear, the name alone says nothing.
_MOST: Final = 600


@dataclass(frozen=True)
class Alike:
    """A member who may be the same person. `born_on` is as it is stored, see `Person`."""

    id: str
    title: str
    born_on: str
    likeness: Likeness


def alike(
    session: Session, values: Mapping[str, Value], record_id: str | None, limit: int = 5
) -> list[Alike]:
    """Members like these values, the likeliest first; never `record_id`, nobody in the bin."""
    if values.get("subject") == Subject.ORGANISATION:
        return []
    told = {name: str(values.get(name) or "") for name in ("full_name", "born_on", "phone")}
    asked = question(told["full_name"], told["born_on"], told["phone"])
    if not asked:
        return []
    workplace = str(values.get("workplace") or "")
    place = titles_of(session, [workplace]).get(workplace, "") if workplace else ""
    email = str(values.get("email") or "")
    wanted = Person(told["full_name"], told["born_on"], told["phone"], email, place)
    found = []
    for row in session.execute(_candidates(asked)):
        if row.id != record_id:
            own = Person(row.full_name, row.born_on, row.phone, row.email, row.place or "")
            found.append(Alike(row.id, row.title, row.born_on, likeness(wanted, own)))
    likely = [each for each in found if each.likeness.is_likely]
    return sorted(likely, key=lambda each: (-each.likeness.score, each.id))[:limit]


def _candidates(asked: str) -> Any:
    found = text("SELECT rowid FROM search WHERE search MATCH :question LIMIT :most")
    numbers = found.bindparams(question=asked, most=_MOST).columns(column("rowid", Integer))
    place = aliased(Listing)
    return (
        select(
            Member.id, Member.full_name, Member.born_on, Member.phone, Member.email,
            Listing.title, place.title.label("place"),
        )
        .join(Listing, Listing.record == Member.id)
        .outerjoin(place, place.record == Member.workplace)
        .where(
            Listing.number.in_(numbers.scalar_subquery()), Listing.kind == "member",
            Listing.deleted.is_(False), Listing.moved_to == "",
            Member.subject != Subject.ORGANISATION.value,
        )
    )  # fmt: skip
