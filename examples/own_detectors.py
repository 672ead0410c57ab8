"""Detectors from elsewhere under the bench: a method as photoholmes has them, a torch module, a function.

Run it on a dataset of yours: python examples/own_detectors.py DATASET
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import tamperlens as tl
from tamperlens.evidence import Evidence


def from_photoholmes(
    method: Any, preprocessing: Callable[..., Mapping[str, Any]]
) -> Callable[[Evidence], Any]:
    """A method of photoholmes with its preprocessing, as `MethodFactory.load("naive")` returns both.

    Its image is a (3, H, W) uint8 tensor; `benchmark` returns "heatmap", "mask" and "detection". One
    that reads the file itself is given its bytes, `evidence.data`.
    """

    def detect(evidence: Evidence) -> Any:
        import torch

        pixels = torch.from_numpy(evidence.pixels.transpose(2, 0, 1).copy())
        return method.benchmark(**preprocessing(image=pixels))

    return detect


def from_torch(
    module: Any, mean: tuple[float, ...], deviation: tuple[float, ...]
) -> Callable[[Evidence], Any]:
    """A torch module that turns a (1, 3, H, W) image into the logits of a (1, 1, h, w) map."""

    def detect(evidence: Evidence) -> Any:
        import torch

        pixels = (evidence.pixels / np.float32(255) - np.float32(mean)) / np.float32(deviation)
        with torch.inference_mode():
            logits = module.eval()(torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy()))
        return torch.sigmoid(logits)

    return detect


def noisiness(evidence: Evidence) -> np.ndarray:
    """A function is a detector: how much each row and column of pixels differs from the next one."""
    gray = evidence.pixels.mean(axis=2) / 255
    return np.abs(np.gradient(gray)[0]) + np.abs(np.gradient(gray)[1])


if __name__ == "__main__":
    result = tl.evaluate(lambda image: noisiness(image).clip(0, 1), sys.argv[1], name="noisiness")
    for name in ("f1_half", "auc_per_image", "image_auc"):
        figure = result.figures[name]
        print(name, "–" if figure["value"] is None else f"{figure['value']:.3f}")
