"""Which execution provider of ONNX Runtime runs the networks: one choice for the whole process."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType

from tamperlens.errors import TamperlensError, UnknownNameError

# Read when a network is loaded; `examine --provider` sets it.
VARIABLE = "TAMPERLENS_PROVIDER"
CPU, AUTO = "cpu", "auto"


@dataclass(frozen=True)
class Provider:
    """One way to compute.

    Attributes:
        runtime_name: what ONNX Runtime calls it.
        package: the build of ONNX Runtime that includes it.
    """

    runtime_name: str
    package: str


# In the order that "auto" tries. It skips TensorRT, which takes minutes to build its engines.
PROVIDERS = MappingProxyType(
    {
        "cuda": Provider("CUDAExecutionProvider", "onnxruntime-gpu"),
        "coreml": Provider("CoreMLExecutionProvider", "onnxruntime (on macOS)"),
        "openvino": Provider("OpenVINOExecutionProvider", "onnxruntime-openvino"),
        "tensorrt": Provider("TensorrtExecutionProvider", "onnxruntime-gpu with TensorRT"),
        CPU: Provider("CPUExecutionProvider", "onnxruntime"),
    }
)
_NEVER_BY_ITSELF = "tensorrt"
_NO_OPTIONS: Mapping[str, str] = MappingProxyType({})


def chosen_provider(available: Sequence[str], wanted: str | None = None) -> str:
    """Key of the provider to use in `PROVIDERS`.

    Args:
        available: ONNX Runtime's names of the providers available on this machine.
        wanted: key of `PROVIDERS` or "auto"; None for the environment's choice, or the CPU.

    Raises:
        UnknownNameError: there is no such provider.
        TamperlensError: the installed ONNX Runtime lacks it.

    >>> chosen_provider(["OpenVINOExecutionProvider", "CPUExecutionProvider"], "auto")
    'openvino'
    """
    wanted = wanted or os.environ.get(VARIABLE) or CPU
    have = [name for name, one in PROVIDERS.items() if one.runtime_name in available]
    if wanted == AUTO:
        return next(name for name in have if name != _NEVER_BY_ITSELF)
    if wanted not in PROVIDERS:
        raise UnknownNameError("provider", wanted, [*PROVIDERS, AUTO])
    if wanted not in have:
        raise TamperlensError(
            f"the provider '{wanted}' is not in the installed ONNX Runtime, which has {', '.join(have)}; "
            f"install {PROVIDERS[wanted].package} instead of onnxruntime, or choose one of these"
        )
    return wanted


def session_providers(
    available: Sequence[str], options: Mapping[str, str] = _NO_OPTIONS
) -> dict[str, dict[str, str]]:
    """Providers to start a session with: the chosen one, and the CPU for what it cannot do."""
    name = PROVIDERS[chosen_provider(available)].runtime_name
    return {name: dict(options)} | (
        {} if name == PROVIDERS[CPU].runtime_name else {PROVIDERS[CPU].runtime_name: {}}
    )


def check_started(asked: Iterable[str], started: Sequence[str]) -> None:
    """Refuse a session that has fallen back to the CPU, which ONNX Runtime does with only a warning.

    Raises:
        TamperlensError: the session does not run on the provider asked for.
    """
    first = next(iter(asked))
    if first not in started:
        raise TamperlensError(
            f"ONNX Runtime could not start {first} and would compute on the CPU; check that its driver "
            f"and libraries are installed, or choose --provider {CPU}"
        )


def runtime_version() -> str:
    """Version of whichever build of ONNX Runtime is installed."""
    for package in ("onnxruntime", "onnxruntime-gpu", "onnxruntime-openvino"):
        try:
            return version(package) if package == "onnxruntime" else f"{version(package)} ({package})"
        except PackageNotFoundError:
            continue
    return "unknown"
