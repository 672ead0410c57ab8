"""Maps and previews as images that fit a screen, in bounded memory."""

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tamperlens.examine import to_levels
from tamperlens.report.whole_file import write_whole
from tamperlens.traces.copies import Copy, Region

PREVIEW_SIDE = 1280
_PAGE_PIXELS = 2_600_000
_OUTLINE = (255, 140, 0)
_SOURCE = (90, 180, 255)

# Dark to bright through blue, violet and orange; even steps of lightness, readable in gray and by the
# colour-blind. Interpolated between five anchors chosen by us.
_ANCHORS = np.array(
    [[8, 8, 20], [62, 31, 112], [168, 54, 110], [242, 128, 62], [253, 244, 190]], dtype=np.float64
)


def colour_scale() -> NDArray[np.uint8]:
    """The map colours for the values 0..255, (256, 3) uint8 RGB."""
    position = np.linspace(0, len(_ANCHORS) - 1, 256)
    return np.stack(
        [np.interp(position, np.arange(len(_ANCHORS)), channel) for channel in _ANCHORS.T], axis=1
    ).astype(np.uint8)


def colour_tables() -> dict[str, str]:
    """The map colours for an SVG filter: values of red, green and blue at even steps, 0..1."""
    return {
        f"feFunc{channel}": " ".join(f"{value / 255:.4f}" for value in _ANCHORS[:, i])
        for i, channel in enumerate("RGB")
    }


def preview_size(width: int, height: int) -> tuple[int, int]:
    """Size of the preview: the longer side is at most 1280 px; never enlarged."""
    scale = min(1.0, PREVIEW_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def reduced(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Reduce a map of any resolution to at most the size of the preview.

    Args:
        levels: (h, w) uint8, 255 × value.

    Returns:
        The same map if it is already small enough; otherwise means of the pixels that are merged.
    """
    height, width = levels.shape
    size = preview_size(width, height)
    if size == (width, height):
        return levels
    return np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BOX))


def fitted(levels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A map of any resolution, resized to the width and height of a picture."""
    return np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC))


def paint(gray: NDArray[np.uint8]) -> Image.Image:
    """Colour a gray map."""
    image = Image.fromarray(gray).convert("P")
    image.putpalette(colour_scale().tobytes())
    return image


def preview(pixels: NDArray[np.uint8]) -> Image.Image:
    """The photograph reduced to the size of the preview."""
    height, width = pixels.shape[:2]
    return Image.fromarray(pixels).resize(
        preview_size(width, height), Image.Resampling.LANCZOS, reducing_gap=2.0
    )


def page_photograph(pixels: NDArray[np.uint8]) -> Image.Image:
    """The photograph as shown on a page: reduced to 2.6 megapixels if it is larger."""
    height, width = pixels.shape[:2]
    scale = min(1.0, (_PAGE_PIXELS / (width * height)) ** 0.5)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    image = Image.fromarray(pixels)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def mask_layer(mask: NDArray[np.bool_], colour: tuple[int, int, int] = _OUTLINE) -> Image.Image:
    """The outline of a mask as an overlay: coloured inside, black outside, transparent elsewhere.

    Args:
        mask: (H, W) bool, the size of the picture.
        colour: colour of the line, RGB 0..255; orange by default.
    """
    pixels = np.zeros((*mask.shape, 4), np.uint8)
    pixels[~mask & _shrunk_complement(mask)] = (0, 0, 0, 255)
    pixels[mask & ~_shrunk(mask, 2)] = (*colour, 255)
    return Image.fromarray(pixels)


def laid_over(picture: Image.Image, layer: Image.Image) -> Image.Image:
    """A copy of a picture with an overlay."""
    whole = picture.copy()
    whole.paste(layer, mask=layer)
    return whole


def copies_layer(copies: Sequence[Copy], size: tuple[int, int], width: int) -> Image.Image:
    """Outlines of copied regions and an arrow from source to copy, transparent elsewhere.

    Args:
        copies: regions in pixels of the image.
        size: width and height of the picture under it.
        width: width of the image, of which the picture is a reduction.
    """
    marked, scale = Image.new("RGBA", size), size[0] / width
    lines = []
    for copy in copies:
        ends = []
        for region, colour in ((copy.source, _SOURCE), (copy.target, _OUTLINE)):
            mask, centre = _reduced_region(region, scale, size)
            marked = laid_over(marked, mask_layer(mask, colour=colour))
            ends.append(centre)
        lines.append((ends[0], ends[1]))
    canvas = ImageDraw.Draw(marked)
    for start, end in lines:
        _arrow(canvas, start, end)
    return marked


def _reduced_region(
    region: Region, scale: float, size: tuple[int, int]
) -> tuple[NDArray[np.bool_], tuple[float, float]]:
    """A region on the preview, and its centre as x, y."""
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
    """An arrow, white on black so that it is visible on any background."""
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
    """Pixels of a mask that are more than `by` away from its edge; the picture's border is not an edge."""
    for _ in range(by):
        padded = np.pad(mask, 1, mode="edge")
        mask = mask & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask


def _shrunk_complement(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask, extended by one pixel."""
    return ~_shrunk(~mask, 1)


# Settings of the formats in a page: photographs, overlays, and maps in gray. At this quality a map has a PSNR
# of at least 38.7 dB (benchmarks/cost/report_cost.py), in half the bytes.
_ENCODINGS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "JPEG": {"quality": 88},
        "PNG": {"optimize": True},
        "WEBP": {"quality": 85, "method": 4},
    }
)


def data_uri(image: Image.Image, kind: str = "PNG") -> str:
    """The picture as a `data:` address, so that a page needs no other file.

    Args:
        image: what to show.
        kind: JPEG for photographs, PNG for pictures with sharp edges, WEBP for maps.
    """
    buffer = io.BytesIO()
    image.save(buffer, kind, **_ENCODINGS[kind])
    return f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def save_map(values: NDArray[np.float32], path: Path) -> None:
    """Write a map as an 8-bit gray PNG of the same size, 255 × value."""
    write_whole(path, mask_png(values))


def mask_png(values: NDArray[np.float32]) -> bytes:
    """A map as the bytes of an 8-bit gray PNG, 255 × value."""
    buffer = io.BytesIO()
    Image.fromarray(to_levels(values)).save(buffer, "PNG")
    return buffer.getvalue()
