"""How often one device, or one address, may ask: a bucket of tokens for each.

Counted by each process for itself. Whoever asks too often is told when to come back; nothing that
he sent is lost by it, since a request that was refused changes nothing at either end.
"""

from __future__ import annotations

import ipaddress
import math
import threading
from collections import OrderedDict
from typing import Final

from sync.server.refusals import refusal

MOST_NAMES: Final = 20_000  # some five megabytes
# Asking for a code's hash, or opening a file, is dearer than an exchange.
DEAR: Final = 20.0
_NETWORK_BITS: Final = 64  # of an IPv6 address: all that one subscriber has


class Limit:
    """`per_minute` requests in the long run, `burst` of them at once; 0 a minute is no limit."""

    def __init__(self, per_minute: int, burst: int, most_names: int = MOST_NAMES) -> None:
        self._per_s, self._burst, self._most = per_minute / 60, float(burst), most_names
        # What each has left, and when that was; who asked last stands last.
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many names are remembered."""
        return len(self._left)

    def wait_s(self, name: str, now_s: float, cost: float = 1.0) -> int:
        """0 when the request may pass, and it is counted; else after how many whole seconds.

        A clock that goes backwards gives nothing and takes nothing.
        """
        if not self._per_s:
            return 0
        cost = min(cost, self._burst)
        with self._lock:
            left, since = self._left.pop(name, (self._burst, now_s))
            left = min(self._burst, left + max(0.0, now_s - since) * self._per_s)
            short = max(0.0, cost - left)
            self._left[name] = (left - cost if not short else left, now_s)
            if len(self._left) > self._most:
                self._left.popitem(last=False)  # who was silent longest has most left anyway
        return math.ceil(short / self._per_s)

    def count(self, name: str, now_s: float, cost: float = 1.0) -> None:
        """Raises `Refusal` "too_often", whose detail is the seconds to wait."""
        wait_s = self.wait_s(name, now_s, cost)
        if wait_s:
            raise refusal("too_often", str(wait_s))


def network_of(host: str | None) -> str:
    """Who an address belongs to; "" for this machine itself, whose requests are not counted.

    A proxy on this machine that does not say for whom it asks would else be refused for all.
    """
    try:
        address = ipaddress.ip_address((host or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))
    return str(address)
