"""Outlines of objects in photographs without any, drawn by a salient-object network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.data.datasets import IMAGE_SUFFIXES
from tamperlens.evaluation import SalientObjects

# Least and largest share of the photograph: smaller objects are seldom whole, larger ones are the scene.
_LEAST, _MOST = 0.02, 0.5
# Least share of the salient area in its largest part; below it, what stands out is not a single object.
_ONE = 0.85
# Mean saliency of the object minus that of the rest, from which an outline is trusted.
_CLEAR = 0.4


def object_outline(saliency: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """The one object that stands out, cut at Otsu's threshold.

    Args:
        saliency: (H, W) float32 in 0..1.

    Returns:
        (H, W) bool; None if there is no single or no clear one.
    """
    _, inside = cv2.threshold((saliency * 255).astype(np.uint8), 0, 1, cv2.THRESH_OTSU)
    if not _LEAST <= inside.mean() <= _MOST:
        return None
    if saliency[inside > 0].mean() - saliency[inside == 0].mean() < _CLEAR:
        return None
    _, parts, facts, _ = cv2.connectedComponentsWithStats(np.asarray(inside, np.uint8))
    areas = facts[1:, cv2.CC_STAT_AREA]
    if areas.max() < _ONE * areas.sum():
        return None
    return np.asarray(parts == 1 + int(areas.argmax()))


def write_outlines(
    folder: Path, network: SalientObjects, advance: Callable[[int, int], None] = lambda *_: None
) -> int:
    """Write `masks/NAME.png` for each `images/NAME` below a folder that has no outline yet.

    Args:
        folder: searched with all its subfolders.
        network: finds what stands out.
        advance: called with (photographs done, photographs in all).

    Returns:
        Number of outlines written.
    """
    paths = [
        path
        for path in sorted(folder.rglob("images/*"))
        if path.suffix.lower() in IMAGE_SUFFIXES and not (path.parent.parent / "instances").exists()
    ]
    written = 0
    for done, (path, pixels) in enumerate(_opened(paths), start=1):
        target = path.parent.parent / "masks" / f"{path.stem}.png"
        outline = None if target.exists() else object_outline(network(pixels))
        if outline is not None:
            target.parent.mkdir(exist_ok=True)
            Image.fromarray(outline.astype(np.uint8) * 255).save(target)
            written += 1
        advance(done, len(paths))
    return written


def _opened(paths: list[Path]) -> Iterator[tuple[Path, NDArray[np.uint8]]]:
    for path in paths:
        try:
            with Image.open(path) as image:
                yield path, np.asarray(image.convert("RGB"))
        except (OSError, ValueError, SyntaxError):
            continue  # the pool also leaves out damaged photographs
