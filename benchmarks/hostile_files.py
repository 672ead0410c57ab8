"""Examine hostile files: every one must become a finding or one clear sentence.

    python benchmarks/hostile_files.py --mutations 10000 --json benchmarks/results/mutated-files.json
    python benchmarks/hostile_files.py --folder DIR     # a public suite, such as Pillow's Tests/images

Mutations: a small file in each of eleven formats and modes is damaged by flipped bytes, cut ends, swapped,
repeated and zeroed stretches, and numbers overwritten by extreme ones. Files run in a worker process with a
memory limit, so that a crash, a hang or a bomb is counted and not suffered. Each goes all the way: evidence,
examination, JSON, for one in sixteen the report, and for JPEG the quantised coefficients.
"""

import argparse
import collections
import io
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from PIL import Image

from tamperlens.errors import DamagedImageError, EvidenceError
from tamperlens.evidence import Limits, load_evidence
from tamperlens.examine import Examiner
from tamperlens.report import finding_to_json, write_report

MEMORY_LIMIT = 3 << 30
SECONDS_LIMIT = 20.0
EXTREMES = [
    b"\0\0",
    b"\xff\xff",
    b"\x7f\xff",
    b"\x80\0",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
]


def seeds() -> dict[str, bytes]:
    """Small valid files to damage."""
    rng = np.random.default_rng(0)
    smooth = Image.fromarray(rng.integers(0, 256, (6, 8, 3), np.uint8)).resize(
        (96, 72), Image.Resampling.BICUBIC
    )
    exif = Image.Exif()
    exif.update({0x010F: "Maker", 0x0112: 6, 0x0132: "2026:01:01 00:00:00"})
    made = {
        "jpeg": (smooth, "JPEG", {"exif": exif, "quality": 85}),
        "jpeg-progressive": (smooth, "JPEG", {"progressive": True, "quality": 60}),
        "jpeg-gray": (smooth.convert("L"), "JPEG", {}),
        "png": (smooth, "PNG", {"exif": exif}),
        "png-palette": (smooth.convert("P"), "PNG", {"transparency": 3}),
        "tiff": (smooth, "TIFF", {"compression": "tiff_lzw"}),
        "webp": (smooth, "WEBP", {"exif": exif}),
        "bmp": (smooth, "BMP", {}),
        "gif": (smooth, "GIF", {"save_all": True, "append_images": [smooth.rotate(90)]}),
        "avif": (smooth, "AVIF", {"exif": exif}),
    }
    files = {}
    for name, (image, kind, options) in made.items():
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        files[name] = buffer.getvalue()
    files["heic"] = (Path(__file__).parents[1] / "tests/files/ramp.heic").read_bytes()
    return files


def mutate(data: bytes, rng: np.random.Generator) -> bytes:
    """Damage a file in one to four ways; headers are hit as often as bodies."""
    out = bytearray(data)
    for _ in range(int(rng.integers(1, 5))):
        reach = min(len(out), 64) if rng.random() < 0.5 else len(out)
        at = int(rng.integers(max(1, reach)))
        match int(rng.integers(6)):
            case 0:
                out[at : at + 1] = bytes([int(rng.integers(256))])
            case 1:
                word = EXTREMES[int(rng.integers(len(EXTREMES)))]
                out[at : at + len(word)] = word
            case 2:
                del out[int(rng.integers(1, len(out) + 1)) :]
            case 3:
                length = int(rng.integers(1, 64))
                out[at : at + length] = bytes(length)
            case 4:
                length = int(rng.integers(1, 64))
                out[at:at] = out[at : at + length]
            case _:
                length, other = int(rng.integers(1, 32)), int(rng.integers(len(out)))
                out[at : at + length] = out[other : other + length]
        if not out:
            break
    return bytes(out)


def outcome(data: bytes, examiner: Examiner, folder: Path) -> str:
    """Name what happened to one file on the way through `tamperlens examine --json --out`."""
    try:
        evidence = load_evidence(data, Limits(max_pixels=20_000_000), name="hostile.jpg")
        finding = examiner.examine(evidence)
        json.dumps(finding_to_json(finding, "hostile.jpg"), ensure_ascii=False).encode()
        if data[-1] % 16 == 0:  # a report takes a tenth of a second: one in sixteen
            write_report(finding, folder, "report", "hostile.jpg")
        try:
            evidence.coefficients()
        except DamagedImageError:
            return "evidence, coefficients refused"
    except EvidenceError as error:
        return f"sentence: {type(error).__name__}"
    except BaseException as error:  # noqa: BLE001 - an escape is what this script looks for
        return f"ESCAPED: {type(error).__name__}: {error}"
    return "evidence"


def worker(pipe: Connection) -> None:
    """Answer files until the pipe closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libtiff and libjpeg speak their minds there
    examiner = Examiner(threads=1)
    with tempfile.TemporaryDirectory() as folder:
        while True:
            pipe.send(outcome(pipe.recv_bytes(), examiner, Path(folder)))


def run(files: list[tuple[str, bytes]]) -> dict[str, str]:
    """Outcome of each file; a dead or silent worker is replaced."""
    context = multiprocessing.get_context("spawn")
    results: dict[str, str] = {}
    process = None
    for name, data in files:
        if process is None:
            here, there = context.Pipe()
            process = context.Process(target=worker, args=(there,), daemon=True)
            process.start()
            there.close()
        here.send_bytes(data)
        try:
            results[name] = here.recv() if here.poll(SECONDS_LIMIT) else "HUNG"
        except EOFError:
            process.join()
            results[name] = f"CRASHED: exit code {process.exitcode}"
        if results[name] == "HUNG" or results[name].startswith("CRASHED"):
            process.kill()
            process = None
    if process is not None:
        process.kill()
    return results


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    valid = list(seeds().items())
    files = [
        (f"{i}-{valid[i % len(valid)][0]}", mutate(valid[i % len(valid)][1], rng))
        for i in range(options.mutations)
    ]
    if options.folder:
        files += [(str(p), p.read_bytes()) for p in sorted(options.folder.rglob("*")) if p.is_file()]
    started = time.perf_counter()
    results = run(files)
    counts = collections.Counter(value.split(": ", 2)[0] + ": " + value.split(": ", 2)[1]
                                 if ": " in value else value for value in results.values())  # fmt: skip
    bad = {name: value for name, value in results.items() if value[:4].isupper()}
    report = {
        "files": len(files),
        "seed": options.seed,
        "escaped, crashed or hung": len(bad),
        "outcomes": dict(counts.most_common()),
        "files per second": round(len(files) / (time.perf_counter() - started)),
    }
    print(json.dumps(report, indent=2))
    for name, value in list(bad.items())[:20]:
        print(f"{name}: {value}", file=sys.stderr)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
