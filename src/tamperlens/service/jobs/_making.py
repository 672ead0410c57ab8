"""Bytes → all files of an examination: pictures, maps, the finding and its reports.

They depend only on the bytes and the versions, so a second worker that makes them again writes the same. They
are written into the confined process's own folder, from which its parent takes them.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.confined import outbox
from tamperlens.custody import canonical
from tamperlens.evidence import Evidence, Limits, load_evidence
from tamperlens.examine import (
    EXPLAINER,
    SCHEMA_VERSION,
    Examiner,
    Finding,
    LookedMaps,
    Progress,
    load_weight,
    title,
)
from tamperlens.report import finding_to_json, mask_png, paint, write_pdf, write_report
from tamperlens.service._naming import neutral_name
from tamperlens.workers import with_walls

FINDING, MASK, VIEW = "finding.json", "mask.png", "view.json"
# Called for each complete file with its name, and whether it depends on the bytes alone.
Keep = Callable[[str, bool], None]


class MadeView(msgspec.Struct, frozen=True):
    """What the viewer needs besides the finding.

    Attributes:
        maps: name of each map that was drawn → width and height of its picture.
        outline: outlines of the mask and its holes: closed polygons of x, y in pixels of the image.
        reports: kinds of reports that were written.
    """

    maps: dict[str, tuple[int, int]]
    outline: list[list[tuple[float, float]]]
    reports: list[str]


_THUMBNAIL_SIDE = 320
# Formats that all current browsers can show, upright, directly from the original's bytes.
_SHOWN = frozenset({"JPEG", "PNG", "WEBP", "BMP", "GIF", "AVIF"})
# Share of the work done when the examination begins and ends, and when the maps are done. Decoding and
# pictures come before, reports after.
_EXAMINE_FROM, _EXAMINE_TO, _MAPS_TO = 0.08, 0.75, 0.88
_FIRST_MAP = "ela"


@dataclass(frozen=True)
class Made:
    """What the tables store about an examination.

    Attributes:
        outcome: outcome of the finding.
        score: score of the finding.
        kind: kind of alteration in the finding.
        priority: how soon a person should look at it.
    """

    outcome: str
    score: float | None
    kind: str | None
    priority: str


class Maker:
    """Examines images and writes the files; holds one warm examiner.

    Args:
        examiner: examines each image.
        limits: what a file may declare.
        confinement: what confines this process, as recorded in findings.
    """

    def __init__(self, examiner: Examiner, limits: Limits, confinement: str) -> None:
        self.examiner, self.limits, self.confinement = examiner, limits, confinement

    @cached_property
    def versions(self) -> str:
        """SHA-256 of everything that the finding depends on besides the bytes."""
        besides = {f"weight {EXPLAINER}": load_weight(EXPLAINER).sha256, "schema": SCHEMA_VERSION}
        return hashlib.sha256(canonical({**self.examiner.versions, **besides}).encode()).hexdigest()

    def read(self, data: bytes, kind: str) -> Evidence:
        """Decode an original.

        Raises:
            EvidenceError: it is damaged or too large.
        """
        name = neutral_name(hashlib.sha256(data).hexdigest(), kind)
        return load_evidence(data, self.limits, name=name)

    def pictures(self, evidence: Evidence, keep: Keep) -> bool:
        """Write the thumbnail, and a rendition if browsers need one; returns whether they do."""
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
        """Examine, and write maps, finding and reports; the first map is written before the examination."""
        looked = LookedMaps(evidence)
        _draw(keep, _FIRST_MAP, looked.levels(_FIRST_MAP))
        span = _EXAMINE_TO - _EXAMINE_FROM
        finding = self.examiner.examine(
            evidence,
            explain=True,
            progress=lambda step, share: progress(title(step), _EXAMINE_FROM + share * span),
            looked=looked,
        )
        finding = with_walls(finding, self.confinement)
        maps = self._maps(finding, keep, progress)
        self._report(finding, keep, maps, progress)
        return Made(finding.outcome, finding.score, finding.kind, finding.document.priority)

    def _maps(self, finding: Finding, keep: Keep, progress: Progress) -> dict[str, tuple[int, int]]:
        """Draw every map, and save the mask; returns name → size."""
        if finding.mask is not None:
            with _making(MASK, keep) as path:
                path.write_bytes(mask_png(finding.mask))
        sizes, names = {}, finding.document.maps
        for done, name in enumerate(names):
            progress(title(name), _EXAMINE_TO + (_MAPS_TO - _EXAMINE_TO) * done / len(names))
            sizes[name] = _draw(keep, name, finding.maps.levels(name))
        return sizes

    def _report(
        self, finding: Finding, keep: Keep, maps: dict[str, tuple[int, int]], progress: Progress
    ) -> None:
        """Write the reports, and finally the finding itself."""
        kinds = ["html", "json"]
        progress("report", _MAPS_TO)
        with _making("report.html", keep) as path:
            write_report(finding, path.parent, path.stem, with_cards=False)
        if find_spec("typst"):
            progress("report for paper", (_MAPS_TO + 1) / 2)
            with _making("report.pdf", keep) as path:
                write_pdf(finding, path.parent, path.stem)
            kinds.append("pdf")
        _write(VIEW, keep, msgspec.to_builtins(MadeView(maps, _outline(finding), kinds)))
        _write(FINDING, keep, finding_to_json(finding))


@contextmanager
def _making(name: str, keep: Keep, of_bytes: bool = False) -> Iterator[Path]:
    """A path to write to, announced once the file is complete."""
    yield outbox() / name
    keep(name, of_bytes)


def _draw(keep: Keep, name: str, levels: NDArray[np.uint8]) -> tuple[int, int]:
    picture = paint(levels)
    with _making(f"map-{name}.png", keep) as path:
        picture.save(path, "PNG", compress_level=3)
    return picture.size


def _write(name: str, keep: Keep, content: dict[str, Any]) -> None:
    with _making(name, keep) as file:
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _needs_rendition(evidence: Evidence) -> bool:
    turned = evidence.orientation != 1 and evidence.format != "JPEG"
    return evidence.format not in _SHOWN or evidence.frames > 1 or turned


def _outline(finding: Finding) -> list[list[tuple[float, float]]]:
    """Outlines of the mask and its holes as closed polygons of x, y in pixels of the image."""
    if finding.marked is None:
        return []
    marked = finding.marked.astype(np.uint8)
    contours, _ = cv2.findContours(marked, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1)
    scale = finding.evidence.width / marked.shape[1], finding.evidence.height / marked.shape[0]
    return [
        [(float((x + 0.5) * scale[0]), float((y + 0.5) * scale[1])) for x, y in contour[:, 0]]
        for contour in contours
        if len(contour) > 2
    ]
