"""Processes that are measured from outside, and a meter on the line between them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

PIECE_BYTES = 256 * 1024
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class Child:
    """A process that answers lines with lines."""

    def __init__(
        self, command: Sequence[str | Path], environment: dict[str, str] | None = None
    ) -> None:
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            if self.process.stdin:
                self.process.stdin.close()
        self.process.wait(60)

    def says(self) -> str:
        """Its next line."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError("the process has ended")
        return line.strip()

    def asked(self, line: str) -> str:
        """What it says to a line."""
        if self.process.stdin:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        return self.says()

    def do(self, what: str, **how: Any) -> dict[str, Any]:
        """What came of one order to a driver."""
        said: dict[str, Any] = json.loads(self.asked(json.dumps({"do": what, **how})))
        return said

    @property
    def cpu_s(self) -> float:
        """Processor time so far."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text("ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS_A_SECOND


def office(home: Path) -> Child:
    """An office of ours."""
    return Child([sys.executable, "-m", "tests.bench.office_driver", home])


class Centre(Child):
    """A centre of ours."""

    def __init__(self, database: str) -> None:
        super().__init__([sys.executable, "-m", "tests.bench.centre_driver", database])
        self.url = self.says()

    def code(self, branch: str) -> str:
        """A one-time code."""
        return self.asked(branch)


class Meter:
    """Carries connections to a server as quickly as it can; counts bytes and requests."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._server = (parts.hostname or "", parts.port or 80)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.reset()
        threading.Thread(target=self._serve, daemon=True).start()

    def reset(self) -> None:
        """Count from nothing again."""
        self.bytes_carried = self.requests = 0

    def close(self) -> None:
        """Carry no more."""
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._door.accept()
                server = socket.create_connection(self._server)
                for ends in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_up: bool) -> None:
        source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                self.bytes_carried += len(piece)
                self.requests += is_up and piece.startswith((b"POST ", b"GET "))
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
    return port


def wait_for(port: int, patience_s: float = 30.0) -> None:
    """Until somebody listens there."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens at {port}")
