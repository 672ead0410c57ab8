"""The bundle that a PDF report carries as an attachment."""

import io

from tamperlens.errors import CustodyError, MissingExtraError

BUNDLE_NAME = "bundle.zip"


def bundle_of(data: bytes) -> bytes:
    """The bundle: the data itself, or what a PDF carries.

    Args:
        data: of a bundle or of a PDF report.

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
    try:
        found = PdfReader(io.BytesIO(data)).attachments.get(BUNDLE_NAME, [])
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise CustodyError(f"the PDF is damaged and cannot be read: {error}") from error
    if len(found) != 1:
        raise CustodyError(
            f"the PDF carries {len(found)} bundles; expected one, as 'tamperlens bundle --pdf' makes it"
        )
    return found[0]
