"""The report as PDF, set by typst: the same view as the HTML; the same finding gives the same bytes."""

import tempfile
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from tamperlens import __version__
from tamperlens.errors import TamperlensError
from tamperlens.examine import MASK, Finding
from tamperlens.report import paper_words
from tamperlens.report.drawn import Drawn
from tamperlens.report.json import to_plain
from tamperlens.report.paper import PAPERS, Paper, title_rows
from tamperlens.report.pictures import (
    copies_layer,
    fitted,
    laid_over,
    paint,
    preview,
    preview_size,
    reduced,
)
from tamperlens.report.telling import report_view
from tamperlens.report.typesetting import typeset
from tamperlens.report.view import ReportView
from tamperlens.report.whole_file import write_whole


def write_pdf(
    finding: Finding,
    folder: Path,
    stem: str,
    file: str = "",
    bundle: bytes | None = None,
    paper: Paper = Paper(),  # noqa: B008 - frozen
) -> Path:
    """Write `stem`.pdf.

    Args:
        finding: what to report.
        folder: existing folder.
        stem: name without suffix.
        file: path of the image as the caller named it; "" for the name in the finding.
        bundle: a signed bundle to attach as bundle.zip.
        paper: title block, size and annex.

    Returns:
        Path of the file. The same finding gives the same bytes: no clock and no installed fonts are used.

    Raises:
        MissingExtraError: typst is not installed.
        TamperlensError: the file cannot be written.
    """
    document = finding.document
    view = report_view(msgspec.structs.replace(document, file=file or document.file))
    data = _compiled(finding, view, bundle, paper)
    path = folder / f"{stem}.pdf"
    try:
        write_whole(path, data)
    except OSError as error:
        raise TamperlensError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _compiled(finding: Finding, view: ReportView, bundle: bytes | None, paper: Paper) -> bytes:
    with tempfile.TemporaryDirectory(prefix="tamperlens-") as name:
        work = Path(name)
        if bundle is not None:
            (work / "bundle.zip").write_bytes(bundle)
        content = _content(finding, view, paper, work) | {"has_bundle": bundle is not None}
        return typeset("report.typ", content, work)


def _content(finding: Finding, view: ReportView, paper: Paper, work: Path) -> dict[str, Any]:
    """The content of the pages as plain data; pictures are written into the work folder."""
    document = finding.document
    return {
        "view": to_plain(view),
        "title": list(title_rows(paper.title)),
        "paper": PAPERS[paper.size],
        "annex": paper.annex,
        "columns": paper_words.COLUMNS,
        "signature": paper_words.SIGNATURE,
        "sha256": document.sha256,
        "size": f"{document.width} × {document.height} px, {document.evidence.format}",
        "version": __version__,
        "tall": 9 * document.height > 8 * document.width,
        "figures": _figures(finding, view, work),
        "maps": _maps(finding, view, work) if paper.annex else {},
    }


def _figures(finding: Finding, view: ReportView, work: Path) -> dict[str, Any]:
    """The photograph as shown with the answer, its parts, and the map of each reason."""
    picture, pixels = preview(finding.evidence.pixels), finding.evidence.pixels
    drawn = Drawn(finding, picture.size, view.answer.outlined)
    tinted = MASK if drawn.has_mask and view.gauge.score is not None else ""
    figures: dict[str, Any] = {
        "answer": _save(drawn.over(picture, tinted), work, "answer.jpg"),
        "caption": paper_words.caption(view.answer.outlined, bool(tinted)),
        "crops": [],
        "copies": "",
        "steps": {
            one.name: _save(drawn.over(picture, one.layer), work, f"step-{one.name}.jpg")
            for one in view.answer.reasons
            if one.layer
        },
    }
    if view.answer.outlined:
        for number, region in enumerate(finding.regions):
            crop = drawn.part(pixels, region)
            figures["crops"].append({"file": _save(crop, work, f"crop-{number}.jpg")})
    if finding.copies:
        layer = copies_layer(finding.copies, picture.size, finding.evidence.width)
        figures["copies"] = _save(laid_over(picture, layer), work, "copies.jpg")
    return figures


def _maps(finding: Finding, view: ReportView, work: Path) -> dict[str, str]:
    """Name of each trace's map → file of its picture."""
    size = preview_size(finding.evidence.width, finding.evidence.height)
    shown = {
        page.name: fitted(reduced(finding.maps.levels(page.name)), size)
        for page in view.traces
        if page.name in finding.document.maps
    }
    return {name: _save(paint(map_).convert("RGB"), work, f"{name}.jpg") for name, map_ in shown.items()}


def _save(image: Image.Image, work: Path, name: str) -> str:
    image.save(work / name, "JPEG", quality=88)
    return name
