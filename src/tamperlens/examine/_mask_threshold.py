"""From which probability on a pixel belongs to the mask, chosen for each image.

A fixed threshold loses what a map shows faintly. F1 of a set of pixels is twice the number of altered pixels
in it, divided by its size plus the number of all altered pixels. With probabilities instead of the truth,
this becomes an expected F1. The set that maximizes it holds all pixels above some threshold, which is never
above one half (Lipton, Elkan and Narayanaswamy 2014, "Optimal thresholding of classifiers to maximize F1
measure").
"""

import numpy as np
from numpy.typing import NDArray

# Number of steps in which a map is stored.
_LEVELS = 255
# A pixel below 0.2 is never marked. Chosen among 0.1, 0.2 and 0.3 on the images that the fusion's thresholds
# were fitted to: a lower value marks made alterations better, but also more of an untouched photograph.
_LEAST = 51
# A pixel that is more likely altered than not is always marked; in a cleared picture nothing else is.
_HIGHEST = 128
# Number of values counted at a time.
_PART = 1 << 20


def mask_threshold(probabilities: NDArray[np.float32], cleared: bool = False) -> float:
    """The threshold whose mask has the highest expected F1, if the image was altered.

    Args:
        probabilities: (H, W) float32 in 0..1.
        cleared: whether the image is called consistent.

    Returns:
        51/255 to 128/255; the latter for a picture that is cleared.

    >>> values = np.full((100, 100), 0.01, np.float32); values[:30, :30] = 0.45; values[:20, :20] = 0.9
    >>> round(mask_threshold(values), 2)
    0.45
    """
    if cleared:
        return _HIGHEST / _LEVELS
    flat = probabilities.ravel()
    counts = np.zeros(_LEVELS + 1)
    for start in range(0, flat.size, _PART):
        levels = np.rint(flat[start : start + _PART] * _LEVELS).astype(np.intp)
        counts += np.bincount(levels, minlength=_LEVELS + 1)
    values = np.arange(_LEVELS, -1, -1)
    marked = counts[::-1].cumsum()
    right = (counts[::-1] * values / _LEVELS).cumsum()
    expected = 2 * right / np.maximum(marked + right[-1], 1)
    return min(max(int(values[expected.argmax()]), _LEAST), _HIGHEST) / _LEVELS
