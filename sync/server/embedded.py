"""A whole centre inside another program: for the demonstration, and for tests."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from sync.server.app import application_of
from sync.server.centre import Centre, Clock, utc_now
from sync.server.serving import Served
from sync.server.settings import Settings

LOOPBACK = "127.0.0.1"


def settings_of(path: Path) -> Settings:
    """The settings of a centre whose database is the SQLite file at `path`.

    Without limits: nobody but this program reaches it.
    """
    return Settings(
        database=f"sqlite:///{path}", host=LOOPBACK, port=0,
        device_per_minute=0, address_per_minute=0,
    )  # fmt: skip


class EmbeddedCentre:
    """A centre on a free port of this machine, from its making until `close`.

    `stop` and `start` lose and regain the connection; the port stays the same. Codes can be had
    while it is stopped.
    """

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        self.centre = Centre(settings, clock)
        self._served: Served | None = None
        self._port = settings.port
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _sort: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    @property
    def url(self) -> str:
        """The address to give to an office."""
        return f"http://{LOOPBACK}:{self._port}"

    def invite(self, branch: str, name: str = "", label: str = "") -> str:
        """A one-time code for a PC of the branch, which is made when it is new."""
        return self.centre.invite(branch, name, label)

    def start(self) -> None:
        """Be reachable."""
        if self._served is None:
            self._served = Served(application_of(self.centre), LOOPBACK, self._port)
            self._port = self._served.port

    def stop(self) -> None:
        """Be unreachable: connections are refused."""
        if self._served is not None:
            self._served.stop()
            self._served = None

    def close(self) -> None:
        """Stop for good and let go of the database."""
        self.stop()
        self.centre.close()
