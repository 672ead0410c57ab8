"""What can happen to an image before it is examined: channels, sizes, noise, another save.

Each condition is drawn from the image's content and a seed, never from its label.
"""

import hashlib
import io
from collections.abc import Callable
from functools import cache, partial

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.data.channels import channel_presets, through_channel_with
from tamperlens.errors import UnknownNameError
from tamperlens.evidence import Evidence, encode_jpeg, load_evidence

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
# Pixels and mask → a file's bytes, and the mask that fits its pixels.
Condition = Callable[[Pixels, Mask | None, np.random.Generator], tuple[bytes, Mask | None]]

NATIVE = "native"
CHANNEL = "channel "


def _resized(factor: float, pixels: Pixels, mask: Mask | None, _rng: object) -> tuple[bytes, Mask | None]:
    height, width = (max(8, round(side * factor)) for side in pixels.shape[:2])
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    resized = np.asarray(cv2.resize(pixels, (width, height), interpolation=method), np.uint8)
    if mask is not None:
        painted = cv2.resize(mask.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_AREA)
        mask = np.asarray(painted) >= 128
    return _lossless(resized), mask


def gaussian_noise(pixels: Pixels, sigma: float, seed: int = 0) -> Pixels:
    """Add noise with a standard deviation in gray levels, separately for each channel."""
    noise = np.random.default_rng(seed).normal(0, sigma, pixels.shape)
    return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)


def _noisy(
    sigma: float, pixels: Pixels, mask: Mask | None, rng: np.random.Generator
) -> tuple[bytes, Mask | None]:
    return _lossless(gaussian_noise(pixels, sigma, int(rng.integers(2**31)))), mask


def _saved(quality: int, pixels: Pixels, mask: Mask | None, _rng: object) -> tuple[bytes, Mask | None]:
    return encode_jpeg(pixels, quality), mask


def _lossless(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


@cache
def conditions() -> dict[str, Condition]:
    """Name → what is done; `NATIVE`, which does nothing, is not included."""
    return {
        **{f"{CHANNEL}{name}": partial(through_channel_with, name) for name in channel_presets()},
        "resize 0.5": partial(_resized, 0.5),
        "resize 0.75": partial(_resized, 0.75),
        "resize 1.5": partial(_resized, 1.5),
        "noise 3": partial(_noisy, 3.0),
        "noise 10": partial(_noisy, 10.0),
        "JPEG 90": partial(_saved, 90),
        "JPEG 75": partial(_saved, 75),
        "JPEG 50": partial(_saved, 50),
    }


def check_condition(name: str) -> None:
    """Raise UnknownNameError if there is no such condition."""
    if name != NATIVE and name not in conditions():
        raise UnknownNameError("condition", name, [NATIVE, *conditions()])


def under(name: str, evidence: Evidence, mask: Mask | None, seed: int) -> tuple[Evidence, Mask | None]:
    """An image and its mask under a condition.

    Args:
        name: `NATIVE` or key of `conditions`.
        evidence: the image as published.
        mask: its (H, W) bool mask; None if there is none.
        seed: each seed is a different draw.
    """
    if name == NATIVE:
        return evidence, mask
    draw = hashlib.sha256(f"{evidence.sha256}:{name}:{seed}".encode()).digest()
    data, mask = conditions()[name](evidence.pixels, mask, np.random.default_rng(list(draw[:16])))
    return load_evidence(data, name=evidence.name), mask
