"""The lightweight CNN on handcrafted features.

Paper: see docs/systems.md, published by IIETA (2026), CC BY 4.0. Code and weights here:
Apache-2.0, our own.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class LightweightCnnOutput(NamedTuple):
    """The network's output.

    Attributes:
        logits: (N, 2) float32, authentic and tampered.
        activation: (N, H/2, W/2) float32, the class activation map: how much each position adds to
            logit(tampered) − logit(authentic). It is exact because global average pooling is followed by a
            single linear layer: its mean plus the difference of biases is the difference of logits.
    """

    logits: Tensor
    activation: Tensor


class LightweightCnn(nn.Module):
    """Four 3×3 convolutions of 16, 32, 64 and 128 filters, one linear layer.

    The paper names one average pooling and "an additional convolutional layer after the pooling stage", read
    here as three blocks, average pooling 2×2, the fourth block, global average pooling. With five channels
    there are 97,986 parameters besides batch normalisation's own, the number in the paper.

    Args:
        channels: number of input channels, 3 or 5.
    """

    def __init__(self, channels: int = 5) -> None:
        super().__init__()
        self.features = nn.Sequential(
            *_block(channels, 16),
            *_block(16, 32),
            *_block(32, 64),
            nn.AvgPool2d(2),
            *_block(64, 128),
        )
        self.classifier = nn.Linear(128, 2)

    def forward(self, x: Tensor) -> LightweightCnnOutput:
        """Classify a batch.

        Args:
            x: (N, C, H, W) float32 in 0..1, from `inputs.handcrafted_tensor`.
        """
        features = self.features(x)
        logits = self.classifier(features.mean(dim=(2, 3)))
        direction = self.classifier.weight[1] - self.classifier.weight[0]
        activation = torch.einsum("nchw,c->nhw", features, direction)
        return LightweightCnnOutput(logits, activation)


def _block(channels: int, filters: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels, filters, 3, padding=1), nn.BatchNorm2d(filters), nn.ReLU(inplace=True)
