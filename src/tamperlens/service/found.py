"""An examination's finding as the store keeps it, told of one piece of evidence."""

import json
from typing import Any, cast

import msgspec

from tamperlens.evidence.sniff import EXTENSIONS, Format
from tamperlens.service.store import Store
from tamperlens.service.tables import Evidence

FINDING, VIEW = "finding.json", "view.json"


class MadeView(msgspec.Struct, frozen=True):
    """What the viewer needs besides the finding.

    Attributes:
        maps: name of each map that was drawn → width and height of its picture.
        outline: of the mask: closed polygons of x, y in pixels of the image, holes too.
        reports: kinds of reports that were written.
    """

    maps: dict[str, tuple[int, int]]
    outline: list[list[tuple[float, float]]]
    reports: list[str]


def read_view(store: Store, one: Evidence) -> MadeView:
    """What was kept for the viewer beside the finding."""
    path = store.made(one.sha256, one.versions or "") / VIEW
    return msgspec.json.decode(path.read_bytes(), type=MadeView)


def read_finding(store: Store, one: Evidence) -> dict[str, Any]:
    """The finding's JSON; a name that does not fit the content is doubted, as in an examination by hand."""
    path = store.made(one.sha256, one.versions or "") / FINDING
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found["file"] = one.name
    suffix = f".{one.name.rpartition('.')[2].lower()}" if "." in one.name else ""
    kind = cast("Format", one.picture.format)
    if suffix and suffix not in EXTENSIONS[kind]:
        doubt = f"the name ends in '{suffix[:20]}', but the content is {kind}"
        found["evidence"]["warnings"].append(doubt)
        found["limits"].insert(0, f"Decoder: {doubt}.")
    return found
