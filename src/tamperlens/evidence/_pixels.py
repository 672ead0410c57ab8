"""Any decoded mode → upright RGB uint8, with a sentence for each step."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

# EXIF orientation → what turns the stored image upright.
TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


# Rows converted at a time: Pillow keeps four bytes per pixel, and two more copies are made on the way out.
_ROWS = 512


def to_gray(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Luma of an RGB image by ITU-R BT.601, the weights of JPEG itself.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (H, W) uint8.
    """
    gray = np.empty(pixels.shape[:2], np.uint8)
    for top in range(0, len(gray), _ROWS):
        gray[top : top + _ROWS] = np.asarray(Image.fromarray(pixels[top : top + _ROWS]).convert("L"))
    return gray


def read_orientation(image: Image.Image) -> int:
    """EXIF orientation 1..8; 1 if there is none or its value is invalid."""
    orientation = image.getexif().get(0x0112, 1)
    return orientation if orientation in TRANSPOSE else 1


def to_upright_rgb(
    image: Image.Image, orientation: int, already_upright: bool = False, how: str = ""
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Convert a loaded Pillow image to what all traces read.

    Args:
        image: loaded image of any mode.
        orientation: EXIF orientation 1..8 to undo.
        already_upright: whether the decoder has already applied it.
        how: what states it; EXIF when empty.

    Returns:
        (H, W, 3) uint8 RGB; one sentence for each step taken.
    """
    steps: list[str] = []
    profile = image.info.get("icc_profile")
    image = _flatten_alpha(_to_eight_bit(image, steps), steps)
    image = _to_srgb(image, profile, steps)
    if orientation != 1:
        steps.append(f"turned upright: {how or f'EXIF orientation {orientation}'}")
        if not already_upright:
            image = image.transpose(TRANSPOSE[orientation])
    return _rows_of(image), tuple(steps)


def _rows_of(image: Image.Image) -> NDArray[np.uint8]:
    """Pixels (H, W, 3) uint8 of an RGB image."""
    pixels = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, _ROWS):
        bottom = min(top + _ROWS, image.height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return pixels


def turn_upright(values: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Turn something measured on the stored image, such as a map of its blocks, the way its pixels were.

    Args:
        values: (h, w, ...) of any type.
        orientation: EXIF orientation 1..8.

    >>> turn_upright(np.array([[1, 2], [3, 4]]), 6)
    array([[3, 1],
           [4, 2]])
    """
    if orientation in {5, 6, 7, 8}:
        values = values.swapaxes(0, 1)
    flip_rows, flip_columns = orientation in {3, 4, 7, 8}, orientation in {2, 3, 6, 7}
    return values[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1]


def _to_eight_bit(image: Image.Image, steps: list[str]) -> Image.Image:
    """Bring 16-bit, 32-bit and floating-point gray to 8 bits."""
    if not image.mode.startswith(("I", "F")):
        return image
    values: NDArray[Any] = np.nan_to_num(np.asarray(image).astype(np.float64))
    top = float(values.max(initial=0.0))
    if image.mode == "F":
        full_scale = 1.0 if top <= 1.0 else 255.0 if top <= 255.0 else 65535.0
        used = ""
    else:
        bits = used_bits(top)
        full_scale, used = float(2**bits - 1), f": its values use {bits} bits" if bits != 16 else ""
    steps.append(f"reduced from mode {image.mode} to 8 bits{used}")
    return Image.fromarray(np.clip(values * (255.0 / full_scale), 0, 255).astype(np.uint8))


def used_bits(top: float) -> int:
    """The bit depth that whole numbers up to `top` use: one that sensors and scanners have, or 16.

    >>> used_bits(255), used_bits(1000), used_bits(4095), used_bits(60000)
    (8, 10, 12, 16)
    """
    return next((bits for bits in (8, 10, 12, 14, 16, 24) if top < 2**bits), 32)


def _flatten_alpha(image: Image.Image, steps: list[str]) -> Image.Image:
    """Lay transparent images on white, which is how a viewer shows them."""
    if not image.has_transparency_data:
        return image
    rgba = image.convert("RGBA")
    low, _ = rgba.getchannel("A").getextrema()
    if low == 255:
        return rgba.convert("RGB")
    steps.append("laid on white: the image has transparent pixels")
    canvas = Image.new("RGBA", rgba.size, "white")
    canvas.alpha_composite(rgba)
    return canvas.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None, steps: list[str]) -> Image.Image:
    """Convert to sRGB if an embedded profile says the numbers mean something else."""
    if profile and image.mode in {"RGB", "CMYK", "L", "LAB"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            name = ImageCms.getProfileDescription(source).strip() or "unnamed"
            if "sRGB" in name and image.mode == "RGB":
                return image
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            steps.append("embedded colour profile ignored: it is damaged or does not fit the image")
        else:
            if converted is not None:
                steps.append(f"converted from colour profile '{name[:60]}' to sRGB")
                return converted
    if image.mode != "RGB":
        steps.append(f"converted from mode {image.mode} to RGB")
        return image.convert("RGB")
    return image
