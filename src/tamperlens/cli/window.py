"""A folder of reports in one browser window, served only to this machine, until the window is closed."""

import hashlib
import http.server
import mimetypes
import secrets
import threading
import time
from base64 import b64encode
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Seconds without any window after which it counts as closed; a reload takes less.
_GONE = 3.0
_BEAT = 0.5


class Window:
    """Serves a page that waits for a report and then shows it; a context manager.

    The address holds a secret, so that no other account on this machine can read the reports; requests under
    another host's name are refused.

    Args:
        folder: its files are served, and nothing outside it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.secret = folder.resolve(), secrets.token_urlsafe(16)
        self._told, self._windows, self._seen = "Starting", 0, 0.0
        self._report = ""
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """Address of the page."""
        return f"http://127.0.0.1:{self._server.server_port}/{self.secret}/"

    def __enter__(self) -> "Window":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def tell(self, sentence: str) -> None:
        """Show in the window what is going on."""
        self._told = sentence

    def show(self, report: str) -> None:
        """Show a file of the folder."""
        self._report = report

    def wait(self) -> None:
        """Wait until the window has been opened and closed again."""
        while self._windows or not self._seen or time.monotonic() - self._seen < _GONE:
            time.sleep(_BEAT)

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        window = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """Answers this window's requests."""

            def do_GET(self) -> None:
                """Send the page, its events, or a file."""
                window.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        path = unquote(urlsplit(request.path).path)
        host = request.headers.get("Host", "").rpartition(":")[0]
        if host not in {"127.0.0.1", "localhost"} or not path.startswith(f"/{self.secret}/"):
            request.send_error(404)
            return
        name = path.removeprefix(f"/{self.secret}/")
        if name == "alive":
            self._keep_telling(request)
        elif name:
            self._send_file(request, name)
        else:
            page, policy = _page()
            self._send(request, page, "text/html; charset=utf-8", policy)

    def _keep_telling(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """An event stream, which ends with the window."""
        self._windows += 1
        self._seen = time.monotonic()
        try:
            request.send_response(200)
            request.send_header("Content-Type", "text/event-stream")
            request.send_header("Cache-Control", "no-store")
            request.end_headers()
            while True:
                event = f"event: show\ndata: {self._report}" if self._report else f"data: {self._told}"
                request.wfile.write(f"{event}\n\n".encode())
                request.wfile.flush()
                time.sleep(_BEAT)
        except OSError:  # it was closed
            pass
        finally:
            self._windows -= 1
            self._seen = time.monotonic()

    def _send_file(self, request: http.server.BaseHTTPRequestHandler, name: str) -> None:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or not path.is_file():
            request.send_error(404)
            return
        self._send(
            request, path.read_bytes(), mimetypes.guess_type(name)[0] or "application/octet-stream", ""
        )

    def _send(self, request: http.server.BaseHTTPRequestHandler, data: bytes, kind: str, policy: str) -> None:
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(data)))
        request.send_header("X-Content-Type-Options", "nosniff")
        request.send_header("Referrer-Policy", "no-referrer")
        if policy:
            request.send_header("Content-Security-Policy", policy)
        request.end_headers()
        request.wfile.write(data)


def _page() -> tuple[bytes, str]:
    """The page that waits, and the policy that lets its own script run."""
    text = resources.files(__package__).joinpath("templates/window.html").read_text(encoding="utf-8")
    script = text.partition("<script>")[2].partition("</script>")[0]
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; frame-src 'self'; "
        f"script-src 'sha256-{digest}'"
    )
    return text.encode(), policy
