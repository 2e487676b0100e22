"""Letting uvicorn serve a centre: in the foreground, or in a thread beside something else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

KEEP_ALIVE_S = 30
# Connections, those that only keep alive among them. Requests have a queue of their own.
MOST_AT_ONCE = 4000
GRACE_S = 10


class Listening(uvicorn.Server):
    """A server that tells when it listens, and by which port."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready(self.servers[0].sockets[0].getsockname()[1])


def server_of(
    app: ASGIApp, host: str, port: int, ready: Callable[[int], None], proxies: str = "127.0.0.1"
) -> Listening:
    """A server for the application; port 0 takes a free one.

    `ready` is told the port. `proxies` may say in X-Forwarded-For for whom they ask.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=proxies,
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        limit_concurrency=MOST_AT_ONCE,
    )
    return Listening(config, ready)


class Served:
    """An application served by a thread of this process until `stop`."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self.port = 0
        self._settled = threading.Event()
        self._server = server_of(app, host, port, self._listens)
        self._thread = threading.Thread(target=self._run, name="centre", daemon=True)
        self._thread.start()
        self._settled.wait()
        if not self.port:
            raise OSError(f"nobody can listen at {host}:{port}")

    def stop(self) -> None:
        """Closes every connection and frees the port."""
        self._server.should_exit = True
        self._thread.join()

    def _listens(self, port: int) -> None:
        self.port = port
        self._settled.set()

    def _run(self) -> None:
        try:
            self._server.run()
        except SystemExit:
            pass  # uvicorn's way to say that the port is taken
        finally:
            self._settled.set()
