"""Maps and previews as images that fit a screen, in bounded memory."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tamperlens.report.whole_file import write_whole
from tamperlens.traces import Trace
from tamperlens.traces.copied_regions import Region
from tamperlens.traces.copy_move import Copy
from tamperlens.traces.strips import in_strips

PREVIEW_SIDE = 1280
_OUTLINE = (255, 140, 0)
_SOURCE = (90, 180, 255)

# Dark to bright through blue, violet and orange; even steps of lightness, readable in gray and with colour
# blindness. Five anchors of our own, interpolated.
_ANCHORS = np.array(
    [[8, 8, 20], [62, 31, 112], [168, 54, 110], [242, 128, 62], [253, 244, 190]], dtype=np.float64
)


def colour_scale() -> NDArray[np.uint8]:
    """The map colours of the values 0..255, (256, 3) uint8 RGB."""
    position = np.linspace(0, len(_ANCHORS) - 1, 256)
    return np.stack(
        [np.interp(position, np.arange(len(_ANCHORS)), channel) for channel in _ANCHORS.T], axis=1
    ).astype(np.uint8)


def preview_size(width: int, height: int) -> tuple[int, int]:
    """Size of a picture whose longer side is 1280 px at most, never enlarged."""
    scale = min(1.0, PREVIEW_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def preview_map(trace: Trace, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A trace's map at full size, reduced to the preview.

    Args:
        trace: what to compute.
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        uint8 gray of the preview's size, 255 × mean value.
    """
    height, width = pixels.shape[:2]
    if trace.local:  # eight bits a strip need a quarter of the memory of the whole map
        gray = in_strips(lambda strip: to_gray_levels(trace.compute(strip)), pixels)
    else:
        gray = to_gray_levels(trace.measure(pixels))
    return np.asarray(Image.fromarray(gray).resize(preview_size(width, height), Image.Resampling.BOX))


def to_gray_levels(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """255 × value, rounded."""
    return np.rint(values * 255).astype(np.uint8)


def resize_map(values: NDArray[np.float32], width: int, height: int) -> NDArray[np.uint8]:
    """Enlarge or reduce a map of the whole image to the preview, uint8 gray."""
    gray = Image.fromarray(to_gray_levels(values))
    return np.asarray(gray.resize(preview_size(width, height), Image.Resampling.BICUBIC))


def paint(gray: NDArray[np.uint8]) -> Image.Image:
    """Colour a gray map."""
    image = Image.fromarray(gray).convert("P")
    image.putpalette(colour_scale().tobytes())
    return image


def preview(pixels: NDArray[np.uint8]) -> Image.Image:
    """The photograph reduced to the preview."""
    height, width = pixels.shape[:2]
    return Image.fromarray(pixels).resize(
        preview_size(width, height), Image.Resampling.LANCZOS, reducing_gap=2.0
    )


def outlined(
    picture: Image.Image, mask: NDArray[np.bool_], colour: tuple[int, int, int] = _OUTLINE
) -> Image.Image:
    """A copy of a picture with the outline of a mask: coloured within, black without.

    Args:
        picture: RGB.
        mask: (H, W) bool of the picture's size.
        colour: of the line, RGB 0..255; orange by default.
    """
    pixels = np.asarray(picture).copy()
    inner, outer = mask & ~_shrunk(mask, 2), ~mask & _shrunk_complement(mask)
    pixels[outer] = 0
    pixels[inner] = colour
    return Image.fromarray(pixels)


def overlaid(picture: Image.Image, mask: NDArray[np.bool_]) -> Image.Image:
    """A copy of a picture with a mask laid over it in orange, and its outline."""
    pixels = np.asarray(picture).astype(np.float32)
    pixels[mask] = 0.5 * pixels[mask] + 0.5 * np.array(_OUTLINE, np.float32)
    return outlined(Image.fromarray(np.rint(pixels).astype(np.uint8)), mask)


def with_copies(picture: Image.Image, copies: Sequence[Copy], width: int) -> Image.Image:
    """A copy of a picture with the outlines of copied regions and an arrow from one to the other.

    Args:
        picture: RGB preview.
        copies: regions in pixels of the image.
        width: of the image, of which the picture is a reduction.
    """
    marked, scale = picture, picture.width / width
    lines = []
    for copy in copies:
        ends = []
        for region, colour in ((copy.source, _SOURCE), (copy.target, _OUTLINE)):
            mask, centre = _reduced_region(region, scale, picture.size)
            marked = outlined(marked, mask, colour)
            ends.append(centre)
        lines.append((ends[0], ends[1]))
    canvas = ImageDraw.Draw(marked)
    for start, end in lines:
        _arrow(canvas, start, end)
    return marked


def _reduced_region(
    region: Region, scale: float, size: tuple[int, int]
) -> tuple[NDArray[np.bool_], tuple[float, float]]:
    """A region on the preview, and the middle of it as x, y."""
    height, width = region.mask.shape
    small = Image.fromarray(region.mask).resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.NEAREST
    )
    canvas = Image.new("1", size)
    canvas.paste(small, (round(region.left * scale), round(region.top * scale)))
    mask = np.asarray(canvas)
    rows, columns = np.nonzero(mask)
    middle = (float(columns.mean()), float(rows.mean())) if len(rows) else (0.0, 0.0)
    return mask, middle


def _arrow(canvas: ImageDraw.ImageDraw, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A line with a head, white on black so that it is seen on any ground."""
    direction = np.subtract(end, start)
    length = float(np.hypot(*direction))
    if length < 1:
        return
    along = direction / length
    across = np.array([-along[1], along[0]])
    head = min(14.0, length / 2)
    corners = [end, *(tuple(np.array(end) - head * along + side * head / 2 * across) for side in (1, -1))]
    for colour, width in (("black", 5), ("white", 2)):
        canvas.line([start, end], fill=colour, width=width)
    canvas.polygon([tuple(map(float, corner)) for corner in corners], fill="white", outline="black")


def _shrunk(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """The pixels of a mask that are more than `by` away from its edge, the picture's border being no edge."""
    for _ in range(by):
        padded = np.pad(mask, 1, mode="edge")
        mask = mask & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask


def _shrunk_complement(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """One pixel around a mask."""
    return ~_shrunk(~mask, 1)


def data_uri(image: Image.Image, kind: str = "PNG") -> str:
    """The picture as a `data:` address, so that a page needs no other file; JPEG for photographs."""
    buffer = io.BytesIO()
    options = {"quality": 88} if kind == "JPEG" else {"optimize": True}
    image.save(buffer, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def save_map(values: NDArray[np.float32], path: Path) -> None:
    """Write a map as 8-bit gray PNG of its own size, 255 × value."""
    write_whole(path, mask_png(values))


def mask_png(values: NDArray[np.float32]) -> bytes:
    """The same as bytes."""
    buffer = io.BytesIO()
    Image.fromarray(to_gray_levels(values)).save(buffer, "PNG")
    return buffer.getvalue()
