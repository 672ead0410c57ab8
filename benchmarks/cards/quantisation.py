"""What eight bits cost and save the default localizer: static quantisation, F1 beside the original's.

    python benchmarks/cards/quantisation.py --photos DIR [--data DIR --dataset casia1 ...] [--wide]
        [--json FILE]
    python benchmarks/cards/quantisation.py --photos ecssd --photos coco128 --calibration 32 --wide --write

The quantisation is `static_quantisation.py`, calibrated on forgeries of the photographs' training part;
both networks are then run over the very same forgeries of the held-out part, and over a fixed, evenly spread
subset of each benchmark, at the thresholds frozen with the weight. `--wide` leaves all but convolutions of
64 channels and more in 32 bits: most of the weights, and the least sensitive. Its figures are merged into
the file that is there, as "wide alone". `--write` puts that network among the shipped weights in place of
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
from PIL import Image
from static_quantisation import quantise

from tamperlens.data import Sample, find_samples
from tamperlens.data.synthesis import ForgeryStream, PhotoPool
from tamperlens.evaluation import evaluate_judge, localizer_judge
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import DEFAULT_LOCALIZER, LOCALIZERS, load_weight
from tamperlens.examine.networks import LocalizerDetector
from tamperlens.examine.networks._weights import WEIGHTS_DIRECTORY, Weight, variant_name
from tamperlens.inputs import maps_of


class _Recorder:
    """A session that keeps what it is run with; one image of one tile gives every input once."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session, self.fed = session, {}

    def run(self, outputs: list[str], feed: dict) -> list:
        self.fed |= feed
        return self._session.run(outputs, feed)


def calibration(detector: LocalizerDetector, photos: Sequence[Path], count: int) -> Iterator[dict]:
    """Inputs of the network, one forgery after another."""
    stream = ForgeryStream(PhotoPool(photos, held_out=False), 256, seed=3)
    for number in range(count):
        recorder = _Recorder(detector._session)
        detector._session = recorder
        detector.localize(load_evidence(stream[number].file))
        detector._session = recorder._session
        yield recorder.fed


def write(weight: Weight, model: bytes, options: argparse.Namespace) -> None:
    """The variant and its manifest, among the shipped weights."""
    name = variant_name(weight.name, "int8")
    manifest = {
        "variant_of": weight.sha256,
        "sha256": hashlib.sha256(model).hexdigest(),
        "made": {
            "by": "benchmarks/cards/quantisation.py",
            "layers": "convolutions that read 64 channels or more" if options.wide else "all",
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


def seconds(detector: LocalizerDetector) -> float:
    """Median processor time of 512 × 512 pixels, one thread, without the traces."""
    pixels = np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8)
    evidence = load_evidence(encode_jpeg(pixels, 90))
    nothing, taken = maps_of(evidence, {}), []
    for _ in range(8):
        began = time.process_time()
        detector.localize(evidence, nothing)
        taken.append(time.process_time() - began)
    return round(float(np.median(taken[1:])), 4)


def figures(detector: LocalizerDetector, samples: Sequence[Sample], name: str) -> dict[str, float | None]:
    result = evaluate_judge(localizer_judge(detector), samples, name)
    return {key: one["value"] for key, one in result.figures.items()} | {"images": len(samples)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, action="append", required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--dataset", action="append", default=[])
    parser.add_argument("--images", type=int, default=150)
    parser.add_argument("--calibration", type=int, default=64)
    parser.add_argument("--signed", action="store_true", help="signed activations instead of unsigned")
    parser.add_argument("--wide", action="store_true", help="quantise the wide convolutions alone")
    parser.add_argument("--write", action="store_true", help="put the network among the shipped weights")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    weight = load_weight(DEFAULT_LOCALIZER)
    whole = LOCALIZERS[weight.name](weight, threads=1)
    inputs = calibration(whole, options.photos, options.calibration)
    model = quantise(weight.model, inputs, options.wide, not options.signed)
    if options.write:
        write(weight, model, options)
        return
    networks = {"fp32": whole, "int8": LOCALIZERS[weight.name](replace(weight, model=model), threads=1)}
    report: dict[str, object] = {
        "machine": f"{platform.machine()}, one thread",
        "megabytes": {"fp32": round(len(weight.model) / 1e6, 2), "int8": round(len(model) / 1e6, 2)},
        "processor seconds of 512 × 512 pixels": {name: seconds(one) for name, one in networks.items()},
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
    if options.json and options.wide and options.json.exists():
        report = json.loads(options.json.read_text(encoding="utf-8")) | {"wide alone": report}
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
