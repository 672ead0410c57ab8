"""What the viewer shows of one piece of evidence: the finding, what it says, and where its pictures are."""

from typing import Any

import msgspec

from tamperlens.examine import FindingDocument
from tamperlens.report import Layer, ReportView, components

_REF = "#/components/schemas/{name}"


class MapPicture(Layer, frozen=True, kw_only=True):
    """A picture that lies over the whole photograph, at whatever resolution it has.

    Attributes:
        name: of the map.
        title: for a person.
        measures: what the value at a pixel is.
        reading: what is normal, what stands out, and when it misleads.
        url: path of a PNG.
        width: of the picture, in its own pixels.
        height: likewise.
    """

    url: str
    width: int
    height: int


class FindingView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the viewer shows of one piece of evidence.

    Attributes:
        says: every row and sentence, as in the printed report.
        finding: the finding's document, as in docs/json.md.
        maps: the mask's map comes first.
        outline: outlines of the mask: closed polygons of x, y in pixels of the upright image.
        reports: html, json and, where the extra is installed, pdf → path.
    """

    says: ReportView
    finding: FindingDocument
    maps: tuple[MapPicture, ...]
    outline: tuple[tuple[tuple[float, float], ...], ...]
    reports: dict[str, str]


# What the OpenAPI document says of an answer that is a view of a finding.
VIEWED: dict[int, Any] = {
    200: {
        "description": "the finding and what it says",
        "content": {"application/json": {"schema": {"$ref": _REF.format(name="FindingView")}}},
    }
}


def finding_components() -> dict[str, Any]:
    """Schemas of the view and all that it consists of, for the OpenAPI document."""
    return components((FindingView,), _REF)
