"""A weight is an ONNX file and the manifest next to it; a file whose hash differs is never run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tamperlens.errors import TamperlensError, UnknownNameError, WeightError
from tamperlens.evidence import Evidence
from tamperlens.examine.networks._calibration import Calibration
from tamperlens.examine.networks._precision import FULL, PRECISIONS
from tamperlens.examine.networks._providers import check_started, session_providers

if TYPE_CHECKING:
    from tamperlens.examine.networks._runtime import onnxruntime

WEIGHTS_DIRECTORY = Path(__file__).parents[1] / "weights"


@dataclass(frozen=True)
class Domain:
    """Images that the error rates were measured on.

    Attributes:
        min_pixels: least width × height.
        max_pixels: greatest width × height.
        formats: file formats.
        min_quality: lowest nearest JPEG quality; ignored for other formats.
        max_quality: highest nearest JPEG quality; ignored for other formats.
        max_aspect: greatest ratio of longer to shorter side.
        described: the same in words, for people.
    """

    min_pixels: int
    max_pixels: int
    formats: tuple[str, ...]
    min_quality: int
    max_quality: int
    max_aspect: float
    described: str

    def covers(self, evidence: Evidence) -> bool:
        """Whether an image is of the kind that the error rates were measured on, and complete."""
        if evidence.incomplete:
            return False
        short, long = sorted((evidence.width, evidence.height))
        quality = evidence.jpeg.quality if evidence.jpeg else self.min_quality
        return (
            evidence.format in self.formats
            and self.min_pixels <= short * long <= self.max_pixels
            and long <= self.max_aspect * short
            and self.min_quality <= quality <= self.max_quality
        )


def describe(evidence: Evidence) -> str:
    """Format, quality and size of an image in words."""
    quality = f" of quality {evidence.jpeg.quality}" if evidence.jpeg else ""
    whole = ", cut off or damaged" if evidence.incomplete else ""
    return f"{evidence.format}{quality}, {evidence.width}×{evidence.height} pixels{whole}"


@dataclass(frozen=True)
class Weight:
    """A weight that passed its hash check.

    Attributes:
        name: name of weight, recipe and card.
        system: key of `DETECTORS`.
        model: the ONNX bytes.
        sha256: SHA-256 of those bytes.
        calibration: how to read its margin.
        domain: images that it is applicable to.
        features: settings of its input.
        training: what it was trained on, with which figures; for people.
        precision: key of `PRECISIONS` that it computes in.
        variant_of: SHA-256 of the weight that this variant was made from; "" if it is not a variant.
    """

    name: str
    system: str
    model: bytes
    sha256: str
    calibration: Calibration
    domain: Domain
    features: Mapping[str, Any]
    training: Mapping[str, Any]
    precision: str = FULL
    variant_of: str = ""

    @property
    def origin(self) -> str:
        """SHA-256 of the trained weight: anything fitted with it also holds for its variants."""
        return self.variant_of or self.sha256

    @property
    def versions(self) -> dict[str, str]:
        """What ran, for a finding's versions: the file with its hash, and the precision unless it is full."""
        file = variant_name(self.name, self.precision) if self.variant_of else self.name
        said = {} if self.precision == FULL else {"precision": self.precision}
        return {f"weight {file}": self.sha256, **said}

    def session(self, threads: int = 0) -> "onnxruntime.InferenceSession":
        """Start ONNX Runtime on the chosen provider; on the CPU `threads` 0 uses all cores."""
        from tamperlens.examine.networks._runtime import onnxruntime  # noqa: PLC0415 - 0.2 s that --help must not pay

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that spin while waiting gain microseconds, and halve the speed of everything else running.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        how = PRECISIONS[self.precision].options
        providers = session_providers(onnxruntime.get_available_providers(), how)
        session = onnxruntime.InferenceSession(self.model, options, providers=list(providers.items()))
        check_started(providers, session.get_providers())
        return session


def card_text(name: str) -> str:
    """The model card of a shipped weight, in Markdown; a wheel has it next to the weights."""
    packaged = WEIGHTS_DIRECTORY.parent / "cards" / f"{name}.md"
    checkout = Path(__file__).parents[4] / "cards" / f"{name}.md"
    try:
        return (packaged if packaged.exists() else checkout).read_text(encoding="utf-8")
    except OSError as error:
        raise WeightError(f"the weight '{name}' has no card: {error}") from error


def weight_names(directory: Path = WEIGHTS_DIRECTORY) -> list[str]:
    """Names of the weights in a folder, without variants of lower precision."""
    return sorted(path.stem for path in directory.glob("*.json") if not _is_variant(path))


def variants(directory: Path = WEIGHTS_DIRECTORY) -> list[tuple[str, str]]:
    """Weight and precision of each stored variant in a folder."""
    found = sorted(path.stem for path in directory.glob("*.json") if _is_variant(path))
    return [(name, precision) for name, _, precision in (stem.rpartition("-") for stem in found)]


def variant_name(name: str, precision: str) -> str:
    """Name of the files of a weight's stored variant."""
    return f"{name}-{precision}"


def _is_variant(manifest: Path) -> bool:
    return b'"variant_of"' in manifest.read_bytes()


def load_weight(name: str, directory: Path = WEIGHTS_DIRECTORY, precision: str = FULL) -> Weight:
    """Read a weight and check it against its manifest.

    Args:
        name: name of the weight, without suffix.
        directory: folder of `name.json` and `name.onnx`; by default that of the shipped weights.
        precision: key of `PRECISIONS`; if it has its own weight files, the weight's variant is read.

    Raises:
        UnknownNameError: there is no such weight.
        WeightError: a file is missing, unreadable or altered, or the variant belongs to another weight.
        TamperlensError: the weight has no such variant.
    """
    known = weight_names(directory)
    if name not in known:
        raise UnknownNameError("weight", name, known)
    if PRECISIONS[precision].stored:
        return _load_variant(name, directory, precision)
    manifest = _manifest(name, directory)
    return replace(
        _weight(name, manifest, _checked_model(name, manifest["sha256"], directory)), precision=precision
    )


def _load_variant(name: str, directory: Path, precision: str) -> Weight:
    """The weight in lower precision; calibration, domain and input are those of the full one."""
    file, known = variant_name(name, precision), variants(directory)
    if (name, precision) not in known:
        have = ", ".join(variant_name(*one) for one in known) or "none"
        raise TamperlensError(f"the weight '{name}' has no variant in {precision}; variants are: {have}")
    full, manifest = _manifest(name, directory), _manifest(file, directory)
    if manifest["variant_of"] != full["sha256"]:
        raise WeightError(
            f"'{file}' is a variant of another weight than this '{name}' (SHA-256 "
            f"{manifest['variant_of'][:16]}…, not {full['sha256'][:16]}…); make it again or reinstall"
        )
    model = _checked_model(file, manifest["sha256"], directory)
    return replace(
        _weight(name, full, model),
        sha256=manifest["sha256"],
        precision=precision,
        variant_of=manifest["variant_of"],
    )


def _manifest(name: str, directory: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((directory / f"{name}.json").read_text(encoding="utf-8"))
        return dict(manifest, sha256=str(manifest["sha256"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightError(f"the weight '{name}' in {directory} is incomplete: {error!r}") from error


def _checked_model(name: str, sha256: str, directory: Path) -> bytes:
    """The ONNX bytes, if their hash is the one in the manifest."""
    try:
        model = (directory / f"{name}.onnx").read_bytes()
    except OSError as error:
        raise WeightError(f"the weight '{name}' in {directory} is incomplete: {error!r}") from error
    actual = hashlib.sha256(model).hexdigest()
    if actual != sha256:
        raise WeightError(
            f"the weight '{name}' is not the one its manifest describes (SHA-256 {actual[:16]}…, "
            f"expected {sha256[:16]}…); install it again"
        )
    return model


def _weight(name: str, manifest: dict[str, Any], model: bytes) -> Weight:
    try:
        return Weight(
            name=name,
            system=manifest["system"],
            model=model,
            sha256=manifest["sha256"],
            calibration=Calibration(**manifest["calibration"]),
            domain=Domain(**{**manifest["domain"], "formats": tuple(manifest["domain"]["formats"])}),
            features=MappingProxyType(manifest["features"]),
            training=MappingProxyType(manifest["training"]),
        )
    except (KeyError, TypeError) as error:
        raise WeightError(f"the manifest of the weight '{name}' is incomplete: {error!r}") from error
