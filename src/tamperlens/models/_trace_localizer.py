"""One network for all traces: colour, residuals, quantised coefficients and measured maps → one mask.

A forged part differs from the rest of its image. So the network compares the levels of each coefficient with
the image's own histogram, each feature with the image's mean and deviation, and a learned description of each
place with that of the majority.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.models._backbones import lite0_stages, load_lite0
from tamperlens.models._trace_streams import (
    MEASURED_FLAGS,
    JpegStream,
    MapStream,
    Residuals,
    Separable,
    larger,
    pointwise,
    speed_up,
)

_DESCRIPTION = 32
_TURNS = 2
_SHARPNESS = 8.0
# Numbers that a map of log-odds is pooled into.
_POOLED = 5


class TraceInput(NamedTuple):
    """What the network reads from N images of one size; H and W are multiples of 32.

    Attributes:
        pixels: (N, 3, H, W) float32 in 0..1, RGB.
        levels: (N, 20, H / 8, W / 8) uint8 in 0..15, absolute quantised luma coefficients, capped at 15, of
            the lowest 20 AC frequencies in zigzag order; zeros without coefficients.
        steps: (N, 20) float32, binary logarithm of their quantisation steps.
        histogram: (N, 20, 16) float32, share of each level in the whole image, of which this may be a part.
        measured: (N, 6, H / 8, W / 8) float32 in 0..1; see `inputs.MAPS`.
        valid: (N, 6) float32, 1 if coefficients exist, then 1 for each of the five traces that could be
            measured.
    """

    pixels: Tensor
    levels: Tensor
    steps: Tensor
    histogram: Tensor
    measured: Tensor
    valid: Tensor


class Trunk(NamedTuple):
    """Features before they are compared within the image.

    Attributes:
        coarse: (N, C, H / 8, W / 8).
        fine: (N, c, H / 4, W / 4).
        described: (N, 32, H / 8, W / 8) float32, unit length, the learned description of each place.
    """

    coarse: Tensor
    fine: Tensor
    described: Tensor


class Whole(NamedTuple):
    """The statistics of the whole image that each place is compared with.

    Attributes:
        mean: (N, C, 1, 1) float32 of the coarse features.
        deviation: likewise.
        majority: (N, 32, 1, 1) float32, unit length, the description that most places share.
    """

    mean: Tensor
    deviation: Tensor
    majority: Tensor


class TraceLocalization(NamedTuple):
    """The network's output.

    Attributes:
        logits: (N, 1, H / 4, W / 4) log-odds that the place was altered.
        apart: (N, 1, H / 8, W / 8) the same from the distance to the majority alone; an aid in training.
        decidable: (N, 1, H / 8, W / 8) log-odds that the mask is right there, if altered and untouched places
            were equally likely.
        image: (N, 1) log-odds that the image was altered.
    """

    logits: Tensor
    apart: Tensor
    decidable: Tensor
    image: Tensor


class TraceLocalizer(nn.Module):
    """EfficientNet-Lite0 encoder, a stream for JPEG coefficients and one for maps, decoder to stride 4.

    Args:
        pretrained: start the encoder from ImageNet weights.
        width: channels of the decoder at stride 8; half of them at stride 4.
        coefficients: with the JPEG stream.
        maps: with the measured maps.
        contrast: with the comparison within the image.
    """

    def __init__(
        self,
        pretrained: bool = False,
        width: int = 128,
        coefficients: bool = True,
        maps: bool = True,
        contrast: bool = True,
    ) -> None:
        super().__init__()
        self.residuals = Residuals()
        self.encoder, channels = lite0_stages(3 + self.residuals.channels)
        speed_up(self.encoder)
        if pretrained:
            load_lite0(self.encoder)
        self.jpeg = JpegStream(96) if coefficients else None
        self.maps = MapStream(32) if maps else None
        streams = (96 if coefficients else 0) + (32 if maps else 0)
        _, c4, c8, c16, c32 = channels
        self.from32, self.from16 = pointwise(c32, width), pointwise(c16, width)
        self.at16 = nn.Sequential(Separable(2 * width, width), Separable(width, width))
        self.from8 = pointwise(c8 + streams, width)
        self.at8 = nn.Sequential(Separable(2 * width, width), Separable(width, width))
        self.from4 = pointwise(c4, width // 4)
        self.describe = nn.Conv2d(width, _DESCRIPTION, 1)
        self.contrast = pointwise(2 * width + 1, width) if contrast else None
        self.judged = nn.Sequential(Separable(width, width), Separable(width, width))
        self.at4 = nn.Sequential(Separable(width + width // 4, width // 2), Separable(width // 2, width // 2))
        self.mask = nn.Conv2d(width // 2, 1, 1)
        nn.init.constant_(self.mask.bias, -2.0)  # type: ignore[arg-type]
        self.apart = nn.Parameter(torch.tensor([4.0, -3.0]))
        self.decidable = nn.Conv2d(width, 1, 1)
        self.image = nn.Sequential(nn.Linear(2 * width + _POOLED + 1 + MEASURED_FLAGS, 64), nn.ReLU(),
                                   nn.Linear(64, 1))  # fmt: skip

    def forward(
        self,
        pixels: Tensor,
        levels: Tensor,
        steps: Tensor,
        histogram: Tensor,
        measured: Tensor,
        valid: Tensor,
    ) -> TraceLocalization:
        """Read a whole image; the arguments are the fields of `TraceInput`."""
        trunk = self.trunk(pixels, levels, steps, histogram, measured, valid)
        return self.judge(trunk, whole_statistics(trunk), valid)

    def trunk(
        self,
        pixels: Tensor,
        levels: Tensor,
        steps: Tensor,
        histogram: Tensor,
        measured: Tensor,
        valid: Tensor,
    ) -> Trunk:
        """Features of an image or of a part of it."""
        _, f4, f8, f16, f32 = self.encoder(torch.cat([2 * pixels - 1, self.residuals(pixels)], 1))
        at16 = self.at16(torch.cat([larger(self.from32(f32)), self.from16(f16)], 1))
        streams = [f8]
        if self.jpeg is not None:
            streams.append(self.jpeg(levels, steps, histogram, valid[:, :1]))
        if self.maps is not None:
            streams.append(self.maps(measured, valid[:, 1:]))
        coarse = self.at8(torch.cat([larger(at16), self.from8(torch.cat(streams, 1))], 1))
        described = functional.normalize(self.describe(coarse).float(), dim=1, eps=1e-4)
        return Trunk(coarse, self.from4(f4), described)

    def judge(self, trunk: Trunk, whole: Whole, valid: Tensor) -> TraceLocalization:
        """Compare features with the statistics of the whole image, and decide."""
        judged, apart = self.compare(trunk, whole)
        logits = self.locate(judged, trunk.fine)
        image = self.image(pooled(judged, logits, valid)).float()
        return TraceLocalization(logits, apart, self.decide(judged), image)

    def compare(self, trunk: Trunk, whole: Whole) -> tuple[Tensor, Tensor]:
        """Features (N, C, H / 8, W / 8) after the comparison, and the log-odds from the distance alone."""
        coarse = trunk.coarse
        distance = 1 - (trunk.described * whole.majority).sum(1, keepdim=True)
        if self.contrast is not None:
            unusual = ((coarse.float() - whole.mean) / whole.deviation).clamp(-6, 6)
            compared = torch.cat([coarse, torch.cat([unusual, 4 * distance], 1).to(coarse.dtype)], 1)
            coarse = self.contrast(compared)
        return self.judged(coarse), self.apart[0] * 4 * distance + self.apart[1]

    def locate(self, judged: Tensor, fine: Tensor) -> Tensor:
        """Log-odds (N, 1, H / 4, W / 4) that each place was altered."""
        logits: Tensor = self.mask(self.at4(torch.cat([larger(judged), fine], 1))).float()
        return logits

    def decide(self, judged: Tensor) -> Tensor:
        """Log-odds (N, 1, H / 8, W / 8) that the mask is right there."""
        # This question must not change the features.
        decidable: Tensor = self.decidable(judged.detach()).float()
        return decidable


def whole_statistics(trunk: Trunk) -> Whole:
    """The statistics of an image that was read in one piece.

    The majority is found in two passes: places similar to the mean description weigh more in the next mean,
    so that an altered part pulls it less.
    """
    coarse = trunk.coarse.float()
    mean = coarse.mean((2, 3), keepdim=True)
    # Features that are constant have no deviation, and the root's slope at 0 is infinite.
    deviation = ((coarse - mean).square().mean((2, 3), keepdim=True) + 1e-3).sqrt()
    majority = functional.normalize(trunk.described.mean((2, 3), keepdim=True), dim=1, eps=1e-4)
    for _ in range(_TURNS):
        alike = (trunk.described * majority).sum(1, keepdim=True)
        weight = (_SHARPNESS * alike).flatten(2).softmax(2).view_as(alike)
        majority = (trunk.described * weight).sum((2, 3), keepdim=True)
        majority = functional.normalize(majority, dim=1, eps=1e-4)
    return Whole(mean, deviation, majority)


def pooled(judged: Tensor, logits: Tensor, valid: Tensor) -> Tensor:
    """The input of the image's verdict, (N, 2 C + 11): mean and maximum of the features, the map, the flags.

    Args:
        judged: (N, C, h, w) of the whole image.
        logits: (N, 1, 2 h, 2 w) of the whole image.
        valid: (N, 6), see `TraceInput`.
    """
    flat = logits.flatten(1)
    probability = flat.sigmoid()
    heights = [
        flat.amax(1) / 4,
        flat.mean(1) / 4,
        probability.mean(1),
        probability.square().mean(1),
        torch.logsumexp(flat.clamp(-20, 20), 1) / 10,
    ]
    features = judged.float()
    return torch.cat([features.mean((2, 3)), features.amax((2, 3)), torch.stack(heights, 1), valid], 1)
