"""What each step of an examination costs: the table that `--time-budget` and `--max-memory` plan by.

    python benchmarks/cost/costs.py [--json src/tamperlens/examine/costs.json]

A photograph made from examples/splice.jpg is examined at several sizes, each in a fresh process. Of every
step are taken the processor's seconds on one thread, which a busy machine changes least, and the process's
peak memory while the step runs, everything that is held from before included (VmHWM of Linux, set back before
each step). Both are fitted by straight lines over the number of pixels.
"""

import argparse
import io
import json
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from tamperlens.evidence import Limits, load_evidence
from tamperlens.examine import DEFAULT_LOCALIZER, LOCALIZERS, load_fusion, load_weight
from tamperlens.examine._budget import DECODING, Budget, Plan
from tamperlens.examine.fused._examination import FusedExamination
from tamperlens.examine.fused._kinds import load_kind_teller
from tamperlens.traces import TRACES

# Megapixels → width, height.
SIZES = {1: (1152, 864), 3: (2000, 1500), 12: (4000, 3000), 50: (8160, 6120)}
ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "examples/splice.jpg"
_PROCESS = Path("/proc/self")


def photograph(width: int, height: int) -> bytes:
    """The spliced sample enlarged, with grain, so that it is as rich as a camera's."""
    image = Image.open(PHOTO).convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    pixels = np.array(image)
    rng = np.random.default_rng(0)
    for top in range(0, height, 256):
        rows = pixels[top : top + 256]
        grain = rng.normal(0, 3, (*rows.shape[:2], 1)).astype(np.float32)
        rows[:] = np.clip(rows + grain, 0, 255).astype(np.uint8)
    pixels[height // 4 : height // 4 + 300, width // 4 : width // 4 + 300] = pixels[:300, :300]
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


class Watched(Plan):
    """A plan without limits that writes down what each step took."""

    taken: dict[str, tuple[float, float]]

    def do(self, step: str, work: Callable[[], object]):  # noqa: D102 - as above it
        began = time.process_time()
        (_PROCESS / "clear_refs").write_text("5", encoding="utf-8")
        result = work()
        self.taken[step] = (time.process_time() - began, _peak())
        return result


def _peak() -> float:
    """Largest resident memory in MiB since it was set back."""
    lines = (_PROCESS / "status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def measure(photo: Path) -> dict[str, tuple[float, float]]:
    """Seconds and peak MiB of each step for one file, in this process."""
    localizer = LOCALIZERS[DEFAULT_LOCALIZER](load_weight(DEFAULT_LOCALIZER), threads=1)
    examination = FusedExamination(localizer, load_fusion(), kinds=load_kind_teller(1))
    plan = Watched(Budget(), 0)
    plan.taken = {}
    limits = Limits(max_pixels=200_000_000)
    evidence = plan.do(DECODING, lambda: load_evidence(photo, limits))
    examination.examine(evidence, {}, plan=plan)
    return plan.taken


def line(pixels: list[float], values: list[float]) -> tuple[float, float]:
    """The straight line over megapixels that is nearest in relative terms; neither part is negative."""
    rows = np.stack([np.ones(len(pixels)), pixels], axis=1)
    weights = 1 / np.maximum(values, 1e-3)
    fixed, slope = np.linalg.lstsq(rows * weights[:, None], np.array(values) * weights, rcond=None)[0]
    if slope < 0:
        return max(values), 0.0
    return (
        (round(float(fixed), 4), round(float(slope), 4)) if fixed > 0 else (0.0, _through_zero(rows, values))
    )


def _through_zero(rows: np.ndarray, values: list[float]) -> float:
    return round(float(np.mean(np.array(values) / rows[:, 1])), 4)


def write_cost(name: str, values: dict[str, float]) -> None:
    """Write a trace's cost where the trace is."""
    files = (ROOT / "src/tamperlens/traces").rglob("*.py")
    source = next(one for one in files if f'name="{name}"' in one.read_text(encoding="utf-8"))
    literal = f"cost=Cost({', '.join(f'{key}={value}' for key, value in values.items())})"
    text, count = re.subn(r"cost=Cost\([^)]*\)", literal, source.read_text(encoding="utf-8"))
    if count != 1:
        raise SystemExit(f"{source} has {count} costs; expected 1")
    source.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--photo", type=Path, help="measure this file alone and print it")
    options = parser.parse_args()
    if options.photo:
        print(json.dumps(measure(options.photo)))
        return
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        for megapixels, size in SIZES.items():
            photo = Path(folder) / "photo.jpg"
            photo.write_bytes(photograph(*size))
            command = [sys.executable, __file__, "--photo", str(photo)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            taken[megapixels] = json.loads(done.stdout)
            print(megapixels, "Mpx", done.stdout, file=sys.stderr)
    steps = {}
    for step in taken[1]:
        measured = [(width * height / 1e6, *taken[m][step]) for m, (width, height) in SIZES.items()
                    if step in taken[m]]  # fmt: skip
        pixels, seconds, memory = (list(column) for column in zip(*measured, strict=True))
        fixed, slope = line(pixels, seconds)
        least, growing = line(pixels, memory)
        steps[step] = {"seconds": fixed, "seconds_per_mpx": slope,
                       "megabytes": least, "megabytes_per_mpx": growing}  # fmt: skip
    report = {
        "made by": "benchmarks/cost/costs.py",
        "machine": f"{platform.machine()}, one thread",
        "megapixels": list(SIZES),
        "steps": steps,
    }
    print(json.dumps(report, indent=2))
    if options.json:
        for name in set(steps) & set(TRACES):
            write_cost(name, steps.pop(name))
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
