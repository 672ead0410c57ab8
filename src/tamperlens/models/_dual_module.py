"""The mask-conditioned classifier: image and mask → how the masked part was altered."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.data.synthesis import KINDS
from tamperlens.models._backbones import efficientnet, load_lite0
from tamperlens.models._kind_classifier import Kinds
from tamperlens.models._srm_layer import SrmConv2d

# The paper distinguishes the first three; the forgeries here include two more kinds.
MASKED_KINDS = KINDS[1:]

# Input pixels per cell of the encoders' last maps.
_STRIDE = 32


class DualModuleClassifier(nn.Module):
    """Noise of the gated image and its context, through two EfficientNet-B0.

    Noise stream: image × mask, high-pass filters, EfficientNet. Context stream: image ‖ mask, EfficientNet.
    Both joined → 256 units → dropout .5 → kinds. The paper leaves out regions under 1.5 % of the area; here
    the maps are averaged under the mask, and those of the context also over the rest, because a small region
    would vanish in the overall mean.

    Args:
        channels: must be four: three of colour and the mask.
        pretrained: start both encoders from EfficientNet-Lite0's ImageNet weights.

    Reference: the two-stage system of docs/systems.md.
    """

    def __init__(self, channels: int = 4, pretrained: bool = False) -> None:
        super().__init__()
        if channels != 4:
            raise ValueError(f"dual-module reads three colour channels and a mask, not {channels} channels")
        self.srm = SrmConv2d()
        self.noise, self.context = efficientnet(9), efficientnet(4)
        if pretrained:
            load_lite0(self.noise)
            load_lite0(self.context)
        width = self.noise.num_features + 2 * self.context.num_features  # type: ignore[operator]
        self.join = nn.Sequential(nn.Linear(width, 256), nn.ReLU(), nn.Dropout(0.5))  # type: ignore[arg-type]
        self.read = nn.Linear(256, len(MASKED_KINDS))

    def forward(self, features: Tensor) -> Kinds:
        """Kinds of a batch.

        Args:
            features: (N, 4, H, W) float32 in 0..1: red, green, blue, mask; H and W multiples of 32.
        """
        color, mask = features[:, :3], features[:, 3:]
        noise = self.noise.forward_features(self.srm(color * mask * 255))  # type: ignore[operator]
        context = self.context.forward_features(2 * features - 1)  # type: ignore[operator]
        share = functional.avg_pool2d(mask, _STRIDE)
        pooled = [_under(share, noise), _under(share, context), context.mean(dim=(2, 3))]
        return Kinds(self.read(self.join(torch.cat(pooled, dim=1))))


def _under(share: Tensor, maps: Tensor) -> Tensor:
    """Mean of maps (N, C, h, w), each cell weighted by how much of it the mask covers."""
    return (maps * share).sum(dim=(2, 3)) / (share.sum(dim=(2, 3)) + 1e-4)
