"""Which pictures of a folder show the same photograph: saved again, resized or cropped.

Each picture is reduced to 48 × 48 grey values, whatever its shape, so that any two can be compared. Two
pictures are alike if one correlates with the other, or with a part of it, at 16 × 16 values.
"""

import base64
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE, _COMPARED = 48, 16
# Correlation from which two are alike, and least contrast that can be compared, in grey levels; chosen on
# coco128, measured on others (benchmarks/traces/near_duplicates.py).
_ALIKE, _LEAST_CONTRAST = 0.9, 6.0
# Parts: the window's share of width and height, and its relative position.
_SHARES, _PLACES = (1.0, 0.9, 0.8, 0.7, 0.6), (0.0, 0.25, 0.5, 0.75, 1.0)
# With more pictures than this, only whole ones are compared.
_MOST_IN_PARTS = 1000
Vectors = NDArray[np.float32]


def tiny(picture: Image.Image) -> str:
    """A picture as 48 × 48 grey values, base64."""
    small = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=3.0)
    return base64.b64encode(small.tobytes()).decode()


def alike(pictures: Sequence[str]) -> list[set[int]]:
    """For each picture, the indices of those that show the same photograph.

    Args:
        pictures: results of `tiny`; "" for a picture that is not compared.

    >>> one, other = Image.linear_gradient("L"), Image.radial_gradient("L")
    >>> alike([tiny(one), tiny(one.resize((90, 60))), tiny(other), ""])
    [{1}, {0}, set(), set()]
    """
    found: list[set[int]] = [set() for _ in pictures]
    used = [number for number, text in enumerate(pictures) if text]
    grey = [_grey(pictures[number]) for number in used]
    whole = np.concatenate([_vectors(one, _WHOLE) for one in grey] or [np.empty((0, 1), np.float32)])
    reductions = _WHOLE if len(used) > _MOST_IN_PARTS else _reductions()
    for at, one in enumerate(grey):
        for other in np.nonzero((_vectors(one, reductions) @ whole.T).max(axis=0) >= _ALIKE)[0]:
            if other != at:
                found[used[at]].add(used[other])
                found[used[other]].add(used[at])
    return found


def _grey(text: str) -> Vectors:
    values = np.frombuffer(base64.b64decode(text), np.uint8).reshape(_SIDE, _SIDE)
    return values.astype(np.float32)


def _reduction(start: float, length: float) -> Vectors:
    """The (16, 48) matrix that turns 48 values into the means of 16 equal steps of a stretch."""
    edges = start + length * np.arange(_COMPARED + 1) / _COMPARED
    cells = np.arange(_SIDE)
    overlap = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    shares: Vectors = (np.clip(overlap, 0, None) * _COMPARED / length).astype(np.float32)
    return shares


_WHOLE = _reduction(0, _SIDE)[None]


def _reductions() -> Vectors:
    """Matrices of all stretches that are compared, (n, 16, 48)."""
    stretches = {(place * _SIDE * (1 - share), _SIDE * share) for share in _SHARES for place in _PLACES}
    return np.stack([_reduction(*stretch) for stretch in sorted(stretches)])


def _vectors(grey: Vectors, reductions: Vectors) -> Vectors:
    """Every window of a picture minus its mean, with norm 1; zero if its contrast is too low."""
    values = np.einsum("aiy,yx,bjx->abij", reductions, grey, reductions, optimize=True)
    values = values.reshape(-1, _COMPARED * _COMPARED)
    values = values - values.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    enough = lengths >= _LEAST_CONTRAST * _COMPARED
    return np.where(enough, values / np.maximum(lengths, 1e-6), 0).astype(np.float32)
