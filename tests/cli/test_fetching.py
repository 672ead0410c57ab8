"""URLs: public addresses alone, each redirection anew, limited size."""

import http.server
import socket
import threading

import pytest

from tamperlens.cli import fetching
from tamperlens.cli.fetching import fetch
from tamperlens.errors import TamperlensError


class Server(http.server.BaseHTTPRequestHandler):
    """Answers with an image, a redirection to a private address, or too much."""

    def do_GET(self):
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://10.0.0.1/secret")
        elif self.path == "/gone":
            self.send_response(404)
        else:
            self.send_response(200)
            self.send_header("Content-Length", "999999" if self.path == "/large" else "5")
        self.end_headers()
        if self.path in {"/a.jpg", "/%C3%A4%20b.jpg?q=%C3%B6"}:
            self.wfile.write(b"image")

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def public(monkeypatch):
    """A server on loopback that passes for a public one."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real = fetching._public_address
    monkeypatch.setattr(
        fetching,
        "_public_address",
        lambda url, host, port: host if host == "127.0.0.1" else real(url, host, port),
    )
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_image_is_fetched(public):
    with fetch(f"{public}/a.jpg", 10) as stream:
        assert stream.read() == b"image"


def test_an_address_may_hold_any_letters(public):
    with fetch(f"{public}/ä b.jpg?q=ö", 10) as stream:
        assert stream.read() == b"image"


def test_a_host_that_is_no_name_is_refused():
    with pytest.raises(TamperlensError, match="is not known"), fetch("http://a..b/x.jpg", 10):
        pass


@pytest.mark.parametrize(
    ("path", "said"),
    [("away", "private address 10.0.0.1"), ("gone", "404"), ("large", "at most 10 are fetched")],
)
def test_what_is_refused_says_why(public, path, said):
    with pytest.raises(TamperlensError, match=said), fetch(f"{public}/{path}", 10):
        pass


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"],
)
def test_one_private_address_among_public_ones_is_enough(monkeypatch, address):
    found = [(0, 0, 0, "", (one, 80)) for one in ("93.184.216.34", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(TamperlensError, match="private address"), fetch("http://example.org/a.jpg", 10):
        pass
