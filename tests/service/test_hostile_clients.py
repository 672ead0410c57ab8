"""Clients that are slow, lost, greedy or odd, against the real server; and what is true of its answers."""

import http.client
import json
import socket
import threading
import time
from pathlib import Path
from urllib.parse import unquote

import pytest

from tamperlens.evidence._metadata import printable
from tamperlens.service.web._disposition import disposition
from tamperlens.service.web._streams import _Streams

from .test_serving import Server, server, until, upload  # noqa: F401 - the fixture

NAMES = {
    "Chinese": "照片 证据.jpg",
    "Cyrillic": "Фотография.jpg",
    "emoji": "🕵️‍♀️📷.jpg",
    "decomposed": "Cafe\u0301 u\u0308ber.jpg",
    "Latin-1": "Größe ½.jpg",
    "quotes": 'a"b\\c;d=e.jpg',
    "percent": "100%25 sure.jpg",
    "255 characters": "é" * 251 + ".jpg",
    "255 wide characters": "😀" * 251 + ".jpg",
    "right to left": "תמונה\u202egpj.exe.jpg",
    "no ending": "照片",
    "dots": "....jpg",
    "space": " ",
}


def told_name(header: str) -> str:
    """As a browser reads it: RFC 6266 prefers the name after RFC 5987."""
    if "filename*=UTF-8''" in header:
        return unquote(header.split("filename*=UTF-8''")[1], errors="strict")
    return header.split('filename="')[1].rstrip('"')


@pytest.mark.parametrize("kind", NAMES)
def test_any_name_is_a_header_of_plain_characters(kind):
    header = disposition(NAMES[kind], download=True)
    assert header.isascii()
    assert header.isprintable()
    assert told_name(header) == NAMES[kind]
    plain = header.split('filename="')[1].split('"')[0]
    assert 0 < len(plain) <= 100
    assert set(plain).isdisjoint('"\\/;%')


@pytest.fixture(scope="module")
def signed_in(server):  # noqa: F811
    browser = server.browser()
    return browser, browser.post("/api/v1/cases", json={"title": "Names"}).json()["id"]


@pytest.mark.parametrize(
    "kind", ["Chinese", "Cyrillic", "emoji", "decomposed", "Latin-1", "255 characters", "quotes"]
)
def test_a_file_of_any_name_is_handed_out_and_recorded_once(signed_in, tiny, kind):
    browser, case = signed_in
    name = NAMES[kind]
    answer = browser.post(f"/api/v1/cases/{case}/evidence", files={"file": (name, tiny())})
    assert answer.status_code == 201, answer.text
    kept, key = answer.json()["name"], answer.json()["id"]
    if kind != "quotes":  # httpx and browsers spell quotes in a form each in their own way
        assert kept == printable(name)
    until(lambda: browser.get(f"/api/v1/evidence/{key}").json()["state"] == "done")
    for what, ending in (("original", ""), ("report.json", ".json"), ("report.html?download=1", ".html")):
        answer = browser.get(f"/api/v1/evidence/{key}/{what}")
        assert answer.status_code == 200
        assert told_name(answer.headers["Content-Disposition"]) == kept + ending
    told = browser.get(f"/api/v1/evidence/{key}/history").json()["items"]
    assert [one["action"] for one in told].count("exported") == 3


def test_what_does_not_leave_is_not_recorded(signed_in, tiny, server):  # noqa: F811
    browser, case = signed_in
    key = upload(browser, case, tiny(5))
    until(lambda: browser.get(f"/api/v1/evidence/{key}").json()["state"] == "done")
    original = f"/api/v1/evidence/{key}/original"
    tag = browser.head(original).headers["ETag"]
    assert browser.get(original, headers={"If-None-Match": tag}).status_code == 304
    sha256 = browser.get(f"/api/v1/evidence/{key}").json()["sha256"]
    (server.home / "store/originals" / sha256[:2] / sha256[2:]).rename(server.home / "away")
    assert browser.get(original).status_code == 404
    assert browser.get(f"/api/v1/cases/{case}/bundle").status_code == 409
    told = browser.get(f"/api/v1/cases/{case}/history?per_page=200").json()["items"]
    assert [one for one in told if one["evidence_id"] == key and one["action"] == "exported"] == []
    assert [one for one in told if one["details"].get("file") == "bundle"] == []
    (server.home / "away").rename(server.home / "store/originals" / sha256[:2] / sha256[2:])


def connected(server) -> socket.socket:  # noqa: F811
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


SLOW = {
    "nothing": b"",
    "half a header": b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nX-A",
    "no end of headers": b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n",
    "no body": b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n",
    "half a body": b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b'Content-Length: 1000\r\n\r\n{"name": "Ada",',
    "a large body": b"POST /api/v1/cases/" + b"0" * 32 + b"/evidence HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000000\r\n\r\n--x\r\n",
    "an answer not taken": b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


def test_two_hundred_slow_connections_do_not_hold_the_server(server):  # noqa: F811
    """Of every kind, dripping a byte now and then; the server has forty threads in each of two processes."""
    held = [connected(server) for _ in range(200)]
    for one, begun in zip(held, [*SLOW.values()] * 200, strict=False):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        one.sendall(begun)
    over = threading.Event()

    def drip() -> None:
        while not over.wait(0.5):
            for one in held:
                try:
                    one.send(b"x")
                except OSError:
                    continue

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        longest = 0.0
        for _ in range(60):
            started = time.monotonic()
            asking = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            asking.request("GET", "/api/v1/health")
            assert asking.getresponse().status == 200
            asking.close()
            longest = max(longest, time.monotonic() - started)
            time.sleep(0.1)
    finally:
        over.set()
        dripping.join()
        for one in held:
            one.close()
    print(f"longest wait for an answer: {longest:.3f} s")  # noqa: T201 - a figure, not a limit
    assert longest < 10


def answered(server, request: bytes) -> tuple[int, bytes]:  # noqa: F811
    with connected(server) as one:
        one.sendall(request)
        answer = b""
        while chunk := one.recv(65536):
            answer += chunk
    return int(answer.split()[1]), answer


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (
            b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            400,
        ),
        (
            b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            411,
        ),
        (b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\nx", 400),
        (b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n folded: x\r\n\r\n", 400),
        (b"GET /api/v1/health HTTP/1.1\r\nHost : localhost\r\n\r\n", 400),
        (b"GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40000 + b"\r\n\r\n", 431),
        (b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n", 413),
        (b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /api/v1/users HTTP/1.1\r\n\r\n", 200),
    ],
)
def test_odd_requests_are_answered_once(server, request_, status):  # noqa: F811
    got, answer = answered(server, request_)
    assert got == status
    assert answer.count(b"HTTP/1.1 ") == 1


def test_nobody_says_who_they_are_but_the_connection(server):  # noqa: F811
    """Otherwise each try to sign in could come from another address."""
    body = json.dumps({"name": "Nobody At All", "password": "x"}).encode()
    browser = server.browser()
    for number in range(3):
        head = f"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.0.0.{number}\r\n"
        head += f"Forwarded: for=10.0.0.{number}\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(body)}\r\n\r\n"
        assert answered(server, head.encode() + body)[0] == 401
    told = browser.get("/api/v1/ledger?per_page=50").json()["items"]
    addresses = {one["details"].get("address") for one in told if one["action"] == "sign-in failed"}
    assert addresses == {"127.0.0.1"}


def test_a_viewers_upload_is_refused_before_its_body_is_read(server):  # noqa: F811
    browser = server.browser()
    case = browser.post("/api/v1/cases", json={"title": "Not theirs"}).json()["id"]
    made = browser.post("/api/v1/users", json={"name": "Vera", "role": "viewer"}).json()
    viewer = server.another()
    given = {"token": made["token"], "password": "three unrelated words here"}
    viewer.headers["X-CSRF-Token"] = viewer.post("/api/v1/invitations/accept", json=given).json()[
        "csrf_token"
    ]
    browser.post(f"/api/v1/cases/{case}/shares", json={"name": "Vera", "access": "write"})
    cookie = "; ".join(f"{name}={value}" for name, value in viewer.cookies.items())
    for who, status in (
        (f"Cookie: {cookie}\r\nX-CSRF-Token: {viewer.headers['X-CSRF-Token']}\r\n", 403),
        ("", 401),
    ):
        head = (
            f"POST /api/v1/cases/{case}/evidence HTTP/1.1\r\nHost: localhost\r\n{who}"
            "Content-Length: 200000000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n"
        )
        # Of two hundred megabytes none is sent: the answer comes nevertheless.
        assert answered(server, head.encode())[0] == status


def test_another_host_is_refused(server):  # noqa: F811
    for host, status in (("evil.example", 400), ("localhost", 200), ("127.0.0.1:1", 200), ("[::1]:80", 200)):
        got, answer = answered(server, f"GET /api/v1/health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert got == status, answer
    assert b"--trusted-host" in answered(server, b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")[1]


def test_streams_of_one_person_leave_room_for_others():
    streams = _Streams()
    assert [streams.begin("a") for _ in range(8)] == [True] * 6 + [False] * 2
    assert [streams.begin(one) for one in "bbbbbb" * 2 + "cccccc" * 2].count(True) == 12
    assert [streams.begin(one) for one in "dddddde"].count(True) == 6  # all of them are taken now
    streams.end("a")
    assert streams.begin("e")


def test_all_of_it_ends_when_the_server_is_killed_in_its_first_moments(tmp_path):
    server = Server(tmp_path / "home")  # noqa: F811
    server.begin()
    until(lambda: len(family(server.process.pid)) >= 3)
    children = family(server.process.pid)[1:]
    server.process.kill()
    server.process.wait()
    until(lambda: not any(lives(pid) for pid in children), 60)


def family(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [pid, *(one for child in listed for one in family(int(child)))]


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
