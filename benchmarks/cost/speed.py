"""Time and memory of examining one photograph.

    python benchmarks/cost/speed.py [--json benchmarks/results/speed.json]

Measured on photographs made from examples/untouched.jpg: 384 × 256 and 4000 × 3000, JPEG quality 90. Medians;
pinned to one core where the name says so. Cold starts and peak memory are of whole processes,
`tamperlens examine FILE --json` and `--out DIR`.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from process_tree import run_watched

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import DEFAULT_LOCALIZER, LOCALIZERS, Examiner, load_weight
from tamperlens.examine._history import read_history
from tamperlens.examine.fused._measuring import measure_traces
from tamperlens.examine.networks._lightweight import LightweightCnnDetector
from tamperlens.inputs import maps_of
from tamperlens.traces import LOOKED, MEASURED

# Megapixels → width, height.
SIZES = {1: (1152, 864), 3: (2000, 1500), 12: (4000, 3000)}
PHOTO = Path(__file__).parents[2] / "examples/untouched.jpg"


def median_ms(work: Callable[[], object], repeats: int) -> float:
    """Median duration after one warm-up."""
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return round(1000 * statistics.median(times), 2)


def photograph(width: int, height: int) -> bytes:
    """The sample enlarged, with grain, so that it is as rich as a camera's."""
    image = Image.open(PHOTO).convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    grain = np.random.default_rng(0).normal(0, 3, (height, width, 1)).astype(np.float32)
    return encode_jpeg(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8), 90)


def in_process(small: bytes, large: bytes) -> dict[str, float]:
    """What a service pays for each image."""
    detector = LightweightCnnDetector(load_weight("lightweight-cnn"), threads=1)
    examiner = Examiner()
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    pixels = load_evidence(large).pixels
    tensor = detector.features(load_evidence(small).pixels)
    figures = {
        "decode and features 384x256, one core, ms": median_ms(
            lambda: detector.features(load_evidence(small).pixels), 200
        ),
        "classification, one core, ms": median_ms(lambda: detector.classify(tensor), 200),
    }
    for name, trace in LOOKED.items():
        figures[f"trace {name} 12 Mpx, one core, ms"] = median_ms(lambda t=trace: t.compute(pixels), 3)
    figures |= measured_traces()
    os.sched_setaffinity(0, cores)
    seen = {"384x256": load_evidence(small), "12 Mpx": load_evidence(large)}
    for name, factory in LOCALIZERS.items():
        localizer = factory(load_weight(name))
        for size, evidence in seen.items():
            maps = maps_of(evidence, measure_traces(evidence).measurements)
            rounds = 50 if size == "384x256" else 3
            figures[f"{name} {size} warm, ms"] = median_ms(
                lambda d=localizer, e=evidence, m=maps: d.localize(e, m), rounds
            )
    figures["examine 384x256 warm, ms"] = median_ms(lambda: examiner.examine(load_evidence(small)), 20)
    return figures


def measured_traces() -> dict[str, float]:
    """Each fused trace by megapixels, and all of them together."""
    figures: dict[str, float] = {}
    for megapixels, size in SIZES.items():
        evidence, total = load_evidence(photograph(*size)), 0.0
        for name, trace in MEASURED.items():
            took = median_ms(lambda t=trace, e=evidence: t.measure(e), 3)
            figures[f"trace {name} {megapixels} Mpx, one core, ms"] = took
            total += took
        figures[f"all fused traces {megapixels} Mpx, one core, ms per Mpx"] = round(total / megapixels, 1)
    figures["history 12 Mpx, one core, ms"] = median_ms(lambda: read_history(evidence), 3)
    return figures


def whole_process(*arguments: str, repeats: int = 3) -> tuple[float, float]:
    """Median seconds and largest peak memory in MiB of `tamperlens …`, of its largest process."""
    runs = [run_watched([sys.executable, "-m", "tamperlens", *arguments]) for _ in range(repeats)]
    return round(statistics.median(run.wall for run in runs), 3), round(max(run.peak for run in runs))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    load = round(os.getloadavg()[0], 2)
    small, large = photograph(384, 256), photograph(4000, 3000)
    figures: dict[str, float] = in_process(small, large)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("384x256", small), ("12 Mpx", large)):
            file = Path(folder) / "photo.jpg"
            file.write_bytes(data)
            for what, extra in (("json", ["--json"]), ("report", ["--out", folder])):
                seconds, peak = whole_process("examine", str(file), *extra)
                figures[f"examine {name} cold, {what}, s"] = seconds
                figures[f"examine {name} cold, {what}, peak MB"] = peak
    figures["--help, s"] = whole_process("--help")[0]
    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "default localizer": DEFAULT_LOCALIZER,
        "load of the minute before": load,
        "figures": figures,
    }
    print(json.dumps(report, indent=2))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        rows = "".join(f"| {name} | {value} |\n" for name, value in figures.items())
        options.json.with_suffix(".md").write_text(
            f"| what | median or peak |\n|---|---:|\n{rows}", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
