"""A case on paper: its images, what was found, what people concluded, and the chain of custody."""

import tempfile
from pathlib import Path

import msgspec

from tamperlens import __version__
from tamperlens.report.json import to_plain
from tamperlens.report.paper import PAPERS, Paper, title_rows
from tamperlens.report.typesetting import typeset


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wrote.

    Attributes:
        by: who wrote it.
        at: when, as printed.
        text: their words.
        headline: outcome or verdict in words; "" for notes.
        outcome: outcome of the conclusion; "" if it has none.
        reviews: what others say about it.
    """

    by: str
    at: str
    text: str
    headline: str = ""
    outcome: str = ""
    reviews: tuple["Remark", ...] = ()


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """A region that an examiner drew.

    Attributes:
        points: corners as shares of width and height, 0 to 1.
        remark: what the examiner says about it.
    """

    points: tuple[tuple[float, float], ...]
    remark: Remark


class CaseImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image of the case.

    Attributes:
        name: name of its file.
        sha256: SHA-256 of its bytes.
        size: width, height and format, as printed.
        handed_in: who added it and when.
        thumbnail: path of a small picture; None if there is none.
        outcome: outcome of the finding; "" if there is no finding.
        found: headline of the finding, or why there is none.
        score: score as printed; "" if none may be given.
        what: the answer's first line.
        where: the answer's second line.
        why: the reasons, or that no reason stands out.
        outline: outline of the mask: polygons in shares of width and height.
        conclusions: the examiners' conclusions.
        disagreement: whether the conclusions differ.
        notes: the examiners' notes.
        regions: regions that examiners drew.
    """

    name: str
    sha256: str
    size: str
    handed_in: str
    thumbnail: Path | None
    outcome: str
    found: str
    score: str = ""
    what: str = ""
    where: str = ""
    why: tuple[str, ...] = ()
    outline: tuple[tuple[tuple[float, float], ...], ...] = ()
    conclusions: tuple[Remark, ...] = ()
    disagreement: bool = False
    notes: tuple[Remark, ...] = ()
    regions: tuple[Region, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the ledger.

    Attributes:
        seq: its number.
        at: when, as printed.
        actor: who did it.
        what: what was done, with the name of the image.
    """

    seq: int
    at: str
    actor: str
    what: str


class CaseReport(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the pages.

    Attributes:
        title: title of the case.
        description: description of the case.
        summary: summary, as sentences.
        images: in the order in which they were added.
        told: numbers of the images, from 1, that get a section of their own.
        custody: sentences about the chain of custody.
        steps: the records of the case.
        method: how the findings were made.
        references: publications that the method follows.
        limits: limits of all findings, each once.
    """

    title: str
    description: str
    summary: tuple[str, ...]
    images: tuple[CaseImage, ...]
    told: tuple[int, ...]
    custody: tuple[str, ...]
    steps: tuple[Step, ...]
    method: tuple[str, ...]
    references: tuple[str, ...]
    limits: tuple[str, ...]


_WORDS = {
    "report": "Case report",
    "images": "Images",
    "one": "The images one by one",
    "custody": "Chain of custody",
    "method": "Method",
    "limits": "Limits",
    "annex": "Annex: every record of the case",
    "number": "No.",
    "image": "Image",
    "machine": "Machine",
    "examiners": "Examiners",
    "none": "None yet",
    "disagree": "The examiners disagree.",
    "where": "Where",
    "why": "Why",
    "notes": "Notes",
    "regions": "Regions that examiners marked",
    "handed_in": "Added",
    "when": "When, UTC",
    "who": "Who",
    "what": "What",
    "score": "score",
}
_SIGNATURE = ("Place, date", "Signature of the examiner in charge")


def case_pdf(report: CaseReport, paper: Paper) -> bytes:
    """The pages as a PDF; the same content gives the same bytes.

    Args:
        report: content of the pages.
        paper: title block and size; the annex lists every record.

    Raises:
        MissingExtraError: typst is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="tamperlens-") as name:
        work = Path(name)
        plain = to_plain(msgspec.structs.replace(report, images=()))
        plain["images"] = [_image(one, number, work) for number, one in enumerate(report.images, 1)]
        content = {
            "case": plain,
            "words": _WORDS,
            "title": list(title_rows(paper.title)),
            "paper": PAPERS[paper.size],
            "annex": paper.annex,
            "signature": _SIGNATURE,
            "version": __version__,
        }
        return typeset("case.typ", content, work)


def _image(one: CaseImage, number: int, work: Path) -> dict[str, object]:
    """The image as plain data; its thumbnail is copied into the work folder."""
    plain: dict[str, object] = to_plain(msgspec.structs.replace(one, thumbnail=None))
    plain |= {"number": number, "thumbnail": ""}
    if one.thumbnail and one.thumbnail.is_file():
        name = f"{number}{one.thumbnail.suffix}"
        (work / name).write_bytes(one.thumbnail.read_bytes())
        plain["thumbnail"] = name
    return plain
