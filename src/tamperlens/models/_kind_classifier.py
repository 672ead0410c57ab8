"""The patch classifier: EfficientNet-B0 → whether a patch was altered, and how."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from tamperlens.data.synthesis import KINDS
from tamperlens.models._backbones import efficientnet, load_encoder, load_lite0


class Kinds(NamedTuple):
    """A kind classifier's answer.

    Attributes:
        logits: (N, K) log-odds of the kinds, up to a common constant.
        tampered: (N, 1) log-odds that anything was altered; None from networks that are told where it was.
        activation: (N, 1, h, w) Grad-CAM of `tampered`, at least 0, not scaled; None likewise.
    """

    logits: Tensor
    tampered: Tensor | None = None
    activation: Tensor | None = None


class KindClassifier(nn.Module):
    """EfficientNet-B0, global average, dropout .5, and two linear heads: "tampered" and the kind.

    Args:
        channels: of the input: three of colour plus the error levels, all 0..1.
        pretrained: start from EfficientNet-Lite0's ImageNet weights.
        frozen: how many of the encoder's seven blocks, with the convolution before them, never change.

    Reference: M. Tan, Q. Le, "EfficientNet" (2019); the system is the web application of docs/systems.md.
    """

    def __init__(self, channels: int = 6, pretrained: bool = False, frozen: int = 0) -> None:
        super().__init__()
        self.encoder = efficientnet(channels)
        if pretrained:
            load_lite0(self.encoder)
        self.dropout = nn.Dropout(0.5)
        self.read_kind = nn.Linear(self.encoder.num_features, len(KINDS))  # type: ignore[arg-type]
        self.read_tampered = nn.Linear(self.encoder.num_features, 1)  # type: ignore[arg-type]
        self.frozen = frozen
        for part in self._frozen_parts():
            part.requires_grad_(False)

    def start_from(self, localizer: dict[str, Tensor]) -> None:
        """Take over the encoder of a trained U-Net with the same input, from its state."""
        load_encoder(self.encoder, localizer)

    def train(self, mode: bool = True) -> "KindClassifier":
        """As usual, except that frozen parts keep their statistics."""
        super().train(mode)
        for part in self._frozen_parts():
            part.eval()
        return self

    def forward(self, features: Tensor) -> Kinds:
        """Kinds of a batch of patches.

        Args:
            features: (N, C, H, W) float32 in 0..1, H and W multiples of 32.
        """
        maps = self.encoder.forward_features(2 * features - 1)  # type: ignore[operator]
        pooled = self.dropout(maps.mean(dim=(2, 3)))
        # After a global average the gradient of a linear head is its weight: Grad-CAM without autograd.
        weight = self.read_tampered.weight[0][None, :, None, None] / (maps.shape[2] * maps.shape[3])
        activation = torch.relu((maps * weight).sum(dim=1, keepdim=True))
        return Kinds(self.read_kind(pooled), self.read_tampered(pooled), activation)

    def _frozen_parts(self) -> list[nn.Module]:
        if not self.frozen:
            return []
        blocks: nn.Sequential = self.encoder.blocks  # type: ignore[assignment]
        stem: list[nn.Module] = [self.encoder.conv_stem, self.encoder.bn1]  # type: ignore[list-item]
        return [*stem, *list(blocks)[: self.frozen]]
