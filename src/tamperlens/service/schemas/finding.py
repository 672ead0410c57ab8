"""What the viewer shows about one piece of evidence: the finding, its words, and where its pictures are."""

from typing import Any

import msgspec

from tamperlens.examine import FindingDocument
from tamperlens.report import Layer, ReportView, components

_REF = "#/components/schemas/{name}"


class MapPicture(Layer, frozen=True, kw_only=True):
    """A picture that covers the whole photograph, at any resolution.

    Attributes:
        name: name of the map.
        title: title of the map, for people.
        measures: what the value at a pixel is.
        reading: what is normal, what stands out, and when it misleads.
        url: path of the PNG.
        width: width of the picture in its own pixels.
        height: height of the picture in its own pixels.
    """

    url: str
    width: int
    height: int


class FindingView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the viewer shows about one piece of evidence.

    Attributes:
        says: every row and sentence, as in the printed report.
        finding: the finding's document, as in docs/json.md.
        maps: the mask's map comes first.
        outline: outlines of the mask: closed polygons of x, y in pixels of the upright image.
        reports: html, json and, if the extra is installed, pdf → path.
    """

    says: ReportView
    finding: FindingDocument
    maps: tuple[MapPicture, ...]
    outline: tuple[tuple[tuple[float, float], ...], ...]
    reports: dict[str, str]


# Description of an answer with a finding in the OpenAPI document.
VIEWED: dict[int, Any] = {
    200: {
        "description": "the finding, as data and in words",
        "content": {"application/json": {"schema": {"$ref": _REF.format(name="FindingView")}}},
    }
}


def finding_components() -> dict[str, Any]:
    """Schemas of the view and its parts, for the OpenAPI document."""
    return components((FindingView,), _REF)
