"""What the walls cost: how long a worker takes from its start to ready, and to a first answer.

    python benchmarks/cost/confinement.py --rounds 15 --json benchmarks/results/confinement.json

Compares a worker that does nothing, and one that examines, with and without walls; without, the same process
is started, and the two functions that wall it in do nothing. Read the difference of the medians.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

from tamperlens.confined import Confinement, Worker
from tamperlens.confined import _process as process
from tamperlens.workers import confinement_for

WORK = {
    "nothing": ("tamperlens.confined._probing:prepare", {}, Confinement(1 << 30, 60.0)),
    "examining": (
        "tamperlens.workers._examining:prepare",
        {"systems": None, "threads": 1, "strict": False, "max_pixels": 10**8},
        confinement_for(10**8, 1),
    ),
}
# Stands in for `confined.worker` on the path of the open ones.
OPEN = """
from tamperlens.confined import _guard as guard, _cell as cell
from tamperlens.confined._cell import Cell
guard.go_apart = lambda parent, scratch: ()
cell.wall_in = lambda *_: Cell({}, {})
"""


def seconds(what: str) -> float:
    """From the start of one worker until it is ready."""
    work, options, limits = WORK[what]
    started = time.perf_counter()
    worker = Worker(work, options, limits, command="")
    _ = worker.about
    taken = time.perf_counter() - started
    worker.close()
    return taken


def main() -> None:
    """Measure in turns, so that the machine's other work meets both alike."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    walled = process._START
    opened = walled.replace("from tamperlens.confined._worker", OPEN + "from tamperlens.confined._worker", 1)
    taken: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        for what in WORK:
            for name, start in (("with walls", walled), ("without", opened)):
                process._START = start
                taken.setdefault(f"{what}, {name}", []).append(seconds(what))
    process._START = walled
    found = {
        name: {"median_ms": round(1e3 * statistics.median(all_)), "least_ms": round(1e3 * min(all_))}
        for name, all_ in taken.items()
    }
    text = json.dumps({"rounds": options.rounds, "python": sys.version.split()[0], "start": found}, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
