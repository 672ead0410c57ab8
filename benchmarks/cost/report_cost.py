"""What reports cost beside the finding that they print, and how many bytes an HTML report has.

    python benchmarks/cost/report_cost.py [--mpx 12] [--side 2] [--photo FILE] [--runs 3]

Processor seconds, so that what else the machine does counts for nothing. The finding is made alone, then its
HTML and its PDF; the shortest of the runs is taken. Without `--photo` the image is a collage of four
photographs of scikit-image with sensor-like noise, as JPEG of quality 92. The size of the HTML is that of the
same picture at `--side` megapixels, with the explaining network's maps.
"""

import argparse
import base64
import io
import json
import math
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from PIL import Image

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import Examiner
from tamperlens.report import write_pdf, write_report
from tamperlens.report.pictures import data_uri, reduced

RESULT = Path(__file__).parents[1] / "results/report-cost.json"


def photograph(mpx: float, photo: Path | None) -> bytes:
    """A JPEG of that many megapixels, 4 : 3."""
    width, height = round(math.sqrt(mpx * 1e6 * 4 / 3)), round(math.sqrt(mpx * 1e6 * 3 / 4))
    if photo:
        image = Image.open(photo).convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
        return encode_jpeg(np.asarray(image), 92)
    scenes = [skimage.data.coffee(), skimage.data.astronaut(), skimage.data.rocket(), skimage.data.chelsea()]
    parts = [cv2.resize(one, (width // 2, height // 2), interpolation=cv2.INTER_CUBIC) for one in scenes]
    whole = np.vstack([np.hstack(parts[:2]), np.hstack(parts[2:])]).astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 3, whole.shape)
    return encode_jpeg(np.clip(whole + noise, 0, 255).astype(np.uint8), 92)


def decibels(levels: np.ndarray) -> float:
    """Peak signal-to-noise ratio of a map as the page holds it."""
    exact = reduced(levels)
    held = base64.b64decode(data_uri(Image.fromarray(exact), "WEBP").partition(",")[2])
    apart = np.asarray(Image.open(io.BytesIO(held)).convert("L"), np.float64) - exact
    return 10 * math.log10(255**2 / max(float((apart**2).mean()), 1e-9))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mpx", type=float, default=12)
    parser.add_argument("--side", type=float, default=2)
    parser.add_argument("--photo", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    examiner = Examiner(threads=2)
    large = load_evidence(photograph(options.mpx, options.photo), name="large.jpg")
    alone, whole, parts = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(options.runs):
            times = [time.process_time()]
            finding = examiner.examine(large)
            for write in (write_report, write_pdf):
                times.append(time.process_time())
                write(finding, folder, "large")
            times.append(time.process_time())
            alone.append(times[1] - times[0])
            whole.append(times[-1] - times[0])
            parts.append([round(b - a, 2) for a, b in pairwise(times[1:])])
        small = load_evidence(photograph(options.side, options.photo), name="small.jpg")
        explained = examiner.examine(small, explain=True)
        write_report(explained, folder, "small")
        size = (folder / "small.html").stat().st_size
    result = {
        "image": options.photo.name if options.photo else "collage",
        "Mpx": options.mpx,
        "finding, s": round(min(alone), 2),
        "finding, HTML and PDF, s": round(min(whole), 2),
        "times": round(min(whole) / min(alone), 2),
        "HTML, PDF, s": parts,
        f"HTML of {options.side:g} Mpx, MB": round(size / 1e6, 2),
        "maps as held, dB": {
            name: round(decibels(explained.maps.levels(name)), 1) for name in explained.maps
        },
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
