"""What accompanies a trained weight: how it is read, which images it covers, how it was made."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import torch

from tamperlens.examine.networks import Calibration, Domain

# For networks trained on forged samples.
PHOTOGRAPHS = Domain(
    min_pixels=128 * 128,
    max_pixels=16_000_000,
    formats=("JPEG", "PNG", "TIFF", "BMP", "WEBP", "AVIF"),
    min_quality=50,
    max_quality=100,
    max_aspect=4.0,
    described="photographs of 128 × 128 pixels to 16 megapixels, JPEG of quality 50 and more, WebP, AVIF or "
    "lossless",
)
# Before calibration: the margin unchanged, and no outcome but "inconclusive".
UNCALIBRATED = Calibration(1.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True)
class Manifest:
    """The JSON file `NAME.json` next to `NAME.onnx`; `examine.load_weight` reads both.

    Attributes:
        system: the system of the weight.
        sha256: of the ONNX file.
        calibration: how its margin is read.
        domain: images it covers.
        features: settings of its input and output.
        training: recipe, numbers of images, validation figures, seconds, version of torch.
    """

    system: str
    sha256: str
    calibration: Calibration
    domain: Domain
    features: Mapping[str, Any]
    training: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        system: str,
        model: Path,
        domain: Domain,
        features: Mapping[str, Any],
        training: Mapping[str, Any],
    ) -> Self:
        """The manifest of an exported file, not yet calibrated."""
        digest = hashlib.sha256(model.read_bytes()).hexdigest()
        return cls(system, digest, UNCALIBRATED, domain, features, {**training, "torch": torch.__version__})

    @classmethod
    def read(cls, path: Path) -> Self:
        """A manifest from its file."""
        content = json.loads(path.read_text(encoding="utf-8"))
        domain = {**content["domain"], "formats": tuple(content["domain"]["formats"])}
        return cls(
            content["system"],
            content["sha256"],
            Calibration(**content["calibration"]),
            Domain(**domain),
            content["features"],
            content["training"],
        )

    def calibrated(self, calibration: Calibration, **features: object) -> Self:
        """The same with a calibration, and with what was chosen along with it."""
        return replace(self, calibration=calibration, features={**self.features, **features})

    def measured(self, **training: object) -> Self:
        """The same with more about the training; mappings are merged with existing ones."""
        joined = dict(self.training)
        for name, value in training.items():
            before = joined.get(name)
            joined[name] = (
                {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
            )
        return replace(self, training=joined)

    def write(self, folder: Path, name: str) -> Path:
        """Write `NAME.json`; returns its path."""
        path = folder / f"{name}.json"
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
        return path
