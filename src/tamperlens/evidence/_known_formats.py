"""Formats that are recognised and named, but not examined."""

import re
from typing import Literal

from tamperlens.evidence._sniff import brands

Other = Literal["image", "RAW", "document", "drawing"]

# Offset, bytes found there, name of the format, what sort of thing it is.
_KNOWN: tuple[tuple[int, bytes, str, Other], ...] = (
    (0, b"\xff\x0a", "JPEG XL", "image"),
    (0, b"\x00\x00\x00\x0cJXL ", "JPEG XL", "image"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000", "image"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000", "image"),
    (0, b"II\xbc", "JPEG XR", "image"),
    (0, b"8BPS", "Photoshop's PSD", "image"),
    (0, b"gimp xcf", "GIMP's XCF", "image"),
    (0, b"\x76\x2f\x31\x01", "OpenEXR", "image"),
    (0, b"#?RADIANCE", "Radiance HDR", "image"),
    (0, b"#?RGBE", "Radiance HDR", "image"),
    (0, b"qoif", "QOI", "image"),
    (0, b"FLIF", "FLIF", "image"),
    (0, b"BPG\xfb", "BPG", "image"),
    (0, b"SIMPLE  =", "FITS", "image"),
    (128, b"DICM", "DICOM", "image"),
    (0, b"DDS ", "DirectDraw Surface", "image"),
    (0, b"\x00\x00\x01\x00", "Windows icon", "image"),
    (0, b"icns", "Apple icon", "image"),
    (0, b"\x0a\x05\x01", "PCX", "image"),
    (0, b"\x59\xa6\x6a\x95", "Sun raster", "image"),
    (0, b"\x01\xda", "SGI", "image"),
    (0, b"\xd7\xcd\xc6\x9a", "Windows metafile", "drawing"),
    (40, b" EMF", "Windows metafile", "drawing"),
    (0, b"%PDF-", "PDF", "document"),
    (0, b"%!PS", "PostScript", "document"),
    (0, b"\xc5\xd0\xd3\xc6", "PostScript", "document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office", "document"),
    (0, b"{\\rtf", "RTF", "document"),
    (0, b"FUJIFILMCCD-RAW", "RAW (Fujifilm RAF)", "RAW"),
    (0, b"FOVb", "RAW (Sigma X3F)", "RAW"),
    (0, b"\x00MRM", "RAW (Minolta MRW)", "RAW"),
    (6, b"HEAPCCDR", "RAW (Canon CRW)", "RAW"),
    (0, b"IIRO", "RAW (Olympus ORF)", "RAW"),
    (0, b"IIRS", "RAW (Olympus ORF)", "RAW"),
    (0, b"MMOR", "RAW (Olympus ORF)", "RAW"),
    (0, b"IIU\x00", "RAW (Panasonic RW2)", "RAW"),
    (0, b"ARRI", "RAW (ARRI)", "RAW"),
)
_NETPBM = re.compile(rb"P[1-7]\s|P[fF]\s")
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"^\xef?\xbb?\xbf?\s*<(?:\?xml|!--|!DOCTYPE|svg|html)", re.IGNORECASE)
_BRANDS: dict[bytes, tuple[str, Other]] = {
    b"crx ": ("RAW (Canon CR3)", "RAW"),
    b"jxl ": ("JPEG XL", "image"),
    b"jp2 ": ("JPEG 2000", "image"),
    b"jpx ": ("JPEG 2000", "image"),
    b"jph ": ("JPEG 2000", "image"),
}
# An SVG drawing begins within this many bytes.
_LOOK = 4096


def known_format(data: bytes) -> tuple[str, Other] | None:
    r"""Name and sort of a format that is known but not examined; None for all others.

    RAW files that begin like TIFF files are recognised by `_tiff.raw_name`.

    Args:
        data: the file, or its first kilobytes.

    >>> known_format(b"\xff\x0a....")
    ('JPEG XL', 'image')
    >>> known_format(b"\0\0\0\x18ftypcrx \0\0\0\1crx isom")
    ('RAW (Canon CR3)', 'RAW')
    """
    for offset, magic, name, sort in _KNOWN:
        if data[offset : offset + len(magic)] == magic:
            return name, sort
    if data[4:8] == b"ftyp":
        return next((_BRANDS[brand] for brand in brands(data) if brand in _BRANDS), None)
    if _NETPBM.match(data):
        return "Netpbm", "image"
    if _MARKUP.match(data) and _SVG.search(data[:_LOOK]):
        return "SVG", "drawing"
    return None


def not_examined(name: str, sort: Other) -> str:
    """Why a file of a known format is not examined, and what to do."""
    if sort == "RAW":
        return (
            f"this is a camera's {name} file, which holds sensor data and a preview but no finished picture; "
            "nothing was examined: develop it, or extract its JPEG, and examine that"
        )
    if sort == "image":
        return f"this is a {name} image, a format that is not supported; nothing was examined"
    return f"this is a {name} {sort}, not a photograph; nothing was examined: extract the pictures in it"
