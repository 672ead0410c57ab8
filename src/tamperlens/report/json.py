"""The finding as data: a versioned format for other programs, described in docs/json.md."""

import re
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from tamperlens.evidence import Evidence
from tamperlens.examine import ErrorDocument, Finding
from tamperlens.report.pictures import save_map

# Every number is written with this many decimals.
_DECIMALS = 6


def finding_to_json(finding: Finding, file: str = "", mask: Path | None = None) -> dict[str, Any]:
    """A finding as plain data.

    Args:
        finding: what to describe.
        file: the path as the caller named it; "" for the name in the document.
        mask: where the mask was written; None if it was not.
    """
    document, changes = finding.document, dict[str, Any]()
    if file:
        changes["file"] = file
    if mask is not None:
        reasons = {name: why for name, why in document.absent.items() if name != "mask_file"}
        changes |= {"mask_file": str(mask), "absent": reasons}
    return to_plain(msgspec.structs.replace(document, **changes))


def error_to_json(file: str, error: Exception) -> dict[str, Any]:
    """A file that could not be examined, as plain data."""
    return to_plain(ErrorDocument(file=file, error=str(error)))


def to_plain(document: msgspec.Struct) -> dict[str, Any]:
    """A document as dicts, lists, strings and numbers; numbers are rounded to six decimals."""
    plain: dict[str, Any] = _rounded(msgspec.to_builtins(document, enc_hook=_number))
    return plain


def _number(value: object) -> float | int:
    """A NumPy number as a Python number."""
    if isinstance(value, np.floating | np.integer):
        return value.item()
    raise NotImplementedError(f"a document holds a {type(value).__name__}")


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any plain value
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value


def file_stem(evidence: Evidence) -> str:
    """Name for files about an image: its own name made safe, plus the start of its hash against collisions.

    The name is untrusted: only letters, digits, dot, dash and underscore are kept.
    """
    plain = re.sub(r"[^\w.-]+", "_", Path(evidence.name).stem, flags=re.ASCII).strip("._")[:60]
    return f"{plain or 'image'}-{evidence.sha256[:8]}"


def write_mask(finding: Finding, folder: Path, stem: str) -> Path | None:
    """Write the mask as `stem`-mask.png, 8-bit gray of the image's size, 255 × probability.

    Returns:
        Path of the file; None if the finding has no mask.
    """
    if finding.mask is None:
        return None
    path = folder / f"{stem}-mask.png"
    save_map(finding.mask, path)
    return path
