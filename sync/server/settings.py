"""What the operator of the centre decides, read from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from sync.frames import MOST_PACKED
from sync.problems import Problem
from sync.protocol import LEAST_SERVED
from sync.texts import _

PREFIX = "VLA_"


@dataclass(frozen=True)
class Settings:
    """Every setting, with what holds when nothing is said.

    `database` is a SQLAlchemy URL; PostgreSQL may be written `postgresql://`. `centre_key` is the
    secret of the centre's signing key, 32 bytes; None keeps one in the database. `least_served`
    is the oldest version of the wire whose offices are given what is new; what they send is taken
    in any case. A device, and an address, may ask so often a minute in the long run, `burst` times
    at once; 0 a minute is no limit. `trusted_proxies` are the addresses whose word counts for whom
    they ask, with commas. A PC is given `card_block` card numbers at a time, the first ever is
    `card_first`; a number is written as `card_prefix` and at least `card_digits` digits.
    """

    database: str = "sqlite:///vla-centre.db"
    host: str = "127.0.0.1"
    port: int = 8080
    name: str = "Hội Thư viện Việt Nam"
    code_lifetime_h: int = 72
    body_limit_bytes: int = MOST_PACKED
    busy_timeout_s: float = 30.0
    pool_size: int = 10
    centre_key: bytes | None = None
    least_served: int = LEAST_SERVED
    device_per_minute: int = 300
    device_burst: int = 600
    address_per_minute: int = 1200
    address_burst: int = 2400
    trusted_proxies: str = "127.0.0.1"
    card_prefix: str = "VLA-"
    card_digits: int = 6
    card_first: int = 1
    card_block: int = 200


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of VLA_DATABASE, VLA_HOST, VLA_PORT, … Raises `Problem` "settings"."""
    words = os.environ if environment is None else environment
    found = {
        name: words[PREFIX + name.upper()]
        for name in Settings.__dataclass_fields__
        if words.get(PREFIX + name.upper())
    }
    given: dict[str, object] = dict(found)
    try:
        for name, default in Settings.__dataclass_fields__.items():
            if name in found and default.type == "int":
                given[name] = int(found[name])
        if "busy_timeout_s" in found:
            given["busy_timeout_s"] = float(found["busy_timeout_s"])
        if "centre_key" in found:
            given["centre_key"] = bytes.fromhex(found["centre_key"])
            if len(bytes.fromhex(found["centre_key"])) != 32:
                raise ValueError("a key takes 32 bytes")
    except ValueError as fault:
        raise Problem(
            _("Một thiết lập trong môi trường không đọc được."),
            _("Xem lại các biến VLA_…: số viết bằng chữ số, khóa là 64 chữ số thập lục phân."),
            code="settings",
        ) from fault
    return Settings(**given)  # type: ignore[arg-type]
