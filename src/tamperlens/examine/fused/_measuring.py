"""All traces that give a number: each is measured if applicable, otherwise void, with the reason."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from tamperlens.errors import DamagedImageError
from tamperlens.evidence import Evidence, Scope, scope
from tamperlens.examine._budget import HISTORY, Budget, Plan
from tamperlens.examine._history import History, read_history
from tamperlens.traces import MEASURED, Measurement
from tamperlens.traces.jpeg import DoubleJpeg, JpegGrid

# Called with the name of the next step and the share of the work done, 0..1. If it raises, the examination
# ends.
Progress = Callable[[str, float], None]


def unwatched(_step: str, _share: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Measured:
    """What the traces say about one image.

    Attributes:
        history: what happened to the file, as far as can be told.
        measurements: trace → what it measured.
        void: trace → why it is not applicable to this image.
    """

    history: History
    measurements: Mapping[str, Measurement]
    void: Mapping[str, str]


def measure_traces(
    evidence: Evidence,
    progress: Progress = unwatched,
    plan: Plan | None = None,
    kind: Scope | None = None,
) -> Measured:
    """Measure every trace that this image's history and the plan allow.

    Traces that can run in parallel are measured in a separate thread. Under a time budget, all are measured
    one by one, because the plan learns the machine's speed from each.

    Args:
        evidence: the image, or the part of it that is examined.
        progress: called at each step.
        plan: what may be left out; None to measure everything.
        kind: what the whole image is, if already known.
    """
    plan = plan or Plan(Budget(), evidence.width * evidence.height)
    kind = kind or scope(evidence)
    void = {name: why for name, trace in MEASURED.items() if (why := trace.void_reason(evidence, kind))}
    for name in void:
        plan.finished(name)
    found: dict[str, Measurement] = {}
    applicable = [name for name in MEASURED if name not in void]
    with ThreadPoolExecutor(1) as pool:
        begun = {
            name: pool.submit(MEASURED[name].measure, evidence)
            for name in applicable
            if MEASURED[name].alongside and plan.budget.time is None and plan.allows(name)
        }

        def measure(names: Iterable[str]) -> None:
            for name in names:
                progress(name, (len(found) + len(void)) / len(MEASURED))
                if not plan.allows(name):
                    void[name] = f"not measured: {plan.left_out[name]}"
                    continue
                work = begun[name].result if name in begun else partial(MEASURED[name].measure, evidence)
                try:
                    found[name] = plan.do(name, work)
                except DamagedImageError as error:
                    void[name] = str(error)

        measure(name for name in applicable if name not in begun)
        history = plan.do(HISTORY, partial(_history, evidence, kind, found))
        measure(begun)
    return Measured(history, {name: found[name] for name in MEASURED if name in found}, void)


def _history(evidence: Evidence, kind: Scope, measurements: Mapping[str, Measurement]) -> History:
    """The file's past, reusing what the measured traces found."""
    found = [one.found for one in measurements.values()]
    grid = next((one for one in found if isinstance(one, JpegGrid)), None)
    double = next((one for one in found if isinstance(one, DoubleJpeg)), None)
    return read_history(evidence, kind, grid, double)
