"""What a report on paper carries besides the finding: who asked, who examined, on which paper."""

from collections.abc import Iterator

import msgspec

from tamperlens.errors import UnknownNameError
from tamperlens.evidence import printable

# Name of a paper size → what typst calls it.
PAPERS = {"a4": "a4", "letter": "us-letter"}
_LONGEST = 400


class TitleBlock(msgspec.Struct, frozen=True, kw_only=True):
    """What identifies the examination; a field left empty is a line to be filled in by hand.

    Attributes:
        case: number or name of the case.
        exhibit: of the image in the case.
        request: who asked, and for what.
        examiner: name and post.
        organisation: that the examiner works for.
        date: of the examination, with the time zone, as it is to be printed.
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
        title: of the first page.
        size: "a4" or "letter".
        annex: whether every trace, every statement of the file and its tables follow.
    """

    title: TitleBlock = TitleBlock()
    size: str = "a4"
    annex: bool = False

    def __post_init__(self) -> None:
        """Refuse paper that nobody has."""
        if self.size not in PAPERS:
            raise UnknownNameError("paper", self.size, PAPERS)


def title_rows(title: TitleBlock) -> Iterator[tuple[str, str]]:
    """Label and value of each field, in their order."""
    for name, label in _LABELS.items():
        yield label, printable(getattr(title, name), _LONGEST)
