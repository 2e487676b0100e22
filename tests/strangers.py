"""Whoever may answer instead of the centre: gateways, hotels, proxies, and silence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOGIN_PAGE = b"<!doctype html><title>Wi-Fi</title><form>Dang nhap</form>"


@dataclass(frozen=True)
class Answer:
    """What a stranger says to everything.

    One that `hangs` says nothing; one that `stalls` says all but the end; one that drips says a
    byte every `drips_s` seconds.
    """

    status: int = 200
    body: bytes = LOGIN_PAGE
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    hangs: bool = False
    stalls: bool = False
    drips_s: float = 0.0


def _send(write: Callable[[bytes], object], answer: Answer, leaving: threading.Event) -> None:
    """The body as it is, or in chunks where the headers say so, at the pace that is asked for."""
    is_chunked = "Transfer-Encoding" in answer.headers
    piece_bytes = 1 if answer.drips_s else 100_000
    for start in range(0, len(answer.body), piece_bytes):
        piece = answer.body[start : start + piece_bytes]
        if answer.drips_s and leaving.wait(answer.drips_s):
            return
        write(b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece)
    if is_chunked:
        write(b"0\r\n\r\n")


@contextmanager
def stranger(answer: Answer, port: int = 0) -> Iterator[str]:
    """The address of somebody who is not the centre, by default on a free port of this machine."""
    leaving = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        # The newer version keeps the line open, but the older one knows no chunks.
        protocol_version = "HTTP/1.1" if "Transfer-Encoding" in answer.headers else "HTTP/1.0"

        def do_POST(self) -> None:
            self.close_connection = True
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if answer.hangs:
                leaving.wait(10)
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            is_chunked = "Transfer-Encoding" in answer.headers
            if "Content-Length" not in answer.headers and not is_chunked:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            _send(self.wfile.write, answer, leaving)
            if answer.stalls:
                leaving.wait(10)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        leaving.set()
        server.shutdown()
        thread.join()
        server.server_close()
