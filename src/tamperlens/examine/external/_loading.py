"""From a name or a path to a detector: installed packages by their entry point, ONNX files by their TOML."""

import tomllib
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import msgspec

from tamperlens.errors import DetectorError, UnknownNameError
from tamperlens.examine.external._contract import ExternalDetector
from tamperlens.examine.external._onnx import OnnxNetwork, OnnxSettings

# Entry-point group in which packages register functions that take no arguments and return a `Detect`.
GROUP = "tamperlens.detectors"


def external_names() -> tuple[str, ...]:
    """Names of the detectors provided by installed packages."""
    return tuple(sorted({one.name for one in entry_points(group=GROUP)}))


def is_external(name: str) -> bool:
    """Whether a name belongs to an installed detector, or to a file that describes one."""
    return Path(name).suffix.lower() in {".toml", ".onnx"} or name in external_names()


def load_external(name: str, threads: int = 0) -> ExternalDetector:
    """Load a detector.

    Args:
        name: name of an installed detector, or path of a TOML file that describes an ONNX file.
        threads: threads of ONNX Runtime, 0 for all cores.

    Raises:
        UnknownNameError: no package provides a detector of that name.
        DetectorError: it cannot be loaded.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".onnx":
        raise DetectorError(f"{name} must be described first: tamperlens wrap {name}")
    if suffix == ".toml":
        return _described(Path(name), threads)
    found = [one for one in entry_points(group=GROUP) if one.name == name]
    if not found:
        raise UnknownNameError("detector", name, external_names())
    return _installed(found[0])


def read_settings(path: Path) -> OnnxSettings:
    """Read the TOML file that describes an ONNX file.

    Raises:
        DetectorError: it cannot be read or has a wrong setting.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), OnnxSettings)
    except OSError as error:
        raise DetectorError(f"{path} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise DetectorError(f"{path} does not describe an ONNX file: {error}") from error


def _described(path: Path, threads: int) -> ExternalDetector:
    settings = read_settings(path)
    network = OnnxNetwork(path.parent / settings.model, settings, threads)
    onnx = (network.model, network.side)
    return ExternalDetector(settings.name, network.sha256, network, settings.threshold, onnx)


def _installed(point: EntryPoint) -> ExternalDetector:
    try:
        detect = point.load()()
    except (ImportError, AttributeError, TypeError) as error:
        raise DetectorError(f"the detector {point.name} ({point.value}) cannot be loaded: {error}") from error
    if not callable(detect):
        raise DetectorError(
            f"the detector {point.name} ({point.value}) returned {type(detect).__name__}, which is not a "
            "function"
        )
    version = f"{point.dist.name} {point.dist.version}" if point.dist else ""
    return ExternalDetector(point.name, version, detect)
