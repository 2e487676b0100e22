"""A line as bad as the worst that a branch has: slow, far away, and cut again and again."""

from __future__ import annotations

import queue
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

PIECE_BYTES = 1400


@dataclass(frozen=True)
class Quality:
    """Bits a second and one way's delay, for each way; `cut_every_s` 0 is never."""

    bits_per_s: int = 256_000
    delay_s: float = 0.3
    cut_every_s: float = 20.0


class _Way:
    """One way of the line: whatever goes it, goes it in turn and arrives late."""

    def __init__(self, quality: Quality) -> None:
        self._quality = quality
        self._free_at = 0.0
        self._turn = threading.Lock()
        self.carried = 0

    def arrives_at(self, length: int) -> float:
        """When so many bytes that set out now are at the other end."""
        with self._turn:
            self.carried += length
            lasts_s = length * 8 / self._quality.bits_per_s
            self._free_at = max(self._free_at, time.monotonic()) + lasts_s
            return self._free_at + self._quality.delay_s


class PoorLine:
    """Carries connections to the server at `server`, from `url`. Counts bytes, headers and all."""

    def __init__(self, server: str, quality: Quality) -> None:
        parts = urlsplit(server)
        self._server = (parts.hostname or "", parts.port or 80)
        self._quality = quality
        self._up, self._down = _Way(quality), _Way(quality)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: set[socket.socket] = set()
        self._is_over = threading.Event()
        self.cuts = 0

    def __enter__(self) -> Self:
        for work in (self._serve, self._cut):
            threading.Thread(target=work, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._hang_up()
        self._door.close()

    @property
    def url(self) -> str:
        """The address of this end."""
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    @property
    def bytes_carried(self) -> int:
        """Both ways, from the beginning."""
        return self._up.carried + self._down.carried

    def _serve(self) -> None:
        with suppress(OSError):
            while not self._is_over.is_set():
                client, _address = self._door.accept()
                # A connection begins with a message there and back.
                threading.Timer(self._quality.delay_s * 2, self._join, [client]).start()

    def _join(self, client: socket.socket) -> None:
        server = socket.create_connection(self._server)
        self._ends |= {client, server}
        for source, target, way in ((client, server, self._up), (server, client, self._down)):
            late: queue.Queue[tuple[float, bytes]] = queue.Queue()
            threading.Thread(target=self._take, args=(source, late, way), daemon=True).start()
            threading.Thread(target=self._give, args=(target, late), daemon=True).start()

    def _take(
        self, source: socket.socket, late: queue.Queue[tuple[float, bytes]], way: _Way
    ) -> None:
        piece = b"-"
        while piece:
            try:
                piece = source.recv(PIECE_BYTES)
            except OSError:
                piece = b""
            arrives_at = way.arrives_at(len(piece))
            late.put((arrives_at, piece))
            # Whoever sends cannot be ahead of the line by more than the way is long.
            time.sleep(max(0.0, arrives_at - self._quality.delay_s - time.monotonic()))

    def _give(self, target: socket.socket, late: queue.Queue[tuple[float, bytes]]) -> None:
        piece = b"-"
        with suppress(OSError):
            while piece:
                arrives_at, piece = late.get()
                time.sleep(max(0.0, arrives_at - time.monotonic()))
                if piece:
                    target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def _cut(self) -> None:
        every_s = self._quality.cut_every_s
        while every_s and not self._is_over.wait(every_s):
            self.cuts += 1
            self._hang_up()

    def _hang_up(self) -> None:
        ends, self._ends = self._ends, set()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
