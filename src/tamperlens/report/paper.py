"""What a report on paper has besides the finding: who asked, who examined, and the paper size."""

from collections.abc import Iterator

import msgspec

from tamperlens.errors import UnknownNameError
from tamperlens.evidence import printable

# Name of a paper size → its name in typst.
PAPERS = {"a4": "a4", "letter": "us-letter"}
_LONGEST = 400


class TitleBlock(msgspec.Struct, frozen=True, kw_only=True):
    """What identifies the examination; an empty field becomes a line to fill in by hand.

    Attributes:
        case: number or name of the case.
        exhibit: number or name of the image in the case.
        request: who asked, and for what.
        examiner: name and post.
        organisation: organisation that the examiner works for.
        date: date of the examination, with the time zone, as it should be printed.
    """

    case: str = ""
    exhibit: str = ""
    request: str = ""
    examiner: str = ""
    organisation: str = ""
    date: str = ""


_LABELS = {
    "case": "Case",
    "exhibit": "Exhibit",
    "request": "Requested by, question",
    "examiner": "Examiner",
    "organisation": "Organisation",
    "date": "Date and time zone",
}


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """How a report is printed.

    Attributes:
        title: title block of the first page.
        size: "a4" or "letter".
        annex: whether to add every trace, every statement of the file, and its tables.
    """

    title: TitleBlock = TitleBlock()
    size: str = "a4"
    annex: bool = False

    def __post_init__(self) -> None:
        """Refuse an unknown paper size."""
        if self.size not in PAPERS:
            raise UnknownNameError("paper", self.size, PAPERS)


def title_rows(title: TitleBlock) -> Iterator[tuple[str, str]]:
    """Label and value of each field, in order."""
    for name, label in _LABELS.items():
        yield label, printable(getattr(title, name), _LONGEST)
