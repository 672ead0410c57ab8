"""What the blocks of an image say about its kind: plain, alike, shaded, busy, inked."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence._pixels import to_gray

BLOCK = 8
# Most blocks looked at, in rows spread evenly over the image.
_BLOCKS = 60_000


def block_signs(pixels: NDArray[np.uint8]) -> dict[str, float]:
    """Measure blocks of 8 × 8 pixels.

    Args:
        pixels: (H, W, 3) uint8 RGB, both sides at least 8.

    Returns:
        flat: share of blocks with one single gray level that is neither black nor white.
        clipped: share of plain black or white blocks.
        plain: both together.
        alike: share of one-level blocks whose right neighbour has the same level.
        common: share of blocks that have one of the four most common of these levels.
        busy_range: median range of the gray levels of the other blocks.
        soft: share of the other blocks whose range is at most 12 gray levels.
        paper: share of pixels within 16 gray levels of the most common one.
        paper_level: that most common gray level.
        ink: share of pixels at least 64 gray levels darker than it.
        colour: share of pixels whose channels differ by more than 40 levels.
        spread: standard deviation of the gray levels.
        whiteness: variance of the blocks' means, relative to what independent pixels would give.
    """
    gray, colour = _sampled(pixels)
    low, high = gray.min(axis=2), gray.max(axis=2)
    span = high.astype(int) - low
    plain = (high <= 3) | (low >= 252)
    other = span[(span > 2) & ~plain]
    histogram = np.bincount(gray.ravel(), minlength=256) / gray.size
    level = int(histogram.argmax())
    one = span == 0
    variance = float(gray.var())
    return {
        "flat": float((one & ~plain).mean()),
        "clipped": float(plain.mean()),
        "plain": float((one | plain).mean()),
        "alike": float((one[:, :-1] & one[:, 1:] & (low[:, :-1] == low[:, 1:])).sum() / one.size),
        "common": float(np.sort(np.bincount(low[one], minlength=256))[-4:].sum() / one.size),
        "busy_range": float(np.median(other)) if other.size else 0.0,
        "soft": float((other <= 12).mean()) if other.size else 0.0,
        "paper": float(histogram[max(level - 16, 0) : level + 17].sum()),
        "paper_level": float(level),
        "ink": float(histogram[: max(level - 63, 0)].sum()),
        "colour": colour,
        "spread": variance**0.5,
        "whiteness": float(gray.mean(axis=2).var() / max(variance / BLOCK**2, 1e-9)),
    }


def _sampled(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """Rows of blocks of gray levels, (rows, columns, 64) uint8, and the share of coloured pixels in them."""
    rows, columns = pixels.shape[0] // BLOCK, pixels.shape[1] // BLOCK
    step = max(1, round(rows * columns / _BLOCKS))
    shape = (rows, BLOCK, columns, BLOCK, 3)
    strips = pixels[: rows * BLOCK, : columns * BLOCK].reshape(shape)[::step]
    chosen = strips.swapaxes(1, 2).reshape(-1, columns, BLOCK * BLOCK, 3)
    colour = (chosen.max(axis=3).astype(int) - chosen.min(axis=3) > 40).mean()
    gray = to_gray(chosen.reshape(-1, columns * BLOCK * BLOCK, 3))
    return gray.reshape(-1, columns, BLOCK * BLOCK), float(colour)
