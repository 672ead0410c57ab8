"""Findings → one signed file that others can check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tamperlens import __version__
from tamperlens.custody._canonical import canonical
from tamperlens.custody._container import pack
from tamperlens.custody._keys import fingerprint, public_pem
from tamperlens.custody._manifest import (
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    STAMP,
    STAMP_SIGNATURE,
    Image,
    Manifest,
    listed,
)

CASE, LEDGER = "case.json", "ledger.json"


@dataclass(frozen=True)
class Item:
    """One examined image for a bundle.

    Attributes:
        name: of the file, as submitted.
        finding: from `finding_to_json`.
        mask: PNG; None if there is none.
        original: the bytes as submitted; None to leave them out.
        strict: whether it was examined with `--strict`.
    """

    name: str
    finding: Mapping[str, Any] = field(repr=False)
    mask: bytes | None = field(default=None, repr=False)
    original: bytes | None = field(default=None, repr=False)
    strict: bool = False


def make_bundle(
    items: Sequence[Item],
    key: Ed25519PrivateKey,
    created: str,
    stamp: Callable[[bytes], bytes] | None = None,
    case: Mapping[str, Any] | None = None,
    ledger: Mapping[str, Any] | None = None,
) -> bytes:
    """The bundle's bytes; the same arguments give the same bytes, except for a time stamp.

    Args:
        items: what was examined.
        key: the signer's key.
        created: when, ISO 8601 in UTC.
        stamp: signature → answer of a time stamping authority.
        case: data of the case that the items belong to.
        ledger: excerpt, see `excerpt_of`.
    """
    members: dict[str, bytes] = {}
    images = tuple(_add(item, number, members) for number, item in enumerate(items, start=1))
    extra = {CASE: case, LEDGER: ledger}
    members |= {name: canonical(value).encode() for name, value in extra.items() if value is not None}
    manifest = Manifest(
        created=created,
        signer=fingerprint(key.public_key()),
        software=f"tamperlens {__version__}",
        files=listed(members),
        images=images,
        case=CASE if CASE in members else None,
        ledger=LEDGER if LEDGER in members else None,
    ).to_bytes()
    signature = key.sign(manifest)
    outside = {MANIFEST: manifest, SIGNATURE: signature, PUBLIC_KEY: public_pem(key.public_key())}
    if stamp:
        outside[STAMP] = stamp(signature)
        outside[STAMP_SIGNATURE] = key.sign(outside[STAMP])
    return pack(members | outside)


def _add(item: Item, number: int, members: dict[str, bytes]) -> Image:
    """Add an item's files to the members, under names independent of the file's own."""
    sha256 = str(item.finding["sha256"])
    stem = f"{number:03d}-{sha256[:12]}"
    mask = f"masks/{stem}.png" if item.mask is not None else None
    suffix = str(item.finding["evidence"]["format"]).lower()
    original = f"originals/{stem}.{suffix}" if item.original is not None else None
    finding = {**item.finding, "file": item.name, "mask_file": mask}
    if mask is not None:
        finding["absent"] = {name: why for name, why in finding["absent"].items() if name != "mask_file"}
    members[f"findings/{stem}.json"] = canonical(finding).encode()
    files = ((mask, item.mask), (original, item.original))
    members |= {name: content for name, content in files if name is not None and content is not None}
    return Image(item.name, sha256, f"findings/{stem}.json", mask, original, item.strict)
