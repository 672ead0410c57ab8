"""Bytes → everything that is kept of an examination: pictures, maps, the finding and its reports.

All of it follows from the bytes and the versions alone: a second worker that makes it again writes the same.
It is written into the confined process's own folder, from where its parent takes it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.confined import outbox, with_walls
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
from tamperlens.report.pictures import mask_png, paint, to_gray_levels
from tamperlens.service.naming import neutral_name
from tamperlens.traces import MEASURED, TRACES

FINDING, MASK = "finding.json", "mask.png"
# What is told of a file that is whole: its name, and whether it follows from the bytes alone.
Keep = Callable[[str, bool], None]
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
        examiner: asked about each image.
        limits: what a file may declare.
        confinement: what confines this process, for the findings.
    """

    def __init__(self, examiner: Examiner, limits: Limits, confinement: str) -> None:
        self.examiner, self.limits, self.confinement = examiner, limits, confinement

    @cached_property
    def versions(self) -> str:
        """SHA-256 of all that the finding depends on besides the bytes."""
        explainer = {f"weight {EXPLAINER}": load_weight(EXPLAINER).sha256}
        return hashlib.sha256(canonical({**self.examiner.versions, **explainer}).encode()).hexdigest()

    def read(self, data: bytes, kind: str) -> Evidence:
        """Decode an original.

        Raises:
            EvidenceError: it is damaged or too large.
        """
        name = neutral_name(hashlib.sha256(data).hexdigest(), kind)
        return load_evidence(data, self.limits, name=name)

    def pictures(self, evidence: Evidence, keep: Keep) -> bool:
        """Write the thumbnail, and a rendition where a browser needs one; returns whether it does."""
        small = Image.fromarray(evidence.pixels)
        small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE), reducing_gap=2.0)
        with _making("thumbnail.webp", keep, of_bytes=True) as path:
            small.save(path, "WEBP", quality=82)
        needed = _needs_rendition(evidence)
        if needed:
            with _making("rendition.png", keep, of_bytes=True) as path:
                Image.fromarray(evidence.pixels).save(path, "PNG", compress_level=3)
        return needed

    def examine(self, evidence: Evidence, keep: Keep, progress: Progress) -> Made:
        """Examine, and write maps, finding and reports; the first map comes before the examination."""
        first = _draw(keep, _FIRST_MAP, TRACES[_FIRST_MAP].measure(evidence.pixels))
        span = _EXAMINE_TO - _EXAMINE_FROM
        finding = self.examiner.examine(
            evidence,
            explain=True,
            progress=lambda step, share: progress(title(step), _EXAMINE_FROM + share * span),
        )
        finding = with_walls(finding, self.confinement)
        maps = [*self._maps(finding, keep, progress)]
        maps[1:1] = [_described(_FIRST_MAP, first)]
        self._report(finding, keep, maps, progress)
        return Made(finding.outcome, finding.score, finding.kind)

    def _maps(self, finding: Finding, keep: Keep, progress: Progress) -> Iterator[_Drawn]:
        """Draw the mask's map, then those to look at, then those of the opinions."""
        if finding.mask is not None:
            yield _described("mask", _draw(keep, "mask", finding.mask))
            with _making(MASK, keep) as path:
                path.write_bytes(mask_png(finding.mask))
        looked = [n for n in TRACES if n != _FIRST_MAP and not void_reason(n, finding.evidence)]
        for done, name in enumerate(looked):
            progress(title(name), _EXAMINE_TO + (_MAPS_TO - _EXAMINE_TO) * done / len(looked))
            values = TRACES[name].measure(finding.evidence.pixels)
            yield _described(name, _draw(keep, name, values))
        for opinion in finding.opinions:
            if opinion.heat_map and opinion.applicable:
                size = _draw(keep, opinion.system, opinion.heat_map.values)
                yield _described(opinion.system, size, opinion.heat_map.reading)
        for told in finding.kind_opinions:
            if told.heat_map:
                size = _draw(keep, told.system, told.heat_map.values)
                yield _Drawn(told.system, told.heat_map.title, _LOOKED, told.heat_map.reading, *size)
        for one in finding.explanations:
            name = re.sub("[ _]", "-", one.name)
            size = _draw(keep, name, one.values)
            yield _Drawn(name, one.title, _EXPLAINS, one.reading, *size)

    def _report(self, finding: Finding, keep: Keep, maps: list[_Drawn], progress: Progress) -> None:
        """Write the reports, and last the finding itself."""
        name, kinds = finding.evidence.name, ["html", "json"]
        progress("report", _MAPS_TO)
        with _making("report.html", keep) as path:
            write_report(finding, path.parent, path.stem, name)
        if find_spec("typst"):
            progress("report for paper", (_MAPS_TO + 1) / 2)
            with _making("report.pdf", keep) as path:
                write_pdf(finding, path.parent, path.stem, name)
            kinds.append("pdf")
        _write("view.json", keep, _view(finding, maps, kinds))
        _write(FINDING, keep, finding_to_json(finding, name, Path("mask")))


@contextmanager
def _making(name: str, keep: Keep, of_bytes: bool = False) -> Iterator[Path]:
    """A path to write to, told of when it is whole."""
    yield outbox() / name
    keep(name, of_bytes)


def _draw(keep: Keep, name: str, values: NDArray[np.float32]) -> tuple[int, int]:
    picture = paint(to_gray_levels(values))
    with _making(f"map-{name}.png", keep) as path:
        picture.save(path, "PNG", compress_level=3)
    return picture.size


def _write(name: str, keep: Keep, content: dict[str, Any]) -> None:
    with _making(name, keep) as file:
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
