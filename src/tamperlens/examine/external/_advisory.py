"""A third-party detector used alongside an examination: it is reported, and decides nothing."""

from tamperlens.errors import DetectorError
from tamperlens.evidence import Evidence
from tamperlens.examine._document import Opinion
from tamperlens.examine._finding import Answer
from tamperlens.examine._systems import EXTERNAL
from tamperlens.examine.external._contract import ExternalDetector


class Advisory:
    """An external detector's opinion.

    Args:
        detector: the detector to use.
    """

    def __init__(self, detector: ExternalDetector) -> None:
        self._detector = detector
        self.name = EXTERNAL + detector.name
        self.versions = {f"external {detector.name}": detector.version or "unknown"}

    def answer(self, evidence: Evidence) -> Answer:
        """What it says about one image; never applicable, because its error rates were not measured."""
        try:
            said = self._detector(evidence)
        except DetectorError as error:
            return Answer(self._opinion(None, f"advisory: {error}"))
        marked = ""
        if said.probabilities is not None:
            share = float((said.probabilities >= self._detector.threshold).mean())
            marked = f" and marks {share:.1%} of the area"
        reason = (
            f"advisory: it gives {said.score:.2f}{marked}; it is not part of Tamperlens, and its error rates "
            "were not measured here"
        )
        return Answer(self._opinion(said.score, reason), said.probabilities)

    def _opinion(self, score: float | None, reason: str) -> Opinion:
        return Opinion(system=self.name, score=score, outcome="inconclusive", applicable=False, reason=reason)
