"""Every error that Tamperlens raises on purpose.

```
TamperlensError                  what went wrong, in one sentence a person can act on
├── EvidenceError                the file cannot be examined
│   ├── UnreadableFileError      missing, a directory, no permission, not a regular file
│   ├── UnknownFormatError       the content is not in a supported image format
│   ├── UnsupportedImageError    a known format, or a coding of it, that is not examined
│   ├── ImageTooLargeError       the declared size is over the limit; nothing was decoded
│   ├── DamagedImageError        the format is known, the content does not decode
│   └── ExaminationEndedError    the process that examined it died or ran into a limit
├── InputTypeError               what was handed in cannot be examined
├── UnknownNameError             no trace, system, dataset or protocol of that name
├── WeightError                  a weight is missing, altered or does not fit its manifest
├── DetectorError                an external detector cannot be loaded, or gave no valid answer
├── DatasetError                 a dataset folder is missing, incomplete or mis-paired
├── RecipeError                  a recipe is unreadable or has a wrong setting
├── SignatureFileError           a file of known writers' signatures is unreadable or incomplete
├── CustodyError                 a bundle, a key or a time stamp cannot be read, written or obtained
├── ScanError                    the results of a scan belong to another plan, or its source cannot be read
├── ServiceError                 the workbench cannot start, or its ledger is not intact
├── RefusedError                 a workbench refused what a program asked of it, or does not answer
└── MissingExtraError            the command needs an optional extra that is not installed
```
"""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class TamperlensError(Exception):
    """Base of all errors raised on purpose; its text is one clear sentence."""


class EvidenceError(TamperlensError):
    """The file cannot be examined."""


class UnreadableFileError(EvidenceError):
    """The path is missing, a directory, not permitted or not a regular file."""


class UnknownFormatError(EvidenceError):
    """The content is not an image in a supported format."""


class UnsupportedImageError(EvidenceError):
    """The content is known and sound, but its format or coding is not examined."""


class ImageTooLargeError(EvidenceError):
    """The declared number of pixels, or the file itself, is over the limit."""


class DamagedImageError(EvidenceError):
    """The format is known, but the content does not decode."""


class ExaminationEndedError(EvidenceError):
    """The confined process that examined the file died or ran into a limit."""


class InputTypeError(TamperlensError, TypeError):
    """What was handed in cannot be examined.

    >>> str(InputTypeError("a list", "a path or bytes"))
    'a list cannot be examined; pass a path or bytes'
    """

    def __init__(self, what: str, accepted: str) -> None:
        super().__init__(f"{what} cannot be examined; pass {accepted}")


class UnknownNameError(TamperlensError):
    """A name that no registry dict holds.

    >>> str(UnknownNameError("trace", "ella", ["ela", "lbp"]))
    "no trace is called 'ella'; did you mean 'ela'? Known: ela, lbp"
    """

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else "."
        super().__init__(f"no {what} is called '{name}'{hint} Known: {', '.join(names)}")


class WeightError(TamperlensError):
    """A weight is missing, altered or does not fit its manifest."""


class DetectorError(TamperlensError):
    """A detector from elsewhere cannot be loaded, or what it answered is neither a map nor a score."""


class DatasetError(TamperlensError):
    """A dataset folder is missing, incomplete or mis-paired."""


class RecipeError(TamperlensError):
    """A recipe is unreadable or has a wrong setting."""


class SignatureFileError(TamperlensError):
    """A file of known writers' signatures is unreadable or incomplete."""


class CustodyError(TamperlensError):
    """A bundle, a key or a time stamp cannot be read, written or obtained."""


class ScanError(TamperlensError):
    """The results of a scan belong to another plan or are in use, or its source cannot be read."""


class ServiceError(TamperlensError):
    """The workbench cannot start with these settings, or its ledger is not intact."""


class RefusedError(TamperlensError):
    """A workbench refused what a program asked of it, or does not answer.

    Attributes:
        status: of HTTP; None where there was no answer.
        errors: where it stood in the request → field → what is wrong with it.
    """

    def __init__(
        self, sentence: str, status: int | None = None, errors: dict[str, Any] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.errors = errors or {}


class MissingExtraError(TamperlensError):
    """The command needs packages of an optional extra."""

    def __init__(self, package: str, command: str, extra: str = "train") -> None:
        super().__init__(
            f"'{command}' needs the package '{package}', which is not installed; "
            f"install the extra it belongs to: {install_command(extra)}"
        )


def install_command(extra: str) -> str:
    """What installs an extra here: from the checkout that this is, or else by the package's name."""
    checkout = Path(__file__).parents[2]
    if not (checkout / "pyproject.toml").is_file():
        return f"pip install 'tamperlens[{extra}]'"
    where = "." if checkout == Path.cwd() else checkout
    return f"pip install -e '{where}[{extra}]'"
