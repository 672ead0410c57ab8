"""The pages of a PDF report, compared with the same pages redrawn from the bundle that it carries."""

import io
import logging
from itertools import zip_longest

from tamperlens.custody._checks import State
from tamperlens.errors import MissingExtraError


def pages_judged(report: bytes, drawn: bytes, other_software: bool) -> tuple[State, str]:
    """How they compare, and what that means.

    Args:
        report: the PDF as submitted.
        drawn: the PDF as this software draws it from the bundle.
        other_software: whether versions differ from those of the finding.
    """
    if report == drawn:
        return "passed", "drawn again from the bundle they are the same, byte for byte"
    number = _first_difference(_texts(report), _texts(drawn))
    if other_software:
        return "not possible", "other versions draw different pages; install those of the finding to compare"
    if number:
        return "failed", f"page {number} does not say what it says drawn again from the bundle"
    return (
        "failed",
        "they say the same as drawn again from the bundle, but the file is another: pictures or layout were "
        "changed, or another kind of processor drew them",
    )


def _first_difference(one: list[str], other: list[str]) -> int:
    """Number of the first page that differs, from 1; 0 if none does."""
    pairs = enumerate(zip_longest(one, other), start=1)
    return next((number for number, (here, there) in pairs if here != there), 0)


def _texts(data: bytes) -> list[str]:
    """The text of each page."""
    try:
        from pypdf import PdfReader  # noqa: PLC0415 - only PDF reports need it
    except ImportError:
        raise MissingExtraError("pypdf", "verifying a PDF report", extra="custody") from None
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    return [page.extract_text() for page in PdfReader(io.BytesIO(data), strict=True).pages]
