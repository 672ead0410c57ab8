"""One self-contained HTML file an examined image, and an index of several."""

import base64
import hashlib
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markdown_it import MarkdownIt
from numpy.typing import NDArray
from PIL import Image

from tamperlens import __version__
from tamperlens.examine import DETECTORS, EXPLAINER, Finding, Outcome, card_text
from tamperlens.report.content import (
    FUSED_MEASURES,
    FUSED_READING,
    HEADLINES,
    STRICT_RATE,
    TracePage,
    constant,
    kind_rows,
    kind_sentence,
    masked_share,
    meaning,
    opinion_rows,
    support,
    title,
    trace_pages,
)
from tamperlens.report.pictures import (
    colour_scale,
    data_uri,
    outlined,
    overlaid,
    paint,
    preview,
    resize_map,
    to_gray_levels,
    with_copies,
)
from tamperlens.report.whole_file import write_whole


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
    page = render("report.html", file=file, **_report_values(finding, picture))
    write_whole(folder / f"{stem}.html", page)
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
    write_whole(path, render("index.html", entries=entries, errors=errors, version=__version__))
    return path


def _report_values(finding: Finding, picture: Image.Image) -> dict[str, Any]:
    script = resources.files(__package__).joinpath("templates/viewer.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    pages = trace_pages(finding)
    layers = _layers(finding, pages)
    return {
        "finding": finding,
        "evidence": finding.evidence,
        "headline": HEADLINES[finding.outcome],
        "meaning": meaning(finding),
        "support": support(finding),
        "picture": data_uri(picture, "JPEG"),
        "picture_size": picture.size,
        "marked": _marked(finding, picture),
        "share": masked_share(finding),
        "close_ups": _close_ups(finding),
        "copied": _copied(finding, picture),
        "kinds": kind_rows(finding),
        "kind_sentence": kind_sentence(finding),
        "overlay": _marked(finding, picture, overlaid) if finding.kinds else None,
        "opinions": opinion_rows(finding),
        "pages": [(page, page.picture and data_uri(page.picture)) for page in pages],
        "constant": constant(finding),
        "command": _command(finding),
        "page_names": {page.name for page in pages if page.picture},
        "thumbnail": _thumbnails(finding),
        "facts": finding.statements.facts if finding.statements else (),
        "layers": layers,
        "explanations": [layer for layer in layers if layer.measures == _LOOKED],
        "scale": "linear-gradient(90deg,"
        + ",".join(f"rgb{tuple(map(int, c))}" for c in colour_scale()[::51])
        + ")",
        "title_of": title,
        "cards": {name: _card(name) for name in _cards(finding)},
        "script": script,
        "script_hash": digest,
        "version": __version__,
    }


def _command(finding: Finding) -> str:
    """What repeats the finding; the file's name may hold anything, so the shell must not read it."""
    options = ["--counter-test"] if finding.counter_tests else []
    options += ["--explain"] if finding.explanations else []
    if finding.llr is None:
        options += [word for opinion in finding.opinions for word in ("--system", opinion.system)]
    elif finding.false_alarm_rate == STRICT_RATE:
        options.append("--strict")
    budget = finding.versions.get("time budget"), finding.versions.get("memory budget")
    options += ["--time-budget", budget[0].removesuffix(" s")] if budget[0] else []
    options += ["--max-memory", budget[1].removesuffix(" GiB") + "G"] if budget[1] else []
    name = shlex.quote(f"./{finding.evidence.name or 'FILE'}")
    return " ".join(["tamperlens", "examine", name, "--out", "DIR", *options])


def _cards(finding: Finding) -> list[str]:
    """Names of the cards that the finding rests on."""
    systems = [opinion.system for opinion in finding.opinions if opinion.system in DETECTORS]
    systems += [opinion.system for opinion in finding.kind_opinions]
    systems += [EXPLAINER] if finding.explanations else []
    return systems if finding.llr is None else [*systems, "fusion"]


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


def _marked(
    finding: Finding,
    picture: Image.Image,
    mark: Callable[[Image.Image, NDArray[np.bool_]], Image.Image] = outlined,
) -> str | None:
    """The preview with the mask drawn on it, None without a mask."""
    if finding.mask is None or finding.mask_threshold is None:
        return None
    gray = resize_map(finding.mask, finding.evidence.width, finding.evidence.height)
    return data_uri(mark(picture, gray >= round(255 * finding.mask_threshold)), "JPEG")


def _copied(finding: Finding, picture: Image.Image) -> str | None:
    """The preview with both regions of each copy and an arrow between them, None without copies."""
    if not finding.copies:
        return None
    return data_uri(with_copies(picture, finding.copies, finding.evidence.width), "JPEG")


def _thumbnails(finding: Finding) -> list[tuple[str, str]]:
    """The EXIF thumbnail and where it differs from the image, as caption and address; empty without one."""
    thumbnail = finding.statements.thumbnail if finding.statements else None
    if thumbnail is None:
        return []
    height, width = thumbnail.pixels.shape[:2]
    shown = [(f"EXIF thumbnail, {width} × {height} px", data_uri(Image.fromarray(thumbnail.pixels)))]
    if thumbnail.difference.any():
        gray = to_gray_levels(thumbnail.difference)
        caption = f"How far it differs from the image, {thumbnail.differing:.0%} of the area clearly"
        shown.append((caption, data_uri(paint(gray))))
    return shown


_LOOKED = "What a network that has no part in this finding went by."


def _layers(finding: Finding, pages: Sequence[TracePage]) -> list[_Layer]:
    """Everything that can be laid over the photograph, the mask's map first."""
    evidence, layers = finding.evidence, []
    for name, shown, measures, reading, values in _maps(finding):
        uri = data_uri(paint(resize_map(values, evidence.width, evidence.height)))
        layers.append(_Layer(name.replace(" ", "-"), shown, measures, reading, uri))
    for page in pages:
        if page.picture:
            reading = f"{page.normal} {page.misleads}".strip()
            layers.append(_Layer(page.name, page.title, page.measures, reading, data_uri(page.picture)))
    return layers


def _maps(finding: Finding) -> Iterator[tuple[str, str, str, str, NDArray[np.float32]]]:
    """Name, title, what it measures, how it is read, and values of each map that is no trace."""
    if finding.mask is not None and finding.llr is not None:
        yield "fused", "Fused map", FUSED_MEASURES, FUSED_READING, finding.mask
    for opinion in finding.opinions:
        if (heat := opinion.heat_map) and opinion.system in DETECTORS:
            explained = f"Explains the score of {opinion.system}."
            yield f"{opinion.system} {heat.name}", heat.title, explained, heat.reading, heat.values
    for told in finding.kind_opinions:
        if seen := told.heat_map:
            explained = f"Explains what the {title(told.system).lower()} says of the kind."
            yield told.system, seen.title, explained, seen.reading, seen.values
    for one in finding.explanations:
        yield one.name, title(one.name), _LOOKED, one.reading, one.values


def _card(system: str) -> str:
    """A model card as HTML, without pictures and the markers of its tables."""
    text = re.sub(r"<!--.*?-->\n|!\[[^]]*\]\([^)]*\)(\{[^}]*\})?", "", card_text(system))
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def _thumbnail(picture: Image.Image) -> str:
    small = picture.copy()
    small.thumbnail((240, 180))
    return data_uri(small, "JPEG")


def render(template: str, **values: object) -> str:
    """A template of this room with everything escaped that it is given."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tamperlens.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)
