"""Pages set by typst: no clock and no installed fonts are used, so the same content gives the same bytes."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

from tamperlens.errors import MissingExtraError


def typeset(template: str, content: dict[str, Any], work: Path) -> bytes:
    """The PDF of a template and its content.

    Args:
        template: name of a file in templates/.
        content: plain data, which the template reads as content.json.
        work: folder that already contains the pictures that the content names.

    Raises:
        MissingExtraError: typst is not installed.
    """
    try:
        import typst  # noqa: PLC0415 - 30 MB that only PDF reports need
    except ImportError:
        raise MissingExtraError("typst", "a PDF report", extra="pdf") from None
    text = resources.files(__package__).joinpath(f"templates/{template}").read_text(encoding="utf-8")
    (work / template).write_text(text, encoding="utf-8")
    (work / "content.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    data: bytes = typst.compile(
        str(work / template), root=str(work), ignore_system_fonts=True, timestamp=0, format="pdf"
    )
    return data
