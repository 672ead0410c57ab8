"""What eight bits cost and save the default localizer: static quantisation, F1 beside the original's.

    python benchmarks/cards/quantisation.py --photos DIR [--data DIR --dataset casia1 ...] [--decoder]
        [--json FILE]
    python benchmarks/cards/quantisation.py --photos ecssd --photos coco128 --calibration 32 --decoder --write

The quantisation is `training/_quantise.py`, calibrated on forgeries of the photographs' training part;
both networks are then run over the very same forgeries of the held-out part, and over a fixed, evenly spread
subset of each benchmark, at the thresholds frozen with the weight. `--decoder` leaves all but the decoder's
3 × 3 convolutions in 32 bits: half of the arithmetic, and the least sensitive. Its figures are merged into
the file that is there, as "decoder alone". `--write` puts that network among the shipped weights in place of
measuring it; `benchmarks/cards/precision.py` measures what ships.
"""

import argparse
import hashlib
import json
import platform
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from tamperlens.data import Sample, find_samples
from tamperlens.data.synthesis import ForgeryStream, PhotoPool
from tamperlens.evaluation._localization import evaluate_weight
from tamperlens.examine import DEFAULT_LOCALIZER, load_weight
from tamperlens.examine.networks._localizer import PixelLocalizer
from tamperlens.examine.networks._weights import WEIGHTS_DIRECTORY, Weight, variant_name
from tamperlens.training._quantise import quantise


def calibration(
    detector: PixelLocalizer, photos: Sequence[Path], count: int
) -> Iterator[NDArray[np.float32]]:
    """Inputs of the network, one forgery after another."""
    stream = ForgeryStream(PhotoPool(photos, held_out=False), 256, seed=3)
    return (detector.input(stream[i].pixels) for i in range(count))


def write(weight: Weight, model: bytes, options: argparse.Namespace) -> None:
    """The variant and its manifest, among the shipped weights."""
    name = variant_name(weight.name, "int8")
    manifest = {
        "variant_of": weight.sha256,
        "sha256": hashlib.sha256(model).hexdigest(),
        "made": {
            "by": "benchmarks/cards/quantisation.py",
            "layers": "3 × 3 convolutions of the decoder" if options.decoder else "all",
            "calibration": f"{options.calibration} forgeries of {', '.join(p.name for p in options.photos)}",
            "onnxruntime": onnxruntime.__version__,
        },
    }
    (WEIGHTS_DIRECTORY / f"{name}.onnx").write_bytes(model)
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (WEIGHTS_DIRECTORY / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(name, f"{len(model) / 1e6:.2f} MB", manifest["sha256"])


def forged(pool: PhotoPool, count: int, folder: Path) -> list[Sample]:
    """Forgeries and authentic samples as files."""
    stream, samples = ForgeryStream(pool, 256, seed=7), []
    for number in range(count):
        one = stream[number]
        suffix = "jpg" if one.file[:2] == b"\xff\xd8" else "png"
        path, mask = folder / f"{number}.{suffix}", folder / f"{number}-mask.png"
        path.write_bytes(one.file)
        Image.fromarray(one.mask).save(mask)
        tampered = one.kind != "authentic"
        samples.append(Sample(path, tampered, one.kind, frozenset(one.sources), mask if tampered else None))
    return samples


def spread(samples: Sequence[Sample], count: int) -> list[Sample]:
    """Evenly from all of a dataset."""
    return [samples[i] for i in np.unique(np.linspace(0, len(samples) - 1, count).astype(int))]


def seconds(detector: PixelLocalizer) -> float:
    """Median time of one full tile, one thread."""
    tile = np.random.default_rng(0).integers(0, 256, (detector.tile, detector.tile, 3), np.uint8)
    taken = []
    for _ in range(8):
        began = time.process_time()
        detector.probabilities(tile)
        taken.append(time.process_time() - began)
    return round(float(np.median(taken[1:])), 4)


def figures(detector: PixelLocalizer, samples: Sequence[Sample], name: str) -> dict[str, float | None]:
    result = evaluate_weight(detector, samples, name)
    return {key: one["value"] for key, one in result.figures.items()} | {"images": len(samples)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, action="append", required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--dataset", action="append", default=[])
    parser.add_argument("--images", type=int, default=150)
    parser.add_argument("--calibration", type=int, default=64)
    parser.add_argument("--signed", action="store_true", help="signed activations instead of unsigned")
    parser.add_argument("--decoder", action="store_true", help="quantise the decoder's convolutions alone")
    parser.add_argument("--write", action="store_true", help="put the network among the shipped weights")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    weight = load_weight(DEFAULT_LOCALIZER)
    whole = PixelLocalizer(weight, threads=1)
    inputs = calibration(whole, options.photos, options.calibration)
    model = quantise(weight.model, inputs, options.decoder, not options.signed)
    if options.write:
        write(weight, model, options)
        return
    networks = {"fp32": whole, "int8": PixelLocalizer(replace(weight, model=model), threads=1)}
    report: dict[str, object] = {
        "machine": f"{platform.machine()}, one thread",
        "megabytes": {"fp32": round(len(weight.model) / 1e6, 2), "int8": round(len(model) / 1e6, 2)},
        "processor seconds a tile": {name: seconds(one) for name, one in networks.items()},
    }
    print(json.dumps(report), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        made = forged(PhotoPool(options.photos, held_out=True), options.images, Path(folder))
        sets = {"forged, held out": made}
        for name in options.dataset:
            sets[name] = spread(find_samples(name, options.data), options.images)
        for name, samples in sets.items():
            report[name] = {kind: figures(one, samples, name) for kind, one in networks.items()}
            print(name, json.dumps(report[name]), flush=True)
    if options.json and options.decoder and options.json.exists():
        report = json.loads(options.json.read_text(encoding="utf-8")) | {"decoder alone": report}
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
