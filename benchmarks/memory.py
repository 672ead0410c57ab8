"""Peak memory of `tamperlens examine` from 1 to 100 megapixels.

    python benchmarks/memory.py [--sizes 1 12 50 100] [--json benchmarks/results/memory.json]

Photographs made from examples/splice.jpg, JPEG of quality 90, each examined by a process of its own on one
thread. The peak is the kernel's (ru_maxrss); beside it stands what the decoded pixels and the mask alone
take, 3 and 4 bytes a pixel, without which there is no finding. Results are kept size by size.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from costs import photograph

# Megapixels → width, height.
SIZES = {1: (1152, 864), 12: (4000, 3000), 50: (8160, 6120), 100: (11600, 8608)}
# A small process of its own starts each examination: peak memory of a child counts the parent that forked it.
_STARTER = """
import resource, subprocess, sys, time
started = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss / 1024, used.ru_utime + used.ru_stime, time.perf_counter() - started)
"""


def examine(photo: Path) -> dict[str, int]:
    """Peak MiB and seconds of one whole process."""
    command = [sys.executable, "-c", _STARTER, sys.executable, "-m", "tamperlens", "examine", str(photo)]
    arguments = ["--json", "--threads", "1", "--max-mpx", "1000"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True)
    peak, processor, wall = (round(float(value)) for value in done.stdout.split())
    return {"peak MiB": peak, "processor s": processor, "wall s": wall}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    known = options.json and options.json.exists()
    measured = json.loads(options.json.read_text(encoding="utf-8"))["sizes"] if known else {}
    for megapixels in options.sizes:
        width, height = SIZES[megapixels]
        with tempfile.TemporaryDirectory() as folder:
            photo = Path(folder) / "photo.jpg"
            photo.write_bytes(photograph(width, height))
            held = round(7 * width * height / 2**20)
            measured[f"{megapixels} Mpx"] = examine(photo) | {"pixels and mask alone MiB": held}
        report = {"machine": f"{platform.machine()}, {os.cpu_count()} cores", "sizes": measured}
        print(json.dumps(measured[f"{megapixels} Mpx"]), flush=True)
        if options.json:
            options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
