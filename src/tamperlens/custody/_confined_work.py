"""What a confined worker does for custody: examine for a bundle, draw its PDF, check a bundle's claims.

Keys, hashes and signatures stay with the parent. A message is an image's bytes and what to do with them.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from tamperlens.confined import Tell, Work, Worker, outbox, reraise_memory
from tamperlens.custody._canonical import read_canonical
from tamperlens.custody._checks import State
from tamperlens.custody._pages import pages_judged
from tamperlens.errors import EvidenceError, TamperlensError
from tamperlens.evidence import Limits, load_evidence
from tamperlens.examine import Examiner, Finding, to_levels
from tamperlens.examine.networks import FULL, asked_precision
from tamperlens.report import finding_to_json, mask_png, write_pdf
from tamperlens.reproduction import differences, mask_difference, version_changes
from tamperlens.workers import confinement_for, with_walls

# Pictures in a bundle are as untrusted as any other.
_MOST_PIXELS = 100_000_000
MASK_FILE, PDF_FILE = "mask.png", "report.pdf"


def custody_worker(threads: int = 0, strict: bool = False, max_pixels: int = _MOST_PIXELS) -> Worker:
    """A worker that examines for bundles.

    Args:
        threads: for the networks; 0 for all cores.
        strict: how most of the images will be examined.
        max_pixels: refuse images that declare more.
    """
    options = {"threads": threads, "strict": strict, "max_pixels": max_pixels}
    limits = confinement_for(max_pixels, threads)
    return Worker("tamperlens.custody._confined_work:prepare", options, limits, command="")


def prepare(threads: int, strict: bool, max_pixels: int, confinement: str) -> Work:
    """Load the examiner."""
    work = _Custody(threads, Limits(max_pixels=max_pixels), confinement)
    work.examiner(strict)
    return Work({}, work.answer)


class _Custody:
    def __init__(self, threads: int, limits: Limits, confinement: str) -> None:
        self.threads, self.limits, self.confinement = threads, limits, confinement
        self._examiners: dict[tuple[bool, str], Examiner] = {}
        self._last: Finding | None = None
        self._changed = False

    def examiner(self, strict: bool, precision: str = "") -> Examiner:
        """A warm examiner; without `precision`, at that of the environment."""
        precision = precision or asked_precision()
        which = strict, precision
        if which not in self._examiners:
            self._examiners[which] = Examiner(threads=self.threads, strict=strict, precision=precision)
        return self._examiners[which]

    def answer(self, message: dict[str, Any], data: bytes, tell: Tell) -> dict[str, Any]:
        """Do what the message's `do` names; `error` says why the image cannot be examined."""
        do = {
            "examine": self._examine,
            "draw": self._draw,
            "compare": self._compare,
            "pages": self._pages,
        }[message["do"]]
        try:
            return do(message, data, tell)
        except EvidenceError as error:
            reraise_memory(error)
            return {"error": str(error)}

    def _examine(self, message: dict[str, Any], data: bytes, tell: Tell) -> dict[str, Any]:
        """Examine the image `name`; `finding` is its JSON, the mask is sent as a file."""
        evidence = load_evidence(data, self.limits, message["name"])
        finding = with_walls(self.examiner(message["strict"]).examine(evidence), self.confinement)
        self._last = finding
        if finding.mask is not None:
            (outbox() / MASK_FILE).write_bytes(mask_png(finding.mask))
            tell({"file": MASK_FILE})
        return {"finding": finding_to_json(finding, evidence.name)}

    def _draw(self, _message: dict[str, Any], bundle: bytes, tell: Tell) -> dict[str, Any]:
        """Draw the PDF report of the last image with the bundle attached, and send it as a file."""
        if self._last is None:
            return {"error": "the process that examined the image has ended; try again"}
        try:
            write_pdf(self._last, outbox(), Path(PDF_FILE).stem, self._last.evidence.name, bundle)
        except TamperlensError as error:
            return {"error": str(error)}
        tell({"file": PDF_FILE})
        return {}

    def _compare(self, message: dict[str, Any], data: bytes, _tell: Tell) -> dict[str, Any]:
        """Examine the original again, and compare with the mask and the stated finding that follow it."""
        first, second = message["sizes"][0], sum(message["sizes"])
        original, mask = data[:first], data[first:second]
        self._last = None
        try:
            stated = read_canonical(data[second:], "the finding")
            evidence = load_evidence(original, self.limits, message["name"])
            precision = stated["versions"].get("precision", FULL)
            finding = self.examiner(message["strict"], precision).examine(evidence)
            again = finding_to_json(finding, message["name"])
            said = differences(stated, again)
            if mask and finding.mask is not None:
                other = mask_difference(_levels(mask), to_levels(finding.mask))
                said += [other] if other else []
            self._changed = bool(version_changes(stated["versions"], again["versions"]))
            order = [*finding.versions, "confinement"]  # as in a report; JSON sorts by name
            versions = {name: stated["versions"][name] for name in order if name in stated["versions"]}
            self._last = finding.saying(versions=versions | stated["versions"])
            return dict(zip(("state", "says"), _judged(said, stated, again), strict=True))
        except _NOT_COMPARABLE as error:
            if isinstance(error, TamperlensError):
                reraise_memory(error)
            return {"state": "not possible", "says": f"it cannot be examined or compared: {error}"}

    def _pages(self, message: dict[str, Any], data: bytes, _tell: Tell) -> dict[str, Any]:
        """Draw the report of the image that was examined again, and compare its pages with the given ones."""
        bundle, report = data[: message["size"]], data[message["size"] :]
        if self._last is None:
            return {"state": "not possible", "says": "without the image no page can be drawn again"}
        try:
            drawn = write_pdf(self._last, outbox(), "again", self._last.evidence.name, bundle).read_bytes()
            return dict(zip(("state", "says"), pages_judged(report, drawn, self._changed), strict=True))
        except _NOT_COMPARABLE as error:
            return {"state": "not possible", "says": f"the pages cannot be drawn again: {error}"}


_NOT_COMPARABLE = (TamperlensError, LookupError, TypeError, ValueError, AttributeError, OSError)


def _judged(said: list[str], stated: dict[str, Any], again: dict[str, Any]) -> tuple[State, str]:
    """What differing results mean depends on whether the software is the same."""
    changes = version_changes(stated["versions"], again["versions"])
    versions = (
        f"; versions differ: {', '.join(changes[:4])}{' …' if len(changes) > 4 else ''}" if changes else ""
    )
    if not said:
        return "passed", f"the same within tolerance{versions}"
    found = "; ".join(said[:3]) + (f" (and {len(said) - 3} more)" if len(said) > 3 else "")
    if changes:
        return "not possible", f"{found}{versions}. Install those of the finding to compare"
    return "failed", f"the same software comes to another result: {found}"


def _levels(mask: bytes) -> NDArray[np.uint8]:
    picture = Picture.open(io.BytesIO(mask), formats=["PNG"])
    if picture.width * picture.height > _MOST_PIXELS:
        raise ValueError(f"the mask declares {picture.width}×{picture.height} pixels")
    return np.asarray(picture.convert("L"))
