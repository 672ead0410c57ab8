"""How many forged samples a second.

    python benchmarks/traces/synthesis.py --photos DIR [--generator DIR]
        [--json benchmarks/results/synthesis.json]

Samples of 256 × 256 pixels in the training mixture and kind by kind, made by as many processes as there are
cores; each process makes its samples one by one, and the photographs are decoded anew when they have fallen
out of its cache.
"""

import argparse
import json
import os
import platform
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import torch

from tamperlens.data.synthesis import DEFAULT_SHARES, KINDS, ForgeryStream, PhotoPool, TinyAutoencoder

SAMPLES = 400
SIDE = 256


def make(numbers: range, photos: list[Path], generator: Path | None, shares: dict[str, float]) -> float:
    """Seconds that one process takes for its numbers, start-up not included."""
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    network = TinyAutoencoder(generator) if generator else None
    stream = ForgeryStream(PhotoPool(photos), SIDE, 0, shares, network)
    stream[numbers.stop]
    started = time.perf_counter()
    for number in numbers:
        stream[number]
    return time.perf_counter() - started


def rate(photos: list[Path], generator: Path | None, shares: dict[str, float], samples: int) -> float:
    """Samples a second of all processes together."""
    cores = os.cpu_count() or 1
    each = samples // cores
    parts = [range(i * each, (i + 1) * each) for i in range(cores)]
    work = partial(make, photos=photos, generator=generator, shares=shares)
    with ProcessPoolExecutor(cores) as workers:
        return round(sum(each / seconds for seconds in workers.map(work, parts)), 1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, action="append", required=True)
    parser.add_argument("--generator", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    mixture = dict(DEFAULT_SHARES)
    figures = {"training mixture": rate(options.photos, options.generator, mixture, SAMPLES)}
    figures |= {kind: rate(options.photos, options.generator, {kind: 1.0}, SAMPLES // 4) for kind in KINDS}
    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "generator": "tiny autoencoder" if options.generator else "resampling",
        "samples a second": figures,
    }
    print(json.dumps(report, indent=2))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
