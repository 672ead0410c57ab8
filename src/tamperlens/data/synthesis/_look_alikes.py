"""Scenes that contain something twice: authentic photographs that look as if something had been copied."""

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.data.synthesis._pasting import copy_move
from tamperlens.data.synthesis._regions import Mask, Pixels

# Most pixels that places are moved by, and largest difference in light: two bottles of one kind differ in
# their pixels and in their lighting.
_BENT, _LIT = 4.0, 0.12
# Size of the photograph relative to the scene: no pixel of one thing is a pixel of the other.
_REDUCED = (0.5, 0.8)


def look_alike(rng: np.random.Generator, scene: Pixels, outline: Mask | None) -> Pixels:
    """A scene that contains something twice, before a camera takes it.

    A region is repeated elsewhere, then the whole is bent and lit unevenly, so that the two differ like two
    things of one kind, and reduced. The camera's noise and its save then make every pixel different.

    Args:
        rng: source of all draws.
        scene: (side, side, 3) uint8 RGB.
        outline: (side, side) bool mask of an object in it; None if none is known.

    Returns:
        (s, s, 3) uint8 RGB, half to four fifths of the side.
    """
    side = scene.shape[0]
    twice, _ = copy_move(rng, scene, outline)
    across, down = (_smooth(rng, side) * np.float32(rng.uniform(0.5, _BENT)) for _ in range(2))
    columns, rows = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
    bent = cv2.remap(twice, columns + across, rows + down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    light = 1 + np.float32(rng.uniform(0, _LIT)) * _smooth(rng, side)
    lit = np.clip(np.rint(bent * light[..., None]), 0, 255).astype(np.uint8)
    reduced = round(side * float(rng.uniform(*_REDUCED)))
    return np.asarray(cv2.resize(lit, (reduced, reduced), interpolation=cv2.INTER_AREA), np.uint8)


def _smooth(rng: np.random.Generator, side: int) -> NDArray[np.float32]:
    """A field of bumps as wide as a tenth of the side, (side, side) in −1..1."""
    coarse = rng.uniform(-1, 1, (11, 11)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC).clip(-1, 1), np.float32)
