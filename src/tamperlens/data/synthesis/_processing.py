"""What honest photographs go through: saved again, resized, filtered, captured from a screen.

An untouched photograph must not look altered because it was heavily processed, so both classes are processed
alike.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.data.synthesis._saves import Save

Pixels = NDArray[np.uint8]


def process(pixels: Pixels, seed: int) -> Pixels:
    """One to three operations on the whole image; a seed always gives the same ones.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        seed: of all draws.

    Returns:
        The same shape.
    """
    rng = np.random.default_rng(seed)
    for name in rng.permutation(list(OPERATIONS))[: int(rng.integers(1, 4))]:
        pixels = OPERATIONS[str(name)](rng, pixels)
    return pixels


def _save(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    return Save(int(rng.integers(55, 97)), bool(rng.random() < 0.3)).apply(pixels)


def _resize(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    """To another size and back."""
    factor = float(np.exp(rng.uniform(np.log(0.55), np.log(1.7))))
    methods = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4, cv2.INTER_AREA)
    return _there_and_back(pixels, factor, methods[int(rng.integers(4))], methods[int(rng.integers(3))])


def _super_resolve(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    """Half the size, enlarged and sharpened, like upscalers."""
    large = _there_and_back(pixels, 0.5, cv2.INTER_AREA, cv2.INTER_LANCZOS4)
    soft = cv2.GaussianBlur(large, (0, 0), 1.2)
    return np.asarray(cv2.addWeighted(large, 1 + (k := float(rng.uniform(0.4, 1.2))), soft, -k, 0), np.uint8)


def _capture(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    """From a screen: resized carelessly, toned, never compressed."""
    factor = float(rng.uniform(0.7, 1.3))
    shown = _there_and_back(pixels, factor, cv2.INTER_LINEAR, cv2.INTER_LINEAR)
    curve = 255 * (np.arange(256) / 255) ** float(rng.uniform(0.9, 1.1))
    return np.asarray(cv2.LUT(shown, np.rint(curve).astype(np.uint8)), np.uint8)


def _sharpen(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    soft = cv2.GaussianBlur(pixels, (0, 0), float(rng.uniform(0.7, 2.5)))
    return np.asarray(cv2.addWeighted(pixels, 1 + (k := float(rng.uniform(0.3, 1.5))), soft, -k, 0), np.uint8)


def _denoise(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    choice = rng.random()
    if choice < 0.4:
        return np.asarray(cv2.bilateralFilter(pixels, 5, float(rng.uniform(10, 40)), 3), np.uint8)
    if choice < 0.7:
        return np.asarray(cv2.medianBlur(pixels, 3), np.uint8)
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), float(rng.uniform(0.4, 1.2))), np.uint8)


def _grain(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    noise = rng.standard_normal(pixels.shape, np.float32) * np.float32(rng.uniform(1, 7))
    return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)


def _equalise(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    """Local contrast, like one-touch enhancements."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(float(rng.uniform(1, 3)), (4, 4)).apply(lab[..., 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)


def _vignette(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    """Darker corners, warmer or colder colours: a photo app's filter."""
    rows, columns = (np.linspace(-1, 1, side, dtype=np.float32) for side in pixels.shape[:2])
    fall = 1 - np.float32(rng.uniform(0, 0.4)) * (rows[:, None] ** 2 + columns**2) / 2
    values = pixels * fall[..., None] * (1 + rng.normal(0, 0.05, 3)).astype(np.float32)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _there_and_back(pixels: Pixels, factor: float, there: int, back: int) -> Pixels:
    height, width = pixels.shape[:2]
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    other = cv2.resize(pixels, size, interpolation=there)
    return np.asarray(cv2.resize(other, (width, height), interpolation=back), np.uint8)


OPERATIONS: dict[str, Callable[[np.random.Generator, Pixels], Pixels]] = {
    "save": _save,
    "resize": _resize,
    "super-resolve": _super_resolve,
    "capture": _capture,
    "sharpen": _sharpen,
    "denoise": _denoise,
    "grain": _grain,
    "equalise": _equalise,
    "vignette": _vignette,
}
