"""Peak memory of `tamperlens examine` from 1 to 100 megapixels.

    python benchmarks/cost/memory.py [--sizes 1 12 50 100] [--json benchmarks/results/memory.json]

Photographs made from examples/splice.jpg, JPEG of quality 90, each examined by a process of its own on one
thread. The peak is the kernel's (VmHWM) of the largest process; beside it stands what the decoded pixels and
the mask alone take, 3 and 4 bytes a pixel, without which there is no finding. Results are kept size by size.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from costs import photograph
from process_tree import run_watched

# Megapixels → width, height.
SIZES = {1: (1152, 864), 12: (4000, 3000), 50: (8160, 6120), 100: (11600, 8608)}


def examine(photo: Path) -> dict[str, int]:
    """Peak MiB and seconds of one whole command."""
    command = [sys.executable, "-m", "tamperlens", "examine", str(photo)]
    used = run_watched([*command, "--json", "--threads", "1", "--max-mpx", "1000"])
    return {"peak MiB": round(used.peak), "processor s": round(used.processor), "wall s": round(used.wall)}


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
