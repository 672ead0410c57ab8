"""What a file says about itself, as plain strings. Hostile text stays text: short, printable, unparsed."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from PIL import ExifTags, Image

MAX_VALUE_LENGTH = 300
MAX_ENTRIES = 500

_DIRECTORIES = (
    ("EXIF", None, ExifTags.TAGS),
    ("Exif", ExifTags.IFD.Exif, ExifTags.TAGS),
    ("GPS", ExifTags.IFD.GPSInfo, ExifTags.GPSTAGS),
    ("Interop", ExifTags.IFD.Interop, ExifTags.TAGS),
)
_BINARY_TAGS = {0x927C}  # the maker note is binary, in a format of its own
_BINARY_KEYS = {"exif", "icc_profile", "photoshop", "mp", "adobe"}


def read_metadata(image: Image.Image) -> Mapping[str, str]:
    """Read EXIF, XMP, comments and the format's own fields of an opened image.

    Args:
        image: opened, not necessarily loaded.

    Returns:
        Read-only mapping `Group:Tag` → text of at most 300 printable characters, 500 entries at most.
    """
    entries: dict[str, str] = {}
    for key, value in _fields(image):
        if len(entries) == MAX_ENTRIES:
            break
        entries[printable(key)] = printable(value)
    return MappingProxyType(entries)


def _fields(image: Image.Image) -> Iterator[tuple[str, Any]]:
    exif = image.getexif()
    directories = (exif, *(exif.get_ifd(directory) for _, directory, _ in _DIRECTORIES[1:]))
    for (group, _, names), entries in zip(_DIRECTORIES, directories, strict=True):
        for tag, value in entries.items():
            if tag not in _BINARY_TAGS and not isinstance(value, dict):
                yield f"{group}:{names.get(tag, hex(tag))}", value
    for key, value in image.info.items():
        if key not in _BINARY_KEYS:
            yield f"{image.format}:{key}", value


def printable(value: object, longest: int = MAX_VALUE_LENGTH) -> str:
    r"""Make a short printable line of any value.

    >>> printable(b"Canon\x00EOS\n ")
    'CanonEOS'
    """
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    text = "".join(ch for ch in text[: 4 * longest] if ch.isprintable()).strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"
