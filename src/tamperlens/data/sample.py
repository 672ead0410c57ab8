"""What a dataset yields."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True)
class Sample:
    """One labelled image of a dataset, still on disk.

    Attributes:
        path: the image file.
        tampered: whether it was altered.
        kind: "authentic", "splicing", "copy-move" or another name of the field.
        sources: identifiers of the photographs it was made from; images that share one must not stand on
            both sides of a split.
        mask: file that marks the altered pixels, None for authentic images.
    """

    path: Path
    tampered: bool
    kind: str
    sources: frozenset[str] = field(default_factory=frozenset)
    mask: Path | None = None


def read_mask(path: Path) -> NDArray[np.bool_]:
    """Read a mask file.

    Returns:
        (H, W) bool, True where the pixel was altered; gray values from 128 up count as altered.
    """
    with Image.open(path) as image:
        return np.asarray(image.convert("L")) >= 128
