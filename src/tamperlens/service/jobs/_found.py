"""Reads an examination's finding from the store, for one piece of evidence."""

import hashlib
import json
from pathlib import Path
from typing import Any, cast

import msgspec

from tamperlens.custody import Bound, finding_hash
from tamperlens.evidence import EXTENSIONS, Format
from tamperlens.service._store import Store
from tamperlens.service._tables import Evidence
from tamperlens.service.jobs._making import FINDING, MASK, VIEW, MadeView


def read_view(store: Store, one: Evidence) -> MadeView:
    """What the store keeps for the viewer besides the finding."""
    path = _folder(store, one) / VIEW
    return msgspec.json.decode(path.read_bytes(), type=MadeView)


def read_finding(store: Store, one: Evidence) -> dict[str, Any]:
    """The finding's JSON; it warns if the file name does not fit the content, as on the command line."""
    path = _folder(store, one) / FINDING
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found["file"] = one.name
    suffix = f".{one.name.rpartition('.')[2].lower()}" if "." in one.name else ""
    kind = cast("Format", one.picture.format)
    if suffix and suffix not in EXTENSIONS[kind]:
        doubt = f"the name ends in '{suffix[:20]}', but the content is {kind}"
        found["evidence"]["warnings"].append(doubt)
        found["limits"].insert(0, f"Decoder: {doubt}.")
    return found


def read_mask(store: Store, one: Evidence) -> bytes | None:
    """The mask as an 8-bit gray PNG; None if the finding has none."""
    path = _folder(store, one) / MASK
    return path.read_bytes() if path.is_file() else None


def bound(store: Store, one: Evidence) -> Bound:
    """What represents the evidence in the ledger: hashes of original, finding and mask."""
    mask = read_mask(store, one)
    digest = None if mask is None else hashlib.sha256(mask).hexdigest()
    return Bound(one.name, one.sha256, finding_hash(read_finding(store, one)), digest)


def is_whole(store: Store, sha256: str, versions: str) -> bool:
    """Whether all files of an examination are there; its finding is written last."""
    folder = store.made(sha256, versions)
    try:
        found = json.loads((folder / FINDING).read_text(encoding="utf-8"))
        return found["mask_threshold"] is None or (folder / MASK).is_file()
    except (OSError, ValueError, KeyError):
        return False


def _folder(store: Store, one: Evidence) -> Path:
    return store.made(one.sha256, one.versions or "")
