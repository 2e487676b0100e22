"""A line between an office and its centre that breaks where a test wants it to."""

from __future__ import annotations

import enum
import select
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

PIECE_BYTES = 64 * 1024
PATIENCE_S = 20.0

_AT_ONCE = struct.pack("ii", 1, 0)


class Way(enum.Enum):
    """Which way bytes go."""

    UP = "request"
    DOWN = "answer"


@dataclass(frozen=True)
class Cut:
    """The line breaks when `after_bytes` have gone this way.

    An `abrupt` end is a reset; else both ends are told politely that nothing more comes.
    """

    way: Way
    after_bytes: int
    abrupt: bool


class BrittleLine:
    """Carries one connection after another to the server at `url`, from its own `url`.

    `cut` is where the next connection breaks, None for nowhere; those after it are whole.
    `has_cut` says whether one broke since `cut` was last set.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "", parts.port or 80)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._cut: Cut | None = None
        self.has_cut = False
        self._is_open = True
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_open = False
        socket.create_connection(self._door.getsockname()).close()
        self._thread.join()
        self._door.close()

    @property
    def url(self) -> str:
        """The address of this end."""
        host, port = self._door.getsockname()
        return f"http://{host}:{port}"

    @property
    def cut(self) -> Cut | None:
        """Where the next connection breaks."""
        return self._cut

    @cut.setter
    def cut(self, cut: Cut | None) -> None:
        self._cut, self.has_cut = cut, False

    def _serve(self) -> None:
        while self._is_open:
            client, _address = self._door.accept()
            cut, self._cut = self._cut, None
            threading.Thread(target=self._hold, args=(client, cut), daemon=True).start()

    def _hold(self, client: socket.socket, cut: Cut | None) -> None:
        with (
            client,
            suppress(OSError),
            socket.create_connection(self._server, PATIENCE_S) as server,
        ):
            self._carry(client, server, cut)

    def _carry(self, client: socket.socket, server: socket.socket, cut: Cut | None) -> None:
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        carried = {Way.UP: 0, Way.DOWN: 0}
        ways = {client: (Way.UP, server), server: (Way.DOWN, client)}
        while not self._is_due(cut, carried):
            ready, _, _ = select.select(list(ways), [], [], PATIENCE_S)
            for source in ready:
                way, target = ways[source]
                room = cut.after_bytes - carried[way] if cut and cut.way is way else PIECE_BYTES
                try:
                    piece = source.recv(min(room, PIECE_BYTES)) if room else b""
                    target.sendall(piece)
                except OSError:
                    return
                if not piece:
                    return
                carried[way] += len(piece)
                if self._is_due(cut, carried):
                    break
            if not ready:
                return
        assert cut is not None
        self.has_cut = True
        if cut.abrupt:
            for end in (client, server):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)

    @staticmethod
    def _is_due(cut: Cut | None, carried: dict[Way, int]) -> bool:
        return cut is not None and carried[cut.way] >= cut.after_bytes
