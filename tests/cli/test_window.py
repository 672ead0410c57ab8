"""The window of `tamperlens open`: this machine alone, one folder, until it is closed."""

import threading
import urllib.error
import urllib.request

import pytest

from tamperlens.cli import window as module
from tamperlens.cli.window import Window


@pytest.fixture
def window(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_GONE", 0.2)
    monkeypatch.setattr(module, "_BEAT", 0.05)
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.html").write_text("report", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("no", encoding="utf-8")
    with Window(folder) as opened:
        yield opened


def get(address, host=None):
    request = urllib.request.Request(address, headers={"Host": host} if host else {})  # noqa: S310
    return urllib.request.urlopen(request, timeout=10)  # noqa: S310


def test_page_and_report_are_served_with_a_policy(window):
    with get(window.address) as answer:
        assert "script-src 'sha256-" in answer.headers["Content-Security-Policy"]
    with get(f"{window.address}a.html") as answer:
        assert answer.read() == b"report"


@pytest.mark.parametrize("path", ["../secret.txt", "%2e%2e/secret.txt", "missing.html"])
def test_nothing_outside_the_folder_is_served(window, path):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{window.address}{path}")


def test_without_the_secret_or_under_another_name_nothing_is_served(window):
    for address, host in (
        (window.address.replace(window.secret, "guess"), None),
        (window.address, "evil.example:80"),
    ):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(address, host)


def test_it_tells_how_far_it_is_shows_the_report_and_ends_with_the_window(window):
    ended = threading.Event()
    threading.Thread(target=lambda: (window.wait(), ended.set()), daemon=True).start()
    window.tell("Examining 1 of 2")
    with get(f"{window.address}alive") as stream:
        assert stream.readline() == b"data: Examining 1 of 2\n"
        window.show("a.html")
        while (line := stream.readline()) != b"event: show\n":
            assert line
        assert stream.readline() == b"data: a.html\n"
        assert not ended.is_set()
    assert ended.wait(10)
