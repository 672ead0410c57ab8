"""The fixed high-pass filters of steganalysis as a layer; three networks begin with it."""

import contextlib

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.traces.noise import KERNELS, TRUNCATION


def full_precision(levels: Tensor) -> contextlib.AbstractContextManager[object]:
    """Compute without bfloat16: its eight bits per gray level would leave nothing of a residual."""
    kind = levels.device.type
    if torch.is_autocast_enabled(kind):
        return torch.autocast(kind, enabled=False)
    return contextlib.nullcontext()


class SrmConv2d(nn.Module):
    """The fixed high-pass filters of `traces.noise.KERNELS` on each colour channel, truncated.

    Input in gray levels 0..255, output (N, 9, H, W) in −1..1.
    """

    def __init__(self) -> None:
        super().__init__()
        kernels = torch.from_numpy(KERNELS.copy())
        self.register_buffer("kernels", kernels[:, None].repeat(3, 1, 1, 1), persistent=False)

    def forward(self, levels: Tensor) -> Tensor:
        """Residuals of (N, 3, H, W) gray levels."""
        with full_precision(levels):
            padded = functional.pad(levels.float(), (2, 2, 2, 2), mode="reflect")
            residual = functional.conv2d(padded, self.get_buffer("kernels"), groups=3)
        return residual.clamp(-TRUNCATION, TRUNCATION) / TRUNCATION
