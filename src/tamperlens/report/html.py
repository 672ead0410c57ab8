"""One self-contained HTML file per image, and an index of several."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from PIL import Image

from tamperlens import __version__
from tamperlens.examine import MASK, Finding, Outcome, card_text, to_levels
from tamperlens.examine.networks import weight_names
from tamperlens.report import words
from tamperlens.report.alike import tiny
from tamperlens.report.answer_words import PRIORITIES
from tamperlens.report.drawn import Drawn, mask_outlines
from tamperlens.report.folder import folder_rows, to_csv
from tamperlens.report.outline import outlines, svg_path
from tamperlens.report.pictures import (
    colour_scale,
    colour_tables,
    data_uri,
    page_photograph,
    paint,
    preview,
    preview_size,
    reduced,
)
from tamperlens.report.telling import report_view, score_text
from tamperlens.report.view import Part, ReportView
from tamperlens.report.whole_file import write_whole
from tamperlens.traces.copies import Copy

if TYPE_CHECKING:
    import jinja2

# Folder of model cards, next to the reports.
CARDS = "cards"


@dataclass(frozen=True)
class IndexEntry:
    """What `index.html` shows about one image; the only pixels in it are a thumbnail's.

    Attributes:
        file: path as the caller named it.
        report: name of the report's file.
        outcome: outcome of the finding.
        score: score of the finding; None if none may be given.
        width: width of the upright image in pixels.
        height: height of the upright image in pixels.
        sha256: SHA-256 of the file.
        thumbnail: `data:` address of a small picture, with the marked area.
        tiny: the picture in the form that `alike` compares.
    """

    file: str
    report: str
    outcome: Outcome
    score: float | None
    width: int
    height: int
    sha256: str
    thumbnail: str
    tiny: str


def write_report(
    finding: Finding, folder: Path, stem: str, file: str = "", with_cards: bool = True
) -> IndexEntry:
    """Write the report of one image.

    Args:
        finding: what to report.
        folder: existing folder; the report is `stem`.html in it.
        stem: name without suffix, for example from `file_stem`.
        file: path of the image as the caller named it; "" for the name in the finding.
        with_cards: write the model cards into the folder `cards` next to it, and link them.

    Returns:
        The image's row for `write_index`. The same finding gives the same bytes.
    """
    document = finding.document
    view = report_view(msgspec.structs.replace(document, file=file or document.file))
    cards = {card.name: f"{CARDS}/{card.name}.html" for card in view.repeat.cards} if with_cards else {}
    for name, address in cards.items():
        _write_card(name, folder / address)
    page = render("report.html", view=view, cards=cards, **_pictures(finding, view), **_constants())
    write_whole(folder / f"{stem}.html", page)
    return IndexEntry(
        file or document.file,
        f"{stem}.html",
        finding.outcome,
        finding.score,
        document.width,
        document.height,
        document.sha256,
        *_small(finding, view),
    )


def summary_html(finding: Finding) -> str:
    """A finding for a notebook: the photograph with the mask's outline, and the result in words."""
    view, picture = report_view(finding.document), preview(finding.evidence.pixels)
    picture.thumbnail((640, 480))
    size = finding.evidence.width, finding.evidence.height
    called = view.answer.outlined
    return render(
        "summary.html",
        view=view,
        picture=data_uri(picture, "JPEG"),
        size=size,
        outline=svg_path(mask_outlines(finding, preview_size(*size), size)) if called else "",
    )


def write_index(
    rows: Sequence[Mapping[str, Any]], shown: Mapping[str, Mapping[str, str]], folder: Path
) -> Path:
    """Write `index.html`, a table that can be sorted and filtered, and the same table as `findings.csv`.

    Args:
        rows: one object per file, from `finding_to_json`, `clip_to_json` or `error_to_json`.
        shown: file → `report`, `thumbnail` and `tiny` of its index entry, if it has one.
        folder: existing folder.
    """
    told, path = folder_rows(rows, shown), folder / "index.html"
    script = _template("index.js")
    page = render(
        "index.html", rows=told, script=script, script_hash=_digest(script), version=__version__,
        folders=sorted({row.folder for row in told}), priorities=PRIORITIES,
    )  # fmt: skip
    write_whole(path, page)
    write_whole(folder / "findings.csv", to_csv(told))
    return path


def _template(name: str) -> str:
    return resources.files(__package__).joinpath(f"templates/{name}").read_text(encoding="utf-8")


def _digest(script: str) -> str:
    """The hash by which the page's security policy allows a script."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _constants() -> dict[str, Any]:
    """What all reports contain."""
    script = _template("viewer.js")
    colours = ",".join(f"rgb{tuple(map(int, c))}" for c in colour_scale()[::51])
    return {
        "script": script,
        "script_hash": _digest(script),
        "scale": f"linear-gradient(90deg,{colours})",
        "tables": colour_tables(),
        "version": __version__,
    }


def _pictures(finding: Finding, view: ReportView) -> dict[str, Any]:
    """All pictures, each once; overlays are in pixels of the image."""
    evidence, photograph = finding.evidence, page_photograph(finding.evidence.pixels)
    size = evidence.width, evidence.height
    whole = photograph.size == size
    return {
        "finding": finding.document,
        "picture_uri": data_uri(photograph, "JPEG"),
        "size": size,
        "reduced": "" if whole else words.reduced(photograph.width / evidence.width),
        "maps": {
            layer.name: data_uri(Image.fromarray(reduced(finding.maps.levels(layer.name))), "WEBP")
            for layer in view.layers
        },
        "outline": svg_path(mask_outlines(finding, preview_size(*size), size)),
        "copied": [_copied(copy) for copy in finding.copies],
        "close_ups": list(_close_ups(finding, view, whole)),
        "thumbnail": _thumbnails(finding),
    }


def _copied(copy: Copy) -> tuple[str, str, str]:
    """Paths of source, target and the arrow between them."""
    ends, paths = [], []
    for region in (copy.source, copy.target):
        height, width = region.mask.shape
        padded = np.pad(region.mask, 1)
        moved = [
            [(x + region.left - 1, y + region.top - 1) for x, y in polygon]
            for polygon in outlines(padded, (width + 2, height + 2))
        ]
        rows, columns = np.nonzero(region.mask)
        ends.append(f"{region.left + columns.mean():.1f} {region.top + rows.mean():.1f}")
        paths.append(svg_path(moved))
    return paths[0], paths[1], f"M{ends[0]}L{ends[1]}"


def _close_ups(
    finding: Finding, view: ReportView, whole: bool
) -> Iterator[tuple[Part, tuple[int, int, int, int], str | None]]:
    """Each suspicious part, its place, and its native pixels if the page shows the photograph reduced."""
    for part in view.where.parts:
        one = part.region
        window = np.s_[one.top : one.top + one.height, one.left : one.left + one.width]
        native = None if whole else data_uri(Image.fromarray(finding.evidence.pixels[window]), "JPEG")
        yield part, (one.left, one.top, one.width, one.height), native


def _thumbnails(finding: Finding) -> list[tuple[str, str]]:
    """EXIF thumbnail, and where it differs from the image, as captions and addresses; empty without one."""
    thumbnail = finding.statements.thumbnail if finding.statements else None
    if thumbnail is None:
        return []
    height, width = thumbnail.pixels.shape[:2]
    shown = [(f"EXIF thumbnail, {width} × {height} px", data_uri(Image.fromarray(thumbnail.pixels)))]
    if thumbnail.difference.any():
        gray = to_levels(thumbnail.difference)
        caption = f"How far it differs from the image, {thumbnail.differing:.0%} of the area clearly"
        shown.append((caption, data_uri(paint(gray))))
    return shown


def write_cards(folder: Path) -> None:
    """Write the model cards that reports in a folder link to, unless they are already there."""
    for name in (*weight_names(), "fusion"):
        if not (folder / CARDS / f"{name}.html").exists():
            _write_card(name, folder / CARDS / f"{name}.html")


def _write_card(name: str, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    write_whole(path, _card(name))


@cache
def _card(name: str) -> str:
    """A model card as a separate page, without pictures and table markers."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only cards are Markdown

    text = re.sub(r"<!--.*?-->\n|!\[[^]]*\]\([^)]*\)(\{[^}]*\})?", "", card_text(name))
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return render("card.html", name=name, body=body, version=__version__)


def _small(finding: Finding, view: ReportView) -> tuple[str, str]:
    """The picture for tables, with the marked area, and in the form that is compared with others."""
    small = preview(finding.evidence.pixels)
    compared = tiny(small)
    small.thumbnail((240, 180))
    drawn = Drawn(finding, small.size, view.answer.outlined)
    layer = MASK if drawn.has_mask and view.answer.outlined else ""
    return data_uri(drawn.over(small, layer), "JPEG"), compared


def render(template: str, **values: object) -> str:
    """Render a template of this room; all values are escaped."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> "jinja2.Environment":
    import jinja2  # noqa: PLC0415 - JSON needs no templates

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tamperlens.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["score"] = score_text
    return environment
