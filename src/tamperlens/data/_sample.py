"""What a dataset yields."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.data._outline import Outline

MaskColour = Literal["white", "black", "green", "any"]


@dataclass(frozen=True)
class Sample:
    """One labelled image of a dataset, still on disk.

    Attributes:
        path: the image file.
        tampered: whether it was altered.
        kind: "authentic", "splicing", "copy-move" or another name of the field.
        sources: identifiers of the photographs it was made from; images that share one must not be on both
            sides of a split.
        mask: file that marks the altered pixels, or their outline; None for authentic images.
        mask_colour: how that file marks them, as understood by `read_mask`.
    """

    path: Path
    tampered: bool
    kind: str
    sources: frozenset[str] = field(default_factory=frozenset)
    mask: Path | Outline | None = None
    mask_colour: MaskColour = "white"


def read_mask(path: Path | Outline, colour: MaskColour = "white") -> NDArray[np.bool_]:
    """Read a mask file, or draw an outline.

    Args:
        path: the mask, such as `Sample.mask`.
        colour: what marks altered pixels, such as `Sample.mask_colour`: "white" (gray 128 or more), "black"
            (gray below 128), "green" (on red, as in Columbia) or "any" colour but black.

    Returns:
        (H, W) bool, True where the pixel was altered.

    Raises:
        OSError, SyntaxError, ValueError: the file is missing, damaged or not an image.
        DatasetError: the outline cannot be drawn.
    """
    if isinstance(path, Outline):
        return path.draw()
    with Image.open(path) as image:
        if colour in {"white", "black"}:
            white = np.asarray(image.convert("L")) >= 128
            return white if colour == "white" else ~white
        rgb = np.asarray(image.convert("RGB")).astype(np.int16)
    # The margins are wider than the changes that JPEG and video make to flat colours.
    return rgb[..., 1] > rgb[..., 0] + 32 if colour == "green" else rgb.max(axis=2) >= 24
