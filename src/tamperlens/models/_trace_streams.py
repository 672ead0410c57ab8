"""The input streams of the trace localizer's network: residuals, JPEG coefficients, measured maps."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.models._dual_convnext import BayarConv2d
from tamperlens.models._fast_depthwise import DepthwiseConv2d
from tamperlens.models._srm_layer import full_precision
from tamperlens.traces.noise import KERNELS

# Luma frequencies that are read, levels that are distinguished, and values that describe each level.
FREQUENCIES, LEVELS, _DESCRIBED = 20, 16, 8
# Maps that are measured beforehand, and the flags for those that could be.
MEASURED_MAPS, MEASURED_FLAGS = 6, 5
# Gray levels; residuals beyond this are edges. A camera's noise has half of it.
_TRUNCATION = 4.0
_BAYAR_FILTERS = 4


class Residuals(nn.Module):
    """What smooth content does not predict: fixed filters of gray, their local strength, learned filters."""

    channels = 2 * len(KERNELS) + _BAYAR_FILTERS

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kernels", torch.from_numpy(KERNELS.copy())[:, None], persistent=False)
        self.learned = BayarConv2d(3, _BAYAR_FILTERS)

    def forward(self, pixels: Tensor) -> Tensor:
        with full_precision(pixels):
            levels = pixels.float() * 255
            gray = functional.pad(levels.mean(1, keepdim=True), (2, 2, 2, 2), mode="reflect")
            fixed = functional.conv2d(gray, self.get_buffer("kernels")).clamp(-_TRUNCATION, _TRUNCATION) / 2
            strength = functional.avg_pool2d(fixed.abs(), 5, 1, 2)
            learned = self.learned(levels).clamp(-4 * _TRUNCATION, 4 * _TRUNCATION) / 8
            return torch.cat([fixed, strength, learned], 1)


class JpegStream(nn.Module):
    """Quantised coefficients → features at their own stride.

    Each level of each frequency is described by a few learned values, weighted by the image's histogram of
    that frequency and by all quantisation steps. In addition comes how much rarer each level is in the image
    than its neighbours: after two saves the histogram has gaps, and only what was not there at the first save
    falls into them.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        described = FREQUENCIES * _DESCRIBED
        self.describe = nn.Conv2d(FREQUENCIES * LEVELS, described, 1, groups=FREQUENCIES, bias=False)
        self.norm = nn.BatchNorm2d(described)
        self.by_steps = nn.Linear(FREQUENCIES, described)
        self.by_histogram = nn.Parameter(torch.zeros(FREQUENCIES, LEVELS, _DESCRIBED))
        self.mix = pointwise(described + 2 * FREQUENCIES, width)
        self.blocks = nn.Sequential(*(Separable(width, width) for _ in range(3)))
        self.none = nn.Parameter(torch.zeros(1, width, 1, 1))

    def forward(self, levels: Tensor, steps: Tensor, histogram: Tensor, exists: Tensor) -> Tensor:
        number, _, rows, columns = levels.shape
        every = torch.arange(LEVELS, device=levels.device, dtype=torch.uint8).view(1, 1, LEVELS, 1, 1)
        which = (levels[:, :, None] == every).to(self.describe.weight.dtype)
        surprise = (histogram + 1e-3).log()
        before = torch.cat([surprise[..., 1:2], surprise[..., :-1]], -1)
        after = torch.cat([surprise[..., 1:], surprise[..., -2:-1]], -1)
        gap = surprise - (before + after) / 2
        seen = torch.stack([surprise, gap], 2) / 4  # (N, K, 2, T)
        rare = torch.einsum("nkthw,nkct->nkchw", which, seen).flatten(1, 2)
        weigh = self.by_steps(steps) + torch.einsum("nkt,ktd->nkd", surprise, self.by_histogram).flatten(1)
        flat = which.reshape(number, FREQUENCIES * LEVELS, rows, columns)
        described = self.norm(self.describe(flat.contiguous(memory_format=torch.channels_last)))
        described = functional.relu(described * torch.sigmoid(weigh)[:, :, None, None].to(described.dtype))
        features: Tensor = self.blocks(self.mix(torch.cat([described, rare.to(described.dtype)], 1)))
        exists = exists[:, :, None, None].to(features.dtype)
        return features * exists + self.none * (1 - exists)


class MapStream(nn.Module):
    """Measured maps and their flags → features at stride 8."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mix = nn.Sequential(
            nn.Conv2d(MEASURED_MAPS + MEASURED_FLAGS, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU6(),
        )
        self.blocks = nn.Sequential(Separable(width, width), Separable(width, width))

    def forward(self, measured: Tensor, valid: Tensor) -> Tensor:
        flags = valid[:, :, None, None].expand(-1, -1, *measured.shape[2:])
        mixed: Tensor = self.blocks(self.mix(torch.cat([measured, flags], 1)))
        return mixed


class Separable(nn.Module):
    """Depthwise 3 × 3, pointwise, with a skip connection if the width stays the same."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.across = nn.Sequential(DepthwiseConv2d(channels, 3), nn.BatchNorm2d(channels), nn.ReLU6())
        self.mix = pointwise(channels, width)
        self.skips = channels == width

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.mix(self.across(x))
        return x + y if self.skips else y


def pointwise(channels: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU6())


def larger(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="bilinear")


def speed_up(network: nn.Module) -> None:
    """Replace every depthwise convolution by `DepthwiseConv2d`; names and weights stay."""
    for parent in list(network.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.Conv2d) and child.groups == child.in_channels > 1:
                setattr(
                    parent, name, DepthwiseConv2d(child.in_channels, child.kernel_size[0], child.stride[0])
                )
