"""MultiFusion: a denoised image through noise residuals, a convolutional network and a transformer.

Paper: the MultiFusion paper in docs/systems.md (2026), CC BY 4.0. Code and weights here: Apache-2.0, our own.

Where the paper leaves choices: its global average of a high-pass residual is zero for any image, so the
residual's strength |r| is pooled instead, and batch norm brings those nine numbers, a few hundredths each, to
the scale of the other features; the hidden layers have 256 and 128 units; the explained class is "tampered".
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from tamperlens.models._backbones import IMAGENET_MEAN, IMAGENET_STD, VitTiny, efficientnet_b0
from tamperlens.models._dncnn import Denoising, DnCnn
from tamperlens.models._explanation import (
    fuse_maps,
    grad_cam,
    grad_cam_plus,
    logit_gradient,
    pull_back,
    spread_attention,
)
from tamperlens.models._srm_layer import SrmConv2d

TAMPERED = 1
_CNN_WIDTH, _CNN, _VIT, _SRM = 1280, 512, 256, 64


class MultiFusionOutput(NamedTuple):
    """The network's output; the maps are None in training and if their branch is left out.

    Attributes:
        logits: (N, 2) float32, authentic and tampered.
        cam: (N, side / 32, side / 32) in 0..1, Grad-CAM of the convolutional branch for "tampered"; all zero
            if nothing supports it.
        cam_plus: the same with Grad-CAM++.
        attention: (N, side / 16, side / 16) in 0..1, what the transformer's last class token attends to;
            independent of the class.
        fused: (N, side / 16, side / 16) in 0..1, α · cam_plus + (1 − α) · attention.
    """

    logits: Tensor
    cam: Tensor | None = None
    cam_plus: Tensor | None = None
    attention: Tensor | None = None
    fused: Tensor | None = None


class SrmStrength(nn.Module):
    """Mean strength of three fixed high-pass residuals of each channel: (N, 3, H, W) in 0..1 → (N, 9)."""

    def __init__(self) -> None:
        super().__init__()
        self.residual = SrmConv2d()
        self.norm = nn.BatchNorm1d(9)

    def forward(self, image: Tensor) -> Tensor:
        """Strengths at unit scale."""
        normal: Tensor = self.norm(self.residual(255 * image).abs().mean(dim=(2, 3)))
        return normal


class MultiFusion(nn.Module):
    """DnCNN, then SRM → 64, EfficientNet-B0 → 512, ViT-Tiny → 256; 832 → 256 → 128 → 2.

    Args:
        side: height and width of the input, a multiple of 32.
        cnn: with the convolutional branch.
        vit: with the transformer.
        srm: with the noise residuals.
        denoising: the DnCNN's mode; None to leave it out, for images that are already denoised.
        alpha: weight of the class activation in the fused map.
        pretrained: start EfficientNet-B0 from Lite0's ImageNet weights.

    Raises:
        ValueError: all branches are left out.
    """

    def __init__(
        self,
        side: int = 224,
        cnn: bool = True,
        vit: bool = True,
        srm: bool = True,
        denoising: Denoising | None = "channels",
        alpha: float = 0.5,
        pretrained: bool = False,
    ) -> None:
        super().__init__()
        if not (cnn or vit or srm):
            raise ValueError("MultiFusion needs a branch: cnn, vit or srm")
        self.alpha = alpha
        self.denoiser = DnCnn(denoising) if denoising else None
        self.cnn = efficientnet_b0(pretrained) if cnn else None
        self.vit = VitTiny(side) if vit else None
        self.srm = SrmStrength() if srm else None
        self.cnn_projection = nn.Linear(_CNN_WIDTH, _CNN) if cnn else None
        self.vit_projection = nn.Linear(VitTiny.width, _VIT) if vit else None
        self.srm_projection = nn.Linear(9, _SRM) if srm else None
        self.classifier = nn.Sequential(
            nn.Linear(_CNN * cnn + _VIT * vit + _SRM * srm, 256), nn.ReLU(), nn.Dropout(0.3),
            nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.2),
            nn.Linear(128, 2),
        )  # fmt: skip
        for name, values in (("mean", IMAGENET_MEAN), ("deviation", IMAGENET_STD)):
            self.register_buffer(name, torch.tensor(values).view(1, 3, 1, 1), persistent=False)

    def forward(self, features: Tensor) -> MultiFusionOutput:
        """Classify a batch and, in evaluation, explain.

        Args:
            features: (N, 3, side, side) float32 RGB in 0..1.
        """
        image = self.denoiser(features) if self.denoiser else features
        normal = (image - self.get_buffer("mean")) / self.get_buffer("deviation")
        maps = self.cnn(normal) if self.cnn else None
        token, attention = self.vit(normal) if self.vit else (None, None)
        joined = self._join(image, maps, token)
        logits = self.classifier(joined)
        if self.training:
            return MultiFusionOutput(logits)
        return MultiFusionOutput(logits, *self._explain(joined, maps, attention))

    def _join(self, image: Tensor, maps: Tensor | None, token: Tensor | None) -> Tensor:
        """The branches' vectors, the convolutional one first."""
        parts = []
        if self.cnn_projection and maps is not None:
            parts.append(self.cnn_projection(maps.mean(dim=(2, 3))))
        if self.vit_projection and token is not None:
            parts.append(self.vit_projection(token))
        if self.srm and self.srm_projection:
            parts.append(self.srm_projection(self.srm(image)))
        return torch.cat(parts, dim=1)

    def _explain(self, joined: Tensor, maps: Tensor | None, attention: Tensor | None) -> list[Tensor | None]:
        spread = None if attention is None else spread_attention(attention)
        if maps is None or self.cnn_projection is None:
            return [None, None, spread, None]
        at_vector = logit_gradient(self.classifier, joined, TAMPERED)[:, :_CNN]
        at_pooled = pull_back([self.cnn_projection], maps.mean(dim=(2, 3)), at_vector)
        gradient = at_pooled / (maps.shape[2] * maps.shape[3])
        plus = grad_cam_plus(maps, gradient)
        fused = None if spread is None else fuse_maps(plus, spread, self.alpha)
        return [grad_cam(maps, gradient), plus, spread, fused]
