"""Precision of the default localizer: one choice for the whole process, and what it costs."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tamperlens.errors import TamperlensError, UnknownNameError, WeightError
from tamperlens.examine.networks._providers import CPU, PROVIDERS, chosen_provider

# Read when the localizer is loaded; `--precision` sets it.
VARIABLE = "TAMPERLENS_PRECISION"
FULL = "full"
MEASURED_PATH = Path(__file__).parents[1] / "precision.json"


@dataclass(frozen=True)
class Precision:
    """One way to compute a localizer.

    Attributes:
        described: description for people.
        provider: key of `PROVIDERS`, the one that it was measured on; "" for any.
        stored: whether it has its own weight file, a variant of the full one.
        options: options of that provider.
    """

    described: str
    provider: str = ""
    stored: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


_BF16 = json.dumps({"CPU": {"INFERENCE_PRECISION_HINT": "bf16"}})
PRECISIONS = MappingProxyType(
    {
        FULL: Precision("32 bits"),
        "int8": Precision("eight bits in the decoder, 32 elsewhere", CPU, stored=True),
        "bf16": Precision("16 bits (bfloat16)", "openvino", options={"load_config": _BF16}),
    }
)


def asked_precision() -> str:
    """The environment's choice, or full precision; not checked."""
    return os.environ.get(VARIABLE) or FULL


def chosen_precision(available: Sequence[str], wanted: str | None = None) -> str:
    """Key of `PRECISIONS` to compute in.

    Args:
        available: ONNX Runtime's names of the providers available on this machine.
        wanted: key of `PRECISIONS`; None for the environment's choice, or full precision.

    Raises:
        UnknownNameError: there is no such precision.
        TamperlensError: the chosen provider does not support it.

    >>> chosen_precision(["CPUExecutionProvider"], "int8")
    'int8'
    """
    wanted = wanted or asked_precision()
    if wanted not in PRECISIONS:
        raise UnknownNameError("precision", wanted, PRECISIONS)
    needed = PRECISIONS[wanted].provider
    if not needed or (have := chosen_provider(available)) == needed:
        return wanted
    package = "" if needed == CPU else f", for which {PROVIDERS[needed].package} is installed"
    raise TamperlensError(
        f"the precision '{wanted}' is computed by the provider '{needed}' and not by '{have}'; add "
        f"--provider {needed}{package}, or choose --precision {FULL}"
    )


def precision_limits(precision: str) -> Iterator[str]:
    """The sentence that a finding in lower precision needs; none in full precision."""
    if precision == FULL:
        return
    sets = measured_differences().get(precision, {}).get("sets", {})
    images = sum(one["images"] for one in sets.values())
    turned = sum(one["fused"]["outcomes changed"] for one in sets.values())
    worst = max((_points(one["localizer"]["F1"]) for one in sets.values()), key=abs, default=0.0)
    said = (
        f"on {images} images ({', '.join(sets)}) its F1 differed by at most {abs(worst):.1f} points a set, "
        f"and {turned} findings had another outcome"
        if sets
        else "what that costs was not measured"
    )
    yield (
        f"The localizer ran in lower precision ({precision}: {PRECISIONS[precision].described}) than the "
        f"error rates were measured with: {said}."
    )


@cache
def measured_differences(path: Path = MEASURED_PATH) -> Mapping[str, Any]:
    """Precision → its differences from full precision, measured by `benchmarks/cards/precision.py`.

    Raises:
        WeightError: the file is missing or not a JSON object.
    """
    try:
        return MappingProxyType(dict(json.loads(path.read_bytes())["precisions"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightError(f"{path} is incomplete: {error!r}; install the package again") from error


def _points(figure: Mapping[str, Any]) -> float:
    return 100 * float(figure["difference"])
