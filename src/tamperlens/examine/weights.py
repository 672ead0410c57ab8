"""A weight is an ONNX file and the manifest beside it; a file whose hash differs is never run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tamperlens.errors import UnknownNameError, WeightError
from tamperlens.evidence import Evidence
from tamperlens.examine.calibration import Calibration
from tamperlens.examine.providers import check_started, session_providers

if TYPE_CHECKING:
    import onnxruntime

WEIGHTS_DIRECTORY = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class Domain:
    """Images that the error rates were measured on.

    Attributes:
        min_pixels: width × height at least.
        max_pixels: width × height at most.
        formats: formats of the file.
        min_quality: nearest JPEG quality at least; void for other formats.
        max_quality: nearest JPEG quality at most.
        max_aspect: longer side ÷ shorter side at most.
        described: the same for a person.
    """

    min_pixels: int
    max_pixels: int
    formats: tuple[str, ...]
    min_quality: int
    max_quality: int
    max_aspect: float
    described: str

    def covers(self, evidence: Evidence) -> bool:
        """Whether an image is of the kind the error rates were measured on."""
        short, long = sorted((evidence.width, evidence.height))
        quality = evidence.jpeg.quality if evidence.jpeg else self.min_quality
        return (
            evidence.format in self.formats
            and self.min_pixels <= short * long <= self.max_pixels
            and long <= self.max_aspect * short
            and self.min_quality <= quality <= self.max_quality
        )


def describe(evidence: Evidence) -> str:
    """Format, quality and size of an image, for a person."""
    quality = f" of quality {evidence.jpeg.quality}" if evidence.jpeg else ""
    return f"{evidence.format}{quality}, {evidence.width}×{evidence.height} pixels"


@dataclass(frozen=True)
class Weight:
    """A weight that passed its hash check.

    Attributes:
        name: of weight, recipe and card.
        system: key of `DETECTORS`.
        model: the ONNX bytes.
        sha256: of those bytes.
        calibration: how its margin is read.
        domain: images it may speak about.
        features: settings of its input.
        training: what it was trained on, with which figures; for people.
    """

    name: str
    system: str
    model: bytes
    sha256: str
    calibration: Calibration
    domain: Domain
    features: Mapping[str, Any]
    training: Mapping[str, Any]

    def session(self, threads: int = 0) -> "onnxruntime.InferenceSession":
        """Start ONNX Runtime on the chosen provider; on the CPU `threads` 0 uses all cores."""
        import onnxruntime  # noqa: PLC0415 - 0.2 s that --help must not pay

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Waiting threads that spin halve the speed of everything beside them, and gain a few microseconds.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        providers = session_providers(onnxruntime.get_available_providers())
        session = onnxruntime.InferenceSession(self.model, options, providers=providers)
        check_started(providers, session.get_providers())
        return session


def card_text(name: str) -> str:
    """The model card of a shipped weight, Markdown; a wheel carries it beside the weights."""
    packaged = WEIGHTS_DIRECTORY.parent / "cards" / f"{name}.md"
    checkout = Path(__file__).parents[3] / "cards" / f"{name}.md"
    try:
        return (packaged if packaged.exists() else checkout).read_text(encoding="utf-8")
    except OSError as error:
        raise WeightError(f"the weight '{name}' has no card: {error}") from error


def weight_names(directory: Path = WEIGHTS_DIRECTORY) -> list[str]:
    """Names of the weights in a folder."""
    return sorted(path.stem for path in directory.glob("*.json"))


def load_weight(name: str, directory: Path = WEIGHTS_DIRECTORY) -> Weight:
    """Read a weight and check it against its manifest.

    Args:
        name: of the weight, without suffix.
        directory: where `name.json` and `name.onnx` lie; the shipped weights by default.

    Raises:
        UnknownNameError: no such weight.
        WeightError: a file is missing, unreadable or altered.
    """
    known = weight_names(directory)
    if name not in known:
        raise UnknownNameError("weight", name, known)
    try:
        manifest = json.loads((directory / f"{name}.json").read_text(encoding="utf-8"))
        model = (directory / f"{name}.onnx").read_bytes()
        weight = Weight(
            name=name,
            system=manifest["system"],
            model=model,
            sha256=manifest["sha256"],
            calibration=Calibration(**manifest["calibration"]),
            domain=Domain(**{**manifest["domain"], "formats": tuple(manifest["domain"]["formats"])}),
            features=MappingProxyType(manifest["features"]),
            training=MappingProxyType(manifest["training"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightError(f"the weight '{name}' in {directory} is incomplete: {error!r}") from error
    actual = hashlib.sha256(model).hexdigest()
    if actual != weight.sha256:
        raise WeightError(
            f"the weight '{name}' is not the one its manifest describes (SHA-256 {actual[:16]}…, "
            f"expected {weight.sha256[:16]}…); install it again"
        )
    return weight
