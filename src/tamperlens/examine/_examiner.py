"""Use every chosen system on an image, and draw the conclusion."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from types import MappingProxyType

from PIL import features

from tamperlens import __version__
from tamperlens.errors import UnknownNameError
from tamperlens.evidence import Evidence
from tamperlens.examine._agreement import agreements
from tamperlens.examine._alone import DETECTORS, LOCALIZERS, AloneExamination
from tamperlens.examine._budget import Budget
from tamperlens.examine._counter_test import counter_tests
from tamperlens.examine._finding import Finding
from tamperlens.examine._maps import LookedMaps
from tamperlens.examine._systems import DEFAULT_LOCALIZER, EXPLAINER
from tamperlens.examine.external import Advisory, external_names, is_external, load_external
from tamperlens.examine.fused import FusedExamination, Progress, load_fusion, load_kind_teller, unwatched
from tamperlens.examine.networks import (
    FULL,
    MultiFusionDetector,
    Weight,
    chosen_precision,
    chosen_provider,
    load_weight,
    runtime_version,
)

_DECODERS = ("libjpeg_turbo", "libtiff", "webp", "avif", "zlib", "littlecms2")


_UNLIMITED = Budget()


class Examiner:
    """Holds loaded systems; examines any number of images.

    Args:
        systems: keys of `DETECTORS` to use one by one, and third-party detectors, by name or by the path of a
            TOML file, to report alongside; None for the fused examination by the default localizer and every
            applicable trace.
        threads: threads of ONNX Runtime, 0 for all cores.
        strict: for the fused examination; aim at 1 % false alarms instead of 5 %.
        kinds: for the fused examination; say how the marked region was altered.
        precision: key of `PRECISIONS`, in which the default localizer computes; None for the environment's
            choice.
        budget: for the fused examination; what does not fit is left out, the costliest first. Each
            re-examination of a counter-test has the same budget.

    Raises:
        UnknownNameError: there is no such system.
        WeightError: a weight is missing or altered.
        DetectorError: a third-party detector cannot be loaded.
    """

    def __init__(
        self,
        systems: Sequence[str] | None = None,
        threads: int = 0,
        strict: bool = False,
        kinds: bool = True,
        budget: Budget = _UNLIMITED,
        precision: str | None = None,
    ) -> None:
        for system in systems or ():
            if system not in DETECTORS and not is_external(system):
                raise UnknownNameError("system", system, [*DETECTORS, *external_names()])
        self._threads, self._budget = threads, budget
        self._explains: MultiFusionDetector | None = None
        self._examination: FusedExamination | AloneExamination
        if systems:
            own, others = ([one for one in systems if (one in DETECTORS) == ours] for ours in (True, False))
            self._examination = AloneExamination(
                [DETECTORS[one](_weight_of(one, precision), threads) for one in own],
                [Advisory(load_external(one, threads)) for one in others],
            )
        else:
            localizer = LOCALIZERS[DEFAULT_LOCALIZER](_weight_of(DEFAULT_LOCALIZER, precision), threads)
            teller = load_kind_teller(threads) if kinds else None
            self._examination = FusedExamination(localizer, load_fusion(), strict, teller)

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of all that a finding depends on; with equal versions, equal bytes give equal findings."""
        return MappingProxyType({**_versions(), **self._examination.versions})

    def examine(
        self,
        evidence: Evidence,
        counter_test: bool = False,
        explain: bool = False,
        progress: Progress = unwatched,
        looked: LookedMaps | None = None,
    ) -> Finding:
        """Examine one image.

        Args:
            evidence: the image.
            counter_test: examine it again re-saved, cropped, and resized; takes four times as long.
            explain: add maps of what `EXPLAINER` looks at, and whether the mask agrees; nothing else changes.
            progress: called at each step of the fused examination, with the share of the work done.
            looked: maps of this image for viewing, if some were measured before.

        Raises:
            ImageTooLargeError: not even the steps that are never left out fit the memory budget.
        """
        finding = self._first(evidence, progress, looked)
        if explain:
            finding = _explained(finding, self._explainer())
        if not counter_test:
            return finding
        return finding.saying(counter_tests=counter_tests(finding, self.examine))

    def _first(self, evidence: Evidence, progress: Progress, looked: LookedMaps | None) -> Finding:
        """The finding for the unchanged image."""
        if isinstance(self._examination, AloneExamination):
            return self._examination.examine(evidence, _versions(), looked)
        plan = self._examination.plan(self._budget, evidence.width * evidence.height)
        return self._examination.examine(evidence, _versions(), progress, plan, looked)

    def _explainer(self) -> MultiFusionDetector:
        """The explaining network, loaded when it is first needed."""
        if self._explains is None:
            self._explains = MultiFusionDetector(load_weight(EXPLAINER), self._threads)
        return self._explains


def _weight_of(system: str, precision: str | None) -> Weight:
    """Weight of a system; the precision applies only to the default localizer."""
    from tamperlens.examine.networks import onnxruntime  # noqa: PLC0415 - 0.2 s that --help must not pay

    wanted = chosen_precision(onnxruntime.get_available_providers(), precision)
    return load_weight(system, precision=wanted if system == DEFAULT_LOCALIZER else FULL)


def _explained(finding: Finding, explainer: MultiFusionDetector) -> Finding:
    """The finding with the network's maps added, and how far they agree with the mask."""
    more = explainer.heat_maps(finding.evidence)
    maps, weight, said = finding.maps.also(more), explainer.weight, finding.document.agreements
    if finding.mask is not None and finding.mask_threshold is not None:
        said += agreements(finding.mask, finding.mask_threshold, more)
    return replace(finding, maps=maps).saying(
        maps=tuple(maps),
        explanations=tuple(more),
        agreements=said,
        versions={**finding.versions, f"weight {weight.name}": weight.sha256},
    )


def _versions() -> dict[str, str]:
    """The software that decodes, measures and infers, and where it infers."""
    from tamperlens.examine.networks import onnxruntime  # noqa: PLC0415 - already imported by the systems

    return {**_software(), "provider": chosen_provider(onnxruntime.get_available_providers())}


@cache
def _software() -> Mapping[str, str]:
    return {
        "tamperlens": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "opencv-python-headless", "pillow")},
        "onnxruntime": runtime_version(),
        "pi-heif": version("pi-heif"),
        **{name: features.version(name) or "none" for name in _DECODERS},
    }
