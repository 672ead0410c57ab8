"""The report as PDF, by typst: the same words as the HTML, the same bytes for the same finding."""

import json
import math
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

from PIL import Image

from tamperlens.errors import MissingExtraError, TamperlensError
from tamperlens.examine import Finding
from tamperlens.report.content import (
    HEADLINES,
    TracePage,
    constant,
    kind_rows,
    masked_share,
    opinion_rows,
    summary,
    title,
    trace_pages,
)
from tamperlens.report.pictures import outlined, overlaid, preview, resize_map, with_copies
from tamperlens.report.whole_file import write_whole


def write_pdf(finding: Finding, folder: Path, stem: str, file: str, bundle: bytes | None = None) -> Path:
    """Write `stem`.pdf.

    Args:
        finding: what to report.
        folder: existing folder.
        stem: name without suffix.
        file: path of the image as the caller named it.
        bundle: a signed bundle to attach as bundle.zip.

    Returns:
        Path of the file. The same finding gives the same bytes: no clock and no installed font is read.

    Raises:
        MissingExtraError: typst is not installed.
        TamperlensError: the file cannot be written.
    """
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
        content = json.dumps(
            {**_content(finding, work, file), "has_bundle": bundle is not None}, ensure_ascii=False
        )
        (work / "content.json").write_text(content, encoding="utf-8")
        data = typst.compile(
            str(work / "report.typ"), root=name, ignore_system_fonts=True, timestamp=0, format="pdf"
        )
    path = folder / f"{stem}.pdf"
    try:
        write_whole(path, data)
    except OSError as error:
        raise TamperlensError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _content(finding: Finding, work: Path, file: str) -> dict[str, Any]:
    evidence = finding.evidence
    facts = finding.statements.facts if finding.statements else ()
    return {
        "title": f"{evidence.name or 'image'}: {HEADLINES[finding.outcome]}",
        "name": evidence.name or "image",
        "outcome": finding.outcome,
        "headline": HEADLINES[finding.outcome],
        "summary": list(summary(finding)),
        "score": finding.score,
        "score_text": f"{finding.score:.2f}",
        "thresholds": list(finding.thresholds or ()),
        "pictures": _pictures(finding, work),
        "copies": [
            [str(i), f"{c.scale:.2f}", f"{round(c.angle)}°", "yes" if c.mirrored else "no",
             str(c.matches or "–"), f"{c.significance:.1f}"]
            for i, c in enumerate(finding.copies, start=1)
        ],
        "kinds": [
            ["☒" if k.ticked else "☐", f"{k.title}: {k.meaning}", f"{k.probability:.0%}", *k.said.values()]
            for k in kind_rows(finding)
        ],
        "kind_systems": [title(opinion.system) for opinion in finding.kind_opinions],
        "agreements": [
            [title(a.name), f"{a.overlap:.0%}", f"{a.chance:.0%}", f"{a.auc:.2f}"] for a in finding.agreements
        ],
        "counter_tests": [
            [t.name, t.outcome, f"{t.score:.2f}", "–" if t.overlap is None else f"{t.overlap:.2f}"]
            for t in finding.counter_tests
        ],
        "opinions": [vars(row) for row in opinion_rows(finding)],
        "constant": f"{constant(finding):+.2f}",
        "total": "–" if finding.llr is None else f"{finding.llr / math.log(10):+.2f}",
        "history": list(finding.history.sentences) if finding.history else [],
        "facts": [[f.weight, f.statement, f.source] for f in facts],
        "limits": list(finding.limits),
        "file": _file_rows(finding, file),
        "versions": [[key, value] for key, value in finding.versions.items()],
        "pages": [_page(page, work) for page in trace_pages(finding)],
    }  # fmt: skip


def _pictures(finding: Finding, work: Path) -> list[dict[str, str]]:
    if finding.mask is None or finding.mask_threshold is None:
        return []
    evidence, picture = finding.evidence, preview(finding.evidence.pixels)
    mask = resize_map(finding.mask, evidence.width, evidence.height) >= round(255 * finding.mask_threshold)
    shown = {
        "Photograph": picture,
        f"Mask, {masked_share(finding):.1%} of the area": outlined(picture, mask),
    }
    if finding.kinds:
        shown["The same, laid over in orange"] = overlaid(picture, mask)
    if finding.copies:
        shown["Copied regions"] = with_copies(picture, finding.copies, evidence.width)
    return [
        {"caption": caption, "file": _save(image, work, f"where-{i}.jpg")}
        for i, (caption, image) in enumerate(shown.items())
    ]


def _page(page: TracePage, work: Path) -> dict[str, str]:
    words = {
        name: getattr(page, name) for name in ("title", "measures", "normal", "misleads", "shows", "void")
    }
    picture = page.picture
    return {**words, "file": _save(picture.convert("RGB"), work, f"{page.name}.jpg") if picture else ""}


def _save(image: Image.Image, work: Path, name: str) -> str:
    image.save(work / name, "JPEG", quality=88)
    return name


def _file_rows(finding: Finding, file: str) -> list[list[str]]:
    evidence = finding.evidence
    rows = [
        ["Path as given", file],
        ["SHA-256", evidence.sha256],
        ["Size", f"{len(evidence.data):,} bytes, {evidence.width} × {evidence.height} px"],
        ["Format", f"{evidence.format}, stored as {evidence.stored_mode}"],
    ]
    if evidence.jpeg:
        exact = "" if evidence.jpeg.quality_is_exact else "nearest to "
        rows.append(["JPEG", f"{exact}quality {evidence.jpeg.quality}, chroma {evidence.jpeg.subsampling}"])
    rows += [["Step taken", step] for step in evidence.steps]
    return rows
