"""The report as PDF, by typst: the same view as the HTML, the same bytes for the same finding."""

import json
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from tamperlens.errors import MissingExtraError, TamperlensError
from tamperlens.examine import MASK, Finding
from tamperlens.report.json import to_plain
from tamperlens.report.pictures import (
    copies_layer,
    fitted,
    laid_over,
    mask_layer,
    paint,
    preview,
    preview_size,
    reduced,
)
from tamperlens.report.telling import report_view
from tamperlens.report.view import ReportView
from tamperlens.report.whole_file import write_whole


def write_pdf(finding: Finding, folder: Path, stem: str, file: str = "", bundle: bytes | None = None) -> Path:
    """Write `stem`.pdf.

    Args:
        finding: what to report.
        folder: existing folder.
        stem: name without suffix.
        file: path of the image as the caller named it; "" for the name that the finding has.
        bundle: a signed bundle to attach as bundle.zip.

    Returns:
        Path of the file. The same finding gives the same bytes: no clock and no installed font is read.

    Raises:
        MissingExtraError: typst is not installed.
        TamperlensError: the file cannot be written.
    """
    document = finding.document
    view = report_view(msgspec.structs.replace(document, file=file or document.file))
    data = _compiled(finding, view, bundle)
    path = folder / f"{stem}.pdf"
    try:
        write_whole(path, data)
    except OSError as error:
        raise TamperlensError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _compiled(finding: Finding, view: ReportView, bundle: bytes | None) -> bytes:
    try:
        import typst  # noqa: PLC0415 - 30 MB that only PDF reports need
    except ImportError:
        raise MissingExtraError("typst", "a PDF report", extra="pdf") from None
    template = resources.files(__package__).joinpath("templates/report.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="tamperlens-") as name:
        work = Path(name)
        (work / "report.typ").write_text(template, encoding="utf-8")
        if bundle is not None:
            (work / "bundle.zip").write_bytes(bundle)
        content: dict[str, Any] = {
            "view": to_plain(view),
            "pictures": _pictures(finding, work),
            "maps": _maps(finding, view, work),
            "has_bundle": bundle is not None,
        }
        (work / "content.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        data: bytes = typst.compile(
            str(work / "report.typ"), root=name, ignore_system_fonts=True, timestamp=0, format="pdf"
        )
    return data


def _pictures(finding: Finding, work: Path) -> list[dict[str, str]]:
    """The photograph, and what is laid over it."""
    if finding.mask is None or finding.mask_threshold is None:
        return []
    picture = preview(finding.evidence.pixels)
    marked = fitted(finding.maps.levels(MASK), picture.size) >= round(255 * finding.mask_threshold)
    shown = {
        "Photograph": picture,
        f"Mask, {finding.document.marked_share or 0:.1%} of the area": laid_over(picture, mask_layer(marked)),
    }
    if finding.kinds:
        shown["The same, laid over in orange"] = laid_over(picture, mask_layer(marked, filled=True))
    if finding.copies:
        layer = copies_layer(finding.copies, picture.size, finding.evidence.width)
        shown["Copied regions"] = laid_over(picture, layer)
    return [
        {"caption": caption, "file": _save(image, work, f"where-{i}.jpg")}
        for i, (caption, image) in enumerate(shown.items())
    ]


def _maps(finding: Finding, view: ReportView, work: Path) -> dict[str, str]:
    """Name of each trace's map → its picture's file."""
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
