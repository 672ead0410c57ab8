"""Pillow without its own limits, one decoding at a time, and its messages in our words."""

import re
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile, UnidentifiedImageError

from tamperlens.evidence._metadata import printable

# What the parsers of Pillow and pi-heif raise on damage, found by benchmarks/hostile/hostile_files.py.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    RuntimeError,
    EOFError,
    MemoryError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
_DECODING = threading.RLock()
# Text that changes from run to run: objects with their addresses, addresses, paths.
_OBJECT = re.compile(r"<[^<>]*\bat 0x[0-9a-fA-F]+[^<>]*>|<[^<>]* name=[^<>]*>")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{5,}\b")
_PATH = re.compile(r"""(?<![\w/])['"]?(?:[A-Za-z]:\\|/)(?:[^\s'",;]+[\\/])+[^\s'",;]*['"]?""")


@contextmanager
def decoder(partial: bool = False) -> Iterator[None]:
    """Lift Pillow's global pixel limit, which `Limits` replaces, for one decoding at a time.

    The lock also covers `warnings.catch_warnings`, which is not thread-safe.

    Args:
        partial: decode a truncated file as far as it goes.
    """
    with _DECODING:
        before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = None, partial
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = before


def stable(text: object) -> str:
    """A library's message, printable and the same in every run: without objects, addresses and paths.

    >>> stable("cannot identify image file <_io.BytesIO object at 0x7f601f6bfb00>")
    'cannot identify image file …'
    >>> stable("reading info of /tmp/tamperlens-mt3y/image.jpg failed")
    'reading info of … failed'
    """
    for pattern in (_OBJECT, _ADDRESS, _PATH):
        text = pattern.sub("…", str(text))
    return printable(text)


def reason(error: BaseException) -> str:
    """Why a decoder gave up, in a few words."""
    if isinstance(error, UnidentifiedImageError):
        return "its headers cannot be read"
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    return stable(error) or type(error).__name__
