"""An examination's finding as the store keeps it, told of one piece of evidence."""

import json
from typing import Any, cast

from tamperlens.evidence.sniff import EXTENSIONS, Format
from tamperlens.service.store import Store
from tamperlens.service.tables import Evidence


def read_finding(store: Store, one: Evidence) -> dict[str, Any]:
    """The finding's JSON; a name that does not fit the content is doubted, as in an examination by hand."""
    path = store.made(one.sha256, one.versions or "") / "finding.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found["file"] = one.name
    suffix = f".{one.name.rpartition('.')[2].lower()}" if "." in one.name else ""
    kind = cast("Format", one.picture.format)
    if suffix and suffix not in EXTENSIONS[kind]:
        doubt = f"the name ends in '{suffix[:20]}', but the content is {kind}"
        found["evidence"]["warnings"].append(doubt)
        found["limits"].insert(0, f"Decoder: {doubt}.")
    return found
