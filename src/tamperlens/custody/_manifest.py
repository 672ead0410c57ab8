"""The manifest: the one file in a bundle that is signed; it vouches for all others by their hashes."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tamperlens.custody._canonical import canonical, read_canonical
from tamperlens.errors import CustodyError

FORMAT = "tamperlens-bundle/2"
MANIFEST, SIGNATURE, PUBLIC_KEY, STAMP = "manifest.json", "manifest.sig", "public-key.pem", "timestamp.tsr"
# Seals the time stamp, whose own signature does not cover a few bytes of its wrapping.
STAMP_SIGNATURE = "timestamp.sig"
# Members that no manifest can list: itself, and what is made after it.
OUTSIDE = frozenset({MANIFEST, SIGNATURE, PUBLIC_KEY, STAMP, STAMP_SIGNATURE})


@dataclass(frozen=True)
class Image:
    """One examined image in a bundle; members are given by name.

    Attributes:
        name: of the file, as submitted.
        sha256: of its bytes.
        finding: the finding's JSON.
        mask: 8-bit gray PNG; None if nothing localizes, or it was not kept.
        original: the bytes as submitted; None if not in the bundle.
        strict: whether it was examined with `--strict`.
    """

    name: str
    sha256: str
    finding: str
    mask: str | None
    original: str | None
    strict: bool


@dataclass(frozen=True)
class Manifest:
    """What a bundle says about itself.

    Attributes:
        created: when, ISO 8601 in UTC, by the signing machine's clock.
        signer: fingerprint of the public key.
        software: name and version of what made it.
        files: member → size and SHA-256.
        images: what was examined.
        case: member with the case's data; None for findings alone.
        ledger: member with the ledger's excerpt, likewise.
    """

    created: str
    signer: str
    software: str
    files: Mapping[str, tuple[int, str]]
    images: tuple[Image, ...]
    case: str | None = None
    ledger: str | None = None

    def to_bytes(self) -> bytes:
        """Its canonical JSON."""
        files = {name: {"bytes": size, "sha256": digest} for name, (size, digest) in self.files.items()}
        images = [asdict(image) for image in self.images]
        plain = {name: getattr(self, name) for name in ("created", "signer", "software", "case", "ledger")}
        return canonical({"format": FORMAT, **plain, "files": files, "images": images}).encode()


def listed(members: Mapping[str, bytes]) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of each member."""
    return {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in members.items()}


def read_manifest(data: bytes) -> Manifest:
    """A manifest from its bytes.

    Raises:
        CustodyError: it is unreadable, or in a format unknown to this version.
    """
    value = read_canonical(data, "the manifest")
    kind = value.get("format") if isinstance(value, dict) else None
    if kind != FORMAT:
        raise CustodyError(f"the bundle has the format {kind!r}; this version of Tamperlens reads '{FORMAT}'")
    try:
        return _manifest(value)
    except (KeyError, TypeError, AttributeError) as error:
        raise CustodyError(f"the manifest is incomplete: {error!r}") from error


def _manifest(value: dict[str, Any]) -> Manifest:
    return Manifest(
        created=_text(value["created"]),
        signer=_text(value["signer"]),
        software=_text(value["software"]),
        files={name: (entry["bytes"], entry["sha256"]) for name, entry in value["files"].items()},
        images=tuple(_image(image) for image in value["images"]),
        case=_text(value["case"], optional=True),
        ledger=_text(value["ledger"], optional=True),
    )


def _image(value: dict[str, Any]) -> Image:
    image = Image(**value)
    for part in (image.name, image.sha256, image.finding):
        _text(part)
    for kept in (image.mask, image.original):
        _text(kept, optional=True)
    return image


def _text(value: Any, optional: bool = False) -> Any:  # noqa: ANN401 - untrusted JSON
    if not isinstance(value, str) and not (optional and value is None):
        raise TypeError(f"{value!r:.60} is no text")
    return value
