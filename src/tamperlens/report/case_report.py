"""A case on paper: its images, what the machine found and people concluded, and the chain of custody."""

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
        by: who.
        at: when, as it is printed.
        text: their words.
        headline: outcome or verdict in words; "" for notes.
        outcome: of the conclusion; "" for what has none.
        reviews: what others say of it.
    """

    by: str
    at: str
    text: str
    headline: str = ""
    outcome: str = ""
    reviews: tuple["Remark", ...] = ()


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """What an examiner drew.

    Attributes:
        points: corners as shares of width and height, 0 to 1.
        remark: what is said of it.
    """

    points: tuple[tuple[float, float], ...]
    remark: Remark


class CaseImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image of the case.

    Attributes:
        name: of its file.
        sha256: of its bytes.
        size: width, height, format, as they are printed.
        handed_in: by whom and when.
        thumbnail: path of a small picture; None where there is none.
        outcome: the machine's; "" where there is no finding.
        found: the machine's headline, or why there is none.
        score: as it is printed; "" where none may be given.
        what: the answer's first line.
        where: the answer's second line.
        why: the reasons, or that no reason stands out.
        outline: of the mask: polygons of shares of width and height.
        conclusions: of the examiners.
        disagreement: whether they differ.
        notes: of the examiners.
        regions: that they drew.
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
        at: when, as it is printed.
        actor: who.
        what: what was done, with the image's name.
    """

    seq: int
    at: str
    actor: str
    what: str


class CaseReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the pages say.

    Attributes:
        title: of the case.
        description: of the case.
        summary: sentences.
        images: in the order in which they were handed in.
        told: numbers of the images, from 1, that are told one by one.
        custody: sentences about the chain of custody.
        steps: the case's records.
        method: how the findings were come to.
        references: that it follows.
        limits: of all findings, each once.
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
    """The pages as PDF; the same content gives the same bytes.

    Args:
        report: what they say.
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
    """Plain data; the thumbnail is copied to where the pages are made."""
    plain: dict[str, object] = to_plain(msgspec.structs.replace(one, thumbnail=None))
    plain |= {"number": number, "thumbnail": ""}
    if one.thumbnail and one.thumbnail.is_file():
        name = f"{number}{one.thumbnail.suffix}"
        (work / name).write_bytes(one.thumbnail.read_bytes())
        plain["thumbnail"] = name
    return plain
