"""The fixed high-pass filters of steganalysis as a layer; S2, S3 and S4 begin with it."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.traces.srm import KERNELS, TRUNCATION


class SrmConv2d(nn.Module):
    """The fixed high-pass filters of `traces.srm` on each colour channel, truncated.

    Input in gray levels 0..255, output (N, 9, H, W) in −1..1.
    """

    def __init__(self) -> None:
        super().__init__()
        kernels = torch.from_numpy(KERNELS.copy())
        self.register_buffer("kernels", kernels[:, None].repeat(3, 1, 1, 1), persistent=False)

    def forward(self, levels: Tensor) -> Tensor:
        """Residuals of (N, 3, H, W) gray levels."""
        padded = functional.pad(levels, (2, 2, 2, 2), mode="reflect")
        residual = functional.conv2d(padded, self.get_buffer("kernels"), groups=3)
        return residual.clamp(-TRUNCATION, TRUNCATION) / TRUNCATION
