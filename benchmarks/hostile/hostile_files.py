"""Examine hostile files: every one must become a finding or one clear sentence.

    python benchmarks/hostile/hostile_files.py --mutations 100000 --rows FILE --json FILE
    python benchmarks/hostile/hostile_files.py --parts 20000 --max-mpx 12 --whole-every 20 --rows FILE
        --json FILE
    python benchmarks/hostile/hostile_files.py
        --folder DIR   # a public suite, such as Pillow's Tests/images

Mutations: a small file in each of eleven formats and modes, and each file of hostile_structures.py (bombs,
polyglots, cycles, lying sizes, hostile metadata), is damaged by flipped bytes, cut ends, swapped, repeated
and zeroed stretches, and numbers overwritten by extreme ones. Files run in a worker process with a memory
limit, so that a crash, a hang or a bomb is counted and not suffered. Each goes all the way: evidence,
statements, examination (or of one in --whole-every), JSON, for one in sixteen of these the report, and for
JPEG the quantised coefficients. Every file becomes a row, with how much the worker's resident memory has
grown since its 200th file and the most that it held; a run that was ended goes on after its last row. With
`--parts` files are damaged part by part, by hostile_parts.py.
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
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from hostile_structures import structured
from PIL import Image

from tamperlens.errors import DamagedImageError, EvidenceError
from tamperlens.evidence import Limits, load_evidence, read_statements
from tamperlens.examine import Examiner
from tamperlens.report import finding_to_json, write_report

MEMORY_LIMIT = 3 << 30
SECONDS_LIMIT = 60.0
# Files after which a worker's memory is taken as the one to compare with.
WARM = 200
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
    files["heic"] = (Path(__file__).parents[2] / "tests/files/ramp.heic").read_bytes()
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


def outcome(data: bytes, examiner: Examiner, folder: Path, whole: bool, limits: Limits) -> str:
    """Name what happened to one file on the way through `tamperlens examine --json --out`."""
    try:
        evidence = load_evidence(data, limits, name="hostile.jpg")
        read_statements(evidence)
        if whole:
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


def worker(pipe: Connection, limits: Limits) -> None:
    """Answer files until the pipe closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libtiff and libjpeg speak their minds there
    examiner = Examiner(threads=1)
    with tempfile.TemporaryDirectory() as folder:
        while True:
            whole, data = pipe.recv()
            pipe.send(outcome(data, examiner, Path(folder), whole, limits))


def run(
    files: Iterable[tuple[str, bytes]], whole_every: int, limits: Limits
) -> Iterator[tuple[str, str, float, float, bool]]:
    """Name, outcome, memory growth and peak in MB of each file, and whether it was examined wholly.

    A dead or silent worker is replaced.
    """
    context = multiprocessing.get_context("spawn")
    process, least, seen = None, 0.0, 0
    for number, (name, data) in enumerate(files):
        if process is None:
            here, there = context.Pipe()
            process = context.Process(target=worker, args=(there, limits), daemon=True)
            process.start()
            there.close()
            least, seen = 0.0, 0
        here.send((number % whole_every == 0, data))
        try:
            result = here.recv() if here.poll(SECONDS_LIMIT) else "HUNG"
        except EOFError:
            process.join()
            result = f"CRASHED: exit code {process.exitcode}"
        seen += 1
        held = _resident(process.pid)
        if seen == WARM:
            least = held
        grown = held - least if seen > WARM else 0.0
        yield name, result, grown, _peak(process.pid), number % whole_every == 0
        if result == "HUNG" or result.startswith("CRASHED"):
            process.kill()
            process = None
    if process is not None:
        process.kill()


def _resident(process: int | None) -> float:
    """Resident memory of a process in MB, 0 when it is gone."""
    return _status(process, "VmRSS:")


def _peak(process: int | None) -> float:
    """The most that a process held since this was last asked, in MB."""
    most = _status(process, "VmHWM:")
    with suppress(OSError):  # it is gone, or the system keeps no such figure
        Path(f"/proc/{process}/clear_refs").write_text("5", encoding="utf-8")
    return most


def _status(process: int | None, word: str) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(word)), 0.0)


def mutations(first: int, end: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Damaged files by number: each depends on nothing but the seed and its number."""
    valid = list(seeds().items()) + list(structured().items())
    for number in range(first, end):
        name, data = valid[number % len(valid)]
        rng = np.random.default_rng([seed, number])
        # A structured file is hostile as it is; the first round leaves it so.
        yield f"{number}-{name}", data if number < len(valid) else mutate(data, rng)


def folder_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path), path.read_bytes()


def _chosen(options: argparse.Namespace, done: int) -> Iterator[tuple[str, bytes]]:
    """The files asked for, from the first without a row on."""
    if options.folder:
        return folder_files(options.folder)
    if options.parts:
        from hostile_parts import part_mutations  # noqa: PLC0415 - which takes its seeds from here

        return part_mutations(done, options.parts, options.seed)
    return mutations(done, options.mutations, options.seed)


def _kind(outcome: str) -> str:
    """Outcome without the words of its error."""
    return ": ".join(outcome.split(": ", 2)[:2])


def main() -> None:
    """Run, keep a row for every file, report; `--rows` goes on after the last row it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=0)
    parser.add_argument("--parts", type=int, default=0, help="files damaged part by part")
    parser.add_argument("--max-mpx", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument(
        "--whole-every",
        type=int,
        default=1,
        help="examine one in so many wholly, of the others read the evidence",
    )
    parser.add_argument("--rows", type=Path, help="file of rows, one JSON object a line")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows_file = options.rows or Path(tempfile.mkdtemp()) / "rows.jsonl"
    done = len(rows_file.read_text(encoding="utf-8").splitlines()) if rows_file.exists() else 0
    files = _chosen(options, done)
    limits = Limits(max_pixels=round(options.max_mpx * 1e6))
    started = time.perf_counter()
    with rows_file.open("a", encoding="utf-8") as rows:
        for name, result, grown, peak, whole in run(files, options.whole_every, limits):
            row = {"file": name, "outcome": result, "grown MB": round(grown, 1), "peak MB": round(peak, 1)}
            row |= {"whole": True} if whole else {}
            rows.write(json.dumps(row) + "\n")
            rows.flush()
    found = [json.loads(line) for line in rows_file.read_text(encoding="utf-8").splitlines()]
    bad = [row for row in found if row["outcome"][:4].isupper()]
    counts = collections.Counter(_kind(row["outcome"]) for row in found)
    report = {
        "files": len(found),
        "seed": options.seed,
        "examined wholly": f"one in {options.whole_every}",
        "escaped, crashed or hung": len(bad),
        "largest growth of a worker after its first files, MB": max(
            (row["grown MB"] for row in found), default=0.0
        ),
        "most that a worker held, MB": {
            "reading": max((row.get("peak MB", 0.0) for row in found if not row.get("whole")), default=0.0),
            "examining": max((row.get("peak MB", 0.0) for row in found if row.get("whole")), default=0.0),
        },
        "outcomes": dict(counts.most_common()),
        "files per second": round((len(found) - done) / (time.perf_counter() - started), 1),
    }
    print(json.dumps(report, indent=2))
    for row in bad[:20]:
        print(f"{row['file']}: {row['outcome']}", file=sys.stderr)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
