"""A finding drawn on its photograph: tint and outline in the picture's own pixels."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tamperlens.examine import MASK, Finding, MarkedRegion
from tamperlens.report.outline import Polygon, outlines
from tamperlens.report.pictures import fitted

# Colour of tint and line, rare in photographs, and opacity of the tint at a value of 1.
MARK, _COVER = (255, 26, 191), 0.4
_LINE_SHARE, _LEAST_LINE = 1 / 320, 2


class Drawn:
    """Draws a finding's maps and outline over pictures of its image.

    Args:
        finding: its maps and mask are drawn.
        size: width and height at which the outline is traced.
        outlined: whether to draw the outline.
    """

    def __init__(self, finding: Finding, size: tuple[int, int], outlined: bool) -> None:
        self.finding, self.size = finding, size
        self.has_mask = finding.mask is not None and finding.mask_threshold is not None
        self._outline = mask_outlines(finding, size, size) if outlined else []

    def over(self, picture: Image.Image, layer: str) -> Image.Image:
        """A picture of the whole image with a map as a tint, and the outline.

        Args:
            picture: the image in any size.
            layer: name of the map; "" for none.
        """
        levels = fitted(self.finding.maps.levels(layer), picture.size) if layer else None
        scale = picture.width / self.size[0]
        moved = [[(x * scale, y * scale) for x, y in polygon] for polygon in self._outline]
        return _drawn(picture, levels, moved)

    def part(self, pixels: NDArray[np.uint8], region: MarkedRegion) -> Image.Image:
        """A part of the image at native resolution, with tint and outline of the mask."""
        window = np.s_[region.top : region.top + region.height, region.left : region.left + region.width]
        levels = None
        if self.has_mask:
            whole = fitted(self.finding.maps.levels(MASK), pixels.shape[1::-1])
            levels = whole[window]
        scale = pixels.shape[1] / self.size[0]
        moved = [
            [(x * scale - region.left, y * scale - region.top) for x, y in polygon]
            for polygon in self._outline
        ]
        return _drawn(Image.fromarray(pixels[window]), levels, moved)


def mask_outlines(finding: Finding, followed: tuple[int, int], size: tuple[int, int]) -> list[Polygon]:
    """Outlines of a finding's mask; empty without a mask.

    Args:
        finding: the finding with the mask.
        followed: width and height at which the outline is traced.
        size: width and height of the picture in whose pixels the result is given.
    """
    if finding.mask is None or finding.mask_threshold is None:
        return []
    levels = fitted(finding.maps.levels(MASK), followed)
    return outlines(levels >= round(255 * finding.mask_threshold), size)


def _drawn(picture: Image.Image, levels: NDArray[np.uint8] | None, polygons: list[Polygon]) -> Image.Image:
    drawn = picture.copy()
    if levels is not None:
        drawn.paste(MARK, mask=Image.fromarray((levels * _COVER).astype(np.uint8)))
    canvas = ImageDraw.Draw(drawn)
    width = max(_LEAST_LINE, round(max(picture.size) * _LINE_SHARE))
    for colour, wide in (("black", 2 * width), (MARK, width)):
        for polygon in polygons:
            canvas.line([*polygon, polygon[0]], fill=colour, width=wide, joint="curve")
    return drawn
