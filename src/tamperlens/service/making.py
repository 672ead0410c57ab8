"""Bytes → everything that is kept of an examination: pictures, maps, the finding and its reports.

All of it follows from the bytes and the versions alone: a second worker that makes it again writes the same.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.custody import canonical
from tamperlens.evidence import Evidence, Limits, load_evidence
from tamperlens.examine import EXPLAINER, Examiner, Finding, Progress, load_weight
from tamperlens.examine.history import void_reason
from tamperlens.report import finding_to_json, write_pdf, write_report
from tamperlens.report.content import (
    FUSED_MEASURES,
    FUSED_READING,
    HEADLINES,
    meaning,
    support,
    title,
)
from tamperlens.report.pictures import paint, to_gray_levels
from tamperlens.service.naming import neutral_name
from tamperlens.service.store import Store
from tamperlens.traces import MEASURED, TRACES

FINDING = "finding.json"
_THUMBNAIL_SIDE = 320
# Formats that every current browser shows, upright, from the original's own bytes.
_SHOWN = frozenset({"JPEG", "PNG", "WEBP", "BMP", "GIF", "AVIF"})
# Where in the whole work the examination lies; before it decoding and pictures, after it maps and reports.
_EXAMINE_FROM, _EXAMINE_TO, _MAPS_TO = 0.08, 0.75, 0.88
_FIRST_MAP = "ela"


@dataclass(frozen=True)
class Made:
    """What the tables keep of an examination.

    Attributes:
        outcome: of the finding.
        score: of the finding.
        kind: of the finding.
    """

    outcome: str
    score: float
    kind: str | None


@dataclass(frozen=True)
class _Drawn:
    """A map that has been written."""

    name: str
    title: str
    measures: str
    reading: str
    width: int
    height: int


class Maker:
    """Examines and writes; holds one warm examiner.

    Args:
        store: where originals are and the rest goes.
        examiner: asked about each image.
        limits: what a file may declare.
    """

    def __init__(self, store: Store, examiner: Examiner, limits: Limits) -> None:
        self.store, self.examiner, self.limits = store, examiner, limits

    @cached_property
    def versions(self) -> str:
        """SHA-256 of all that the finding depends on besides the bytes."""
        explainer = {f"weight {EXPLAINER}": load_weight(EXPLAINER).sha256}
        return hashlib.sha256(canonical({**self.examiner.versions, **explainer}).encode()).hexdigest()

    def read(self, sha256: str, kind: str) -> Evidence:
        """Decode an original.

        Raises:
            EvidenceError: it is damaged or too large.
        """
        data = self.store.original(sha256).read_bytes()
        return load_evidence(data, self.limits, name=neutral_name(sha256, kind))

    def pictures(self, evidence: Evidence) -> bool:
        """Write the thumbnail, and a rendition where a browser needs one; returns whether it does."""
        folder = self.store.made(evidence.sha256)
        small = Image.fromarray(evidence.pixels)
        small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE), reducing_gap=2.0)
        with self.store.making(folder / "thumbnail.webp") as path:
            small.save(path, "WEBP", quality=82)
        needed = _needs_rendition(evidence)
        if needed:
            with self.store.making(folder / "rendition.png") as path:
                Image.fromarray(evidence.pixels).save(path, "PNG", compress_level=3)
        return needed

    def examine(self, evidence: Evidence, versions: str, progress: Progress) -> Made:
        """Examine, and write maps, finding and reports; the first map comes before the examination."""
        folder = self.store.made(evidence.sha256, versions)
        first = self._draw(folder, _FIRST_MAP, TRACES[_FIRST_MAP].measure(evidence.pixels))
        span = _EXAMINE_TO - _EXAMINE_FROM
        finding = self.examiner.examine(
            evidence,
            explain=True,
            progress=lambda step, share: progress(title(step), _EXAMINE_FROM + share * span),
        )
        maps = [*self._maps(finding, folder, progress)]
        maps[1:1] = [_described(_FIRST_MAP, first)]
        self._report(finding, folder, maps, progress)
        return Made(finding.outcome, finding.score, finding.kind)

    def _maps(self, finding: Finding, folder: Path, progress: Progress) -> Iterator[_Drawn]:
        """Draw the mask's map, then those to look at, then those of the opinions."""
        if finding.mask is not None:
            yield _described("mask", self._draw(folder, "mask", finding.mask))
        looked = [n for n in TRACES if n != _FIRST_MAP and not void_reason(n, finding.evidence)]
        for done, name in enumerate(looked):
            progress(title(name), _EXAMINE_TO + (_MAPS_TO - _EXAMINE_TO) * done / len(looked))
            values = TRACES[name].measure(finding.evidence.pixels)
            yield _described(name, self._draw(folder, name, values))
        for opinion in finding.opinions:
            if opinion.heat_map and opinion.applicable:
                size = self._draw(folder, opinion.system, opinion.heat_map.values)
                yield _described(opinion.system, size, opinion.heat_map.reading)
        for told in finding.kind_opinions:
            if told.heat_map:
                size = self._draw(folder, told.system, told.heat_map.values)
                yield _Drawn(told.system, told.heat_map.title, _LOOKED, told.heat_map.reading, *size)
        for one in finding.explanations:
            name = re.sub("[ _]", "-", one.name)
            size = self._draw(folder, name, one.values)
            yield _Drawn(name, one.title, _EXPLAINS, one.reading, *size)

    def _draw(self, folder: Path, name: str, values: NDArray[np.float32]) -> tuple[int, int]:
        picture = paint(to_gray_levels(values))
        with self.store.making(folder / f"map-{name}.png") as path:
            picture.save(path, "PNG", compress_level=3)
        return picture.size

    def _report(self, finding: Finding, folder: Path, maps: list[_Drawn], progress: Progress) -> None:
        """Write the reports, and last the finding itself."""
        name, kinds = finding.evidence.name, ["html", "json"]
        progress("report", _MAPS_TO)
        with self.store.making(folder / "report.html") as path:
            write_report(finding, path.parent, path.stem, name)
        if find_spec("typst"):
            progress("report for paper", (_MAPS_TO + 1) / 2)
            with self.store.making(folder / "report.pdf") as path:
                write_pdf(finding, path.parent, path.stem, name)
            kinds.append("pdf")
        self._write(folder / "view.json", _view(finding, maps, kinds))
        self._write(folder / FINDING, finding_to_json(finding, name, Path("mask")))

    def _write(self, path: Path, content: dict[str, Any]) -> None:
        with self.store.making(path) as file:
            file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _needs_rendition(evidence: Evidence) -> bool:
    turned = evidence.orientation != 1 and evidence.format != "JPEG"
    return evidence.format not in _SHOWN or evidence.frames > 1 or turned


_LOOKED = "What a classifier of kinds went by, over the part that it was shown."
_EXPLAINS = "What the MultiFusion network looks at; it has no say in the outcome."


def _described(name: str, size: tuple[int, int], reading: str = "") -> _Drawn:
    if name == "mask":
        return _Drawn(name, "Mask", FUSED_MEASURES, FUSED_READING, *size)
    known = TRACES.get(name) or MEASURED.get(name)
    measures = known.measures if known else "What the network alone says, pixel by pixel."
    return _Drawn(name, title(name), measures, reading or (known.reading if known else ""), *size)


def _view(finding: Finding, maps: list[_Drawn], reports: list[str]) -> dict[str, Any]:
    return {
        "headline": HEADLINES[finding.outcome],
        "meaning": meaning(finding),
        "support": support(finding),
        "maps": [vars(drawn) for drawn in maps],
        "outline": _outline(finding),
        "titles": {opinion.system: title(opinion.system) for opinion in finding.opinions}
        | {told.system: title(told.system) for told in finding.kind_opinions},
        "reports": reports,
    }


def _outline(finding: Finding) -> list[list[list[float]]]:
    """The mask's outlines as closed polygons of x, y in pixels of the image, holes too."""
    if finding.mask is None or finding.mask_threshold is None:
        return []
    marked = (finding.mask >= finding.mask_threshold).astype(np.uint8)
    contours, _ = cv2.findContours(marked, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1)
    scale = finding.evidence.width / marked.shape[1], finding.evidence.height / marked.shape[0]
    return [
        [[float((x + 0.5) * scale[0]), float((y + 0.5) * scale[1])] for x, y in contour[:, 0]]
        for contour in contours
        if len(contour) > 2
    ]
