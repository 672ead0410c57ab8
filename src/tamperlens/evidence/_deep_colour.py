"""Colour of 16 bits a sample where a file uses only 10, 12 or 14: Pillow keeps only the upper eight bits."""

import numpy as np
from PIL import Image

from tamperlens.evidence._pixels import used_bits
from tamperlens.evidence._sniff import Format
from tamperlens.evidence._tiff import Tiff

_BITS_PER_SAMPLE = 258
# With 14 of 16 bits in use, the upper eight reach at most this.
_DARK = 63


def in_used_range(image: Image.Image, data: bytes, kind: Format) -> tuple[Image.Image, str]:
    """The image scaled by the range its values use, and the step taken; "" when there was none.

    Args:
        image: loaded, as Pillow decoded it.
        data: the file.
        kind: its format.
    """
    if image.mode not in {"RGB", "RGBA"} or not _is_deep(data, kind) or _highest(image) > _DARK:
        return image, ""
    import cv2  # noqa: PLC0415 - a tenth of a second that only such files pay

    try:
        values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return image, ""
    if (
        values is None
        or values.dtype != np.uint16
        or values.shape != (image.height, image.width, len(image.mode))
    ):
        return image, ""
    colours = values[..., [2, 1, 0]]
    bits = used_bits(float(colours.max()))
    if bits == 16:
        return image, ""
    scaled = np.clip(colours * (255.0 / (2**bits - 1)), 0, 255).astype(np.uint8)
    bright = Image.fromarray(scaled)
    if image.mode == "RGBA":
        bright.putalpha(image.getchannel("A"))
    bright.info = image.info
    return bright, f"reduced from 16 to 8 bits: its values use {bits} bits"


def _is_deep(data: bytes, kind: Format) -> bool:
    """Whether a file stores 16 bits a sample."""
    if kind == "PNG":
        return data[24] == 16
    if kind != "TIFF":
        return False
    tiff = Tiff(data)
    return any(tiff.number(page, _BITS_PER_SAMPLE) == 16 for page in tiff.pages[:1])


def _highest(image: Image.Image) -> int:
    ranges = image.convert("RGB").getextrema()
    return int(max(high for _, high in ranges))  # type: ignore[misc]
