"""Likeness of people: pairs that are one person by a known kind of error, and pairs that are two.

The pairs of two are the hard ones: namesakes, brothers and sisters, colleagues, one household.
"""

from __future__ import annotations

import dataclasses
import random
import sqlite3
import unicodedata
from collections.abc import Callable

from sync.vietnamese import fold, words
from tests.accuracy.share import Share
from vla_desktop import paths
from vla_desktop.demo.invention.ground import Names
from vla_desktop.store.likeness import Person, block_keys, likeness, question

EACH = 160
PLACES = (
    ("Thư viện tỉnh Thái Nguyên", "TV tỉnh Thái Nguyên"),
    ("Trường Đại học Sư phạm", "ĐH Sư phạm"),
    ("Thư viện thành phố Sông Công", "TV TP Sông Công"),
    ("Trường Cao đẳng Y tế", "CĐ Y tế"),
    ("Trung tâm Văn hóa Phổ Yên", "TT văn hoá Phổ Yên"),
)
_OLD_TONES = {"òa": "oà", "óa": "oá", "ủy": "uỷ", "úy": "uý", "ùy": "uỳ", "ụy": "uỵ", "ỏe": "oẻ"}
Change = Callable[[random.Random, Person], Person]


class Crowd:
    """Draws people; the same seed draws the same."""

    def __init__(self, seed: int = 11) -> None:
        self.chance = random.Random(seed)
        self.names = Names(paths.resources() / "names")

    def name(self) -> str:
        """A full name of three words or so."""
        return self.names.full_name(self.chance, female=self.chance.random() < 0.6)

    def person(self) -> Person:
        """Somebody, of whom a phone is known three times in four and an email every other time."""
        chance = self.chance
        name = self.name()
        return Person(
            name, day(chance),
            phone(chance) if chance.random() < 0.75 else "",
            f"{fold(name).replace(' ', '.')}{chance.randint(1, 999)}@hop-thu.example"
            if chance.random() < 0.5 else "",
            chance.choice(PLACES)[0],
        )  # fmt: skip


def day(chance: random.Random, year: int = 0) -> str:
    """A day of birth."""
    year = year or chance.randint(1950, 2003)
    return f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def phone(chance: random.Random) -> str:
    """A number that cannot be called."""
    return f"0100{chance.randint(0, 999_999):06}"


def marks_lost(_chance: random.Random, one: Person) -> Person:
    return dataclasses.replace(one, name=fold(one.name).title())


def tone_moved(_chance: random.Random, one: Person) -> Person:
    name = one.name
    for new, old in _OLD_TONES.items():
        name = name.replace(new, old)
    return dataclasses.replace(one, name=unicodedata.normalize("NFD", name))


def order_swapped(_chance: random.Random, one: Person) -> Person:
    parts = one.name.split()
    return dataclasses.replace(one, name=" ".join([parts[-1], *parts[:-1]]))


def workplace_short(_chance: random.Random, one: Person) -> Person:
    return dataclasses.replace(one, workplace=dict(PLACES)[one.workplace])


def year_only(_chance: random.Random, one: Person) -> Person:
    return dataclasses.replace(one, born_on=one.born_on[:4])


def typo(chance: random.Random, one: Person) -> Person:
    parts = one.name.split()
    at = max(range(len(parts)), key=lambda place: len(parts[place]))
    word, place = parts[at], chance.randrange(1, len(parts[at]))
    changed = (
        word[:place] + word[place + 1 :],
        word[:place] + chance.choice("aeiounhgt") + word[place:],
        word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
    )
    parts[at] = chance.choice(changed)
    return dataclasses.replace(one, name=" ".join(parts))


def day_swapped(_chance: random.Random, one: Person) -> Person:
    year, month, day_ = one.born_on.split("-")
    return dataclasses.replace(one, born_on=f"{year}-{day_}-{month}" if int(day_) < 13 else year)


def poorer(chance: random.Random, one: Person) -> Person:
    """The second writing down knows less: often no phone, often no email."""
    return dataclasses.replace(
        one,
        phone=one.phone if chance.random() < 0.6 else "",
        email=one.email if chance.random() < 0.4 else "",
    )


def two_at_once(chance: random.Random, one: Person) -> Person:
    first = chance.choice((marks_lost, tone_moved, order_swapped, typo))
    return chance.choice((year_only, day_swapped, workplace_short))(chance, first(chance, one))


ERRORS: dict[str, Change] = {
    "marks lost": marks_lost,
    "tone placement": tone_moved,
    "swapped order": order_swapped,
    "nickname of workplace": workplace_short,
    "year only": year_only,
    "typo": typo,
    "day and month swapped": day_swapped,
    "two errors at once": two_at_once,
}


def same(crowd: Crowd, change: Change) -> tuple[Person, Person]:
    """One person, written down twice."""
    one = crowd.person()
    return one, poorer(crowd.chance, change(crowd.chance, one))


def others(crowd: Crowd) -> list[tuple[str, Person, Person]]:
    """Two people each, by what makes them look like one."""
    found = []
    chance = crowd.chance
    for _turn in range(EACH):
        one, two = crowd.person(), crowd.person()
        found.append(("strangers", one, two))
        found.append(("namesakes", one, dataclasses.replace(two, name=one.name)))
        colleague = dataclasses.replace(two, name=one.name, workplace=one.workplace)
        found.append(("namesakes at one workplace", one, colleague))
        unmarked = dataclasses.replace(two, name=fold(one.name).title())
        found.append(("namesakes without marks", one, unmarked))
        family = " ".join([*one.name.split()[:-1], two.name.split()[-1]])
        sibling = dataclasses.replace(two, name=family, phone=one.phone)
        found.append(("brothers and sisters", one, sibling))
        year_mate = dataclasses.replace(two, born_on=one.born_on, workplace=one.workplace)
        found.append(("born on one day, one workplace", one, year_mate))
        household = dataclasses.replace(two, phone=one.phone, workplace=one.workplace)
        found.append(("one household", one, household))
        born_on = day(chance, int(one.born_on[:4]))
        same_year = dataclasses.replace(two, name=one.name, born_on=born_on)
        found.append(("namesakes of one year", one, same_year))
    return found


def is_found(index: sqlite3.Connection, one: Person, other: Person) -> bool:
    """Whether the index offers the other, and the two are judged to be one."""
    digits = [other.phone[start:] for start in range(len(other.phone) - 2)]
    told = {*words(other.name), *digits, *block_keys(other.name, other.born_on)}
    index.execute("DELETE FROM search")
    index.execute("INSERT INTO search VALUES (?)", (" ".join(told),))
    asked = question(one.name, one.born_on, one.phone)
    offered = index.execute("SELECT 1 FROM search WHERE search MATCH ?", (asked,)).fetchone()
    return offered is not None and likeness(one, other).is_likely


def run() -> list[Share]:
    """Recall by kind of error and in all, and false alarms."""
    crowd, shares = Crowd(), []
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE search USING fts5(words)")
    for name, change in ERRORS.items():
        pairs = [same(crowd, change) for _turn in range(EACH)]
        found = sum(is_found(index, *pair) for pair in pairs)
        shares.append(Share(f"found: {name}", found, EACH, 90))
    index.close()
    whole = sum(share.whole for share in shares)
    shares.append(Share("found, all", sum(share.part for share in shares), whole, 95))
    told = others(crowd)
    alarms = [name for name, one, two in told if likeness(one, two).is_likely]
    shares += [
        Share(f"false alarm: {name}", alarms.count(name), EACH, 6, is_ceiling=True)
        for name in sorted(set(alarms))
    ]
    shares.append(Share("false alarms, all", len(alarms), len(told), 2, is_ceiling=True))
    return shares
