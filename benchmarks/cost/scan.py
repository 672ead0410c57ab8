"""Rate, scaling, cluster overhead and kills of `tamperlens scan`; memory by files: hostile_scan.py.

    python benchmarks/cost/scan.py rates cost efficiency ray kills --json benchmarks/results/scan.json

Files are parts of the photographs in examples/, all different. Each figure compares runs that take turns
(A, B, A, B …) with workers that are warm; what is written is the median of their rates and of the ratios
between neighbours, which stay meaningful beside other work. `kills` takes `--files` small files with the
lightweight CNN, kills the scan with signal 9 five times, and compares the rows with an uninterrupted run's.
`--files 60 --kills 2` is its short form. Figures are merged into the file that is there.
"""

import argparse
import json
import os
import platform
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from tamperlens.batch import ENGINES, Orders, open_source, run_scan
from tamperlens.confined import Confinement
from tamperlens.evidence import Limits, encode_jpeg
from tamperlens.workers import memory_for

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.jpg"))
SYSTEMS = {"default": None, "lightweight-cnn": ("lightweight-cnn",)}
Figures = dict[str, float | str]


def small_files(folder: Path, count: int) -> Path:
    """Parts of 384 × 256 pixels at all places and qualities."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [np.asarray(Image.open(path).convert("RGB")) for path in EXAMPLES]
    rng = np.random.default_rng(0)
    for i in range(count):
        picture = pictures[i % len(pictures)]
        top, left = (int(rng.integers(picture.shape[k] - (256, 384)[k] + 1)) for k in (0, 1))
        part = np.ascontiguousarray(picture[top : top + 256, left : left + 384])
        part = part.copy()
        part[0, 0] = i % 256, i // 256 % 256, i // 65536  # no two have the same bytes
        place = folder / f"{i // 1000:03d}"
        place.mkdir(exist_ok=True)
        (place / f"{i:06d}.jpg").write_bytes(encode_jpeg(part, 60 + i % 36))
    return folder


def large_files(folder: Path, count: int) -> Path:
    """Twelve megapixels: examples enlarged, with grain."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        image = Image.open(EXAMPLES[i % len(EXAMPLES)]).convert("RGB")
        wide = np.asarray(image.resize((4000, 3000), Image.Resampling.BICUBIC))
        grain = np.random.default_rng(i).normal(0, 3, (3000, 4000, 1)).astype(np.float32)
        (folder / f"{i}.jpg").write_bytes(encode_jpeg(np.clip(wide + grain, 0, 255).astype(np.uint8), 90))
    return folder


def orders(system: str) -> Orders:
    """As the command gives them."""
    confinement = Confinement(memory_for(100_000_000), 900.0, 1)
    return Orders(SYSTEMS[system], False, 1, confinement, Limits())


def rate(folder: Path, system: str, workers: int, engine: str = "local") -> float:
    """Files a second with warm workers, ledger and results included."""
    given = orders(system)
    with tempfile.TemporaryDirectory() as out:
        running = ENGINES[engine](given, workers)
        try:
            for worker in getattr(running, "workers", []):
                _ = worker.about
            _ = running.versions
            started = time.perf_counter()
            summary = run_scan(open_source(str(folder)), running, given, Path(out))
            took = time.perf_counter() - started
        finally:
            running.close()
    return summary.files / took


def processor_seconds(system: str, folder: Path) -> float:
    """Of one worker, its start included, for all files of a folder."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    rate(folder, system, 1)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_turns(
    first: Callable[[], float], second: Callable[[], float], rounds: int
) -> tuple[float, float, float]:
    """Median of each, and median of second ÷ first among neighbours."""
    pairs = [(first(), second()) for _ in range(rounds)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(b / a for a, b in pairs),
    )


def rates(work: Path, options: argparse.Namespace) -> Figures:
    """Images a second on all cores."""
    small, large = small_files(work / "small", options.small), large_files(work / "large", options.large)
    cores = os.cpu_count() or 1
    figures: Figures = {}
    for system in SYSTEMS:
        for name, folder in (("384x256", small), ("12 Mpx", large)):
            measured = statistics.median(rate(folder, system, cores) for _ in range(options.rounds))
            figures[f"{system}, {name}, {cores} processes, images a second"] = round(measured, 3)
    return figures


def cost(work: Path, options: argparse.Namespace) -> Figures:
    """Processor seconds an image, what a bill goes by; they hardly depend on what else runs."""
    small, large = small_files(work / "small", options.small), large_files(work / "large", options.large)
    figures: Figures = {}
    empty = small_files(work / "empty", 0)
    for system in SYSTEMS:
        for name, folder, count in (("384x256", small, options.small), ("12 Mpx", large, options.large)):
            busy, idle = (processor_seconds(system, where) for where in (folder, empty))
            figures[f"{system}, {name}, processor seconds an image"] = round((busy - idle) / count, 3)
    return figures


def efficiency(work: Path, options: argparse.Namespace) -> Figures:
    """From one process to two."""
    small = small_files(work / "small", options.small)
    figures: Figures = {}
    for system in SYSTEMS:
        one, two, ratio = in_turns(
            lambda s=system: rate(small, s, 1), lambda s=system: rate(small, s, 2), options.rounds
        )
        figures[f"{system}, 384x256, 1 process, images a second"] = round(one, 3)
        figures[f"{system}, 384x256, 2 processes, images a second"] = round(two, 3)
        figures[f"{system}, 384x256, efficiency of 2 processes"] = round(ratio / 2, 3)
    return figures


def ray_overhead(work: Path, options: argparse.Namespace) -> Figures:
    """The same files by two actors on a local cluster and by two processes; and by one actor."""
    import ray  # noqa: PLC0415

    files = small_files(work / "ray", options.ray_files)
    ray.init(address="local", num_cpus=2, log_to_driver=False, include_dashboard=False)
    try:
        system = "lightweight-cnn"
        local, cluster, ratio = in_turns(
            lambda: rate(files, system, 2), lambda: rate(files, system, 2, "ray"), options.rounds
        )
        one, two, gain = in_turns(
            lambda: rate(files, system, 1, "ray"), lambda: rate(files, system, 2, "ray"), options.rounds
        )
    finally:
        ray.shutdown()
    what = f"ray, {system}, {options.ray_files} files"
    return {
        f"{what}, local engine, images a second": round(local, 2),
        f"{what}, 2 actors, images a second": round(cluster, 2),
        f"{what}, overhead": round(1 / ratio - 1, 3),
        f"{what}, 1 actor, images a second": round(one, 2),
        f"{what}, efficiency of 2 actors": round(gain / 2, 3),
        f"{what}, 2 actors again, images a second": round(two, 2),
    }


def rows(folder: Path) -> dict[str, str]:
    """Rows by file, without what differs from run to run; a file with two rows is an error."""
    found: dict[str, str] = {}
    with (folder / "findings.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            row["scan"].pop("seconds")
            if found.setdefault(row["file"], text := json.dumps(row)) is not text:
                raise SystemExit(f"{row['file']} has two rows")
    return found


def kills(work: Path, options: argparse.Namespace) -> Figures:
    """Kill the command at random places; the rows must be those of a run that nobody killed."""
    files = small_files(work / "kills", options.files)
    command = [sys.executable, "-m", "tamperlens", "scan", str(files), "--system", "lightweight-cnn", "--out"]
    whole, torn = work / "whole", work / "torn"
    started = time.perf_counter()
    subprocess.run([*command, whole], check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - started
    places = sorted(random.Random(0).sample(range(1, options.files), options.kills))
    for place in places:
        running = subprocess.Popen([*command, torn], stdout=subprocess.DEVNULL)
        ledger = torn / "findings.jsonl"
        while running.poll() is None and (not ledger.exists() or ledger.read_bytes().count(b"\n") < place):
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.wait()
    subprocess.run([*command, torn], check=True, stdout=subprocess.DEVNULL)
    return {
        f"kills, {options.files} files, killed at rows": str(places),
        f"kills, {options.files} files, equal to the uninterrupted run": str(rows(torn) == rows(whole)),
        f"kills, {options.files} files, uninterrupted, s": round(took, 1),
    }


PARTS = {
    "rates": rates,
    "cost": cost,
    "efficiency": efficiency,
    "ray": ray_overhead,
    "kills": kills,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="+", choices=PARTS)
    parser.add_argument("--small", type=int, default=200, help="files of 384 × 256 for rates")
    parser.add_argument("--large", type=int, default=6, help="files of 12 Mpx for rates")
    parser.add_argument("--ray-files", type=int, default=1000)
    parser.add_argument("--files", type=int, default=10_000, help="for kills")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: Figures = {}
    for part in options.parts:
        with tempfile.TemporaryDirectory() as work:
            load = round(os.getloadavg()[0], 2)
            figures |= PARTS[part](Path(work), options) | {f"{part}, load before": load}
    if options.json and options.json.exists():
        figures = json.loads(options.json.read_text(encoding="utf-8"))["figures"] | figures
    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "figures": figures,
    }
    print(json.dumps(report, indent=2))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        lines = "".join(f"| {name} | {value} |\n" for name, value in figures.items())
        options.json.with_suffix(".md").write_text(
            f"| what | median |\n|---|---:|\n{lines}", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
