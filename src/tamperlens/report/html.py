"""One self-contained HTML file an examined image, and an index of several."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markdown_it import MarkdownIt
from PIL import Image

from tamperlens import __version__
from tamperlens.evidence import Evidence
from tamperlens.examine import Finding, Outcome, Weight, card_text, load_weight
from tamperlens.report.pictures import (
    colour_scale,
    data_uri,
    outlined,
    paint,
    preview,
    preview_map,
    resize_map,
)
from tamperlens.traces import TRACES

_HEADLINES = {
    "inconsistent": "Inconsistent with an original",
    "consistent": "Consistent with an original",
    "inconclusive": "Inconclusive",
}
_MEANINGS = {
    "inconsistent": "The measured traces are rare among untouched photographs: about {alarms} % of the "
    "authentic images it was calibrated on score this high. What it did on test images stands in the card.",
    "consistent": "The measured traces are rare among altered photographs: about {misses} % of the "
    "altered images it was calibrated on score this low. Nothing was found; that is not the same as nothing "
    "was done.",
    "inconclusive": "The measured traces do not support either proposition. Treat the image as not examined, "
    "not as cleared.",
}


@dataclass(frozen=True)
class _Layer:
    """A map in the viewer."""

    name: str
    title: str
    measures: str
    reading: str
    uri: str


@dataclass(frozen=True)
class IndexEntry:
    """What `index.html` shows of one image; it holds no pixels but a thumbnail's.

    Attributes:
        file: path as the caller named it.
        report: name of the report's file.
        outcome: of the finding.
        score: of the finding.
        width: in pixels, upright.
        height: in pixels, upright.
        sha256: of the file.
        thumbnail: `data:` address of a small picture.
    """

    file: str
    report: str
    outcome: Outcome
    score: float
    width: int
    height: int
    sha256: str
    thumbnail: str


def write_report(finding: Finding, folder: Path, stem: str, file: str) -> IndexEntry:
    """Write the report of one image.

    Args:
        finding: what to report.
        folder: existing folder; the report is `stem`.html in it.
        stem: name without suffix, such as `file_stem` gives.
        file: path of the image as the caller named it.

    Returns:
        The image's row for `write_index`. The same finding gives the same bytes.
    """
    picture = preview(finding.evidence.pixels)
    (folder / f"{stem}.html").write_text(
        _render("report.html", file=file, **_report_values(finding, picture)), encoding="utf-8"
    )
    evidence = finding.evidence
    return IndexEntry(
        file,
        f"{stem}.html",
        finding.outcome,
        finding.score,
        evidence.width,
        evidence.height,
        evidence.sha256,
        _thumbnail(picture),
    )


def write_index(entries: Sequence[IndexEntry], errors: Sequence[tuple[str, str]], folder: Path) -> Path:
    """Write `index.html`, which links the reports.

    Args:
        entries: one an examined image.
        errors: file and reason of each that could not be examined.
        folder: existing folder.
    """
    path = folder / "index.html"
    path.write_text(
        _render("index.html", entries=entries, errors=errors, version=__version__), encoding="utf-8"
    )
    return path


def _report_values(finding: Finding, picture: Image.Image) -> dict[str, Any]:
    evidence = finding.evidence
    weights = [load_weight(opinion.system) for opinion in finding.opinions]
    script = resources.files(__package__).joinpath("templates/viewer.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {
        "finding": finding,
        "evidence": evidence,
        "headline": _HEADLINES[finding.outcome],
        "meaning": _meaning(finding.outcome, weights),
        "picture": data_uri(picture, "JPEG"),
        "picture_size": picture.size,
        "marked": _marked(finding, picture),
        "share": _share(finding),
        "close_ups": _close_ups(finding),
        "layers": _layers(finding),
        "scale": "linear-gradient(90deg,"
        + ",".join(f"rgb{tuple(map(int, c))}" for c in colour_scale()[::51])
        + ")",
        "weights": weights,
        "strengths": {weight.name: weight.training["validation"]["auc"] for weight in weights},
        "cards": {opinion.system: _card(opinion.system) for opinion in finding.opinions},
        "script": script,
        "script_hash": digest,
        "version": __version__,
    }


def _meaning(outcome: Outcome, weights: Sequence[Weight]) -> str:
    """What an outcome says, with the loosest of the rates that the systems were calibrated for."""
    calibrations = [weight.calibration for weight in weights]
    return _MEANINGS[outcome].format(
        alarms=f"{100 * max(c.false_alarm_rate for c in calibrations):.0f}",
        misses=f"{100 * max(c.miss_rate for c in calibrations):.0f}",
    )


@dataclass(frozen=True)
class _CloseUp:
    """A suspicious patch at native resolution, as it is and with the mask's outline."""

    place: str
    score: float
    plain: str
    outlined: str


def _close_ups(finding: Finding) -> list[_CloseUp]:
    if finding.mask is None or finding.mask_threshold is None:
        return []
    shown = []
    for patch in finding.patches:
        window = np.s_[patch.top : patch.top + patch.height, patch.left : patch.left + patch.width]
        part = Image.fromarray(finding.evidence.pixels[window])
        marked = outlined(part, finding.mask[window] >= finding.mask_threshold)
        place = f"{patch.width} × {patch.height} px, {patch.left} from the left, {patch.top} from the top"
        shown.append(_CloseUp(place, patch.score, data_uri(part, "JPEG"), data_uri(marked, "JPEG")))
    return shown


def _marked(finding: Finding, picture: Image.Image) -> str | None:
    """The preview with the mask's outline, None without a mask."""
    if finding.mask is None or finding.mask_threshold is None:
        return None
    gray = resize_map(finding.mask, finding.evidence.width, finding.evidence.height)
    return data_uri(outlined(picture, gray >= round(255 * finding.mask_threshold)), "JPEG")


def _share(finding: Finding) -> float:
    """Share of the area that the mask marks."""
    if finding.mask is None or finding.mask_threshold is None:
        return 0.0
    return float((finding.mask >= finding.mask_threshold).mean())


def _layers(finding: Finding) -> list[_Layer]:
    return _heat_layers(finding) + _trace_layers(finding.evidence)


def _trace_layers(evidence: Evidence) -> list[_Layer]:
    return [
        _Layer(
            name,
            trace.title,
            trace.measures,
            trace.reading,
            data_uri(paint(preview_map(trace, evidence.pixels))),
        )
        for name, trace in TRACES.items()
    ]


def _heat_layers(finding: Finding) -> list[_Layer]:
    evidence, layers = finding.evidence, []
    for opinion in finding.opinions:
        if heat := opinion.heat_map:
            gray = resize_map(heat.values, evidence.width, evidence.height)
            name = f"{opinion.system}-{heat.name}"
            layers.append(
                _Layer(
                    name,
                    heat.title,
                    f"Explains the score of {opinion.system}.",
                    heat.reading,
                    data_uri(paint(gray)),
                )
            )
    return layers


def _card(system: str) -> str:
    """A model card as HTML, without the markers between which its tables are rewritten."""
    text = re.sub(r"<!--.*?-->\n", "", card_text(system))
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def _thumbnail(picture: Image.Image) -> str:
    small = picture.copy()
    small.thumbnail((240, 180))
    return data_uri(small, "JPEG")


def _render(template: str, **values: object) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tamperlens.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)
