"""DnCNN: a plain stack of convolutions that predicts the noise of a gray image.

Code here: Apache-2.0, our own. The file that `load_dncnn` reads holds published weights for σ = 25 (MIT).
"""

from pathlib import Path
from typing import Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from tamperlens.errors import WeightError

LAYERS, WIDTH = 17, 64
# How a colour image is denoised: as in the paper, or with its noise predicted once, from the luma.
Denoising = Literal["channels", "luma"]

_LUMA = (0.299, 0.587, 0.114)


class DnCnn(nn.Module):
    """x − f(x): 17 convolutions 3 × 3 of 64 channels, ReLU between.

    Args:
        denoising: "channels" predicts the noise of each channel separately, as in the paper; "luma" predicts
            the luma's noise and subtracts it from all three, for a third of the cost.

    Reference: K. Zhang et al., "Beyond a Gaussian denoiser: residual learning of deep CNN for image
    denoising" (2017). Batch normalisation is folded into the convolutions, as in the published weights.
    """

    def __init__(self, denoising: Denoising = "channels") -> None:
        super().__init__()
        self.denoising = denoising
        widths = [1, *[WIDTH] * (LAYERS - 1)]
        layers: list[nn.Module] = []
        for width in widths[:-1]:
            layers += [nn.Conv2d(width, WIDTH, 3, padding=1), nn.ReLU()]
        self.model = nn.Sequential(*layers, nn.Conv2d(WIDTH, 1, 3, padding=1))
        self.register_buffer("luma", torch.tensor(_LUMA).view(1, 3, 1, 1), persistent=False)

    def forward(self, image: Tensor) -> Tensor:
        """Subtract the predicted noise.

        Args:
            image: (N, 3, H, W) float32 in 0..1.

        Returns:
            (N, 3, H, W) float32 in 0..1.
        """
        if self.denoising == "luma":
            noise: Tensor = self.model((image * self.get_buffer("luma")).sum(1, keepdim=True))
        else:
            noise = self.model(image.flatten(0, 1)[:, None]).view_as(image)
        return (image - noise).clamp(0, 1)


def load_dncnn(path: Path, denoising: Denoising = "channels") -> DnCnn:
    """Read a trained denoiser.

    Args:
        path: safetensors file whose keys are `model.0.weight`, `model.0.bias`, `model.2.weight`, ….
        denoising: see `DnCnn`.

    Raises:
        WeightError: the file is missing or holds another network.
    """
    network = DnCnn(denoising)
    try:
        network.load_state_dict(load_file(path))
    except (OSError, RuntimeError, SafetensorError) as error:
        raise WeightError(
            f"{path} holds no DnCNN of {LAYERS} biased 3 × 3 convolutions, {WIDTH} channels, gray input: "
            f"{str(error).splitlines()[0]}"
        ) from error
    return network.eval()
