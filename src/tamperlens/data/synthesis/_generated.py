"""AI-like edits: a region passed through a generator's decoder, or resampled the way one would."""

from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.data.synthesis._regions import Mask, Pixels
from tamperlens.errors import DatasetError

FACTOR = 8
_WIDTH, _LATENT = 64, 32


class Generator(Protocol):
    """Anything that repaints a masked region of (side, side, 3) uint8 RGB pixels."""

    def __call__(self, base: Pixels, mask: Mask) -> Pixels:
        """The repainted image; untouched outside the mask."""
        ...


class TinyAutoencoder:
    """A small autoencoder of a latent diffusion model; its output carries a generator's decoder traces.

    Args:
        folder: holds `taef2_encoder.safetensors` and `taef2_decoder.safetensors`.

    Raises:
        DatasetError: a file is missing or holds another network.

    Reference: O. Bohan, "TAESD, tiny autoencoder" (2023), MIT licence.
    """

    def __init__(self, folder: Path) -> None:
        self._encoder, self._decoder = _encoder(), _decoder()
        for network, name in ((self._encoder, "encoder"), (self._decoder, "decoder")):
            path = folder / f"taef2_{name}.safetensors"
            try:
                network.load_state_dict(load_file(path))
            except (OSError, RuntimeError) as error:
                raise DatasetError(f"{path} is not the tiny autoencoder's {name}: {error}") from error
            network.eval()

    @torch.no_grad()
    def __call__(self, base: Pixels, mask: Mask) -> Pixels:
        """Pass the masked region, with a margin for the network's view, through the autoencoder."""
        rows, columns = np.nonzero(mask)
        top, left = max(0, int(rows.min()) - FACTOR), max(0, int(columns.min()) - FACTOR)
        window = base[top : int(rows.max()) + FACTOR + 1, left : int(columns.max()) + FACTOR + 1]
        height, width = window.shape[:2]
        padded = np.pad(window, ((0, -height % FACTOR), (0, -width % FACTOR), (0, 0)), mode="edge")
        values = torch.from_numpy(padded.astype(np.float32) / 255).permute(2, 0, 1)[None]
        painted = self._decoder(self._encoder(values))[0].permute(1, 2, 0).clamp(0, 1).numpy()
        result = base.copy()
        inside = mask[top : top + height, left : left + width]
        result[top : top + height, left : left + width][inside] = np.rint(painted[:height, :width] * 255)[
            inside
        ]
        return result


def resample_region(rng: np.random.Generator, base: Pixels, mask: Mask) -> Pixels:
    """Shrink and enlarge the region like up-convolution layers, and sharpen the result.

    Args:
        rng: source of all draws.
        base: (side, side, 3) uint8 RGB.
        mask: (side, side) bool.
    """
    side = base.shape[0]
    factor = float(rng.choice([2, 2, 3, 4]))
    small = cv2.resize(base, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    method = cv2.INTER_NEAREST if rng.random() < 0.4 else cv2.INTER_CUBIC
    large = cv2.resize(small, (side, side), interpolation=method)
    soft = cv2.GaussianBlur(large, (0, 0), factor / 2)
    sharp = cv2.addWeighted(large, 1.6, soft, -0.6, 0)
    return np.where(mask[:, :, None], sharp, base).astype(np.uint8)


class _Block(nn.Module):
    """Three convolutions with a skip connection; at the lowest resolution a wide branch is added first."""

    def __init__(self, wide: bool = False) -> None:
        super().__init__()
        self.conv = nn.Sequential(_conv(), nn.ReLU(), _conv(), nn.ReLU(), _conv())
        if wide:
            self.pool = nn.Sequential(
                nn.Conv2d(_WIDTH, 256, 1, bias=False), nn.GroupNorm(4, 256), nn.ReLU(),
                nn.Conv2d(256, _WIDTH, 1, bias=False),
            )  # fmt: skip
        self.wide = wide

    def forward(self, x: Tensor) -> Tensor:
        if self.wide:
            x = x + self.pool(x)
        return functional.relu(self.conv(x) + x)


class _Clamp(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return 3 * torch.tanh(x / 3)


def _conv(bias: bool = True, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(_WIDTH, _WIDTH, 3, stride, 1, bias=bias)


def _encoder() -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(3, _WIDTH, 3, padding=1), _Block()]
    for level in range(3):
        layers += [_conv(bias=False, stride=2), *(_Block(wide=level == 2) for _ in range(3))]
    return nn.Sequential(*layers, nn.Conv2d(_WIDTH, _LATENT, 3, padding=1))


def _decoder() -> nn.Sequential:
    layers: list[nn.Module] = [_Clamp(), nn.Conv2d(_LATENT, _WIDTH, 3, padding=1), nn.ReLU()]
    for level in range(3):
        layers += [
            *(_Block(wide=level == 0) for _ in range(3)),
            nn.Upsample(scale_factor=2),
            _conv(bias=False),
        ]
    return nn.Sequential(*layers, _Block(), nn.Conv2d(_WIDTH, 3, 3, padding=1))
