"""Every trace that gives a number: measured where it is applicable, void with the reason where not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tamperlens.errors import DamagedImageError
from tamperlens.evidence import Evidence
from tamperlens.examine.history import History, read_history, void_reason
from tamperlens.traces import MEASURED
from tamperlens.traces.measurement import Measurement

# Told the name of what is about to be done, and the share of the work that is behind, 0..1. It may raise, and
# the examination ends.
Progress = Callable[[str, float], None]


def unwatched(_step: str, _share: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Measured:
    """What the traces say of one image.

    Attributes:
        history: what befell the file, as far as can be told.
        measurements: trace → what it measured.
        void: trace → why it has no say in this image.
    """

    history: History
    measurements: Mapping[str, Measurement]
    void: Mapping[str, str]


def measure_traces(evidence: Evidence, progress: Progress = unwatched) -> Measured:
    """Measure every trace that this image's history leaves applicable."""
    history = read_history(evidence)
    measurements, void = {}, {}
    for done, (name, trace) in enumerate(MEASURED.items()):
        progress(name, done / len(MEASURED))
        reason = void_reason(name, evidence, history)
        if reason:
            void[name] = reason
            continue
        try:
            measurements[name] = trace.measure(evidence)
        except DamagedImageError as error:
            void[name] = str(error)
    return Measured(history, measurements, void)
