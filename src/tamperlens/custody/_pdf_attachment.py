"""The bundle attached to a PDF report."""

import io
import logging
import struct
import zlib

from tamperlens.errors import CustodyError, MissingExtraError

BUNDLE_NAME = "bundle.zip"
# pypdf guards against bombs by reading no attachment beyond 75 MB.
MOST_ATTACHED = 70_000_000
# What pypdf raises on damaged files besides its own errors, as found by flipping bytes.
_PARSER_ERRORS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    ArithmeticError,
    AssertionError,
    OSError,
    MemoryError,
    struct.error,
    zlib.error,
)


def check_attachable(bundle: bytes) -> None:
    """Refuse a bundle that `bundle_of` could not read back from a PDF.

    Raises:
        CustodyError: it is too large.
    """
    if len(bundle) > MOST_ATTACHED:
        raise CustodyError(
            f"a bundle of {len(bundle):,} bytes is too large for a PDF, which carries "
            f"{MOST_ATTACHED:,} at most; "
            "leave out --with-original or --pdf"
        )


def bundle_of(data: bytes) -> bytes:
    """The bundle: the data itself, or what a PDF carries.

    Args:
        data: a bundle or a PDF report.

    Raises:
        CustodyError: the PDF is unreadable or carries no bundle.
        MissingExtraError: pypdf is not installed.
    """
    if not data.startswith(b"%PDF-"):
        return data
    try:
        from pypdf import PdfReader  # noqa: PLC0415 - only PDF reports need it
        from pypdf.errors import PyPdfError  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError("pypdf", "verifying a PDF report", extra="custody") from None
    # Its messages about a damaged file would quote that file.
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    try:
        found = PdfReader(io.BytesIO(data), strict=True).attachments.get(BUNDLE_NAME, [])
    except (PyPdfError, *_PARSER_ERRORS) as error:
        raise CustodyError(f"the PDF is damaged and cannot be read: {error}") from error
    if len(found) != 1:
        raise CustodyError(
            f"the PDF carries {len(found)} bundles; expected one, as 'tamperlens bundle --pdf' makes it"
        )
    return found[0]
