"""The workbench under load, and under kill -9.

    python benchmarks/cost/workbench.py [--users 20] [--photographs 200] [--kills 10] [--json FILE]

Starts `tamperlens serve` with an empty home. First part: all users upload their share of the photographs at
once over loopback, while somebody asks for the dashboard ten times a second until everything is examined.
Second part: while as many photographs again are uploaded and examined, workers and the server are killed in
turn, and the server is started again. Photographs are parts of examples/untouched.jpg, no two of the same
bytes.
"""

import argparse
import json
import os
import platform
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from PIL import Image

from tamperlens.evidence import encode_jpeg
from tamperlens.service.web._server import free_port

PHOTO = Path(__file__).parents[2] / "examples/untouched.jpg"
PASSWORD = "a password for a benchmark"  # noqa: S105 - of accounts that live as long as this program
FINISHED = {"done", "failed", "cancelled"}
PATIENCE_SECONDS = 3600.0


def photographs(count: int, side: int) -> list[bytes]:
    """Parts of a photograph, no two of the same bytes."""
    whole = np.asarray(Image.open(PHOTO).convert("RGB"))
    rows, columns = max(1, whole.shape[0] - side), max(1, whole.shape[1] - side)
    starts = [(i * 7 % rows, i * 13 % columns) for i in range(count)]
    parts = [whole[top : top + side, left : left + side] for top, left in starts]
    return [encode_jpeg(np.ascontiguousarray(part), 85 + i % 10) for i, part in enumerate(parts)]


class Server:
    """`tamperlens serve` on a free port."""

    def __init__(self, home: Path, workers: int) -> None:
        self.home, self.workers, self.port = home, workers, free_port("127.0.0.1")
        self.log = home.parent / "server.log"
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "tamperlens", "serve", "--home", str(self.home)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), "--workers", str(self.workers)], stdout=log, stderr=log
            )
        wait_for(lambda: "Stop it" in self.log.read_text() or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise SystemExit(self.log.read_text())

    @property
    def setup_secret(self) -> str:
        """Of the set-up link."""
        found = re.search(r"/setup#(\S+)", self.log.read_text())
        return found[1] if found else ""

    def browser(self, path: str, **given: str) -> httpx.Client:
        """Somebody who enters, and waits where many enter from one address."""
        client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=120)
        while (answer := client.post(path, json=given)).status_code == 429:
            time.sleep(int(answer.headers["Retry-After"]))
        client.headers["X-CSRF-Token"] = answer.raise_for_status().json()["csrf_token"]
        return client

    def running_worker(self) -> int | None:
        """Process number of the worker that examines now."""
        with sqlite3.connect(f"file:{self.home / 'workbench.sqlite3'}?mode=ro", uri=True) as database:
            row = database.execute("SELECT worker FROM evidence WHERE state = 'running'").fetchone()
        return int(row[0].split(":")[-2]) if row and row[0] else None


def wait_for(condition: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Ask again and again."""
    ends = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > ends:
            raise SystemExit("it took too long")
        time.sleep(0.05)
    return found


@dataclass
class Tally:
    """What happened to the uploads."""

    accepted: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def upload_all(client: httpx.Client, case: str, files: list[bytes], tally: Tally) -> None:
    """One after the other; again after 429 and, while the server is killed, after a broken connection."""
    for number, data in enumerate(files):
        while True:
            started = time.perf_counter()
            try:
                sent = {"file": (f"photo-{number}.jpg", data)}
                answer = client.post(f"/api/v1/cases/{case}/evidence", files=sent)
            except httpx.TransportError:
                tally.answers["broken connection"] += 1
                time.sleep(0.2)
                continue
            tally.answers[str(answer.status_code)] += 1
            tally.seconds.append(time.perf_counter() - started)
            if answer.status_code == 429:
                time.sleep(int(answer.headers["Retry-After"]))
                continue
            if answer.status_code == 201:
                tally.accepted.append(answer.json()["id"])
            break


def upload_at_once(clients: list[httpx.Client], cases: list[str], files: list[bytes], tally: Tally) -> None:
    """Every user a share, all at the same time."""
    shares = [files[i :: len(clients)] for i in range(len(clients))]
    threads = [
        threading.Thread(target=upload_all, args=(client, case, share, tally))
        for client, case, share in zip(clients, cases, shares, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def watch_dashboard(client: httpx.Client, over: threading.Event, seconds: list[float]) -> None:
    """Ask for the first page of cases ten times a second."""
    while not over.wait(0.1):
        started = time.perf_counter()
        client.get("/api/v1/cases").raise_for_status()
        seconds.append(time.perf_counter() - started)


def waiting(clients: list[httpx.Client], cases: list[str]) -> int:
    """How much is not finished."""
    states = [c.get(f"/api/v1/cases/{case}").json()["states"] for c, case in zip(clients, cases, strict=True)]
    return sum(many for one in states for state, many in one.items() if state not in FINISHED)


def outcome(
    admin: httpx.Client, clients: list[httpx.Client], cases: list[str], tally: Tally
) -> dict[str, Any]:
    """Whether everything that was accepted is there, done, and was examined once."""
    shown = {
        item["id"]: item
        for client, case in zip(clients, cases, strict=True)
        for item in client.get(f"/api/v1/cases/{case}/evidence?per_page=200").json()["items"]
    }
    examined: Counter[str] = Counter()
    page = 1
    while items := admin.get(f"/api/v1/ledger?per_page=200&page={page}").json()["items"]:
        examined.update(record["evidence_id"] for record in items if record["action"] == "examined")
        page += 1
    return {
        "accepted": len(tally.accepted),
        "answers": dict(tally.answers),
        "lost": len(set(tally.accepted) - set(shown)),
        "not done": sum(item["state"] != "done" for item in shown.values()),
        "taken up again": sum(item["attempts"] > 1 for item in shown.values()),
        "examined not exactly once": sum(examined[key] != 1 for key in shown),
        "ledger intact": admin.get("/api/v1/ledger/verification").json()["intact"],
    }


def under_load(
    clients: list[httpx.Client], cases: list[str], files: list[bytes]
) -> tuple[Tally, dict[str, Any]]:
    """The first part."""
    tally, over, seconds = Tally(), threading.Event(), list[float]()
    watching = threading.Thread(target=watch_dashboard, args=(clients[0], over, seconds))
    watching.start()
    started = time.perf_counter()
    upload_at_once(clients, cases, files, tally)
    uploaded = time.perf_counter() - started
    wait_for(lambda: waiting(clients[1:], cases[1:]) == 0 or time.sleep(1))
    wait_for(lambda: waiting(clients, cases) == 0)
    examined = time.perf_counter() - started
    over.set()
    watching.join()
    return tally, {
        "all uploaded, s": round(uploaded, 1),
        "all examined, s": round(examined, 1),
        "upload p95, ms": round(1000 * percentile(tally.seconds)),
        "dashboard asked": len(seconds),
        "dashboard median, ms": round(1000 * statistics.median(seconds)),
        "dashboard p95, ms": round(1000 * percentile(seconds)),
        "dashboard longest, ms": round(1000 * max(seconds)),
    }


def percentile(values: list[float]) -> float:
    """The 95th."""
    return float(np.percentile(values, 95))


def under_kills(
    server: Server, clients: list[httpx.Client], cases: list[str], files: list[bytes], kills: int
) -> Tally:
    """The second part: a worker, then the server, and so on, whenever something is examined."""
    tally = Tally()
    uploading = threading.Thread(target=upload_at_once, args=(clients, cases, files, tally))
    uploading.start()
    for number in range(kills):
        worker = wait_for(server.running_worker)
        time.sleep(0.3 * (number % 3))
        if number % 2:
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            wait_for(lambda worker=worker: not Path(f"/proc/{worker}").exists())
            server.start()
        else:
            try:
                os.kill(worker, signal.SIGKILL)
            except ProcessLookupError:
                continue
            wait_for(lambda worker=worker: server.running_worker() not in {None, worker}, 120)
    uploading.join()
    wait_for(lambda: waiting(clients, cases) == 0)
    return tally


def people(server: Server, users: int) -> tuple[httpx.Client, list[httpx.Client], list[str]]:
    """An administrator, examiners, and a case of each."""
    admin = server.browser(
        "/api/v1/setup", token=server.setup_secret, name="Administrator", password=PASSWORD
    )
    clients = []
    for number in range(users):
        made = admin.post("/api/v1/users", json={"name": f"Examiner {number}", "role": "examiner"}).json()
        clients.append(server.browser("/api/v1/invitations/accept", token=made["token"], password=PASSWORD))
    cases = [client.post("/api/v1/cases", json={"title": "Case"}).json()["id"] for client in clients]
    return admin, clients, cases


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--photographs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    files = photographs(2 * options.photographs, options.side)
    with tempfile.TemporaryDirectory(prefix="tamperlens-") as folder:
        server = Server(Path(folder) / "home", options.workers)
        admin, clients, cases = people(server, options.users)
        tally, figures = under_load(clients, cases, files[: options.photographs])
        figures |= {"load": outcome(admin, clients, cases, tally)}
        if options.kills:
            later = under_kills(server, clients, cases, files[options.photographs :], options.kills)
            figures |= {"kills": options.kills, "killed": outcome(admin, clients, cases, later)}
        for client in (admin, *clients):
            client.close()
        server.process.terminate()
        server.process.wait()
    settings = {name: value for name, value in vars(options).items() if name != "json"}
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    text = json.dumps({"settings": settings, "machine": machine, **figures}, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
