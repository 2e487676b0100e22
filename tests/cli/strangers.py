"""Servers that are not the centre: what a clerk meets behind a hotel's Wi-Fi."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTAL = "<html><body>Chào mừng quý khách. Đăng nhập Wi-Fi.</body></html>".encode()


class Portal(BaseHTTPRequestHandler):
    """Answers whatever is asked with its own page."""

    def do_POST(self) -> None:
        """Status 200, and HTML."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PORTAL)))
        self.end_headers()
        self.wfile.write(PORTAL)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own word
        """Says nothing."""


class Elsewhere(Portal):
    """Sends whoever asks to another address."""

    def do_POST(self) -> None:
        """Status 302."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302)
        self.send_header("Location", f"http://{self.headers['Host']}/login")
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def listening(stranger: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """The address at which the stranger answers while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", port), stranger)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
