"""Noise and colour through two ConvNeXts, with feature enhancement and edge supervision.

The paper draws its decoder without describing it; here the summed stages are brought to a quarter of the
input's size, added, and read by one convolution.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.models._backbones import convnext_stages
from tamperlens.models._localization import Localization
from tamperlens.models._srm_layer import SrmConv2d, full_precision
from tamperlens.traces.noise import TRUNCATION

_BAYAR_FILTERS = 3
_DECODER_WIDTH = 64


class BayarConv2d(nn.Conv2d):
    """Convolution that learns to predict a pixel from its neighbours and returns the error.

    Each filter's centre is −1 and its other weights sum to 1; `project` restores this after a step.

    Reference: B. Bayar, M. Stamm, "Constrained convolutional neural networks" (2018).
    """

    def __init__(self, channels: int, filters: int, side: int = 5) -> None:
        super().__init__(channels, filters, side, padding=side // 2, bias=False, padding_mode="reflect")
        nn.init.uniform_(self.weight, 0.0, 1.0)
        self.project()

    def forward(self, levels: Tensor) -> Tensor:
        """Prediction errors of (N, C, H, W) gray levels."""
        with full_precision(levels):
            return super().forward(levels.float())

    @torch.no_grad()
    def project(self) -> None:
        """Restore the constraint for each filter, over every channel it reads."""
        centre = self.weight.shape[-1] // 2
        self.weight[:, :, centre, centre] = 0
        total = self.weight.sum(dim=(2, 3), keepdim=True)
        self.weight /= torch.where(total.abs() < 1e-3, torch.full_like(total, 1e-3), total)
        self.weight[:, :, centre, centre] = -1


class FeatureEnhancement(nn.Module):
    """F′ = F + F · σ(BN(conv1×1(dilated 3×3(conv1×1 F))) + BN(MLP(GAP F)))."""

    def __init__(self, width: int, reduction: int = 4) -> None:
        super().__init__()
        narrow = max(8, width // reduction)
        self.spatial = nn.Sequential(
            nn.Conv2d(width, narrow, 1),
            nn.Conv2d(narrow, narrow, 3, padding=2, dilation=2),
            nn.Conv2d(narrow, width, 1),
            nn.BatchNorm2d(width),
        )
        self.channel = nn.Sequential(
            nn.Conv2d(width, narrow, 1), nn.ReLU(), nn.Conv2d(narrow, width, 1), nn.BatchNorm2d(width)
        )

    def forward(self, features: Tensor) -> Tensor:
        """Enhanced features of the same shape."""
        pooled = features.mean(dim=(2, 3), keepdim=True)
        return features + features * torch.sigmoid(self.spatial(features) + self.channel(pooled))


class EdgeExtraction(nn.Module):
    """Sobel gradient, 1 × 1 to a quarter of the channels, residual pairs, 1 × 1 to one map.

    The map is both the attention that sharpens the features and the edge that is supervised.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        narrow = max(8, width // 4)
        sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8
        kernels = torch.stack([sobel, sobel.T])[:, None]
        self.register_buffer("kernels", kernels.repeat(width, 1, 1, 1), persistent=False)
        self.width = width
        self.norm = nn.BatchNorm2d(width)
        self.reduce = nn.Conv2d(width, narrow, 1)
        self.residual = nn.Sequential(
            nn.ReLU(), nn.BatchNorm2d(narrow), nn.Conv2d(narrow, narrow, 3, padding=1),
            nn.ReLU(), nn.BatchNorm2d(narrow), nn.Conv2d(narrow, narrow, 3, padding=1),
        )  # fmt: skip
        self.read = nn.Conv2d(narrow, 1, 1)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Features sharpened along edges, and the edges' log-odds (N, 1, h, w)."""
        gradient = functional.conv2d(features, self.get_buffer("kernels"), padding=1, groups=self.width)
        horizontal, vertical = gradient[:, 0::2], gradient[:, 1::2]
        strength = torch.sqrt(horizontal * horizontal + vertical * vertical + 1e-6)
        reduced = self.reduce(self.norm(strength))
        edges = self.read(reduced + self.residual(reduced))
        return features * (1 + torch.sigmoid(edges)), edges


class DualConvNext(nn.Module):
    """Noise branch + colour branch → mask, edges from the colour branch.

    Args:
        channels: of the input; 3, colour.
        encoder: timm's name for the ConvNeXt; `convnext_tiny` is the paper's size, `convnext_atto` one that
            two processor cores can train.
        noise: with the noise branch.
        color: with the colour branch; without it there are no edges either.
        enhancement: with feature enhancement in the noise branch.
        edges: with edge extraction in the colour branch.

    Reference: the dual-branch ConvNeXt of docs/systems.md.
    """

    def __init__(
        self,
        channels: int = 3,
        encoder: str = "convnext_tiny",
        noise: bool = True,
        color: bool = True,
        enhancement: bool = True,
        edges: bool = True,
    ) -> None:
        super().__init__()
        if channels != 3 or not (noise or color):
            raise ValueError("dual-convnext reads three colour channels through one branch at least")
        if noise:
            self.bayar, self.srm = BayarConv2d(3, _BAYAR_FILTERS), SrmConv2d()
            self.noise_stages = convnext_stages(encoder, _BAYAR_FILTERS + 9)
        if color:
            self.color_stages = convnext_stages(encoder, 3)
        widths = (self.color_stages if color else self.noise_stages).feature_info.channels()  # type: ignore[operator, union-attr]
        self.enhance = nn.ModuleList(FeatureEnhancement(w) for w in widths) if noise and enhancement else None
        self.extract = nn.ModuleList(EdgeExtraction(w) for w in widths) if color and edges else None
        self.lateral = nn.ModuleList(nn.Conv2d(w, _DECODER_WIDTH, 1) for w in widths)
        self.read = nn.Sequential(
            nn.Conv2d(_DECODER_WIDTH, _DECODER_WIDTH, 3, padding=1),
            nn.BatchNorm2d(_DECODER_WIDTH),
            nn.ReLU(),
            nn.Conv2d(_DECODER_WIDTH, 1, 1),
        )
        self.read_edges = nn.Conv2d(len(widths), 1, 1) if self.extract else None
        self.noise, self.color, self.stage_channels = noise, color, tuple(widths)

    def forward(self, features: Tensor) -> Localization:
        """Log-odds of every pixel and of the outline.

        Args:
            features: (N, 3, H, W) float32 in 0..1, H and W multiples of 32.
        """
        return self.decode(*self.encode(features))

    def encode(self, features: Tensor) -> tuple[list[Tensor], Tensor | None]:
        """The branches' sum at 1/4, 1/8, 1/16 and 1/32 of the input, and the outline's log-odds."""
        branches, edges = [], None
        if self.noise:
            branches.append(self._noise_branch(features))
        if self.color:
            color, edges = self._color_branch(features)
            branches.append(color)
        return [sum(maps[1:], maps[0]) for maps in zip(*branches, strict=True)], edges

    def decode(self, stages: list[Tensor], edges: Tensor | None) -> Localization:
        """Log-odds of every pixel from the result of `encode`."""
        fused = sum((_enlarge(lateral(stage), 2**i) for i, (lateral, stage)
                     in enumerate(zip(self.lateral, stages, strict=True))), torch.zeros(()))  # fmt: skip
        return Localization(_enlarge(self.read(fused), 4), edges)

    def _noise_branch(self, features: Tensor) -> list[Tensor]:
        levels = features * 255
        noise = torch.cat([self.bayar(levels) / TRUNCATION, self.srm(levels)], dim=1)
        stages: list[Tensor] = self.noise_stages(noise)
        if self.enhance is None:
            return stages
        return [enhance(stage) for enhance, stage in zip(self.enhance, stages, strict=True)]

    def _color_branch(self, features: Tensor) -> tuple[list[Tensor], Tensor | None]:
        stages: list[Tensor] = self.color_stages(2 * features - 1)
        if self.extract is None or self.read_edges is None:
            return stages, None
        sharpened, edges = [], []
        for i, (extract, stage) in enumerate(zip(self.extract, stages, strict=True)):
            sharp, edge = extract(stage)
            sharpened.append(sharp)
            edges.append(_enlarge(edge, 2**i))
        return sharpened, self.read_edges(torch.cat(edges, dim=1))


def _enlarge(features: Tensor, factor: int) -> Tensor:
    if factor == 1:
        return features
    return functional.interpolate(features, scale_factor=factor, mode="bilinear", align_corners=False)
