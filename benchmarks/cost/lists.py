"""How long the workbench's lists take in a case of ten thousand images.

    python benchmarks/cost/lists.py [--images 10000] [--times 20] [--json FILE]

Fills an empty installation's tables as ten thousand uploads, findings, notes and conclusions would, without
the images themselves, and asks for what the pages ask for, each `times` over, in this process (no network):
median, 95 % and longest in milliseconds.
"""

import argparse
import json
import os
import platform
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import numpy as np

from tamperlens.service import Settings, create_app
from tamperlens.service._database import Database
from tamperlens.service._tables import Case, Conclusion, Evidence, Finding, Note, Picture, new_key, now
from tamperlens.service.people import accounts

OUTCOMES = ("consistent", "inconclusive", "inconsistent")
PRIORITIES = ("none", "low", "high")


def fill(database: Database, owner: str, name: str, images: int) -> tuple[str, str]:
    """A case with so many examined images; its key and that of one in the middle."""
    rng, start = np.random.default_rng(0), now() - timedelta(days=3)
    case = Case(id=new_key(), owner_id=owner, title="Ten thousand photographs", description="")
    keys = [new_key() for _ in range(images)]
    # Every tenth image looks like another one.
    prints = rng.integers(0, 2**64, images, np.uint64)
    prints[::10] = prints[1::10][: len(prints[::10])]
    with database.write() as session:
        session.add(case)
        session.flush()
        for number, key in enumerate(keys):
            digest, outcome = f"{number:064x}", OUTCOMES[int(rng.integers(3))]
            finding = Finding(
                id=new_key(), sha256=digest, versions="v" * 64, outcome=outcome, score=float(rng.random()),
                priority=PRIORITIES[int(rng.integers(3))],
            )  # fmt: skip
            session.add(
                Picture(
                    sha256=digest,
                    bytes=400_000,
                    format="JPEG",
                    width=4000,
                    height=3000,
                    perceptual=f"{prints[number]:016x}",
                    stated=f"Camera {number % 50}",
                )
            )
            session.flush()
            session.add(finding)
            session.flush()
            at = start + timedelta(seconds=number)
            session.add(
                Evidence(
                    id=key,
                    case_id=case.id,
                    name=f"IMG_{number:05}.jpg",
                    sha256=digest,
                    uploaded_by=name,
                    uploaded_at=at,
                    state="done",
                    step="done",
                    progress=1.0,
                    versions="v" * 64,
                    finding_id=finding.id,
                    finished_at=at,
                )
            )
            session.flush()
            if number % 5 == 0:
                session.add(Note(evidence_id=key, text=f"window {number}", by=name))
                session.add(Conclusion(evidence_id=key, outcome=outcome, text="as the machine", by=name))
    return case.id, keys[images // 2]


def measure(images: int, times: int) -> dict[str, dict[str, float]]:
    """Question → its times in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="tamperlens-") as folder:
        settings = Settings(Path(folder), threads=1, bcrypt_rounds=4)
        database = Database(settings.database_url)
        database.upgrade()
        with database.write() as session:
            user = accounts.add_user(session, "Ada", "examiner", "x")
            session.flush()
            _opened, secret = accounts.open_session(session, user)
        case, middle = fill(database, user.id, "Ada", images)
        client = create_app(settings).test_client()
        client.set_cookie("tamperlens", secret)
        at, last = f"/api/v1/cases/{case}/evidence", images // 50
        questions = {
            "dashboard": "/api/v1/cases",
            "first page": f"{at}?per_page=50",
            "last page": f"{at}?per_page=50&page={last}",
            "200 a page": f"{at}?per_page=200",
            "by name": f"{at}?sort=name&page={last // 2}",
            "by priority": f"{at}?sort=priority&page={last // 2}",
            "by score": f"{at}?sort=score&page={last // 2}",
            "filtered": f"{at}?outcome=inconsistent&page=20",
            "searched": f"{at}?search=IMG_07",
            "near-duplicates only": f"{at}?near_duplicates=true&page=3",
            "found across cases": "/api/v1/search?words=window",
            "keys of the whole list": f"{at}/keys",
            "neighbours": f"/api/v1/evidence/{middle}/neighbours?sort=score",
        }
        return {name: _timed(client, path, times) for name, path in questions.items()}


def _timed(client, path: str, times: int) -> dict[str, float]:
    taken = []
    for _ in range(times + 1):
        start = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code} {answer.text[:200]}")
    kept = taken[1:]  # the first warms up
    return {
        "median": round(float(np.median(kept)), 1), "95 %": round(float(np.quantile(kept, 0.95)), 1),
        "longest": round(max(kept), 1),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.images, options.times)
    for name, figures in found.items():
        print(f"{name:24} " + "  ".join(f"{kind} {value:7.1f}" for kind, value in figures.items()))
    if options.json:
        about = {"images": options.images, "machine": platform.machine(), "cores": os.cpu_count()}
        options.json.write_text(
            json.dumps({**about, "milliseconds": found}, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
